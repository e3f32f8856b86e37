"""`rasid search`: what it prints, how it goes on, what it counts."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from rich.cells import cell_len

from scheduler.cli.answers import marked
from scheduler.cli.output import clean
from scheduler.cli.trend import trend
from storage.archive import Archive
from storage.model import Account, ArchivedArticle, Hit, Week
from tests.commands import Home, one_line
from tests.factories import NOW, accepted, article, entity, page, source, topic


@pytest.fixture(scope="module")
def home(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Three articles: two of them name a minister; only asked, never changed."""
    home = Home(tmp_path_factory.mktemp("home"))
    home.configure('[digest]\ntimezone = "Pacific/Kiritimati"\nlanguage = "fr"\n')
    (home.folder / "rasid.db").write_bytes(sqlite_template.read_bytes())
    with Archive(f"sqlite:///{home.folder / 'rasid.db'}") as archive:
        archive.load_catalogue([source()], [topic()], [entity()])
        for at in range(3):
            told = article(f"example.ma/{at}", published=NOW - timedelta(days=at))
            known = Account(article=told, entities=("darmanin",) if at else ())
            archive.record(page(told.key), accepted(known, seen=at))
    return home


def test_an_answer_says_with_which_command_it_goes_on(home: Home) -> None:
    first = home.rasid("search", "--limit", "2", "--", "-title:x sort:date")
    assert "2 of 3" in first.out
    command = next(line for line in first.out.splitlines() if line.startswith("go on: "))
    cursor = re.search(r"--after (\S+)", command)
    assert cursor
    assert command.endswith("-- '-title:x sort:date'")
    rest = home.rasid("search", "--limit", "2", "--after", cursor[1], "--", "-title:x sort:date")
    assert "example.ma/2" in rest.out
    assert "1 of 3" in rest.out
    assert "go on" not in rest.out


def test_json_has_all_of_an_answer(home: Home) -> None:
    answer = home.rasid("search", "colour:red", "--limit", "1", "--json").json
    assert set(answer) == {"query", "total", "whole", "hits", "next", "meant", "not_understood"}
    assert {"rank", "snippet", "marks"} < set(answer["hits"][0])
    assert (answer["total"], answer["whole"]) == (3, True)
    rest = home.rasid("search", "colour:red", "--after", answer["next"], "--json").json
    assert [hit["url"] for hit in rest["hits"]] == ["https://example.ma/1", "https://example.ma/2"]
    assert rest["not_understood"] == answer["not_understood"] != []


def test_facets_are_tables_with_labels_and_weeks_with_bars(home: Home) -> None:
    shown = home.rasid("search", "", "--facets").out
    assert re.search(r"2 +darmanin +\u2068Gérald Darmanin\u2069", shown)
    assert re.search(r"3 +morocco-france-security +\u2068Sécurité Maroc–France\u2069", shown)
    assert re.search(r"3 +example +3 +ar +3 +MA", shown)
    assert re.search(r"2026-W4\d +\d  █+", shown)


def test_json_has_facets_where_asked_for(home: Home) -> None:
    counted = home.rasid("search", "", "--facets", "--json").json["facets"]
    assert (counted["total"], counted["counted"]) == (3, 3)
    assert counted["entities"] == [{"value": "darmanin", "articles": 2}]
    assert sum(week["articles"] for week in counted["weeks"]) == 3
    assert set(counted["weeks"][0]) == {"week", "monday", "articles"}


def test_days_and_weeks_are_those_of_the_digest(tmp_path: Path, sqlite_template: Path) -> None:
    moment = datetime(2026, 11, 15, 10, 30, tzinfo=UTC)  # Sunday; Monday already in Kiritimati
    (tmp_path / "rasid.db").write_bytes(sqlite_template.read_bytes())
    with Archive(f"sqlite:///{tmp_path / 'rasid.db'}") as archive:
        archive.record(page(), accepted(article(published=moment)))
    for zone, week in (("Pacific/Kiritimati", "2026-W47"), ("Africa/Casablanca", "2026-W46")):
        home = Home(tmp_path)
        home.configure(f'[digest]\ntimezone = "{zone}"\n')
        answer = home.rasid("search", f"since:{week} until:{week}", "--facets", "--json").json
        assert (answer["total"], answer["facets"]["weeks"][0]["week"]) == (1, week)


def test_a_bad_cursor_is_told_in_one_line(home: Home) -> None:
    one_line(home.rasid("search", "x", "--after", "nonsense"), "cursor 'nonsense'", "ask without it")


def test_what_answers_a_query_is_bold() -> None:
    text = "rencontre à Rabat \x1b[2J avec Rabat"
    told = ArchivedArticle(id=1, article=article(), recorded=NOW, judgements=(), story=1)
    at = text.index("Rabat"), text.rindex("Rabat")
    marks = tuple((start, start + len("Rabat")) for start in reversed(at))
    shown = marked(Hit(found=told, score=1.0, snippet=text, marks=marks))
    assert shown.plain == clean(text)
    assert [shown.plain[span.start : span.end] for span in shown.spans] == ["Rabat", "Rabat"]


@pytest.mark.parametrize("width", [20, 80, 200])
@pytest.mark.parametrize("number", [1, 30, 31, 400, 3000])
def test_a_trend_fits_the_terminal(number: int, width: int) -> None:
    weeks = [Week(monday=date(1970, 1, 5) + timedelta(weeks=at), articles=at % 7) for at in range(number)]
    lines = list(trend(weeks, width))
    told = [int(re.split(r"  +", line)[1].replace(",", "")) for line in lines]
    assert sum(told) == sum(week.articles for week in weeks)
    assert len(lines) <= 30
    assert max(map(cell_len, lines)) <= max(width, 27 + len(f"{max(told):,}"))


def test_a_trend_shows_where_weeks_are_left_out() -> None:
    weeks = [Week(monday=date(year, 1, 5), articles=year - 1965) for year in (1970, 2026)]
    assert list(trend(weeks, 27)) == ["1970-W02   5  █▏", "…", "2026-W02  61  █████████████"]
