"""Articles are visited again on time, and what they said before is not lost."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from storage.archive import Archive
from storage.errors import NotFound, Outdated
from storage.model import (
    Accepted,
    Account,
    ArchivedArticle,
    Article,
    Page,
    Placement,
    Relevance,
    Revisit,
    Sight,
    Snapshot,
    Status,
    StoryPlan,
)
from storage.query import parse_query
from tests.factories import NOW, RABAT, accepted, account, article, judgement, link, page

HOUR = timedelta(hours=1)
NEW = "أوقفت الشرطة المغربية في الرباط امرأة مطلوبة لدى القضاء الفرنسي."


def record(archive: Archive, told: Article | None = None, **changes: Any) -> int:
    told = told or article()
    seen = archive.neighbours(account()).seen
    number = archive.record(page(told.key, **changes), accepted(told, seen=seen))
    assert number is not None
    return number


def visit(archive: Archive, now: datetime = NOW + 73 * HOUR) -> Revisit:
    """The one visit that is due by then."""
    [found] = archive.revisions.due("example", now)
    return found


def visits(archive: Archive, sight: Sight = Sight.SAME) -> list[timedelta]:
    """Every visit, made the moment it is due, as the time since the article was recorded."""
    made = []
    for hour in (0.9, 1, 2, 5.9, 6, 23, 24, 48, 72, 73, 96):
        now = NOW + hour * HOUR
        for revisit in archive.revisions.due("example", now):
            archive.revisions.begin(revisit, now)
            archive.revisions.saw(revisit, sight, now)
            made.append(now - NOW)
    return made


def revision(archive: Archive, number: int, **changes: Any) -> Accepted:
    """What the article of that number has become, placed in a story of its own."""
    found = archive.article(number)
    told = replace(found.article, **changes)
    plan = StoryPlan(story=found.story, members=(told.key,))
    known = Account(article=told, entities=("dgsn",), bands=(7,), story=found.story)
    seen = archive.neighbours(account()).seen
    placed = Placement(account=known, stories=(plan,), seen=seen)
    return Accepted(
        article=told, judgements=(judgement(Relevance.IRRELEVANT, why="no longer"),), placement=placed
    )


def revise(archive: Archive, number: int, at: datetime = NOW + HOUR, **changes: Any) -> ArchivedArticle:
    told = archive.article(number).article
    revisit = Revisit(article=number, link=link(told.key))
    later: Page = page(told.key, fetched=at, **changes.pop("page", {}))
    archive.revisions.revise(revisit, later, revision(archive, number, **changes))
    return archive.article(number)


def found_by(archive: Archive, words: str) -> list[int]:
    return [hit.found.id for hit in archive.search(parse_query(words, now=NOW)).hits]


@pytest.mark.parametrize(
    ("told", "hours"),
    [
        (article(), [1, 6, 24, 72]),
        (article(published=None), [1, 6, 24, 72]),
        (article(genre="live"), [1, 6, 24, 72]),
        (article(genre="review"), [1, 6, 24]),
        (article(published=NOW - timedelta(days=8)), []),
        (article(status=Status.HEADLINE_ONLY), []),
    ],
    ids=["news", "undated", "live", "review", "old", "headline only"],
)
def test_an_article_is_visited_while_it_may_still_be_edited(
    archive: Archive, told: Article, hours: list[int]
) -> None:
    record(archive, told)
    assert visits(archive) == [HOUR * each for each in hours]


def test_a_visit_asks_for_the_page_as_it_was_fetched(archive: Archive) -> None:
    headers = (("etag", '"a"'), ("last-modified", "Tue, 17 Nov 2026 17:30:00 GMT"))
    short = link("example.ma/short", url="https://example.ma/short?utm_source=x")
    number = record(archive, link=short, headers=headers)
    asked = visit(archive)
    assert (asked.article, asked.link.url) == (number, "https://example.ma/short?utm_source=x")
    assert asked.link.key == "example.ma/news/1"
    assert (asked.etag, asked.last_modified) == ('"a"', "Tue, 17 Nov 2026 17:30:00 GMT")
    archive.revisions.saw(replace(asked, etag='"b"', last_modified=""), Sight.SAME, NOW + HOUR)
    assert (visit(archive).etag, visit(archive).last_modified) == ('"b"', "")


def test_visits_missed_while_nothing_ran_are_made_up_for_by_one(archive: Archive) -> None:
    record(archive)
    late = NOW + 50 * HOUR
    archive.revisions.saw(visit(archive, late), Sight.SAME, late)
    assert archive.revisions.due("example", NOW + 71 * HOUR) == ()
    assert archive.revisions.due("example", NOW + 72 * HOUR) != ()
    assert archive.revisions.due("example", NOW + 72 * HOUR + timedelta(days=5)) == ()


def test_the_sources_that_have_a_visit_due_are_known(archive: Archive) -> None:
    record(archive)
    record(archive, article("other.fr/1", source="other"), fetched=NOW + HOUR)
    assert archive.revisions.due_sources(NOW) == frozenset()
    assert archive.revisions.due_sources(NOW + HOUR) == {"example"}
    assert archive.revisions.due_sources(NOW + 2 * HOUR) == {"example", "other"}
    assert [each.link.key for each in archive.revisions.due("other", NOW + 9 * HOUR)] == ["other.fr/1"]


def test_a_page_that_kills_us_is_left_after_three_tries(archive: Archive) -> None:
    record(archive)
    begun = []
    for hour in range(1, 24):
        for revisit in archive.revisions.due("example", NOW + hour * HOUR):
            archive.revisions.begin(revisit, NOW + hour * HOUR)
            begun.append(hour)
    assert begun == [1, 2, 3, 6, 7, 8]


def test_what_is_missing_twice_in_a_row_is_removed_from_the_first_time_on(archive: Archive) -> None:
    number = record(archive)
    assert not archive.revisions.saw(visit(archive), Sight.MISSING, NOW + HOUR)
    assert archive.article(number).removed is None
    again = visit(archive, NOW + 2 * HOUR)
    assert archive.revisions.saw(again, Sight.MISSING, NOW + 2 * HOUR)
    assert archive.article(number).removed == NOW + HOUR
    assert archive.revisions.due("example", NOW + 5 * HOUR) == ()
    assert not archive.revisions.saw(again, Sight.MISSING, NOW + 6 * HOUR)
    assert archive.article(number).removed == NOW + HOUR


def test_what_is_missing_once_is_not_removed(archive: Archive) -> None:
    number = record(archive)
    for at, sight in enumerate((Sight.MISSING, Sight.SAME, Sight.MISSING, Sight.SAME), 1):
        assert not archive.revisions.saw(visit(archive), sight, NOW + at * HOUR)
    assert archive.article(number).removed is None


def test_what_is_gone_is_removed_at_once_and_back_when_its_page_is_there(archive: Archive) -> None:
    number = record(archive)
    assert archive.revisions.saw(visit(archive), Sight.GONE, NOW + HOUR)
    assert archive.article(number).removed == NOW + HOUR
    archive.revisions.saw(visit(archive), Sight.UNKNOWN, NOW + 6 * HOUR)
    assert archive.article(number).removed == NOW + HOUR
    archive.revisions.saw(visit(archive), Sight.SAME, NOW + 24 * HOUR)
    assert archive.article(number).removed is None


def test_an_answer_that_says_nothing_waits_for_the_next_visit(archive: Archive) -> None:
    number = record(archive)
    before = archive.article(number)
    assert visits(archive, Sight.UNKNOWN) == [HOUR, 6 * HOUR, 24 * HOUR, 72 * HOUR]
    assert archive.article(number) == before


def test_a_revision_keeps_what_was_said_and_tells_what_is_said_now(archive: Archive) -> None:
    number = record(archive, article(subtitle="تفاصيل", modified=datetime(2026, 11, 17, 19, tzinfo=RABAT)))
    before = archive.article(number)
    assert found_by(archive, "طنجة") == [number]
    how = {"rights": ("noarchive",), "found_by": {"text": "select"}, "modified": None}
    after = revise(archive, number, NOW + HOUR, title="توقيف امرأة", text=NEW, **how)
    assert (after.article.title, after.article.text) == ("توقيف امرأة", NEW)
    assert (after.article.rights, after.article.found_by) == (("noarchive",), {"text": "select"})
    assert (after.revised, after.recorded, after.when) == (NOW + HOUR, before.recorded, before.when)
    assert (after.entities, after.judgements[0].why, after.story) == (("dgsn",), "no longer", before.story)
    assert (found_by(archive, "طنجة"), found_by(archive, "امرأة")) == ([], [number])
    [told] = archive.revisions.of(number)
    assert (told.title, told.subtitle, told.text) == (before.article.title, "تفاصيل", before.article.text)
    assert (told.replaced, told.modified) == (NOW + HOUR, before.article.modified)
    [near] = archive.neighbours(Account(article=article("b"), bands=(7,))).accounts
    assert near.article.key == "example.ma/news/1"


def test_a_revised_article_goes_where_it_is_placed_now(archive: Archive) -> None:
    one = record(archive)
    other = record(archive, article("example.ma/news/2"))
    verdict = revision(archive, one, text=NEW)
    keys = ("example.ma/news/1", "example.ma/news/2")
    plan = StoryPlan(story=archive.article(other).story, members=keys, copies={keys[0]: keys[1]})
    moved = replace(verdict, placement=replace(verdict.placement, stories=(plan,)))
    archive.revisions.revise(Revisit(article=one, link=link()), page(fetched=NOW + HOUR), moved)
    assert archive.article(one).story == archive.article(other).story
    assert archive.article(one).copy_of == other
    assert len(archive.stories()) == 1


def test_a_revision_decided_on_old_stories_leaves_nothing_behind(archive: Archive) -> None:
    number = record(archive)
    verdict = revision(archive, number, text=NEW)
    record(archive, article("example.ma/news/2"))
    before = archive.article(number)
    with pytest.raises(Outdated, match="place it again"):
        archive.revisions.revise(Revisit(article=number, link=link()), page(), verdict)
    assert archive.article(number) == before
    assert archive.revisions.of(number) == ()
    assert revise(archive, number, text=NEW).article.text == NEW


def test_every_revision_is_kept_but_of_a_live_page_the_first_text_alone(archive: Archive) -> None:
    texts = [f"{NEW} {number}" for number in range(3)]
    for key, genre in (("example.ma/news/1", ""), ("example.ma/news/2", "live")):
        number = record(archive, article(key, genre=genre))
        first = archive.article(number).article.text
        for at, text in enumerate(texts):
            revise(archive, number, NOW + (at + 1) * HOUR, text=text)
        earlier = [each.text for each in archive.revisions.of(number)]
        assert earlier == ([first] if genre else [first, *texts[:2]])
        assert archive.article(number).article.text == texts[2]
        assert archive.article(number).revised == NOW + 3 * HOUR


def test_an_article_whose_page_moves_is_known_by_its_new_key_too(archive: Archive) -> None:
    number = record(archive)
    second = record(archive, article("example.ma/news/2"))
    keys = ("example.ma/new-slug", "example.ma/news/2")
    archive.revisions.saw(visit_of(archive, number), Sight.SAME, NOW + HOUR, keys)
    revise(archive, number, NOW + 6 * HOUR, text=NEW, aliases=("example.ma/newer-slug",))
    links = [link(each) for each in ("example.ma/new-slug", "example.ma/newer-slug", "example.ma/newest")]
    assert archive.due(links, NOW + timedelta(days=9)) == (links[2],)
    renamed = accepted(article("example.ma/new-slug"), seen=archive.neighbours(account()).seen)
    assert archive.record(page("example.ma/new-slug"), renamed) == number
    assert record(archive, article("example.ma/news/2")) == second
    assert len(archive.stories()) == 2


def test_what_a_source_published_in_a_minute_is_found_whatever_the_second(archive: Archive) -> None:
    at = datetime(2026, 11, 17, 18, 30, tzinfo=RABAT)
    last = at + timedelta(seconds=59)
    number = record(archive, article(published=last))
    record(archive, article("example.ma/news/2", published=at + timedelta(minutes=1)))
    record(archive, article("example.ma/news/3", published=None), fetched=at)
    record(archive, article("example.fr/1", source="other", published=at))
    for second in (at, last):
        assert [each.id for each in archive.revisions.of_minute("example", second)] == [number]


def recorded_twice(archive: Archive) -> tuple[int, int]:
    """The same article under an old and a new address, each with a revision, and copies of the second."""
    old = record(archive, article("example.ma/old"), kept=("a.warc.gz", 0, 70))
    new = record(archive, article("example.ma/new", title="عنوان جديد"), kept=("a.warc.gz", 70, 70))
    revise(archive, old, text=NEW)
    revise(archive, new, NOW + 2 * HOUR, text=f"{NEW} تصحيح")
    return old, new


def test_an_article_that_was_recorded_twice_becomes_the_first_with_all_there_is_of_both(
    archive: Archive,
) -> None:
    old, new = recorded_twice(archive)
    before, left = archive.article(old), archive.article(new).story
    assert archive.revisions.fold(new, ["example.ma/old"]) == old
    assert archive.article(old) == before
    with pytest.raises(NotFound):
        archive.article(new)
    assert archive.story(left).id == before.story
    assert found_by(archive, "تصحيح") == []
    assert len(archive.revisions.of(old)) == len(archive.revisions.snapshots(old)) == 2
    assert record(archive, article("example.ma/new")) == old
    assert [each.article for each in archive.revisions.due("example", NOW + 9 * HOUR)] == [old]
    assert archive.revisions.fold(old, ["example.ma/new"]) == old


def test_copies_of_an_article_that_is_folded_are_of_the_one_it_is_now(archive: Archive) -> None:
    keys = ("example.ma/old", "example.ma/new", "other.fr/1")
    old, _ = (record(archive, article(key)) for key in keys[:2])
    copy = article(keys[2], source="other")
    plan = StoryPlan(
        story=archive.article(old).story, members=keys, copies={keys[0]: keys[1], keys[2]: keys[1]}
    )
    placed = Placement(account=account(copy), stories=(plan,), seen=archive.neighbours(account()).seen)
    verdict = replace(accepted(copy), placement=placed)
    number = archive.record(page(copy.key), verdict)
    assert number is not None
    assert archive.revisions.fold(old, [keys[1]]) == old
    assert archive.article(old).copy_of is None
    assert archive.article(number).copy_of == old


def test_a_placement_decided_before_a_fold_is_outdated(archive: Archive) -> None:
    old, _ = recorded_twice(archive)
    verdict = revision(archive, old, text="نص آخر.")
    archive.revisions.fold(old, ["example.ma/new"])
    with pytest.raises(Outdated, match="place it again"):
        archive.revisions.revise(Revisit(article=old, link=link()), page(), verdict)


@pytest.mark.parametrize("changes", [{"published": NOW}, {"published": None}, {"source": "other"}])
def test_what_another_minute_or_source_has_recorded_is_never_folded(
    archive: Archive, changes: dict[str, Any]
) -> None:
    number = record(archive)
    other = record(archive, article("example.ma/news/2", **changes))
    assert archive.revisions.fold(number, ["example.ma/news/2"]) == number
    assert archive.revisions.fold(other, ["example.ma/news/1"]) == other
    assert archive.article(other).article.key == "example.ma/news/2"


def test_a_visit_to_an_article_that_was_folded_meanwhile_comes_to_nothing(archive: Archive) -> None:
    old, new = recorded_twice(archive)
    gone = visit_of(archive, new)
    archive.revisions.fold(old, ["example.ma/new"])
    archive.revisions.begin(gone, NOW + 7 * HOUR)
    assert not archive.revisions.saw(gone, Sight.GONE, NOW + 7 * HOUR)
    assert archive.article(old).removed is None


def visit_of(archive: Archive, number: int) -> Revisit:
    due = archive.revisions.due("example", NOW + 9 * HOUR)
    return next(each for each in due if each.article == number)


def test_snapshots_are_recorded_with_the_article_and_with_each_revision(archive: Archive) -> None:
    number = record(archive, kept=("a.warc.gz", 0, 70))
    unkept = record(archive, article("example.ma/news/2"))
    revise(archive, number, page={"kept": ("b.warc.gz", 2**33, 80)}, text=NEW)
    first = Snapshot(article=number, taken=NOW, file="a.warc.gz", offset=0, length=70)
    second = Snapshot(article=number, taken=NOW + HOUR, file="b.warc.gz", offset=2**33, length=80)
    assert archive.revisions.snapshots(number) == (second, first)
    assert archive.revisions.snapshots(unkept) == ()
    assert archive.revisions.forget_snapshots(NOW + HOUR) == 1
    assert archive.revisions.snapshots(number) == (second,)
