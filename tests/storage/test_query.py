"""The query language."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.model import Query, Term
from storage.query import parse_query

NOW = datetime(2026, 11, 18, 9, 30, tzinfo=UTC)
RABAT = timezone(timedelta(hours=1))
PIECES = [
    "-",
    '"',
    "«",
    "»",
    "OR",
    "title:",
    "source:",
    "story:",
    "since:",
    "until:",
    "sort:",
    " ",
    ":",
    ",",
    "7d",
]


def parse(text: str) -> Query:
    return parse_query(text, now=NOW)


def groups(text: str) -> list[list[str]]:
    """The terms in short: -title:(words)."""
    return [[shown(term) for term in group] for group in parse(text).groups]


def shown(term: Term) -> str:
    without = "-" if term.without else ""
    place = f"{term.field}:" if term.field else ""
    return f"{without}{place}{' '.join(term.words)}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("Laftit Rabat", [["Laftit"], ["Rabat"]]),
        ("لفتيت باريس", [["لفتيت"], ["باريس"]]),
        ('"Abdelouafi Laftit" Rabat', [["Abdelouafi Laftit"], ["Rabat"]]),
        ("«commission militaire»", [["commission militaire"]]),
        ("“red notice” Paris", [["red notice"], ["Paris"]]),
        ('"never closed', [["never closed"]]),
        ("l'Intérieur mc-doualiya", [["l Intérieur"], ["mc doualiya"]]),
        ("Paris -football -“sécurité routière”", [["Paris"], ["-football"], ["-sécurité routière"]]),
        ("Paris OR Rabat OR Tanger DGSN", [["Paris", "Rabat", "Tanger"], ["DGSN"]]),
        ("a OR -b", [["a", "-b"]]),
        (
            'title:Laftit TITLE:"à Paris" -title:match',
            [["title:Laftit"], ["title:à Paris"], ["-title:match"]],
        ),
        ("or Or", [["or"], ["Or"]]),
        ("(Paris), Rabat!", [["Paris"], ["Rabat"]]),
    ],
)
def test_words_phrases_and_alternatives(text: str, expected: list[list[str]]) -> None:
    assert groups(text) == expected
    assert parse(text).not_understood == ()


@pytest.mark.parametrize(
    ("text", "name", "values"),
    [
        ("source:elaph source:eocr,machahid24", "source", ("elaph", "eocr", "machahid24")),
        ("lang:FR", "lang", ("fr",)),
        ("country:ma", "country", ("MA",)),
        ('entity:"Gérald Darmanin"', "entity", ("Gérald Darmanin",)),
        ("topic:morocco-france-security", "topic", ("morocco-france-security",)),
        ("story:12,x,13", "story", ("12", "13")),
        ("verdict:Relevant", "verdict", ("relevant",)),
    ],
)
def test_filters(text: str, name: str, values: tuple[str, ...]) -> None:
    assert parse(text).filters == {name: values}


@pytest.mark.parametrize(
    ("value", "since", "until"),
    [
        ("2026-11-17", "2026-11-17T00:00+01:00", "2026-11-18T00:00+01:00"),
        ("2026-W47", "2026-11-16T00:00+01:00", "2026-11-23T00:00+01:00"),
        ("7d", "2026-11-11T10:30+01:00", "2026-11-11T10:30+01:00"),
    ],
)
def test_a_period_is_of_the_zone_asked_in(value: str, since: str, until: str) -> None:
    query = parse_query(f"since:{value} until:{value}", now=NOW.astimezone(RABAT))
    assert query.since is not None
    assert query.until is not None
    assert query.since.isoformat(timespec="minutes") == since
    assert query.until.isoformat(timespec="minutes") == until


def test_the_order_may_be_chosen() -> None:
    assert parse("Paris").sort == "relevance"
    assert parse("Paris sort:date").sort == "date"


@pytest.mark.parametrize(
    "text",
    [
        *("colour:red", "-source:elaph", "since:yesterday", "since:2026-13-01", "until:2026-W54", "sort:up"),
        *("since:999999d", "verdict:maybe", "story:one", "***", "-", "OR", "title:", "source:", "source:,"),
        *("source:\0", "https://example.ma/1"),
    ],
)
def test_what_is_not_understood_is_named(text: str) -> None:
    query = parse(f"{text} Paris")
    assert query.not_understood == (text,)
    assert (query.groups, query.since, query.until) == (((Term(words=("Paris",)),),), None, None)


def test_an_alternative_needs_both_sides() -> None:
    assert parse("Paris OR").not_understood == ("OR",)
    assert parse("Paris OR OR Rabat").not_understood == ("OR",)
    assert groups("Paris OR OR Rabat") == [["Paris", "Rabat"]]


def test_an_endless_query_is_cut() -> None:
    assert len(parse("mot " * 30).groups) == 20
    assert parse("mot " * 30).not_understood == ("mot",) * 10
    assert parse("x" * 1001).not_understood == ("x",)


@given(st.one_of(st.text(), st.lists(st.sampled_from(PIECES) | st.text(max_size=5)).map("".join)))
def test_any_text_is_a_query(text: str) -> None:
    query = parse(text)
    assert query.text == text
    assert all(term.words for group in query.groups for term in group)
    assert all(query.groups)
