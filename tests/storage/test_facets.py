"""Facets: what an answer consists of, the same on SQLite and PostgreSQL."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from storage.archive import Archive, facets
from storage.archive.engines import open_engines, transaction
from storage.model import Account, Count, Facets, Relevance, Week
from storage.query import parse_query
from tests.factories import NOW, TOPIC, accepted, article, entity, judgement, page, source, topic

ZONES = (
    "UTC",
    "Africa/Casablanca",
    "Europe/Paris",
    "Asia/Kathmandu",
    "America/New_York",
    "Pacific/Kiritimati",
)
ENTITIES = ("darmanin", "laftit", "nunez")
TOLD = (  # key, source, language, entities, relevance, days before NOW
    ("ar", "example", "ar", ("darmanin", "laftit"), Relevance.RELEVANT, 0),
    ("fr", "le-soir", "fr", ("darmanin",), Relevance.RELEVANT, 0),
    ("es", "le-soir", "es", ("nunez",), Relevance.BORDERLINE, 15),
    ("en", "example", "en", (), Relevance.IRRELEVANT, 16),
    ("it", "gone", "it", ("nunez", "laftit"), Relevance.RELEVANT, 16),
)


def keep(
    archive: Archive,
    key: str,
    seen: int,
    *,
    published: datetime,
    entities: tuple[str, ...] = (),
    relevance: Relevance = Relevance.RELEVANT,
    source: str = "example",
    language: str = "ar",
) -> None:
    """Record an article of its own story."""
    told = article(key, source=source, language=language, published=published)
    known = Account(article=told, entities=entities)
    archive.record(page(key), accepted(known, seen=seen, judgements=(judgement(relevance),)))


@pytest.fixture(scope="module")
def library(shared_archive: Archive) -> Archive:
    """TOLD, of which one source is not in the catalogue; only asked, never changed."""
    french = source("le-soir", name="Le Soir", country="FR", language="fr")
    shared_archive.load_catalogue([source(), french], [topic()], map(entity, ENTITIES))
    for at, (key, own, language, entities, relevance, days) in enumerate(TOLD):
        keep(
            shared_archive,
            key,
            at,
            published=NOW - timedelta(days=days),
            entities=entities,
            relevance=relevance,
            source=own,
            language=language,
        )
    return shared_archive


def asked(archive: Archive, text: str = "", zone: str = "UTC") -> Facets:
    return archive.facets(parse_query(text, now=NOW.astimezone(ZoneInfo(zone))))


def shown(counts: Iterable[Count]) -> list[tuple[str, int]]:
    return [(each.value, each.articles) for each in counts]


def test_an_answer_is_counted_by_everything_that_is_known_of_it(library: Archive) -> None:
    found = asked(library)
    assert shown(found.sources) == [("example", 2), ("le-soir", 2), ("gone", 1)]
    assert shown(found.languages) == [("ar", 1), ("en", 1), ("es", 1), ("fr", 1), ("it", 1)]
    assert shown(found.countries) == [("FR", 2), ("MA", 2)]
    assert shown(found.entities) == [("darmanin", 2), ("laftit", 2), ("nunez", 2)]
    assert shown(found.topics) == [(TOPIC, 4)]
    assert (found.total, found.counted) == (5, 5)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "lang:fr,es",
        "darmanin",
        "-darmanin",
        "since:2026-11-01",
        "until:2026-11-02",
        "story:1,5",
        "country:MA",
    ],
)
def test_what_is_counted_is_what_is_found(library: Archive, text: str) -> None:
    found = asked(library, text)
    hits = library.search(parse_query(text, now=NOW)).hits
    languages = Counter(hit.found.article.language for hit in hits)
    assert dict(shown(found.languages)) == languages
    assert found.total == found.counted == len(hits) == sum(each.articles for each in found.weeks)


def test_nothing_found_is_nothing_counted(library: Archive) -> None:
    query = parse_query("nowhere", now=NOW)
    nothing = Facets(
        query=query,
        total=0,
        counted=0,
        sources=(),
        languages=(),
        countries=(),
        entities=(),
        topics=(),
        weeks=(),
    )
    assert library.facets(query) == nothing


def test_weeks_follow_each_other_the_empty_ones_too(library: Archive) -> None:
    found = [(each.name, each.articles) for each in asked(library).weeks]
    assert found == [("2026-W45", 3), ("2026-W46", 0), ("2026-W47", 2)]


def test_a_week_begins_at_midnight_of_the_zone_in_summer_and_in_winter(archive: Archive) -> None:
    moments = tuple(_around_mondays())
    for at, moment in enumerate(moments):
        keep(archive, f"example.ma/{at}", at, published=moment)
    for zone in ZONES:
        days = [moment.astimezone(ZoneInfo(zone)).date() for moment in moments]
        expected = Counter(day - timedelta(days=day.weekday()) for day in days)
        found = asked(archive, zone=zone).weeks
        assert {each.monday: each.articles for each in found if each.articles} == expected, zone


def _around_mondays() -> Iterable[datetime]:
    """A minute before and at the Mondays of every zone, before 1970, in summer, in winter, in Ramadan."""
    for monday in (date(1969, 6, 2), date(2026, 7, 6), date(2026, 11, 16), date(2026, 2, 23)):
        for zone in ZONES:
            midnight = datetime(monday.year, monday.month, monday.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)
            yield from (midnight - timedelta(minutes=1), midnight)


def test_one_odd_date_makes_no_thousand_empty_weeks(archive: Archive) -> None:
    days = (date(1492, 1, 2), date(2025, 11, 3), date(2026, 11, 9))
    for at, day in enumerate(days):
        keep(archive, f"example.ma/{at}", at, published=datetime(day.year, day.month, day.day, tzinfo=UTC))
    weeks = asked(archive).weeks
    assert weeks[0] == Week(monday=date(1491, 12, 28), articles=1)
    assert (weeks[1].monday, weeks[-1].monday, len(weeks)) == (date(2025, 11, 3), date(2026, 11, 9), 55)


def test_the_fifty_most_frequent_entities_are_told(archive: Archive) -> None:
    names = tuple(f"e{number:02}" for number in range(60))
    keep(archive, "example.ma/1", 0, published=NOW, entities=names[::-1])
    keep(archive, "example.ma/2", 1, published=NOW, entities=("e59",))
    found = shown(asked(archive).entities)
    assert found == [("e59", 2), *((name, 1) for name in names[:49])]


def test_of_more_than_are_looked_at_the_newest_count_but_all_of_them_by_week(archive_url: str) -> None:
    with Archive(archive_url) as archive:
        for at, days in enumerate((0, 1, 1, 40, 80)):
            told = NOW - timedelta(days=days)
            keep(archive, f"example.ma/{at}", at, published=told, language="fr" if days > 1 else "ar")
    _, reader = open_engines(archive_url)
    with transaction(reader) as connection:
        found = facets.facets(connection, parse_query("source:example", now=NOW), most=4)
    reader.dispose()
    assert (found.total, found.counted, sum(each.articles for each in found.weeks)) == (5, 4, 5)
    assert shown(found.languages) == [("ar", 3), ("fr", 1)]
