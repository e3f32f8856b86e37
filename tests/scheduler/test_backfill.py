"""Back-fill: older articles from the entries of a source and from WARC files, resumed after kill -9."""

import gzip
import multiprocessing
import signal
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from scheduler.backfills import read_files
from scheduler.settings import Catalogue, Database, Settings, Snapshots
from storage.archive import Archive
from storage.errors import ArchiveError
from storage.model import Backfill, Link, Page, Relevance, Story
from storage.query import parse_query
from storage.warc import WarcFolder
from tests.commands import SEEDS, Home
from tests.waiting import until
from tests.web import Web, get, serve


@pytest.fixture(scope="module")
def web() -> Iterator[Web]:
    with serve() as running:
        yield running


@pytest.fixture
def home(tmp_path: Path, web: Web) -> Home:
    web.forget()
    home = Home(tmp_path)
    home.configure(f'{SEEDS}[crawl]\nroute = "{web.url}"\ndelay = 0\n')
    return home


def relevant(web: Web, site: str = "") -> set[str]:
    """The permalinks of what a site, or each, says on the topic and we may read."""
    return {
        each.url
        for each in web.articles
        if site in ("", each.site) and each.relevance == "relevant" and not each.fault
    }


def recorded(home: Home) -> set[str]:
    """The URLs of the relevant articles in the archive, as soon as it is made."""
    with Archive(f"sqlite:///{home.folder / 'rasid.db'}") as archive, suppress(ArchiveError):
        answer = archive.search(parse_query("verdict:relevant", now=datetime.now(UTC)), limit=500)
        return {hit.found.article.url for hit in answer.hits}
    return set()


def news(home: Home) -> tuple[Story, ...]:
    """What a digest of the last month would tell."""
    now = datetime.now(UTC)
    with Archive(f"sqlite:///{home.folder / 'rasid.db'}") as archive:
        return archive.stories_between(
            now - timedelta(days=30),
            now + timedelta(days=1),
            published_after=now - timedelta(days=30),
            relevance=Relevance.RELEVANT,
        )


def test_older_articles_of_a_source_are_kept_and_are_in_no_digest(home: Home, web: Web) -> None:
    done = home.rasid("backfill", "elaph", "--since", "2000-01-01", "--json")
    assert [
        line for line in done.err.splitlines() if "HTTP 500" not in line and " INFO " not in line
    ] == []  # broken on purpose
    assert all(each["done"] for each in done.json["backfills"])
    assert recorded(home) >= relevant(web, "elaph")
    assert not news(home)


def archive_of(web: Web, folder: Path, site: str = "") -> Path:
    """A WARC file of every page that a site serves, or each, among pages of nobody we watch."""
    pages = WarcFolder(folder)
    name = ""
    for article in web.articles:
        if article.fault or site not in ("", article.site):
            continue
        answer = get(web, article.url)
        link = Link(url=article.url, key=article.url, source="")
        kind = (("content-type", "text/html"),)
        for url in (article.url, f"https://elsewhere.example{article.path}"):
            name, _, _ = pages.keep(
                Page(
                    link=link,
                    url=url,
                    status=200,
                    body=answer.body,
                    fetched=datetime.now(UTC),
                    headers=kind,
                )
            )
    return folder / name


def test_warc_files_are_read_for_our_sources(home: Home, web: Web) -> None:
    file = archive_of(web, home.folder / "pages")
    done = home.rasid("backfill", "--warc", str(file), "--json")
    assert done.exit_code == 0, done.err
    assert recorded(home) >= relevant(web)
    (told,) = done.json["backfills"]
    assert told["done"]
    assert told["pages"] == 2 * sum(not article.fault for article in web.articles)
    assert not news(home)
    assert "<html" in home.rasid("show", "1", "--snapshot").out.lower()
    assert home.rasid("backfill", "--warc", str(file), "--json").json["backfills"][0]["kept"] == told["kept"]


def test_reading_a_warc_file_goes_on_after_kill_9(home: Home, web: Web) -> None:
    file = archive_of(web, home.folder / "pages")
    running = home.start("backfill", "--warc", str(file))
    until(lambda: bool(recorded(home)))
    running.send_signal(signal.SIGKILL)
    running.communicate(timeout=30)
    assert home.rasid("backfill", "--warc", str(file)).exit_code == 0
    assert recorded(home) >= relevant(web)


def test_a_reader_that_dies_is_replaced_and_nothing_is_lost(home: Home, web: Web) -> None:
    settings = Settings(
        database=Database(url=f"sqlite:///{home.folder / 'rasid.db'}"),
        catalogue=Catalogue(only=("elaph",)),
        snapshots=Snapshots(keep=False),
    )
    with Archive(settings.database.url) as archive:
        archive.create()
    file = archive_of(web, home.folder / "pages", "elaph")

    def kill_the_reader() -> None:
        until(lambda: bool(multiprocessing.active_children()))
        multiprocessing.active_children()[0].kill()

    killer = threading.Thread(target=kill_the_reader)
    killer.start()
    told: list[Backfill] = []
    assert read_files(settings, [file], progress=told.append, stopping=lambda: False, workers=1) == ()
    killer.join()
    assert told[-1].done
    assert recorded(home) >= relevant(web, "elaph")


def test_a_source_that_wants_to_be_left_alone_is_not_back_filled(home: Home) -> None:
    until_then = datetime.now(UTC) + timedelta(hours=2)
    with Archive(f"sqlite:///{home.folder / 'rasid.db'}") as archive:
        archive.create()
        archive.access.pause("elaph", until_then)
    done = home.rasid("backfill", "elaph", "--since", "2026-01-01")
    assert (done.exit_code, done.err.count("\n")) == (1, 1)
    assert f"elaph: paused until {until_then:%Y-%m-%d %H:%M} UTC" in done.err


def test_what_is_done_is_done_again_only_if_asked_to(home: Home, web: Web) -> None:
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    home.rasid("backfill", "eocr", "--since", today)
    web.forget()
    home.rasid("backfill", "eocr", "--since", today)
    assert not web.asked("eocr.eu")
    home.rasid("backfill", "eocr", "--since", today, "--again")
    assert web.asked("eocr.eu")


def test_a_file_gzipped_as_a_whole_is_named_with_the_remedy(home: Home) -> None:
    file = home.folder / "whole.warc.gz"
    file.write_bytes(gzip.compress(b"WARC/1.0\r\n" + bytes(9_000_000)))
    done = home.rasid("backfill", "--warc", str(file))
    assert (done.exit_code, done.err.count("\n")) == (1, 1)
    assert f"{file}: is not gzipped record by record" in done.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--warc", "nowhere.warc.gz"], "nowhere.warc.gz: No such file or directory; give WARC files"),
        (["--warc", "rasid.toml"], "rasid.toml: is no WARC file, plain or gzipped by record"),
        (["elaph", "--since", "soon"], "--since soon: not a date such as 2026-01-31"),
        (["nobody", "--since", "2026-01-01"], "nobody: no such source"),
        (["gdelt", "--since", "2026-01-01"], "gdelt: is a search service: there is nothing to back-fill"),
    ],
)
def test_what_cannot_be_back_filled_is_one_line(home: Home, arguments: list[str], said: str) -> None:
    done = home.rasid("backfill", *arguments)
    assert done.exit_code == 1
    assert done.err.count("\n") == 1
    assert said in done.err


def test_a_back_fill_needs_sources_and_a_day_or_files(home: Home) -> None:
    for wrong in (["elaph"], ["elaph", "--warc", "--since", "2026-01-01"]):
        assert home.rasid("backfill", *wrong).exit_code == 2
