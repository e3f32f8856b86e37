"""rasid sources check and add, as a user runs them."""

import os
import pty
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.catalogue import read_source
from tests.commands import RASID, Home
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


def test_a_check_shows_what_would_be_extracted_and_names_the_source_in_trouble(home: Home, web: Web) -> None:
    (home.folder / "mine" / "sources").mkdir()
    (home.folder / "mine" / "sources" / "refused.toml").write_text(REFUSED, encoding="utf-8")
    web.answer("refused.test", "/robots.txt", status=404)
    web.answer("refused.test", "/feed", status=403)
    done = home.rasid("sources", "check", "machahid24", "refused")
    assert done.exit_code == 1
    assert done.err.startswith("refused: blocked: https://refused.test/feed: HTTP 403; the site refuses us")
    assert len(done.err.splitlines()) == 1
    newest = max(
        (each for each in web.articles if each.site == "machahid24"), key=lambda each: each.published
    )
    for part in (
        f"\u2068{newest.title}\u2069 (select)",
        "of them articles",
        "conditional requests: yes",
        "judged:",
    ):
        assert part in done.out
    assert not (home.folder / "rasid.db").exists()


def test_on_a_terminal_a_found_source_is_saved_after_asking(home: Home) -> None:
    arguments = ("sources", "add", "elaph.com", "--id", "arabe", "--country", "GB")
    out, code = on_terminal(home, arguments, "y\n")
    path = home.folder / "mine" / "sources" / "arabe.toml"
    assert code == 0, out
    assert "Save it?" in out
    assert "rasid crawl arabe" in out
    assert read_source(path).grade == "B"
    assert [each.name for each in path.parent.iterdir()] == ["arabe.toml"]
    again = home.rasid(*arguments, "--yes")
    assert again.exit_code == 1
    assert again.err == "rasid: arabe: there is such a source; choose another --id, or --replace it\n"


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
    arguments = ("sources", "add", "https://elaph.com/", "--id", "arabe", "--country", "GB", "--json")
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
    ],
)
def test_what_cannot_be_probed_is_one_line(
    arguments: tuple[str, ...], said: str, home: Home, web: Web
) -> None:
    done = home.rasid("sources", *arguments)
    assert (done.exit_code, done.err) == (1, f"rasid: {said}\n")


def test_without_a_folder_of_ones_own_nothing_is_looked_for(home: Home, web: Web) -> None:
    home.configure(f'[crawl]\nroute = "{web.url}"\n')
    web.forget()
    done = home.rasid("sources", "add", "elaph.com", "--id", "arabe")
    assert done.exit_code == 1
    assert done.err.startswith(
        "rasid: [catalogue] directory is not set; name a folder of yours in rasid.toml"
    )
    assert not web.requests
