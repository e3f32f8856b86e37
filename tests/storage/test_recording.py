"""What becomes of a page is remembered once, whole, or not at all."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta, timezone
from threading import Barrier
from typing import Any

import pytest

from storage.archive import Archive
from storage.errors import ArchiveError, NotFound, Outdated
from storage.model import Placement, Rejected, Relevance, Status, StoryPlan, Unavailable
from tests.factories import NOW, accepted, account, article, judgement, link, page

HOUR = timedelta(hours=1)


def test_an_article_comes_back_as_it_was_recorded(archive: Archive) -> None:
    whole = article(
        subtitle="تفاصيل",
        authors=("سعاد العلمي",),
        modified=datetime(2026, 11, 17, 20, 0, tzinfo=timezone(timedelta(hours=-3, minutes=-30))),
        section="مجتمع",
        origin="وكالة",
        place="طنجة",
        audio=True,
        status=Status.HEADLINE_ONLY,
        aliases=("example.ma/?p=1",),
        found_by={"title": "json-ld"},
    )
    verdict = accepted(account(whole, entities=("darmanin", "dgsn"), reposts=True))
    number = archive.record(page(), verdict)
    assert number is not None
    found = archive.article(number)
    assert found.article == whole
    assert found.article.published is not None
    assert found.article.published.utcoffset() == timedelta(hours=1)
    assert found.article.modified is not None
    assert found.article.modified.utcoffset() == timedelta(hours=-3, minutes=-30)
    assert (found.recorded, found.entities, found.reposts) == (NOW, ("darmanin", "dgsn"), True)
    assert found.judgements == verdict.judgements
    assert archive.story(found.story).articles == (found,)


def test_an_article_without_date_stands_where_it_was_recorded(archive: Archive) -> None:
    number = archive.record(page(), accepted(article(published=None)))
    assert number is not None
    assert archive.article(number).article.published is None
    assert archive.article(number).when == NOW
    assert len(archive.stories()) == 1


@pytest.mark.parametrize("again", ["example.ma/news/1", "example.ma/?p=1", "example.ma/amp/1"])
def test_the_same_article_is_never_stored_twice(archive: Archive, again: str) -> None:
    first = accepted(article(aliases=("example.ma/?p=1", "example.ma/amp/1")))
    number = archive.record(page(), first)
    assert archive.record(page(again), accepted(article(again))) == number
    assert archive.neighbours(account()).seen == 1
    assert len(archive.stories()) == 1


def test_two_at_once_record_every_article_once(archive_url: str) -> None:
    start = Barrier(2)

    def crawl() -> list[int]:
        with Archive(archive_url) as mine:
            start.wait()
            return [patiently(mine, f"example.ma/{number}") for number in range(12)]

    with ThreadPoolExecutor(2) as pool:
        one, two = (pool.submit(crawl) for _ in range(2))
        assert one.result() == two.result()
    with Archive(archive_url) as archive:
        assert archive.neighbours(account()).seen == 12
        assert len(archive.stories()) == 12


def patiently(archive: Archive, key: str) -> int:
    """Record an article, placing it again as long as others come first."""
    while True:
        try:
            number = archive.record(
                page(key), accepted(article(key), seen=archive.neighbours(account()).seen)
            )
        except Outdated:
            continue
        assert number is not None
        return number


def test_every_key_of_an_article_counts_as_seen(archive: Archive) -> None:
    archive.record(page("example.ma/short"), accepted(article(aliases=("example.ma/?p=1",))))
    links = [
        link("example.ma/short"),
        link("example.ma/news/1"),
        link("example.ma/?p=1"),
        link("example.ma/2"),
    ]
    assert archive.due(links, NOW + timedelta(days=900)) == (link("example.ma/2"),)


@pytest.mark.parametrize(
    "verdict",
    [
        Rejected(
            reason="matches no topic", judgements=(judgement(Relevance.IRRELEVANT, missing=("france",)),)
        ),
        Unavailable(reason="HTTP 404"),
    ],
)
def test_a_refused_page_is_not_tried_again(archive: Archive, verdict: Rejected | Unavailable) -> None:
    assert archive.record(page(), verdict) is None
    assert archive.due([link()], NOW + timedelta(days=900)) == ()
    assert archive.stories() == ()


def test_an_article_decided_on_old_stories_is_outdated(archive: Archive) -> None:
    archive.record(page(), accepted())
    late = article("example.ma/news/2")
    with pytest.raises(Outdated, match="place it again"):
        archive.record(page(late.key), accepted(late, seen=0))
    assert archive.due([link(late.key)], NOW) == (link(late.key),)
    seen = archive.neighbours(account(late)).seen
    assert archive.record(page(late.key), accepted(late, seen=seen)) is not None


@pytest.mark.parametrize(
    ("plan", "error"),
    [
        (StoryPlan(story=None, members=("example.ma/news/1", "example.ma/unknown")), Outdated),
        (StoryPlan(story=77, members=("example.ma/news/1",)), Outdated),
        (StoryPlan(story=None, members=()), ArchiveError),
    ],
)
def test_a_plan_that_does_not_fit_leaves_nothing_behind(
    archive: Archive, plan: StoryPlan, error: type[Exception]
) -> None:
    broken = Placement(account=account(), stories=(plan,))
    with pytest.raises(error):
        archive.record(page(), accepted(placement=broken))
    assert archive.stories() == ()
    assert archive.due([link()], NOW) == (link(),)
    assert archive.record(page(), accepted()) is not None


def test_nothing_is_recorded_into_a_sealed_period(archive: Archive) -> None:
    archive.seal(NOW + HOUR)
    archive.seal(NOW)
    number = archive.record(page(), accepted())
    assert number is not None
    assert archive.article(number).recorded == NOW + HOUR
    assert told(archive, NOW - HOUR, NOW + HOUR) == []
    assert told(archive, NOW + HOUR, NOW + 2 * HOUR) == ["example.ma/news/1"]


def told(archive: Archive, since: datetime, until: datetime, **kind: Any) -> list[str]:
    """The keys of what an issue of a period would tell."""
    about: dict[str, Any] = {"published_after": NOW - timedelta(days=8), "relevance": Relevance.RELEVANT}
    stories = archive.stories_between(since, until, **(about | kind))
    return [each.article.key for story in stories for each in story.articles]


def test_an_issue_tells_what_was_recorded_in_its_period(archive: Archive) -> None:
    verdicts = {
        "old": accepted(article("old", published=NOW - timedelta(days=9)), seen=0),
        "border": accepted(article("border"), seen=1, judgements=(judgement(Relevance.BORDERLINE),)),
        "other": accepted(article("other"), seen=2, judgements=(judgement(topic="other"),)),
        "undated": accepted(article("undated", published=None), seen=3),
        "new": accepted(article("new"), seen=4),
    }
    for key, verdict in verdicts.items():
        archive.record(page(key), verdict)
    archive.record(page("late", fetched=NOW + HOUR), accepted(article("late"), seen=5))
    assert told(archive, NOW, NOW + HOUR) == ["other", "undated", "new"]
    assert told(archive, NOW, NOW + HOUR, topic="other") == ["other"]
    assert told(archive, NOW, NOW + HOUR, relevance=Relevance.BORDERLINE) == ["border"]
    assert told(archive, NOW + HOUR, NOW + 2 * HOUR) == ["late"]


def test_what_a_database_refuses_is_replaced(archive: Archive) -> None:
    odd = article(title="a\0b \ud800 c \U0001f600", text="\ud83d\ude00 x", authors=("\0", "\udfff"))
    number = archive.record(page(), accepted(odd))
    assert number is not None
    kept = archive.article(number).article
    assert (kept.title, kept.authors) == ("a\ufffdb \ufffd c \U0001f600", ("\ufffd", "\ufffd"))
    assert kept.text == "\U0001f600 x"


def test_a_key_of_any_length_is_kept(archive: Archive) -> None:
    endless, other = "example.ma/" + "é" * 9000, "example.ma/" + "é" * 9001
    number = archive.record(page(endless), accepted(article(endless)))
    assert archive.record(page(endless), accepted(article(endless))) == number
    assert archive.due([link(endless), link(other)], NOW) == (link(other),)


def test_a_text_of_any_length_is_kept_and_found(archive: Archive) -> None:
    text = " ".join(f"mot{number}" for number in range(120_000))
    number = archive.record(page(), accepted(article(text=text, language="fr")))
    assert number is not None
    assert archive.article(number).article.text == text


def test_what_is_not_there_is_not_found(archive: Archive) -> None:
    for ask in (archive.article, archive.story):
        with pytest.raises(NotFound, match="7: the archive has none"):
            ask(7)


def test_a_naive_time_is_a_mistake(archive: Archive) -> None:
    naive = datetime.combine(date(2026, 11, 17), datetime.min.time(), tzinfo=UTC).replace(tzinfo=None)
    with pytest.raises(Exception, match="has no zone"):
        archive.record(page(), accepted(article(published=naive)))


def test_a_rejected_page_says_nothing_of_another_address(archive: Archive) -> None:
    """A print or comment page names the article as canonical; that it is rejected is its own affair."""
    number = archive.record(page(), accepted())
    printed = page("example.ma/print/1", link=link("example.ma/print/1", aliases=("example.ma/news/1",)))
    archive.record(printed, Rejected(reason="matches no topic", article=article()))
    again = page("example.ma/amp/1")
    seen = archive.neighbours(account()).seen
    assert archive.record(again, accepted(article(), seen=seen)) == number
    assert archive.due([link(), link("example.ma/print/1"), link("example.ma/amp/1")], NOW + 9 * HOUR) == ()


def test_a_link_known_by_one_of_its_other_keys_is_not_due(archive: Archive) -> None:
    archive.record(page(), accepted(article(aliases=("example.ma/?p=1",))))
    assert archive.due([link("example.ma/new-slug", aliases=("example.ma/?p=1",))], NOW + HOUR) == ()
