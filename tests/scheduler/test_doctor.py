"""rasid doctor: every subject looked at, each with what to do; a broken part hides no other."""

import os
import pty
import re
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from scheduler import backing_up, probes
from scheduler.doctor import SUBJECTS, Verdict, examine
from scheduler.doctor.installation import Installation
from scheduler.jobs import read_catalogue
from scheduler.loading import load_settings
from scheduler.settings import Backups, Crawl, Database, Digest, Settings, Snapshots
from storage.archive import Archive, schema
from storage.archive.engines import transaction
from storage.model import Heartbeat
from tests import factories as make
from tests.commands import RASID, Home, one_line
from tests.crawler.probes import NOWHERE
from tests.mailbox import open_mailbox
from tests.web import Web, serve

GOOD, NOTE, BAD = Verdict.GOOD, Verdict.NOTE, Verdict.BAD
SOURCE = """
name = "{id}"
country = "MA"
language = "fr"
article_url = "/news/"
[[entry]]
kind = "feed"
url = "https://{host}/feed"
"""
Said = dict[str, tuple[Verdict, str]]


@pytest.fixture(scope="module")
def web() -> Iterator[Web]:
    with serve() as web:
        yield web


def examined(
    settings: Settings, subject: str, now: datetime = make.NOW, file: Path = Path("rasid.toml")
) -> Said:
    """What is said of a subject."""
    case = Installation(settings, file, clock=lambda: now, published=lambda _: None)
    [(name, findings)] = examine(case, [subject])
    assert name == subject
    for each in findings:
        assert "\n" not in each.said
        assert each.verdict is GOOD or "; " in each.said  # it says what to do
    return {each.what: (each.verdict, each.said) for each in findings}


def of(url: str, folder: Path, **more: object) -> Settings:
    """Settings of an archive, with folders of its own."""
    given = {
        "database": Database(url=url),
        "backups": Backups(directory=folder / "backups"),
        "snapshots": Snapshots(directory=folder / "snapshots"),
        "digest": Digest(outbox=folder / "outbox"),
        "crawl": Crawl(contact="tests@example.org"),
    }
    return Settings(**(given | more))  # type: ignore[arg-type]


def test_a_database_that_is_well_is_good(archive: Archive, archive_url: str, tmp_path: Path) -> None:
    archive.running.beat(Heartbeat(role="scheduler", who="here:1", since=make.NOW, beat=make.NOW))
    said = examined(of(archive_url, tmp_path), "database")
    assert {what: verdict for what, (verdict, _) in said.items()} == dict.fromkeys(
        ("server", "schema", "writing", "service"), GOOD
    )
    kind = "SQLite 3." if archive_url.startswith("sqlite") else "PostgreSQL 1"
    assert kind in said["server"][1]
    assert " MB" in said["server"][1]
    assert said["schema"][1] == "schema 0007, which is this version's"
    assert re.fullmatch(r"an empty transaction takes [\d,]+ ms", said["writing"][1])
    assert said["service"][1].startswith("here:1, since 2026-")


@pytest.mark.parametrize(
    ("ago", "words"), [(timedelta(hours=3), "gave its last sign 3 h ago; start one"), (None, "none was ever")]
)
def test_a_service_that_is_not_at_work_is_told(
    archive: Archive, archive_url: str, tmp_path: Path, ago: timedelta | None, words: str
) -> None:
    if ago:
        beat = Heartbeat(role="scheduler", who="here:1", since=make.NOW - ago, beat=make.NOW - ago)
        archive.running.beat(beat)
    verdict, said = examined(of(archive_url, tmp_path), "database")["service"]
    assert verdict is NOTE
    assert words in said


def test_an_older_and_a_newer_archive_are_told(archive: Archive, archive_url: str, tmp_path: Path) -> None:
    with transaction(archive._writer) as connection:
        schema.downgrade(connection, "0005")
    said = examined(of(archive_url, tmp_path), "database")
    assert said["schema"] == (
        BAD,
        "schema 0005, this version's is 0007: only the service works; start it, or run: rasid db upgrade",
    )
    with transaction(archive._writer) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    verdict, words = examined(of(archive_url, tmp_path), "database")["database"]
    assert verdict is BAD
    assert "upgrade Rasid" in words


def test_a_database_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    verdict, said = examined(of(f"sqlite:///{tmp_path}/no.db", tmp_path), "database")["archive"]
    assert verdict is NOTE
    assert "there is none yet; rasid service makes it" in said
    assert not (tmp_path / "no.db").exists()
    away = of("postgresql://postgres@127.0.0.1:1/rasid", tmp_path)
    assert "no server answers there; start it" in examined(away, "database")["database"][1]
    assert "room" not in examined(away, "backups")  # said once
    assert "server" not in examined(away, "clock")


def test_the_last_backup_is_judged(archive: Archive, archive_url: str, tmp_path: Path) -> None:
    settings, now = of(archive_url, tmp_path), datetime.now(UTC)
    assert examined(settings, "backups", now)["made"][0] is NOTE
    backing_up.back_up(settings, archive, now)
    said = examined(settings, "backups", now)
    assert said["made"][0] is GOOD
    assert said["room"][0] is GOOD
    assert ("place" in said) == archive_url.startswith("sqlite")
    verdict, words = examined(settings, "backups", now + timedelta(hours=37))["made"]
    assert verdict is BAD
    assert "too long ago; see that rasid service runs" in words
    archive.running.record_job("backup", now, now, "backups: cannot be written; see who may")
    verdict, words = examined(settings, "backups", now)["made"]
    assert verdict is BAD
    assert "failed: backups: cannot be written; see who may" in words
    none = of(archive_url, tmp_path, backups=Backups(directory=tmp_path, days=0))
    assert examined(none, "backups", now)["made"][0] is NOTE


def test_folders_that_cannot_be_written_are_told(tmp_path: Path) -> None:
    settings = of(f"sqlite:///{tmp_path}/rasid.db", tmp_path)
    said = examined(settings, "disk")
    assert set(said) == {"database", "snapshots", "backups", "outbox"}
    assert "not made yet" in said["backups"][1]
    (tmp_path / "outbox").write_text("a file")
    assert examined(settings, "disk")["outbox"] == (
        BAD,
        f"{tmp_path}/outbox: is no folder; move it away, or change [digest] outbox",
    )
    sealed = of(
        f"sqlite:///{tmp_path}/rasid.db", tmp_path, backups=Backups(directory=Path("/proc/1/backups"))
    )
    assert examined(sealed, "disk")["backups"][0] is BAD


def test_memory_that_is_not_there_is_told(tmp_path: Path) -> None:
    said = examined(of(NOWHERE, tmp_path), "memory")
    assert said["limit"][0] is GOOD
    many = of(NOWHERE, tmp_path, crawl=Crawl(contact="x@example.org", processes=5000))
    verdict, words = examined(many, "memory")["room"]
    assert verdict is NOTE
    assert words.endswith("; lower [crawl] processes or memory")


@pytest.mark.parametrize(
    ("content", "what", "verdict", "words"),
    [
        ("", "contact", BAD, "[crawl] contact is not set"),
        ('[crawl]\ncontact = "a@b.org"\n', "contact", GOOD, "a@b.org"),
        ('[crawl]\nroute = "http://127.0.0.1:9"\n', "route", NOTE, "none to the web; remove [crawl] route"),
        ("[crawl]\ndelay = 0\n", "delay", BAD, "[crawl] delay = 0: no site is given time"),
        ('[work]\nengine = "procrastinate"\n', "work", BAD, "needs PostgreSQL; set [database] url"),
        ('[web]\nport = 80\nhost = "0.0.0.0"\n', "pages", NOTE, "without TLS; put a web server"),
        ('[mail]\nhost = "mail.example.org"\n', "operator", NOTE, "set [mail] operator"),
        ('[database]\nurl = "postgresql://a:b@c/d"\n', "password", NOTE, "put it into PGPASSFILE"),
        ('[database]\nurl = "postgresql://a:b@c/d"\n', "rights", BAD, "run: chmod 600"),
        ('[digest]\ntopic = "none"\n', "topic", BAD, "none is not in use; there are morocco-france-security"),
        ('[catalogue]\nonly = ["none"]\n', "config", BAD, "[catalogue] only: none: no such source; see"),
    ],
)
def test_what_is_risky_in_the_settings_is_told(
    tmp_path: Path, content: str, what: str, verdict: Verdict, words: str
) -> None:
    home = Home(tmp_path)
    home.configure(content)
    found = {each["what"]: each for each in home.rasid("doctor", "--only", "config", "--json").json}
    assert found["file"]["said"] == str(tmp_path / "rasid.toml")
    assert found[what]["verdict"] == verdict.value
    assert words in found[what]["said"]


@pytest.mark.parametrize(
    ("now", "zone", "local", "utc"),
    [
        ("2026-11-22T12:00", "Africa/Casablanca", "Monday 2026-11-23 07:00", "2026-11-23 06:00 UTC"),
        ("2026-03-29T00:30", "Europe/Paris", "Monday 2026-03-30 07:00", "2026-03-30 05:00 UTC"),
        ("2026-10-26T05:59", "Europe/Paris", "Monday 2026-10-26 07:00", "2026-10-26 06:00 UTC"),
        ("2026-10-26T06:00", "Europe/Paris", "Monday 2026-11-02 07:00", "2026-11-02 06:00 UTC"),
    ],
)
def test_the_next_digest_is_told_in_both_zones(
    tmp_path: Path, web: Web, now: str, zone: str, local: str, utc: str
) -> None:
    settings = of(NOWHERE, tmp_path, digest=Digest(timezone=zone), crawl=Crawl())
    at = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert examined(settings, "clock", at)["digest"] == (
        GOOD,
        f"the next one goes out on {local} in {zone}, {utc}",
    )
    assert examined(settings, "clock", at)["zone"][1].startswith(f"{zone} is UTC+0{_hours(at, zone)}00")


def _hours(at: datetime, zone: str) -> int:
    offset = at.astimezone(ZoneInfo(zone)).utcoffset()
    assert offset is not None
    return offset // timedelta(hours=1)


def test_our_clock_is_compared_with_that_of_the_server(postgresql_url: str, tmp_path: Path) -> None:
    settings = of(postgresql_url, tmp_path, crawl=Crawl())
    assert examined(settings, "clock", datetime.now(UTC))["server"][0] is GOOD
    verdict, said = examined(settings, "clock", datetime.now(UTC) - timedelta(minutes=5))["server"]
    assert verdict is BAD
    assert re.match(r"our clock is (299|300)\.\d s behind the clock of PostgreSQL's machine; let", said)


@pytest.fixture
def home(tmp_path: Path, web: Web) -> Home:
    """A home with sources of its own that are let in, refused, forbidden, and slow."""
    home, sources = Home(tmp_path), tmp_path / "mine" / "sources"
    sources.mkdir(parents=True)
    for name in ("open", "refused", "forbidden", "slow", "broken", "kept"):
        (sources / f"{name}.toml").write_text(SOURCE.format(id=name, host=f"{name}.test"), encoding="utf-8")
    web.answer("open.test", "/robots.txt", status=404)
    web.answer("refused.test", "/robots.txt", status=403)
    web.answer("forbidden.test", "/robots.txt", body="User-agent: Rasid\nDisallow: /feed\n")
    web.answer("slow.test", "/robots.txt", body="User-agent: *\nCrawl-delay: 40\n")
    web.answer("broken.test", "/robots.txt", status=500)
    web.answer("kept.test", "/robots.txt", body="", headers={"Age": "540"})  # told nine minutes ago
    home.configure(_settings(web, "open", "refused", "forbidden", "slow", "broken"))
    web.forget()
    return home


def _settings(web: Web, *names: str) -> str:
    only = ", ".join(f'"{each}"' for each in names)
    return f'[crawl]\nroute = "{web.url}"\n[catalogue]\ndirectory = "mine"\nonly = [{only}]\n'


def test_each_source_is_asked_for_robots_txt_and_nothing_else(home: Home, web: Web) -> None:
    done = home.rasid("doctor", "--only", "sources", "--json")
    found = {each["what"]: (each["verdict"], each["said"]) for each in done.json}
    assert done.exit_code == 1
    assert found["hosts"][0] == "note"
    assert "[crawl] route is set: whether names have addresses is left out" in found["hosts"][1]
    assert found["open"] == ("good", "lets us in, 10 s between requests")
    assert found["refused"][0] == "note"
    assert "HTTP 403, which forbids nothing" in found["refused"][1]
    assert found["forbidden"][0] == "bad"
    assert "https://forbidden.test/feed: forbidden by robots.txt; leave it" in found["forbidden"][1]
    assert found["slow"][0] == "note"
    assert "40 s between requests" in found["slow"][1]
    assert found["broken"][0] == "bad"
    assert "robots.txt cannot be had (HTTP 500)" in found["broken"][1]
    assert {seen.path for seen in web.asked(robots=True)} == {"/robots.txt"}
    assert all(seen.headers["user-agent"].startswith("Rasid/") for seen in web.asked(robots=True))
    assert not (home.folder / "rasid.db").exists()


def test_sites_that_do_not_answer_in_time_are_named(home: Home, web: Web) -> None:
    web.answer("slow.test", "/robots.txt", delay=60)
    settings = load_settings(home.folder / "rasid.toml")
    sources = [each for each in read_catalogue(settings)[0] if each.id in ("open", "slow")]
    began = monotonic()
    found = {each.source: each for each in probes.access(settings, sources, seconds=20)}
    assert monotonic() - began < 30
    assert not found["open"].failed
    told = found["slow"].failed or found["slow"].ways[0].why
    assert (
        "nothing was heard of it within 20 s; ask again: rasid sources check slow" in told
        or "timeout" in told
    )


def test_a_host_of_several_sources_is_asked_once(home: Home, web: Web) -> None:
    twin = SOURCE.format(id="twin", host="open.test")
    (home.folder / "mine" / "sources" / "twin.toml").write_text(twin, encoding="utf-8")
    home.configure(_settings(web, "open", "twin"))
    done = home.rasid("doctor", "--only", "sources")
    assert "good  2 of 2     have an address" in done.out
    assert done.exit_code == 0
    assert len(web.asked("open.test", robots=True)) == 1


def test_our_clock_is_compared_with_those_of_sites(home: Home, web: Web) -> None:
    home.configure(_settings(web, "kept"))
    found = {each["what"]: each for each in home.rasid("doctor", "--only", "clock", "--json").json}
    assert found["sites"]["verdict"] == "bad"
    assert re.match(
        r"our clock is 5[34]\d\.\d s behind the clocks of sites \(1 answers\)", found["sites"]["said"]
    )
    home.configure(_settings(web, "open"))
    found = {each["what"]: each for each in home.rasid("doctor", "--only", "clock", "--json").json}
    assert found["sites"]["verdict"] == "good"


def test_sites_that_are_being_crawled_are_not_said_to_keep_the_time_from_us(home: Home, web: Web) -> None:
    home.configure(_settings(web, "open"))
    assert home.rasid("db", "upgrade").exit_code == 0
    with Archive(f"sqlite:///{home.folder / 'rasid.db'}") as archive, archive.access.turn(["open.test"]):
        [found] = [
            each for each in home.rasid("doctor", "--only", "clock", "--json").json if each["what"] == "sites"
        ]
    said = (
        "no site could be asked the time: https://open.test/feed: a crawl of it is under way; try again later"
    )
    assert (found["verdict"], found["said"]) == ("note", said)


def test_a_name_without_address_is_told(tmp_path: Path) -> None:
    """Without a route: `.invalid` has no address anywhere (RFC 6761), and of ours only public ones count."""
    home, sources = Home(tmp_path), tmp_path / "mine" / "sources"
    sources.mkdir(parents=True)
    for name, host in (("nowhere", "nowhere.invalid"), ("inside", "127.0.0.1")):
        (sources / f"{name}.toml").write_text(SOURCE.format(id=name, host=host), encoding="utf-8")
    contact = '[crawl]\ncontact = "tests@example.org"\n[catalogue]\ndirectory = "mine"\n'
    home.configure(f'{contact}only = ["nowhere"]\n')
    [found] = home.rasid("doctor", "--only", "sources", "--json").json
    assert (found["what"], found["verdict"]) == ("nowhere", "bad")
    assert "host unknown" in found["said"] or "timeout" in found["said"]
    home.configure(f'{contact}only = ["inside"]\n')
    [found] = home.rasid("doctor", "--only", "sources", "--json").json
    assert "private address refused; only the public internet is crawled" in found["said"]


def test_a_broken_part_hides_no_other(tmp_path: Path, home: Home, web: Web) -> None:
    with open_mailbox() as mailbox:
        home.configure(
            f'[database]\nurl = "postgresql://postgres@127.0.0.1:1/rasid"\n{_settings(web, "open")}'
            f'[mail]\nhost = "127.0.0.1"\nport = {mailbox.port}\nsecurity = "none"\n'
        )
        done = home.rasid("doctor")
    assert done.exit_code == 1
    headings = [line for line in done.out.splitlines() if line in SUBJECTS]
    assert headings == list(SUBJECTS)
    assert "bad   database   postgresql://postgres@127.0.0.1:1/rasid: no server answers there" in done.out
    assert f"good  server     127.0.0.1:{mailbox.port} answers: no TLS" in done.out
    assert "good  1 of 1 " in done.out


@pytest.mark.parametrize("content", ["[crawl\n", "[crawl]\ndelay = -1\n", "[nothing]\n"])
def test_settings_that_cannot_be_read_are_told_as_json_too(tmp_path: Path, content: str) -> None:
    home = Home(tmp_path)
    home.configure(content)
    done = home.rasid("doctor", "--json")
    assert (done.exit_code, done.err) == (1, "")
    [found] = done.json
    assert (found["subject"], found["what"], found["verdict"]) == ("config", "file", "bad")
    assert "rasid.toml: " in found["said"]
    assert found["said"].endswith("; nothing else can be looked at until then")
    one_line(home.rasid("doctor"), "rasid.toml: ")


def test_a_part_that_breaks_off_is_told(tmp_path: Path) -> None:
    def broken() -> datetime:
        raise RuntimeError("no clock")

    case = Installation(
        of(NOWHERE, tmp_path, crawl=Crawl()), Path("x"), clock=broken, published=lambda _: None
    )
    found = dict(examine(case, ["clock", "memory"]))
    assert found["clock"][-1].verdict is BAD
    assert "could not be looked at (RuntimeError('no clock')); please report it" in found["clock"][-1].said
    assert found["memory"]


def test_no_contact_hides_only_the_sources(home: Home) -> None:
    home.configure("")
    done = home.rasid("doctor", "--only", "sources,memory")
    assert "bad   sources    [crawl] contact is not set" in done.out
    assert "good  limit" in done.out


def test_a_subject_that_is_none_is_wrong_usage(home: Home) -> None:
    done = home.rasid("doctor", "--only", "mail,weather")
    assert done.exit_code == 2
    assert "weather: no such subject" in done.err


def test_a_narrow_terminal_is_enough(home: Home) -> None:
    ours, theirs = pty.openpty()
    child = subprocess.Popen(
        [RASID, "doctor", "--only", "disk,mail"],
        cwd=home.folder,
        stdout=theirs,
        env={**os.environ, "COLUMNS": "50", "TERM": "xterm", "LINES": "40"},
    )
    os.close(theirs)
    seen = b""
    while part := _read(ours):
        seen += part
    child.wait(30)
    os.close(ours)
    lines = [re.sub(r"\x1b\[[\d;]*m", "", line) for line in seen.decode().splitlines()]
    assert max(map(len, lines)) <= 50
    assert "      " in {line[:6] for line in lines}  # what goes on is set in


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 10_000)
    except OSError:  # how a terminal says that nobody writes to it any more
        return b""
