"""Entries, tries, reports and health."""

from datetime import timedelta

import pytest

from storage.archive import Archive
from storage.model import EntryState, SourceHealth, Unavailable
from tests.factories import NOW, accepted, article, crawl_report, entity, link, page, source, topic

HOUR = timedelta(hours=1)


def test_an_entry_is_remembered_as_last_seen(archive: Archive) -> None:
    url = "https://example.ma/feed"
    assert archive.entry_state(url) == EntryState(url=url)
    archive.remember_entry(EntryState(url=url, etag='"1"'))
    latest = EntryState(url=url, etag='W/"2"', last_modified="Wed, 18 Nov 2026 09:00:00 GMT", fetched=NOW)
    archive.remember_entry(latest)
    assert archive.entry_state(url) == latest


def test_new_links_are_due_once_in_their_order(archive: Archive) -> None:
    first = link("b", title="first")
    assert archive.due([first, link("a"), link("b", title="second")], NOW) == (first, link("a"))
    assert archive.due([], NOW) == ()
    many = [link(str(number)) for number in range(1200)]
    assert archive.due(many, NOW) == tuple(many)


def test_a_page_that_kills_its_process_is_set_aside_after_three_tries(archive: Archive) -> None:
    now = NOW
    for _ in range(3):
        assert archive.due([link()], now) == (link(),)
        archive.begin_try(link(), now)
        assert archive.due([link()], now + HOUR / 2) == ()
        now += HOUR
    assert archive.due([link()], now + timedelta(days=900)) == ()


@pytest.mark.parametrize(("again", "tries"), [(True, 3), (False, 1)])
def test_an_unavailable_page_is_tried_at_most_twice_more(archive: Archive, again: bool, tries: int) -> None:
    now, count = NOW, 0
    while archive.due([link()], now):
        count += 1
        archive.begin_try(link(), now)
        archive.record(page(fetched=now), Unavailable(reason="timeout", again=again))
        now += HOUR
    assert count == tries


def test_a_retry_needs_no_entry_to_tell_it_again(archive: Archive) -> None:
    told = link(title="عنوان", summary="…", published=article().published)
    archive.begin_try(told, NOW)
    archive.begin_try(link("other", source="other"), NOW)
    archive.record(page(link=told), Unavailable(reason="timeout", again=True))
    assert archive.retries("example", NOW) == ()
    (again,) = archive.retries("example", NOW + HOUR)
    assert again == told
    assert again.published is not None
    assert again.published.utcoffset() == HOUR


def test_a_later_try_may_succeed(archive: Archive) -> None:
    archive.begin_try(link(), NOW)
    archive.record(page(), Unavailable(reason="timeout", again=True))
    archive.begin_try(link(), NOW + HOUR)
    assert archive.record(page(fetched=NOW + HOUR), accepted()) is not None
    assert archive.due([link()], NOW + 9 * HOUR) == ()


def test_health_holds_the_last_crawls_and_counts_failures_in_a_row(archive: Archive) -> None:
    archive.load_catalogue([source("quiet"), source("example")], [], [])
    down = {"down": 1}
    crawls = [
        crawl_report(entries=down, finished=NOW - 3 * HOUR),
        crawl_report(finished=NOW - 2 * HOUR),
        crawl_report(entries=down, finished=NOW - HOUR),
        crawl_report(finished=NOW - HOUR / 2, outcome="stopped"),
        crawl_report(entries=down, rejected={"matches no topic": 3}, found=9),
    ]
    for crawl in (*crawls, crawl_report("gone")):
        archive.record_crawl(crawl)
    archive.record(page(), accepted())
    quiet, example, gone = archive.health()
    assert quiet == SourceHealth(source="quiet")
    assert example.crawls == tuple(reversed(crawls))
    assert (example.last_crawl, example.last_article, example.failures) == (crawls[-1], NOW, 2)
    assert gone.source == "gone"


def test_health_is_told_of_some_sources_alone(archive: Archive) -> None:
    for name in ("a", "b"):
        archive.record_crawl(crawl_report(name))
    whole = {each.source: each for each in archive.health()}
    assert archive.health(["b", "unknown", "b"]) == (whole["b"], SourceHealth(source="unknown"))
    assert archive.health([]) == ()


def test_the_crawls_of_a_day_are_added_up(archive: Archive) -> None:
    for hours, new in ((40, 90), (30, 4), (3, 0), (2, 5)):
        at = NOW - hours * HOUR
        archive.record_crawl(
            crawl_report(finished=at, new=new, extracted=2, fields={"title": 2, "authors": 1})
        )
    archive.record_crawl(crawl_report(entries={"down": 1}))
    (health,) = archive.health()
    today, yesterday, first = health.days
    assert (today.crawls, today.answered, today.new, today.newest) == (3, 2, 5, NOW - 2 * HOUR)
    assert (today.first, today.last) == (NOW - 3 * HOUR, NOW)
    assert (today.extracted, today.fields) == (4, {"title": 4, "authors": 2})
    assert (yesterday.new, first.new) == (4, 0)  # what a first contact meets was published long before


def test_health_reads_no_more_than_it_needs(archive: Archive) -> None:
    for days in range(70):
        archive.record_crawl(crawl_report(finished=NOW - timedelta(days=70 - days)))
    (health,) = archive.health()
    assert (len(health.crawls), len(health.days)) == (30, 57)
    assert archive.watching.forget_crawls(NOW - timedelta(days=10)) == 60
    (health,) = archive.health()
    assert (len(health.crawls), len(health.days)) == (10, 10)


def test_a_source_is_paused_until_told_otherwise(archive: Archive) -> None:
    archive.access.pause("example", NOW)
    archive.access.pause("example", NOW + HOUR)
    assert [each.paused_until for each in archive.health()] == [NOW + HOUR]
    archive.access.pause("example", None)
    assert archive.health() == ()


def test_the_catalogue_is_replaced_as_a_whole(archive: Archive) -> None:
    archive.load_catalogue([source("z"), source("a")], [topic()], [entity(), entity("dgsn", names=("DGSN",))])
    archive.load_catalogue([source("z"), source("b")], [topic("t")], [entity()])
    assert archive.sources() == (source("z"), source("b"))
    assert archive.topics() == (topic("t"),)
    assert archive.entities() == (entity(),)


def test_a_try_that_was_broken_off_does_not_count(archive: Archive) -> None:
    archive.begin_try(link(), NOW)
    archive.withdraw_try(link(), NOW)
    assert archive.retries("example", NOW) == (link(),)
    for hours in range(3):
        archive.begin_try(link(), NOW + hours * HOUR)
    assert archive.retries("example", NOW + 9 * HOUR) == ()
