"""The query language."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.model import Either, Every, Filter, Not, Part, Query, Term
from storage.query import parse_query
from storage.text import fold, words

NOW = datetime(2026, 11, 18, 9, 30, tzinfo=UTC)
RABAT = timezone(timedelta(hours=1))


def parse(text: str) -> Query:
    return parse_query(text, now=NOW)


def understood(text: str) -> str:
    """What is asked in its one form; nothing of the text may be left out."""
    query = parse(text)
    assert query.not_understood == ()
    return written(query.asked)


def written(part: Part, *, within: bool = False) -> str:
    """A question as one would type it; `within` another, several parts want parentheses."""
    match part:
        case Term(words=typed, field=field):
            return f"{field}:{quoted(typed)}" if field else quoted(typed)
        case Filter(field=field, values=values):
            return f"{field}:{','.join(quoted(value.split(' ')) for value in values)}"
        case Not(part=inner):
            return f"-{written(inner, within=True)}"
        case Either(parts=parts):
            text = " OR ".join(written(each, within=True) for each in parts)
        case Every(parts=parts):
            text = "".join(side_by_side(parts)).strip()
    return f"({text})" if within else text


def quoted(typed: tuple[str, ...] | list[str]) -> str:
    text = " ".join(typed)
    return text if re.fullmatch(r"(?!AND|OR|NOT)\w[\w-]*", text) else f'"{text}"'


def side_by_side(parts: tuple[Part, ...]) -> Iterator[str]:
    fields = set()
    for part in parts:
        apart = isinstance(part, Filter) and part.field in fields
        yield " AND " if apart else " "
        yield written(part, within=isinstance(part, Every))
        if isinstance(part, Filter):
            fields.add(part.field)


def walk(part: Part) -> Iterator[Part]:
    yield part
    match part:
        case Not(part=inner):
            yield from walk(inner)
        case Every(parts=parts) | Either(parts=parts):
            for each in parts:
                yield from walk(each)


def test_a_query_is_a_tree() -> None:
    query = parse('Laftit -(title:"Beauvau Rabat" OR lang:fr,en) story:5')
    asked = Every(
        (
            Term(words=("Laftit",)),
            Not(
                Either(
                    (
                        Term(words=("Beauvau", "Rabat"), field="title"),
                        Filter(field="lang", values=("fr", "en")),
                    )
                )
            ),
        )
    )
    assert query == Query(text=query.text, asked=asked, stories=(5,), now=NOW)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("Laftit Rabat", "Laftit Rabat"),
        ("Laftit AND Rabat", "Laftit Rabat"),
        ("لفتيت باريس", "لفتيت باريس"),
        ("Paris, Rabat!", "Paris Rabat"),
        ("or And Not nOt", "or And Not nOt"),
        ("l'Intérieur C-17 Maroc-France", '"l Intérieur" "C 17" "Maroc France"'),
        ("10:30 المغرب:فرنسا Interpol:", '"10 30" "المغرب فرنسا" Interpol'),
        ("https://elaph.com/Web", '"https elaph com Web"'),
        ("ministre(s)", "ministre s"),
    ],
)
def test_words(text: str, expected: str) -> None:
    assert understood(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"Abdelouafi Laftit" Rabat', '"Abdelouafi Laftit" Rabat'),
        ("« commission militaire »", '"commission militaire"'),
        ("“red notice” „rote Notiz“ ”nota roja” »avis«", '"red notice" "rote Notiz" "nota roja" avis'),
        ('«il dit "oui" » non', '"il dit oui" non'),
        ('و"الأمن القومي"', 'و "الأمن القومي"'),
        ('"OR" "source:elaph" "(a)"', '"OR" "source elaph" a'),
        ('Paris "never closed', 'Paris "never closed"'),
        ('13" écran Rabat', "13 écran Rabat"),
        ('title:Laftit TITLE:"à Paris" title:«en visite»', 'title:Laftit title:"à Paris" title:"en visite"'),
    ],
)
def test_phrases_and_titles(text: str, expected: str) -> None:
    assert understood(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Paris -football -“sécurité routière”", 'Paris -football -"sécurité routière"'),
        ("-Olympiques", "-Olympiques"),
        ("−match --score -5", "-match -score -5"),
        ("NOT Paris AND NOT Rabat", "-Paris -Rabat"),
        ("NOT NOT Paris -(-Rabat) NOT -Tanger", "Paris Rabat Tanger"),
        ("-title:match title:-score", "-title:match -title:score"),
        ("-lang:fr -source:elaph source:-eocr", "-lang:fr -source:elaph -source:eocr"),
        ("-(Paris Rabat) NOT (Tanger OR Fès)", "-(Paris Rabat) -(Tanger OR Fès)"),
        ("-NOT", '-"NOT"'),
        ('"Maroc"-France', "Maroc France"),
    ],
)
def test_without(text: str, expected: str) -> None:
    assert understood(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Paris OR Rabat OR Tanger DGSN", "Paris OR Rabat OR Tanger DGSN"),
        ("DGSN AND Paris OR Rabat", "DGSN Paris OR Rabat"),
        ("(DGSN Paris) OR Rabat", "(DGSN Paris) OR Rabat"),
        ("Paris OR -Rabat", "Paris OR -Rabat"),
        ("Paris OR NOT Rabat", "Paris OR -Rabat"),
        ("((Paris)) (Rabat OR (Tanger OR Fès))", "Paris Rabat OR Tanger OR Fès"),
        ("(Paris OR Rabat)(DGSN DST)", "Paris OR Rabat (DGSN DST)"),
        ("(Paris OR (Rabat DGSN", "Paris OR (Rabat DGSN)"),
        ('title:(Laftit OR "à Paris" -match)', 'title:Laftit OR title:"à Paris" -title:match'),
        ("title:(Laftit source:elaph)", "title:Laftit source:elaph"),
        ("(باريس، الرباط) أمن؟", "(باريس الرباط) أمن"),
    ],
)
def test_alternatives_and_parentheses(text: str, expected: str) -> None:
    assert understood(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("source:Elaph Source:eocr,machahid24", "source:elaph,eocr,machahid24"),
        ("lang:FR,fr Paris lang:ar،en", "lang:fr,ar,en Paris"),
        ("country:ma verdict:Relevant topic:a-b", "country:MA verdict:relevant topic:a-b"),
        ('entity:"Gérald  Darmanin",laftit', 'entity:"Gérald Darmanin",laftit'),
        ('entity:"Nuñez","Abdelouafi Laftit"', 'entity:Nuñez,"Abdelouafi Laftit"'),
        ("entity:laftit AND entity:darmanin", "entity:laftit AND entity:darmanin"),
        ("source:a AND source:b source:c", "source:a AND source:b,c"),
        ("entity:لفـتيت,laf\u200dtit", "entity:لفتيت,laftit"),
        ("source:(elaph OR eocr) lang:(fr ar)", "source:elaph,eocr lang:fr,ar"),
        ("source:elaph OR source:eocr OR Paris", "source:elaph,eocr OR Paris"),
        ("source:elaph (source:eocr Paris)", "source:elaph (source:eocr Paris)"),
        ("-source:elaph -source:eocr", "-source:elaph -source:eocr"),
        ("source:elaph، lang:ar؟ verdict:«relevant»", "source:elaph lang:ar verdict:relevant"),
    ],
)
def test_filters_stand_anywhere(text: str, expected: str) -> None:
    assert understood(text) == expected


@pytest.mark.parametrize(
    ("value", "since", "until"),
    [
        ("2026-11-17", "2026-11-17T00:00+01:00", "2026-11-18T00:00+01:00"),
        ("٢٠٢٦-١١-٧", "2026-11-07T00:00+01:00", "2026-11-08T00:00+01:00"),
        ("2026-W47", "2026-11-16T00:00+01:00", "2026-11-23T00:00+01:00"),
        ("2026w1،", "2025-12-29T00:00+01:00", "2026-01-05T00:00+01:00"),
        ("2026-12", "2026-12-01T00:00+01:00", "2027-01-01T00:00+01:00"),
        ("2026", "2026-01-01T00:00+01:00", "2027-01-01T00:00+01:00"),
        ("today", "2026-11-18T00:00+01:00", "2026-11-19T00:00+01:00"),
        ("Yesterday", "2026-11-17T00:00+01:00", "2026-11-18T00:00+01:00"),
        ("7d", "2026-11-11T10:30+01:00", "2026-11-11T10:30+01:00"),
        ("2W", "2026-11-04T10:30+01:00", "2026-11-04T10:30+01:00"),
    ],
)
def test_a_period_is_of_the_zone_asked_in(value: str, since: str, until: str) -> None:
    query = parse_query(f"since:{value} until:{value}", now=NOW.astimezone(RABAT))
    assert query.since is not None
    assert query.until is not None
    assert query.since.isoformat(timespec="minutes") == since
    assert query.until.isoformat(timespec="minutes") == until
    assert query.not_understood == ()


def test_a_day_on_which_the_clocks_change_is_a_whole_day() -> None:
    query = parse_query("since:2026-10-25 until:2026-10-25", now=NOW.astimezone(ZoneInfo("Europe/Paris")))
    assert query.since is not None
    assert query.until is not None
    assert query.until.astimezone(UTC) - query.since.astimezone(UTC) == timedelta(hours=25)


def test_settings_are_of_the_whole_query() -> None:
    query = parse("story:5,6 AND Paris sort:date since:2026 AND STORY:6,٧")
    assert (query.stories, query.sort, written(query.asked)) == ((5, 6, 7), "date", "Paris")
    assert query.not_understood == ()
    assert parse("Paris").sort == "relevance"


def test_of_two_settings_the_last_one_counts() -> None:
    query = parse("since:2025 sort:date Paris since:2026 sort:relevance")
    assert query.since == datetime(2026, 1, 1, tzinfo=UTC)
    assert query.sort == "relevance"
    assert query.not_understood == ("since:2025", "sort:date")


@pytest.mark.parametrize(
    "text",
    [
        *("colour:red", "colour:(red blue)", '-author:"A B"', "***", "-", "--", "?", "؟", "|", '""'),
        *(")", "()", "title:", "Source:", "-lang:", "title:*", "source:,", "source:\0", "entity:a\0"),
        *("lang:french", "country:maroc"),
        *("verdict:maybe", "story:one", "story:" + 19 * "1", "sort:up", "since:(7d)", "-source:-"),
        *("since:2026-13", "since:2026-02-30", "until:2026-W54", "since:99999w", "until:9999", "since:1200"),
        *("since:20/11/2026", "since:2026,2027", "since:soon", "-since:7d", "-story:5", "sort:-date"),
        *("AND", "OR", "-***", '-"?"'),
    ],
)
def test_what_is_not_understood_is_named_and_the_rest_answered(text: str) -> None:
    assert parse(f"{text} Paris") == Query(
        text=f"{text} Paris", asked=parse("Paris").asked, now=NOW, not_understood=(text,)
    )


@pytest.mark.parametrize(
    ("text", "expected", "not_understood"),
    [
        ("Paris OR", "Paris", ["OR"]),
        ("Paris OR OR Rabat", "Paris OR Rabat", ["OR"]),
        ("Paris OR AND Rabat NOT", "Paris OR Rabat", ["AND", "NOT"]),
        ("Paris NOT OR Rabat", "Paris -Rabat", ["OR"]),
        ("Paris OR *** Rabat", "Paris OR Rabat", ["***"]),
        ("Paris (since:7d sort:date)", "Paris", ["since:7d", "sort:date"]),
        ("Paris OR story:5 Rabat", "Paris OR Rabat", ["story:5"]),
        ("Paris sort:date OR Rabat", "Paris Rabat", ["OR"]),
        ("NOT since:7d Paris", "-Paris", ["since:7d"]),
        ("Paris (OR) ( ) Rabat)", "Paris Rabat", ["OR", "( )", ")"]),
        ("verdict:maybe,relevant lang:fr,french", "verdict:relevant lang:fr", ["maybe", "french"]),
        ("story:5,x", "", ["x"]),
        ("NOT OR ***", "", ["NOT", "OR", "***"]),
        (11 * "(" + "Paris OR x" + 11 * ")" + " Rabat", "Rabat", ["(Paris OR x)"]),
        (10 * "(" + "Paris OR x" + 10 * ")" + " Rabat", "Paris OR x Rabat", []),
        ("mot " * 21, "mot " * 20, ["mot"]),
        ("a" * 1000 + "b", "a" * 1000, ["b"]),
    ],
)
def test_a_query_is_answered_as_if_what_is_named_were_not_typed(
    text: str, expected: str, not_understood: list[str]
) -> None:
    query = parse(text)
    assert (written(query.asked), list(query.not_understood)) == (expected.strip(), not_understood)


def test_terms_know_where_they_stand() -> None:
    text = '\u200fباريس -"Abdelouafi\u200e Laftit!" title:(Rabat)'
    found = [text[each.start : each.end] for each in walk(parse(text).asked) if isinstance(each, Term)]
    assert found == ["باريس", "Abdelouafi\u200e Laftit", "Rabat"]


PIECES = [
    *("AND", "OR", "NOT", "-", "(", ")", '"', "«", "»", "title:", "source:", "entity:", "lang:", "story:"),
    *(
        "since:",
        "until:",
        "sort:",
        "other:",
        " ",
        " ",
        ":",
        ",",
        "7d",
        "2026-11",
        "fr,ar",
        "date",
        "باريس",
        "a b",
    ),
]
SETTINGS = "AND OR NOT title source entity lang country topic verdict story since until sort 7d 2026-11 date"
UNSEEN = "\u200e\u200f\u202b\u202c\u2067\u2069\ufeff"
letters = st.characters(exclude_characters="\u0640")  # tatweel may end a word or not, by what follows it
texts = st.lists(st.sampled_from(PIECES) | st.text(letters, max_size=4), max_size=40).map("".join)


@given(texts | st.text())
def test_any_text_is_a_query_in_its_one_form(text: str) -> None:
    query = parse(text)
    assert query.text == text
    for part in walk(query.asked):
        match part:
            case Not(part=inner):
                assert not isinstance(inner, Not)
            case Either(parts=parts):
                assert len(parts) > 1
                assert not any(isinstance(each, Either) for each in parts)
            case Every(parts=parts):
                assert len(parts) > 1 or part is query.asked
            case Term(words=typed):
                assert [word.text for word in words(text[part.start : part.end])] == list(map(fold, typed))


@given(texts)
def test_a_query_typed_in_its_one_form_asks_the_same(text: str) -> None:
    asked = parse(text).asked
    assert parse(written(asked)).asked == asked
    assert parse(written(asked)).not_understood == ()


@given(texts)
def test_every_word_is_understood_or_named(text: str) -> None:
    query = parse(text)
    said = [*query.not_understood, SETTINGS, *map(str, query.stories)]
    for part in walk(query.asked):
        said += part.words if isinstance(part, Term) else part.values if isinstance(part, Filter) else ()
    known = {word.text for each in said for word in words(each)}
    assert {word.text for word in words(text)} <= known


@given(st.lists(st.sampled_from(PIECES) | st.sampled_from(UNSEEN), max_size=40))
def test_marks_that_nobody_sees_change_nothing(pieces: list[str]) -> None:
    plain = "".join(each for each in pieces if each not in UNSEEN)
    assert parse("".join(pieces)).asked == parse(plain).asked
