"""An answer page by page: nothing twice, nothing missed, whatever arrives meanwhile."""

from dataclasses import replace
from datetime import timedelta

import pytest

from storage.archive import Archive
from storage.archive.asking import search
from storage.archive.engines import open_engines, transaction
from storage.errors import InputError
from storage.model import Answer, Query
from storage.query import parse_query
from storage.search.cursor import read, written
from tests.factories import NOW, accepted, account, article, page, source, topic

QUERIES = (
    "réseau",
    "réseau sort:date",
    "",
    "lang:fr -absent",
    "title:réseau OR démantelé",
    "since:9d réseau",
)


@pytest.fixture
def filled(archive: Archive) -> Archive:
    """Nine French articles, one a day back in time; every third one says it in its title."""
    archive.load_catalogue([source()], [topic()], [])
    for at in range(9):
        keep(archive, at, at)
    return archive


def keep(archive: Archive, name: int, days: int) -> None:
    title = "Un réseau démantelé" if name % 3 == 0 else f"Autre sujet {name}"
    told = article(
        f"example.ma/{name}",
        title=title,
        text="Le réseau.",
        language="fr",
        published=NOW - timedelta(days=days),
    )
    seen = archive.neighbours(account(told)).seen
    archive.record(page(told.key), accepted(told, seen=seen))


def ask(archive: Archive, text: str, limit: int = 100, after: str = "", later: int = 0) -> Answer:
    query = parse_query(text, now=NOW + timedelta(hours=later))
    return archive.search(query, limit=limit, after=after)


def urls(answer: Answer) -> list[str]:
    return [hit.found.article.url for hit in answer.hits]


def pages(archive: Archive, text: str, limit: int) -> list[Answer]:
    found = [ask(archive, text, limit)]
    while found[-1].next:
        found.append(ask(archive, text, limit, found[-1].next, later=len(found)))
    return found


@pytest.mark.parametrize("text", QUERIES)
@pytest.mark.parametrize("limit", [1, 2, 4, 9])
def test_the_pages_are_the_whole_answer(filled: Archive, text: str, limit: int) -> None:
    whole = ask(filled, text)
    found = pages(filled, text, limit)
    assert [url for each in found for url in urls(each)] == urls(whole)
    assert {(each.total, each.whole) for each in found} == {(whole.total, True)}
    assert [hit.score for each in found for hit in each.hits] == [hit.score for hit in whole.hits]


@pytest.mark.parametrize("text", QUERIES)
def test_what_arrives_meanwhile_moves_nothing(filled: Archive, text: str) -> None:
    whole = urls(ask(filled, text))
    shown = ask(filled, text, 2)
    found = urls(shown)
    for at, days in enumerate((0, 3, 30), 9):  # newer than what was shown, within it, older than all
        keep(filled, at, days)
    while shown.next:
        shown = ask(filled, text, 2, shown.next, later=48)
        found += urls(shown)
    assert found == whole


def test_of_too_many_the_newest_are_ranked_and_the_answer_says_so(archive_url: str, filled: Archive) -> None:
    writer, reader = open_engines(archive_url)
    with transaction(reader) as connection:
        query = parse_query("réseau", now=NOW)
        first = search(connection, query, 3, "", most=5)
        rest = search(connection, query, 3, first.next, most=5)
    writer.dispose()
    reader.dispose()
    assert (first.total, first.whole, rest.total, rest.whole) == (5, False, 5, False)
    assert urls(first) == [f"https://example.ma/{at}" for at in (0, 3, 1)]
    assert urls(rest) == [f"https://example.ma/{at}" for at in (2, 4)]
    assert rest.next == ""


def test_a_question_without_an_answer_has_no_further_page(filled: Archive) -> None:
    assert (ask(filled, "nowhere").next, ask(filled, "nowhere").total) == ("", 0)


@pytest.mark.parametrize("word", ["x", "Zm9v", "", "W10", "é", "=" * 50, "bnVsbA", "W3siYSI6MX1d"])
def test_what_is_no_cursor_is_told_in_one_line(word: str) -> None:
    with pytest.raises(InputError, match="ask without it"):
        read(word, Query())


@pytest.mark.parametrize(
    "changes",
    [
        {"now": "9999-12-31T23:00:00-05:00"},
        {"now": "0001-01-01T00:00:00+05:00"},
        {"now": "2026-11-18T09:00:00"},
        {"floor": 2**63},
        {"serial": -(10**30)},
        {"newest": -1},
        {"total": -5},
        {"score": float("nan")},
        {"score": 7.0},
        {"total": True},
    ],
)
def test_a_forged_cursor_is_told_in_one_line(filled: Archive, changes: dict[str, object]) -> None:
    query = parse_query("réseau", now=NOW)
    sound = read(ask(filled, "réseau", 2).next, query)
    forged = written(replace(sound, **changes))  # type: ignore[arg-type]
    with pytest.raises(InputError, match="ask without it"):
        filled.search(query, after=forged)


def test_a_cursor_is_of_one_query(filled: Archive) -> None:
    cursor = ask(filled, "réseau", 2).next
    for other in ("réseaux", "réseau sort:date", "réseau source:example", ""):
        with pytest.raises(InputError, match="of another query"):
            ask(filled, other, 2, cursor)
