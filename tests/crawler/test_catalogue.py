"""Source files: what they become, and the one line that says what is wrong with one."""

from dataclasses import fields
from pathlib import Path

import pytest

from crawler.catalogue import load_sources, read_source, readable_sources
from crawler.fetching.searching import only_searches
from storage.errors import CatalogueError
from storage.model import Entry, EntryKind, Source

SEEDS = ("elaph", "eocr", "machahid24", "mc_doualiya")
GOOD = r"""
name = "Le Quotidien"
country = "FR"
language = "fr"
article_url = '^https://quotidien\.test/\d+$'
[[entry]]
kind = "feed"
url = "https://quotidien.test/feed"
"""


def written(folder: Path, text: str = GOOD, name: str = "quotidien") -> Path:
    path = folder / "sources" / f"{name}.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_the_four_seed_sources_are_shipped() -> None:
    assert {source.id for source in load_sources()} >= set(SEEDS)


@pytest.mark.parametrize("source", load_sources(), ids=lambda source: source.id)
def test_a_shipped_source_says_how_well_it_is_known_and_takes_its_time(source: Source) -> None:
    assert source.note
    assert source.delay >= 5
    assert source.enabled is (source.tier != 3 and not only_searches(source))  # 3: blocked to polite clients


@pytest.mark.parametrize(
    "source", [each for each in load_sources() if each.tier == 4], ids=lambda each: each.id
)
def test_a_source_nobody_has_seen_alive_is_asked_once_a_day(source: Source) -> None:
    assert (source.poll, source.poll_least) == (1440, 1440)


def test_a_short_file_is_enough_for_a_source(tmp_path: Path) -> None:
    source = read_source(written(tmp_path))
    assert (source.id, source.timezone, source.delay) == ("quotidien", "Europe/Paris", 10)
    assert source.entries == (Entry(kind=EntryKind.FEED, url="https://quotidien.test/feed"),)


def test_a_country_without_a_known_zone_is_read_in_universal_time(tmp_path: Path) -> None:
    assert read_source(written(tmp_path, GOOD.replace('"FR"', '"XK"'))).timezone == "UTC"


def test_a_file_of_the_users_directory_replaces_the_shipped_one(tmp_path: Path) -> None:
    written(tmp_path, name="elaph")
    assert {source.id: source.name for source in load_sources(tmp_path)}["elaph"] == "Le Quotidien"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('name = "Le Quotidien"\n', "", "name: is missing: write name = "),
        ('"Le Quotidien"', "3", "name: write a text in straight quotes"),
        ('country = "FR"', 'country = "FR"\ncolour = "red"', "colour: no such key"),
        ('country = "FR"', 'country = "FR"\nid = "x"', "id, entries: no such key"),
        ('"FR"', '"France"', "country: does not match [A-Z]{2} (got 'France')"),
        ('"fr"', '"french"', "language: does not match [a-z]{2} (got 'french')"),
        ('"fr"', '"fr"\ntimezone = "Mars/Base"', "timezone: no such zone"),
        ('"fr"', '"fr"\ndelay = -1', "delay: is not a number from 0 up (got -1.0)"),
        ('"fr"', '"fr"\ndelay = nan', "delay: is not a number from 0 up (got nan)"),
        ('"fr"', '"fr"\ndelay = inf', "delay: is not a number from 0 up (got inf)"),
        ('"fr"', '"fr"\npoll = 0', "poll: is not a number from 1 up (got 0)"),
        ('"fr"', '"fr"\nselect = { colour = ["h1"] }', "select.colour: no such field; known are title, "),
        ('"fr"', '"fr"\nfirst_line = { colour = "x" }', "first_line.colour: no such field; known are"),
        ('"fr"', '"fr"\nlast_line = { title = "x" }', "last_line.title: no such field; known are origin"),
        ('"feed"\n', '"listing"\npages = "https://a.test/"\n', "[[entry]] 1: pages: has no {page}"),
        ('"fr"', '"fr"\ngrade = "D"', "grade: not one of A, B, C, inferred (got 'D')"),
        (
            '"fr"',
            '"fr"\nmirrors = ["https://x.test"]',
            "mirrors: not a host such as lite.quotidien.example (got 'https://x.test')",
        ),
        ('"fr"', '"fr"\ndrop_lines = ["(x"]', "drop_lines: not a regular expression"),
        ('"fr"', '"fr"\nfirst_line = { origin = "[" }', "first_line.origin: not a regular expression"),
        ('"fr"', '"fr"\ndrop = ["div["]', "drop: not a CSS selector"),
        ('"fr"', '"fr"\nselect = { title = ["h1.."] }', "select.title: not a CSS selector"),
        (r"^https://quotidien\.test/\d+$", "(", "article_url: not a regular expression"),
        ('"feed"\n', '"fede"\n', "[[entry]] 1: kind: Input should be 'feed'"),
        ('"feed"\n', '"feed"\ncolour = "red"\n', "[[entry]] 1: colour: no such key"),
        ('"feed"\n', '"json"\n', "[[entry]] 1: fields: items is missing"),
        (
            '"feed"\n',
            '"json"\nfields = {items = "a", link = "{b}{"}\n',
            "[[entry]] 1: fields.link: a brace",
        ),
        ('"feed"\n', '"json"\nfields = {items = "a", link = "/{}"}\n', "[[entry]] 1: fields.link: a brace"),
        ('"feed"\n', '"listing"\nlinks = "a["\n', "[[entry]] 1: links: not a CSS selector"),
        ("https://quotidien.test/feed", "quotidien.test/feed", "[[entry]] 1: url: not an http or https URL"),
        ('[[entry]]\nkind = "feed"\nurl = "https://quotidien.test/feed"', "", "at least one [[entry]]"),
        ("[[entry]]", "[entry]", "at least one [[entry]]"),
        ('"FR"', "FR", "not valid TOML"),
    ],
)
def test_a_bad_file_is_one_line_naming_file_key_and_value(
    tmp_path: Path, old: str, new: str, says: str
) -> None:
    path = written(tmp_path, GOOD.replace(old, new))
    with pytest.raises(CatalogueError) as raised:
        read_source(path)
    assert str(raised.value).startswith(f"{path}: ")
    assert says in str(raised.value)
    assert "\n" not in str(raised.value).replace("\n  ", "")


def test_a_file_whose_name_is_no_id_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="id: does not match"):
        read_source(written(tmp_path, name="Le Quotidien"))


def test_a_bad_file_leaves_the_other_sources_readable(tmp_path: Path) -> None:
    bad = written(tmp_path, "name = [", name="bad")
    sources, problems = readable_sources(tmp_path)
    assert {source.id for source in sources} >= set(SEEDS)
    assert [str(problem).startswith(str(bad)) for problem in problems] == [True]


def test_every_key_of_a_source_file_is_documented() -> None:
    page = (Path(__file__).parents[2] / "docs" / "sources.md").read_text(encoding="utf-8")
    keys = {each.name for kind in (Source, Entry) for each in fields(kind)} - {"id", "entries"}
    assert {key for key in keys if f"`{key}`" not in page} == set()
