"""rasid sources check and add, as a user runs them."""

import os
import pty
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from crawler.catalogue import read_source
from crawler.probing.told import ArticleSeen, Check, EntrySeen, State
from scheduler.cli import app
from scheduler.cli.probed import print_check, print_checks
from storage.errors import RasidError
from storage.model import EntryKind
from tests.commands import RASID, Home
from tests.factories import article
from tests.web import Web, serve

REFUSED = """
name = "Refused"
country = "MA"
language = "fr"
article_url = "/news/"
[[entry]]
kind = "feed"
url = "https://refused.test/feed"
"""


@pytest.fixture(scope="module")
def web() -> Iterator[Web]:
    with serve() as web:
        web.keep(3)
        yield web


@pytest.fixture
def home(tmp_path: Path, web: Web) -> Home:
    home = Home(tmp_path)
    home.configure(f'[crawl]\nroute = "{web.url}"\ndelay = 0\n[catalogue]\ndirectory = "mine"\n')
    (tmp_path / "mine").mkdir()
    return home


def test_a_check_is_one_document_and_a_line_for_each_source_in_trouble(home: Home, web: Web) -> None:
    (home.folder / "mine" / "sources").mkdir()
    (home.folder / "mine" / "sources" / "refused.toml").write_text(REFUSED, encoding="utf-8")
    web.answer("refused.test", "/robots.txt", status=404)
    web.answer("refused.test", "/feed", status=403)
    done = home.rasid("sources", "check", "mc_doualiya", "refused", "--json")
    assert done.exit_code == 1
    assert done.err.startswith("refused: blocked: https://refused.test/feed: HTTP 403; the site refuses us")
    assert len(done.err.splitlines()) == 1
    first, second = done.json
    assert (first["source"], first["finding"], first["remedy"]) == ("mc_doualiya", "ok", "")
    assert [entry["kind"] for entry in first["entries"]][:2] == ["sitemap", "listing"]
    assert first["article"]["article"]["found_by"]["title"] == "select"
    assert (second["source"], second["entries"][0]["state"]) == ("refused", "refused")
    assert not (home.folder / "rasid.db").exists()


def test_what_a_check_saw_is_readable(capsys: pytest.CaptureFixture[str]) -> None:
    seen = ArticleSeen(
        url="https://x.test/%D8%A3/1",
        answered="https://x.test/%D8%A3/1",
        state=State.OK,
        status=200,
        article=article(
            title="زيارة إلى الرباط", text="أول " + "كلمة " * 40 + "آخر", found_by={"title": "json-ld"}
        ),
    )
    entry = EntrySeen(
        kind=EntryKind.FEED,
        url="https://x.test/feed",
        state=State.OK,
        status=200,
        links=9,
        articles=8,
        conditional=False,
    )
    gone = EntrySeen(
        kind=EntryKind.SITEMAP, url="https://x.test/s.xml", state=State.ABSENT, status=404, why="HTTP 404"
    )
    check = Check(source="x", finding="ok", entries=(entry, gone), article=seen)
    print_check(check)
    print_checks([check])
    out = capsys.readouterr().out
    for part in (
        "title:     \u2068زيارة إلى الرباط\u2069 (json-ld)",
        "9 links, 8 of them articles · conditional requests: no",
        "not there, which is no problem while another entry works",
        "https://x.test/أ/1",
        "42 words",
        "begins:    \u2068أول كلمة",
        "كلمة آخر\u2069",
        "1 of 2",
    ):
        assert part in out
    assert max(len(line) for line in out.splitlines() if "begins" not in line and "ends" not in line) <= 80


def test_on_a_terminal_a_found_source_is_saved_after_asking_in_a_folder_that_is_made(home: Home) -> None:
    (home.folder / "mine").rmdir()
    arguments = ("sources", "add", "elaph.com", "--id", "arabe", "--replace", "--country", "GB")
    out, code = on_terminal(home, arguments, "y\n")
    path = home.folder / "mine" / "sources" / "arabe.toml"
    assert code == 0, out
    assert "Save it?" in out
    assert "rasid crawl arabe" in out
    assert read_source(path).grade == "B"
    assert [each.name for each in path.parent.iterdir()] == ["arabe.toml"]


def on_terminal(home: Home, arguments: tuple[str, ...], typed: str) -> tuple[str, int]:
    """What a command prints to somebody who types; and its exit code."""
    ours, theirs = pty.openpty()
    os.write(ours, typed.encode())
    child = subprocess.Popen([RASID, *arguments], cwd=home.folder, stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    seen = b""
    while part := _read(ours):
        seen += part
    os.close(ours)
    return seen.decode(), child.wait(30)


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 10_000)
    except OSError:  # how a terminal says that nobody writes to it any more
        return b""


def test_without_a_terminal_nothing_is_saved_unless_it_is_said(home: Home, web: Web) -> None:
    arguments = (
        "sources",
        "add",
        "https://elaph.com/",
        "--id",
        "arabe",
        "--replace",
        "--country",
        "GB",
        "--json",
    )
    done = home.rasid(*arguments)
    assert done.exit_code == 1
    assert done.err == "arabe: nothing is saved; run it again with --yes to save the file\n"
    assert done.json["saved"] is None
    assert len(done.json["articles"]) == 3
    assert "google_news.xml" in done.json["text"]
    assert not list((home.folder / "mine").iterdir())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("check", "nobody"), "nobody: no such source; see `rasid sources list`"),
        (("add", "nonsense"), "nonsense: not a web address; write one such as https://www.example.ma/"),
        (("add", "2m.ma"), "2m: no id; give one of lower-case letters, digits and _ with --id"),
        (("add", "elaph.com"), "elaph: there is such a source; choose another --id, or --replace it"),
        (
            ("add", "https://www.elaph.com/feed", "--id", "arabe"),
            "elaph.com: elaph crawls it already; --replace says that you want both",
        ),
        (
            ("add", "naba.test", "--country", "Morocco"),
            "--country MOROCCO: no code of a country (ISO 3166); give one such as MA",
        ),
        (
            ("add", "naba.test", "--country", "zz"),
            "--country ZZ: no code of a country (ISO 3166); give one such as MA",
        ),
    ],
)
def test_what_cannot_be_probed_is_said_before_anything_is_asked(
    arguments: tuple[str, ...], said: str, home: Home, web: Web
) -> None:
    web.forget()
    assert failure(home, *arguments) == said
    assert not web.requests


def test_without_a_folder_of_ones_own_nothing_is_looked_for(home: Home, web: Web) -> None:
    home.configure(f'[crawl]\nroute = "{web.url}"\n')
    web.forget()
    assert failure(home, "add", "elaph.com").startswith("[catalogue] directory is not set; name a folder")
    assert not web.requests


def failure(home: Home, *arguments: str) -> str:
    """The line with which a command ends that asks nothing of any site; run in this process, to save time."""
    given = ("sources", *arguments, "--config", str(home.folder / "rasid.toml"))
    with pytest.raises(RasidError) as raised:
        CliRunner().invoke(app, given, catch_exceptions=False)
    return str(raised.value)
