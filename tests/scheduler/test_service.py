"""rasid service: crawls what is due, mails what is due, stops cleanly."""

import signal
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from urllib.parse import unquote

import pytest

from storage.archive import Archive
from storage.errors import ArchiveError
from tests.commands import SEEDS, Home
from tests.waiting import until
from tests.web import Web, serve


@pytest.fixture
def web() -> Iterator[Web]:
    with serve() as web:
        web.keep(6)
        yield web


@pytest.fixture
def home(tmp_path: Path, web: Web) -> Home:
    home = Home(tmp_path)
    home.configure(f'{SEEDS}[crawl]\nroute = "{web.url}"\ndelay = 0\n[log]\nformat = "json"\n')
    return home


def crawled(home: Home) -> bool:
    path = home.folder / "rasid.db"
    if not path.exists():
        return False
    with Archive(f"sqlite:///{path}") as archive:
        try:
            return sum(bool(each.last_crawl) for each in archive.health()) == 4  # those of SEEDS
        except ArchiveError:  # it is being made
            return False


def is_left(home: Home, host: str) -> bool:
    """Whether nobody crawls a host."""
    with Archive(f"sqlite:///{home.folder / 'rasid.db'}") as archive, archive.access.turn([host]) as mine:
        return mine is not None


def test_the_service_crawls_what_is_due_and_stops_on_sigterm(home: Home, web: Web) -> None:
    service = home.start("service")
    try:
        until(lambda: crawled(home), pause=0.5)
    finally:
        service.send_signal(signal.SIGTERM)
        _, told = service.communicate(timeout=30)
    assert service.returncode == 0, told
    assert '"stopped"' in told
    assert home.rasid("search", "since:2000-01-01", "--json").json["total"] > 0
    web.forget()
    assert home.rasid("crawl", "--due").exit_code == 0
    assert not web.requests  # it has just been their turn


def test_sigterm_during_a_crawl_ends_it_and_loses_nothing(home: Home, web: Web) -> None:
    home.configure(f'{SEEDS}[crawl]\nroute = "{web.url}"\ndelay = 0.5\n')
    service = home.start("service")
    try:
        until(lambda: len(web.asked("elaph.com")) > 3)
    finally:
        service.send_signal(signal.SIGTERM)
        service.communicate(timeout=30)
    assert service.returncode == 0
    home.configure(f'{SEEDS}[crawl]\nroute = "{web.url}"\ndelay = 0\n')
    home.rasid("crawl")
    fetched = [seen.url for seen in web.asked() if seen.status == 200]
    for article in web.articles:
        times = fetched.count(unquote(article.url))
        fresh = datetime.now(UTC) - article.published < timedelta(days=6)  # a first contact goes 7 days back
        assert times == 1 if fresh and not article.fault else times <= 1, article.url


def test_a_crawl_child_ends_with_its_parent_and_gives_way_to_the_next_crawl(home: Home, web: Web) -> None:
    home.configure(f'{SEEDS}[crawl]\nroute = "{web.url}"\ndelay = 20\n')
    parent = home.start("crawl", "elaph")
    try:
        until(lambda: bool(web.requests))
        busy = home.rasid("crawl", "elaph")
    finally:
        parent.kill()
        parent.communicate(timeout=10)
    assert busy.exit_code == 1
    assert busy.err == "elaph: crawl: another crawl of it is under way; try again later\n"
    home.configure(f'{SEEDS}[crawl]\nroute = "{web.url}"\ndelay = 0\n')
    until(lambda: is_left(home, "elaph.com"), seconds=30)
    assert "under way" not in home.rasid("crawl", "elaph").err
    assert home.rasid("search", "source:elaph", "--json").json["total"] > 0


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="who is whose child is not told")
def test_sigterm_leaves_no_child_behind(home: Home, web: Web) -> None:
    home.configure(f'{SEEDS}[crawl]\nroute = "{web.url}"\ndelay = 60\n')
    service = home.start("service")
    try:
        until(lambda: len({seen.host for seen in web.asked(robots=True)}) > 2)
        below = children_of(service.pid)
        began = monotonic()
    finally:
        service.send_signal(signal.SIGTERM)
        _, told = service.communicate(timeout=60)
    assert service.returncode == 0, told
    assert monotonic() - began < 15
    assert below
    assert " ERROR " not in told
    until(lambda: not any(map(is_alive, below)), seconds=5)  # one tidies up when it sees that all have gone


@pytest.mark.skipif(
    not Path("/proc/self/stat").exists(), reason="the system does not tell who is whose child"
)
def test_nothing_is_left_of_a_service_that_is_killed_while_it_begins(home: Home) -> None:
    service = home.start("service")
    try:
        until(lambda: bool(children_of(service.pid)), pause=0.01)
        below = children_of(service.pid)
    finally:
        service.kill()
        service.communicate(timeout=10)
    until(lambda: not any(map(is_alive, below)), seconds=20)


def children_of(parent: int) -> set[int]:
    """The processes that a process has begun, and what they have begun."""
    listed = [each for each in Path("/proc").iterdir() if each.name.isdigit()]
    parents = {int(each.name): _parent(each) for each in listed}
    found = {parent}
    while more := {each for each, above in parents.items() if above in found} - found:
        found |= more
    return found - {parent}


def _parent(process: Path) -> int:
    try:
        return int((process / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[1])
    except (OSError, IndexError):  # it has ended
        return 0


def is_alive(process: int) -> bool:
    """Whether a process has not ended; one nobody has asked about has."""
    try:
        state = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"
