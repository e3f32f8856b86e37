"""Articles of a file are taken in many at once, each once, and every one comes out as it went in."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from storage.archive import Archive
from storage.archive.engines import transaction
from storage.archive.numbers import Numbers
from storage.archive.ready import Ready, ready
from storage.errors import ArchiveError, NotFound, Outdated
from storage.model import ArchivedArticle, Mark, Placement, Relevance, StoryPlan
from storage.model.bulk import Dossier, Incoming, Taken
from storage.query import parse_query
from storage.tables import articles
from storage.writing import write_all
from tests.factories import NOW, TOPIC, accepted, account, article, judgement, page


@pytest.fixture
def numbers() -> Iterator[Numbers]:
    with closing(Numbers()) as opened:
        yield opened


def told(archive: Archive, number: int, **changes: Any) -> Ready:
    """A row of a file as the archive takes it."""
    about = article(f"example.ma/{number}", aliases=changes.pop("aliases", ()), **changes.pop("article", {}))
    values: dict[str, Any] = {"id": str(number), "recorded": NOW, "judgements": (judgement(),)}
    return ready(Incoming(article=about, **(values | changes)), archive.bulk.database)


def all_of(archive: Archive) -> dict[str, ArchivedArticle]:
    return {each.found.article.key: each.found for each in archive.bulk.matching()}


def found_by(archive: Archive, words: str) -> list[int]:
    return [hit.found.id for hit in archive.search(parse_query(words, now=NOW)).hits]


def test_what_is_taken_is_found(archive: Archive, numbers: Numbers) -> None:
    batch = [
        told(archive, 7, entities=("darmanin",), story="3"),
        told(archive, 5, article={"title": "زلزال"}),
    ]
    assert archive.bulk.take(batch, numbers) == Taken(added=2)
    found = archive.article(7)
    assert (found.article, found.story, found.entities) == (article("example.ma/7"), 3, ("darmanin",))
    assert (found.judgements, found.recorded, found.backfilled) == ((judgement(),), NOW, True)
    assert found_by(archive, "زلزال") == [5]
    assert sorted(found_by(archive, "طنجة")) == [5, 7]


def test_a_number_that_is_taken_becomes_a_new_one(archive: Archive, numbers: Numbers) -> None:
    assert archive.record(page("example.ma/first"), accepted(article("example.ma/first"))) == 1
    batch = [
        told(archive, 1, story="1"),
        told(archive, 2, story="1", copy_of="1"),
        told(archive, 9, id="a", story="b"),
    ]
    archive.bulk.take(batch, numbers)
    found = all_of(archive)
    one, two, named = (found[f"example.ma/{each}"] for each in (1, 2, 9))
    assert two.id == 2
    assert one.id not in {1, 2}
    assert (two.copy_of, two.story, one.copy_of) == (one.id, one.story, None)
    assert len({one.story, named.story, archive.article(1).story}) == 3
    assert archive.record(page("example.ma/last"), accepted(article("example.ma/last"), seen=2)) not in {
        each.id for each in found.values()
    }


@pytest.mark.parametrize("name", ["0", "-4", "134217728", "134217727", "99999999999999999999", "٣"])
def test_a_number_that_is_none_of_ours_becomes_a_new_one(
    archive: Archive, numbers: Numbers, name: str
) -> None:
    archive.bulk.take([told(archive, 1, id=name, story=name)], numbers)
    assert (archive.article(1).id, archive.article(1).story) == (1, 1)


def test_a_copy_may_come_before_its_head(archive: Archive, numbers: Numbers) -> None:
    archive.bulk.take([told(archive, 1, story="1", copy_of="2"), told(archive, 2, story="1")], numbers)
    archive.bulk.take([told(archive, 3, story="1", copy_of="9")], numbers)
    assert archive.article(3).copy_of is None
    archive.bulk.take([told(archive, 9, story="1")], numbers)
    assert (archive.article(1).copy_of, archive.article(3).copy_of) == (2, 9)


def test_a_copy_of_itself_or_of_another_story_is_none(archive: Archive, numbers: Numbers) -> None:
    archive.bulk.take(
        [
            told(archive, 1, story="1", copy_of="1"),
            told(archive, 2, story="1"),
            told(archive, 3, story="3", copy_of="2"),
        ],
        numbers,
    )
    assert [archive.article(each).copy_of for each in (1, 2, 3)] == [None, None, None]


@pytest.mark.parametrize("size", [1, 9])
def test_copies_of_each_other_have_a_head(archive: Archive, numbers: Numbers, size: int) -> None:
    batch = [
        told(archive, 1, story="1", copy_of="2"),
        told(archive, 2, story="1", copy_of="3"),
        told(archive, 3, story="1", copy_of="1"),
    ]
    for start in range(0, len(batch), size):
        archive.bulk.take(batch[start : start + size], numbers)
    assert [archive.article(each).copy_of for each in (1, 2, 3)] == [2, 3, None]
    assert archive.keeping.findings() == ()


def test_copies_of_each_other_are_found(archive: Archive, numbers: Numbers) -> None:
    archive.bulk.take([told(archive, each, story="1") for each in (1, 2, 3)], numbers)
    with transaction(archive._writer) as connection:
        for each, head in ((1, 2), (2, 1), (3, 1)):
            connection.execute(update(articles).where(articles.c.id == each).values(copy_of=head))
    assert [each.what for each in archive.keeping.findings()] == [
        "article 1 is a copy of a copy of itself",
        "article 2 is a copy of a copy of itself",
    ]


def test_a_merged_story_far_above_the_others_raises_no_number(archive: Archive, numbers: Numbers) -> None:
    archive.bulk.take([told(archive, 1, story="1", merged=("134217727",))], numbers)
    archive.bulk.take([told(archive, 2)], numbers)
    assert archive.article(2).story == 2


def test_what_is_there_is_passed_over(archive: Archive, numbers: Numbers) -> None:
    archive.bulk.take([told(archive, 1, aliases=("example.ma/short",))], numbers)
    again = told(archive, 1, article={"title": "غيره"})
    other = told(archive, 2, aliases=("example.ma/short",))
    third = told(archive, 3, keys=("example.ma/1",))
    assert archive.bulk.take([again, other, third, told(archive, 4), told(archive, 4)], numbers) == Taken(
        added=1, there=4
    )
    assert archive.article(1).article.title == article().title


def test_a_story_of_which_an_article_is_there_is_that_story(archive: Archive, numbers: Numbers) -> None:
    archive.record(page("example.ma/x"), accepted(article("example.ma/x")))
    archive.record(page("example.ma/1"), accepted(article("example.ma/1"), seen=1))
    batch = [told(archive, 5, story="8"), told(archive, 1, story="8")]
    archive.bulk.note(batch, numbers)
    archive.bulk.take(batch, numbers)
    assert archive.article(5).story == archive.article(2).story == 2


def test_ids_of_merged_stories_lead_on(archive: Archive, numbers: Numbers) -> None:
    archive.bulk.take([told(archive, 1, story="4", merged=("2", "3"))], numbers)
    assert archive.story(2).id == archive.story(3).id == 4
    assert [each.merged for each in archive.bulk.matching()] == [(2, 3)]
    with pytest.raises(NotFound):
        archive.story(1)


def test_marks_come_along_and_those_of_the_archive_count(archive: Archive, numbers: Numbers) -> None:
    mark = Mark(topic=TOPIC, key="example.ma/1", relevance=Relevance.IRRELEVANT, made=NOW, why="no")
    archive.bulk.take([told(archive, 1, marks=(mark,))], numbers)
    assert archive.judging.marks(["example.ma/1"]) == (mark,)
    [judged] = archive.article(1).judgements
    assert (judged.relevance, judged.ruled) == (Relevance.IRRELEVANT, Relevance.RELEVANT)
    assert found_by(archive, "verdict:irrelevant") == [1]


@pytest.mark.parametrize(("later", "stays"), [(1, "archive"), (-1, "file")])
def test_of_two_marks_the_newer_counts(archive: Archive, numbers: Numbers, later: int, stays: str) -> None:
    archive.begin_try(page("example.ma/1").link, NOW)
    mine = Mark(topic=TOPIC, key="example.ma/1", relevance=Relevance.BORDERLINE, made=NOW, why="file")
    archive.judging.mark(replace(mine, made=NOW + timedelta(hours=later), why="archive"))
    archive.bulk.take([told(archive, 1, marks=(mine,))], numbers)
    assert [each.why for each in archive.judging.marks(["example.ma/1"])] == [stays]
    assert archive.article(1).judgements[0].relevance is Relevance.BORDERLINE


def test_what_is_placed_goes_where_the_plan_says(archive: Archive, numbers: Numbers) -> None:
    archive.record(page("example.ma/x"), accepted(article("example.ma/x")))
    about = account(article("example.ma/1"))
    plan = StoryPlan(
        story=1, members=("example.ma/x", "example.ma/1"), copies={"example.ma/1": "example.ma/x"}
    )
    placement = Placement(account=about, stories=(plan,), seen=1)
    with pytest.raises(Outdated):
        archive.bulk.place(told(archive, 1), replace(placement, seen=0), numbers)
    assert archive.bulk.place(told(archive, 1), placement, numbers) == Taken(added=1)
    assert (all_of(archive)["example.ma/1"].story, all_of(archive)["example.ma/1"].copy_of) == (1, 1)
    assert archive.bulk.place(told(archive, 1), placement, numbers) == Taken(there=1)


def test_a_crawl_that_has_placed_meanwhile_places_again(archive: Archive, numbers: Numbers) -> None:
    archive.bulk.take([told(archive, 1)], numbers)
    with pytest.raises(Outdated):
        archive.record(page("example.ma/x"), accepted(article("example.ma/x"), seen=0))


def test_a_batch_that_cannot_be_written_leaves_nothing(archive: Archive, numbers: Numbers) -> None:
    twice = told(archive, 2)._replace(judgements=told(archive, 2).judgements * 2)
    with pytest.raises(ArchiveError):
        archive.bulk.take([told(archive, 1), twice], numbers)
    assert all_of(archive) == {}


def test_a_page_that_was_met_without_article_is_one_now(archive: Archive, numbers: Numbers) -> None:
    archive.begin_try(page("example.ma/1").link, NOW)
    archive.bulk.take([told(archive, 1)], numbers)
    assert archive.due([page("example.ma/1").link], NOW.replace(year=2030)) == ()


def test_search_answers_without_the_index_and_an_upgrade_brings_it_back(
    archive: Archive, numbers: Numbers
) -> None:
    archive.bulk.prepare(1000)
    archive.bulk.take([told(archive, 1), told(archive, 2)], numbers)
    assert archive.bulk.is_fast() == (not is_postgresql(archive))
    assert ["rasid db upgrade" in str(each) for each in archive.keeping.findings()] == (
        [True] if is_postgresql(archive) else []
    )
    assert sorted(found_by(archive, "طنجة")) == [1, 2]
    archive.upgrade()
    assert archive.bulk.is_fast()
    assert archive.keeping.findings() == ()
    assert sorted(found_by(archive, "طنجة")) == [1, 2]


def test_the_index_stays_where_few_articles_come(archive: Archive, numbers: Numbers) -> None:
    archive.bulk.take([told(archive, each) for each in range(1, 12)], numbers)
    archive.bulk.prepare(100)
    assert archive.bulk.is_fast()
    archive.bulk.prepare(400)
    archive.bulk.finish()
    assert archive.bulk.is_fast()


def test_what_comes_out_is_of_one_moment(archive: Archive, numbers: Numbers) -> None:
    archive.bulk.take([told(archive, each) for each in range(1, 402)], numbers)
    coming = archive.bulk.matching()
    first = next(coming).found.id
    archive.bulk.take([told(archive, 999)], numbers)
    assert [first, *(each.found.id for each in coming)] == list(range(1, 402))


def test_only_what_answers_a_query_comes_out_by_id(archive: Archive, numbers: Numbers) -> None:
    old = {"published": NOW.replace(year=2020), "source": "elaph"}
    batch = [
        told(archive, 3, article={"source": "elaph"}),
        told(archive, 1),
        told(archive, 8, article=old),
        told(archive, 2),
    ]
    archive.bulk.take(batch, numbers)
    for query, ids in (
        ("source:elaph", [3, 8]),
        ("since:2025", [1, 2, 3]),
        ("طنجة", [1, 2, 3, 8]),
        ("nothing", []),
    ):
        coming: Iterator[Dossier] = archive.bulk.matching(parse_query(query, now=NOW))
        assert [each.found.id for each in coming] == ids


def test_an_error_of_copying_is_one_of_the_archive(archive: Archive) -> None:
    with pytest.raises(ArchiveError), transaction(archive._writer) as connection:
        write_all(connection, articles, [{"id": 1, "key": "k", "title": None}])


def is_postgresql(archive: Archive) -> bool:
    return archive._writer.dialect.name == "postgresql"
