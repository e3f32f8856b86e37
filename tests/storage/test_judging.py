"""Marks outweigh the rules whatever becomes of an article, and changed rules reach all that is archived."""

import threading
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from storage.archive import Archive, engines, recording
from storage.errors import NotFound
from storage.model import (
    Accepted,
    Account,
    ArchivedArticle,
    Article,
    Judgement,
    LostPage,
    Mark,
    Placement,
    Rejected,
    Relevance,
    Revisit,
    StoryPlan,
    Unavailable,
)
from storage.query import parse_query
from tests.factories import NOW, TOPIC, accepted, account, article, judgement, link, page

HOUR = timedelta(hours=1)
KEY = "example.ma/news/1"
RELEVANT, BORDERLINE, IRRELEVANT = Relevance.RELEVANT, Relevance.BORDERLINE, Relevance.IRRELEVANT


def mark(relevance: Relevance = IRRELEVANT, key: str = KEY, hours: float = 1, topic: str = TOPIC) -> Mark:
    return Mark(topic=topic, key=key, relevance=relevance, made=NOW + hours * HOUR, why="because")


def record(archive: Archive, told: Article | None = None, *said: Judgement) -> int:
    told = told or article()
    verdict = accepted(told, seen=archive.neighbours(account()).seen, judgements=said or (judgement(),))
    number = archive.record(page(told.key), verdict)
    assert number is not None
    return number


def reject(archive: Archive, key: str = KEY, at: datetime = NOW, told: Article | None = None) -> None:
    said = (judgement(IRRELEVANT, missing=("france",)),)
    archive.record(page(key, fetched=at), Rejected(reason="matches no topic", judgements=said, article=told))


def judged(archive: Archive, number: int) -> tuple[Relevance, Relevance | None]:
    [found] = archive.article(number).judgements
    return found.relevance, found.ruled


def found_by(archive: Archive, words: str) -> list[int]:
    return [hit.found.id for hit in archive.search(parse_query(words, now=NOW)).hits]


def in_the_digest(archive: Archive) -> list[int]:
    day = timedelta(days=1)
    stories = archive.stories_between(
        NOW - day, NOW + day, published_after=NOW - 9 * day, relevance=RELEVANT, topic=TOPIC
    )
    return [each.id for story in stories for each in story.articles]


def rejected(archive: Archive, since: datetime | None = None) -> list[LostPage]:
    return [each for some in archive.judging.rejected(since) for each in some]


def due(archive: Archive, now: datetime = NOW + 2 * HOUR) -> list[str]:
    return [each.key for each in archive.retries("example", now)]


def test_a_mark_outweighs_the_rules_everywhere_until_it_is_taken_back(archive: Archive) -> None:
    number = record(archive)
    assert in_the_digest(archive) == [number]
    marked = archive.judging.mark(mark())
    assert isinstance(marked.found, ArchivedArticle)
    assert judged(archive, number) == (IRRELEVANT, RELEVANT)
    assert in_the_digest(archive) == []
    assert found_by(archive, "verdict:relevant") == []
    assert found_by(archive, "verdict:irrelevant") == [number]
    archive.judging.unmark(TOPIC, KEY)
    assert judged(archive, number) == (RELEVANT, None)
    assert in_the_digest(archive) == [number]
    with pytest.raises(NotFound, match=f"{KEY}: not marked for {TOPIC}"):
        archive.judging.unmark(TOPIC, KEY)


def test_marking_again_replaces_the_mark_and_keeps_what_the_rules_say(archive: Archive) -> None:
    number = record(archive, None, judgement(BORDERLINE))
    archive.judging.mark(mark(IRRELEVANT))
    archive.judging.mark(mark(RELEVANT, hours=2))
    assert judged(archive, number) == (RELEVANT, BORDERLINE)
    assert [each.mark for each in archive.judging.marked(TOPIC)] == [mark(RELEVANT, hours=2)]


def test_a_mark_is_of_one_topic(archive: Archive) -> None:
    number = record(archive, None, judgement(), judgement(topic="weather"))
    archive.judging.mark(mark(topic="weather"))
    said = {each.topic: each.relevance for each in archive.article(number).judgements}
    assert said == {TOPIC: RELEVANT, "weather": IRRELEVANT}
    assert archive.judging.marked(TOPIC) == ()


def test_an_article_is_marked_under_any_of_its_keys(archive: Archive) -> None:
    number = record(archive, article(aliases=("example.ma/?p=1",)))
    archive.judging.mark(mark(key="example.ma/?p=1"))
    assert judged(archive, number) == (IRRELEVANT, RELEVANT)
    archive.judging.mark(mark(RELEVANT, hours=2))
    assert len(archive.judging.marked(TOPIC)) == 1
    assert judged(archive, number) == (RELEVANT, RELEVANT)


def test_a_mark_outlives_a_revision(archive: Archive) -> None:
    number = record(archive)
    archive.judging.mark(mark())
    told = replace(archive.article(number).article, title="عنوان آخر")
    plan = StoryPlan(story=archive.article(number).story, members=(told.key,))
    seen = archive.neighbours(account()).seen
    placed = Placement(account=Account(article=told), stories=(plan,), seen=seen)
    verdict = Accepted(article=told, judgements=(judgement(BORDERLINE),), placement=placed)
    archive.revisions.revise(Revisit(article=number, link=link()), page(fetched=NOW + 2 * HOUR), verdict)
    assert judged(archive, number) == (IRRELEVANT, BORDERLINE)


def test_a_mark_outlives_a_re_recording_under_another_address(archive: Archive) -> None:
    number = record(archive)
    archive.judging.mark(mark())
    same = article("example.ma/amp/1", aliases=(KEY,))
    assert archive.record(page("example.ma/amp/1"), accepted(same)) == number
    assert judged(archive, number) == (IRRELEVANT, RELEVANT)


def test_a_mark_of_an_address_that_turns_out_to_be_an_article_is_of_that_article(archive: Archive) -> None:
    number = record(archive)
    reject(archive, "example.ma/print/1")
    archive.judging.mark(mark(key="example.ma/print/1"))
    archive.record(page("example.ma/print/1"), accepted(article(aliases=("example.ma/print/1",))))
    assert judged(archive, number) == (IRRELEVANT, RELEVANT)


def test_a_mark_outlives_the_folding_of_two_articles(archive: Archive) -> None:
    first, second = record(archive), record(archive, article("example.ma/news/1b"))
    archive.judging.mark(mark(key="example.ma/news/1b"))
    assert archive.revisions.fold(second, (KEY,)) == first
    assert judged(archive, first) == (IRRELEVANT, RELEVANT)


def test_a_rejected_page_that_is_marked_relevant_is_due_at_once(archive: Archive) -> None:
    for hour in (-2, -1):
        archive.begin_try(link(), NOW + hour * HOUR)
    reject(archive)
    assert due(archive) == []
    marked = archive.judging.mark(mark(RELEVANT))
    assert isinstance(marked.found, LostPage)
    assert (marked.found.outcome, marked.found.reason) == ("rejected", "matches no topic")
    assert due(archive, NOW + HOUR) == [KEY]
    assert [each.relevance for each in archive.judging.marks([KEY])] == [RELEVANT]
    archive.begin_try(link(), NOW + HOUR)
    assert due(archive, NOW + 3 * HOUR) == [KEY]  # as if it had never been tried


@pytest.mark.parametrize("taken_back", [True, False])
def test_a_rejected_page_is_not_due_once_nobody_wants_it(archive: Archive, taken_back: bool) -> None:
    reject(archive)
    archive.judging.mark(mark(RELEVANT))
    if taken_back:
        archive.judging.unmark(TOPIC, KEY)
    else:
        archive.judging.mark(mark(IRRELEVANT))
    assert due(archive) == []


def test_what_could_not_be_had_is_tried_again_when_it_is_marked_relevant(archive: Archive) -> None:
    archive.record(page(), Unavailable(reason="HTTP 403"))
    archive.judging.mark(mark(RELEVANT))
    assert due(archive) == [KEY]


def test_the_mark_of_a_page_is_that_of_the_article_it_becomes(archive: Archive) -> None:
    reject(archive)
    archive.judging.mark(mark(RELEVANT))
    number = record(archive, None, judgement(IRRELEVANT))
    assert judged(archive, number) == (RELEVANT, IRRELEVANT)
    assert in_the_digest(archive) == [number]
    [marked] = archive.judging.marked(TOPIC)
    assert isinstance(marked.found, ArchivedArticle)


def test_what_nobody_knows_cannot_be_marked(archive: Archive) -> None:
    with pytest.raises(NotFound, match=r"example\.ma/never: no page of this address is known"):
        archive.judging.mark(mark(key="example.ma/never"))


def test_a_rejected_page_keeps_its_title_its_lead_and_when_it_was_decided_on(archive: Archive) -> None:
    text = "\n".join(["أوقفت الشرطة رجلا في طنجة صباح اليوم."] * 40)
    reject(archive, told=article(text=text, subtitle="تعاون أمني"))
    [found] = rejected(archive)
    assert found.link.title == article().title
    assert found.link.summary.startswith("تعاون أمني\nأوقفت")
    assert found.link.summary.endswith("اليوم.")
    assert 500 < len(found.link.summary) <= 600
    assert found.decided == NOW


def test_what_the_entry_said_of_a_rejected_page_stays(archive: Archive) -> None:
    told = link(title="عنوان الخلاصة", summary="ملخص")
    archive.record(page(link=told), Rejected(reason="matches no topic", article=article()))
    [found] = rejected(archive)
    assert (found.link.title, found.link.summary) == ("عنوان الخلاصة", "ملخص")


def test_a_page_rejected_under_two_keys_is_fetched_once_and_becomes_one_article(
    archive: Archive,
) -> None:
    told = link(aliases=("example.ma/?p=1",))
    archive.record(page(link=told), Rejected(reason="matches no topic"))
    [found] = rejected(archive)
    archive.judging.fetch_again([found.link.key], NOW)
    [again] = archive.retries("example", NOW)
    assert rejected(archive) == []
    archive.begin_try(again, NOW)
    archive.record(page(link=again, fetched=NOW + HOUR), Rejected(reason="matches no topic"))
    assert len(rejected(archive)) == 1
    canonical = accepted(article("example.ma/canonical"))
    assert archive.record(page(link=again, fetched=NOW + 2 * HOUR), canonical) is not None
    assert rejected(archive) == []
    assert archive.due([told, link("example.ma/x", aliases=("example.ma/?p=1",))], NOW + 9 * HOUR) == ()


def test_rejected_pages_come_some_at_a_time_each_once(archive: Archive) -> None:
    keys = [f"example.ma/news/{number:03}" for number in range(205)]
    for number, key in enumerate(keys):
        reject(archive, key, NOW + number * HOUR)
    batches = list(archive.judging.rejected())
    assert [len(each) for each in batches] == [200, 5]
    assert sorted(each.link.key for some in batches for each in some) == keys
    assert len(rejected(archive, NOW + 100 * HOUR)) == 105


def test_articles_come_by_number_those_recorded_since(archive: Archive) -> None:
    first, second = record(archive), record(archive, article("example.ma/news/2"))
    assert [[each.id for each in some] for some in archive.judging.articles()] == [[first, second]]
    assert list(archive.judging.articles(NOW + HOUR)) == []


def test_new_judgements_replace_the_old_ones_and_marks_stay(archive: Archive) -> None:
    plain, marked = record(archive), record(archive, article("example.ma/news/2"))
    archive.judging.mark(mark(key="example.ma/news/2"))
    [read] = archive.judging.articles()
    anew = [replace(each, judgements=(judgement(BORDERLINE, why="other words"),)) for each in read]
    assert archive.judging.rejudge(anew) == 2
    assert judged(archive, plain) == (BORDERLINE, None)
    assert judged(archive, marked) == (IRRELEVANT, BORDERLINE)
    assert archive.article(plain).judgements == (judgement(BORDERLINE, why="other words"),)


def test_an_article_that_changed_since_it_was_read_keeps_its_judgement(archive: Archive) -> None:
    number = record(archive)
    read = replace(archive.article(number), judgements=(judgement(IRRELEVANT),))
    assert archive.judging.rejudge([replace(read, revised=NOW), replace(read, id=number + 1)]) == 0
    assert judged(archive, number) == (RELEVANT, None)


def test_the_archive_knows_whether_it_was_judged_by_the_rules_in_use(archive: Archive) -> None:
    archive.judging.use_rules("a", NOW - HOUR)
    record(archive)
    assert not archive.judging.is_behind()
    archive.judging.use_rules("a", NOW + HOUR)
    assert not archive.judging.is_behind()
    archive.judging.use_rules("b", NOW + HOUR)
    assert archive.judging.is_behind()
    archive.judging.has_rejudged(NOW + HOUR)
    assert not archive.judging.is_behind()


def test_what_a_crawl_with_older_rules_records_after_all_was_judged_anew_is_behind(archive: Archive) -> None:
    archive.judging.use_rules("b", NOW)
    archive.judging.has_rejudged(NOW)
    archive.record(page(), accepted(), now=NOW + HOUR, rules="b")
    assert not archive.judging.is_behind()
    told = article("example.ma/news/2")
    seen = archive.neighbours(account()).seen
    archive.record(page(told.key), accepted(told, seen=seen), now=NOW + HOUR, rules="a")
    assert archive.judging.is_behind()
    archive.judging.has_rejudged(NOW + 2 * HOUR)
    assert not archive.judging.is_behind()


def test_a_rejected_page_says_when_and_by_which_rules(archive: Archive) -> None:
    archive.record(page(), Rejected(reason="matches no topic"), now=NOW + 3 * HOUR, rules="a")
    [found] = rejected(archive, NOW + 2 * HOUR)
    assert (found.decided, found.rules) == (NOW + 3 * HOUR, "a")


@pytest.mark.parametrize("newest", [RELEVANT, IRRELEVANT])
def test_of_the_marks_of_two_articles_that_become_one_the_newest_counts(
    archive: Archive, newest: Relevance
) -> None:
    first, second = record(archive), record(archive, article("example.ma/news/1b"))
    archive.judging.mark(mark(newest, "example.ma/news/1b", hours=2))
    archive.judging.mark(mark(RELEVANT if newest is IRRELEVANT else IRRELEVANT, hours=1))
    archive.revisions.fold(second, (KEY,))
    assert judged(archive, first)[0] is newest
    assert [each.relevance for each in archive.judging.marks([KEY, "example.ma/news/1b"])] == [newest]


def test_a_page_fetched_again_is_as_if_never_tried(archive: Archive) -> None:
    for hour in (-2, -1):
        archive.begin_try(link(), NOW + hour * HOUR)
    reject(archive)
    archive.judging.fetch_again([KEY], NOW)
    archive.begin_try(link(), NOW + HOUR)
    assert due(archive, NOW + 3 * HOUR) == [KEY]


def test_articles_are_judged_anew_by_one_at_a_time(archive: Archive, archive_url: str) -> None:
    record(archive)
    [read] = archive.judging.articles()
    writer, reader = engines.open_engines(archive_url)
    with engines.transaction(writer) as connection:
        recording.lock(connection)
        anew = threading.Thread(target=archive.judging.rejudge, args=(read,))
        anew.start()
        anew.join(0.3)
        assert anew.is_alive()
    anew.join()
    writer.dispose()
    reader.dispose()


def test_a_mark_made_while_the_page_was_being_examined_is_not_lost(archive: Archive) -> None:
    reject(archive)
    archive.judging.mark(mark(RELEVANT))
    reject(archive, at=NOW + HOUR / 2)
    assert due(archive) == [KEY]
    reject(archive, at=NOW + HOUR)
    assert due(archive) == []


def test_a_page_is_due_while_one_of_its_topics_wants_it(archive: Archive) -> None:
    reject(archive)
    for hours, topic in enumerate((TOPIC, "weather", "other"), start=-3):
        archive.judging.mark(mark(RELEVANT, hours=hours, topic=topic))
    archive.judging.unmark("other", KEY)
    assert due(archive) == [KEY]
    archive.judging.mark(mark(IRRELEVANT, hours=0))
    assert due(archive) == [KEY]
    archive.judging.mark(mark(IRRELEVANT, hours=0, topic="weather"))
    assert due(archive) == []


@pytest.mark.parametrize("first", [TOPIC, "weather"])
def test_a_page_is_not_due_once_all_marks_are_taken_back(archive: Archive, first: str) -> None:
    reject(archive)
    archive.judging.mark(mark(RELEVANT, hours=0))
    archive.judging.mark(mark(RELEVANT, topic="weather"))
    archive.judging.unmark(first, KEY)
    assert due(archive) == [KEY]
    archive.judging.unmark("weather" if first == TOPIC else TOPIC, KEY)
    assert due(archive) == []


def test_a_mark_that_is_taken_back_leaves_what_else_asked_for_the_page(archive: Archive) -> None:
    reject(archive)
    archive.judging.fetch_again([KEY], NOW)
    archive.judging.mark(mark(RELEVANT))
    archive.judging.unmark(TOPIC, KEY)
    assert due(archive) == [KEY]
    archive.judging.mark(mark(IRRELEVANT))
    assert due(archive) == []


def test_a_rejected_page_is_marked_under_any_of_its_keys(archive: Archive) -> None:
    other = "example.ma/print/1"
    archive.record(page(link=link(aliases=(other,))), Rejected(reason="matches no topic"))
    archive.judging.mark(mark(IRRELEVANT, other))
    [found] = rejected(archive)
    assert [each.relevance for each in found.marks] == [IRRELEVANT]
    assert [each.relevance for each in archive.judging.marks([KEY])] == [IRRELEVANT]
    archive.judging.mark(mark(RELEVANT, hours=2))
    assert due(archive, NOW + 3 * HOUR) == [KEY]
    archive.judging.mark(mark(IRRELEVANT, other, hours=3))
    assert due(archive, NOW + 4 * HOUR) == []
    assert len(archive.judging.marked(TOPIC)) == 1
    archive.judging.unmark(TOPIC, KEY)
    assert archive.judging.marks([other]) == ()
