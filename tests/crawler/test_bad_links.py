"""A spider whose collaborators break, or whose site does: what goes on, and what is left for next time."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import pytest
from scrapy import Request
from scrapy.exceptions import DownloadConnectionRefusedError
from scrapy.http import Response

from crawler.fetching.memory import Memory
from crawler.fetching.tally import Tally
from crawler.limits import Limits
from crawler.spider import SourceSpider
from storage.errors import ArchiveError
from storage.model import Backfill, Entry, EntryKind, EntryState, Link, Page, Rejected, Source, Verdict
from tests.crawler.crawling import AGENT, feed

HOME = "https://daily.test"
FEEDS = {f"{HOME}/bad": feed("/news/bad", "/news/1"), f"{HOME}/good": feed("/news/2", "/news/3", "/news/4")}
PAGES = frozenset(f"{HOME}/news/{name}" for name in ("bad", 1, 2, 3, 4))
Answer = Callable[[Request], Awaitable[Response]]
SOURCE = Source(
    id="daily",
    name="Daily",
    country="MA",
    language="en",
    timezone="UTC",
    entries=tuple(Entry(kind=EntryKind.FEED, url=url) for url in FEEDS),
    article_url="/news/",
)
MEMORY = Memory(
    entry_state=lambda url: EntryState(url=url),
    remember_entry=lambda _: None,
    due=tuple,
    retries=tuple,
    begin_try=lambda _: None,
    withdraw_try=lambda _: None,
    keep=lambda _: Rejected(reason="no trace of the topic"),
    give_up=lambda _, __: None,
    pause=lambda _: None,
    robots_file=lambda _: None,
    keep_robots=lambda _: None,
    may_fetch=lambda _: True,
    postpone=lambda _: None,
    revisits=tuple,
    begin_revisit=lambda _: None,
    end_revisit=lambda _, __: "",
    take_tips=lambda _: None,
    backfill=lambda name: Backfill(name=name),
    remember_backfill=lambda _: None,
)


async def answer(request: Request) -> Response:
    """What the web says: two feeds, and a page for whatever else."""
    return Response(request.url, body=FEEDS.get(request.url, "<p>News</p>").encode())


def site_down_after(requests: int) -> Answer:
    """A web that answers so many requests, then no more."""
    asked: list[str] = []

    async def answer_or_not(request: Request) -> Response:
        asked.append(request.url)
        if len(asked) > requests:
            raise DownloadConnectionRefusedError("nobody there")
        return await answer(request)

    return answer_or_not


def failing(urls: Iterable[str]) -> Answer:
    """A web where these are in trouble."""

    async def answer_or_fail(request: Request) -> Response:
        return Response(request.url, status=500) if request.url in urls else await answer(request)

    return answer_or_fail


class Notes:
    """What a memory is told."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.withdrawn: list[str] = []
        self.given_up: list[str] = []
        self.remembered: list[str] = []
        self.memory = replace(
            MEMORY,
            begin_try=lambda link: self.begun.append(link.url),
            withdraw_try=lambda link: self.withdrawn.append(link.url),
            give_up=lambda page, _: self.given_up.append(page.link.url),
            remember_entry=lambda state: self.remembered.append(state.url) if state.fetched else None,
        )


def crawled(memory: Memory, answer: Answer = answer) -> Tally:
    """What comes of a crawl that remembers so."""

    async def crawl() -> Tally:
        spider = SourceSpider(SOURCE, memory, Limits(user_agent=AGENT))
        spider.crawler = cast(Any, SimpleNamespace(engine=SimpleNamespace(download_async=answer)))
        async for _ in spider.start():
            raise AssertionError("there is nothing to schedule")
        return spider.tally

    return asyncio.run(crawl())


def break_on_bad(page: Page) -> Verdict:
    if page.url.endswith("bad"):
        raise ValueError("two\nlines")
    return Rejected(reason="no trace of the topic")


def due_unless_bad(links: Iterable[Link]) -> tuple[Link, ...]:
    chosen = tuple(links)
    if any(link.url.endswith("bad") for link in chosen):
        raise ValueError("two\nlines")
    return chosen


def test_a_link_that_breaks_something_is_a_problem_and_the_others_are_fetched() -> None:
    tally = crawled(replace(MEMORY, keep=break_on_bad))
    assert (tally.outcome, tally.rejected) == ("done", {"no trace of the topic": 4})
    assert [str(problem) for problem in tally.problems] == [
        f"daily: {HOME}/news/bad: cannot be fetched (ValueError('two\\nlines')); please report it"
    ]


def test_an_entry_that_breaks_something_is_a_problem_and_the_others_are_read() -> None:
    tally = crawled(replace(MEMORY, due=due_unless_bad))
    assert (tally.outcome, tally.fetched) == ("done", 3)
    assert [str(problem) for problem in tally.problems] == [
        f"daily: {HOME}/bad: cannot be read (ValueError('two\\nlines')); please report it"
    ]


def test_an_archive_that_fails_ends_the_crawl_with_its_reason() -> None:
    def fail(_: Link) -> None:
        raise ArchiveError("archive.db: the disk is full; make room")

    tally = crawled(replace(MEMORY, begin_try=fail))
    assert tally.outcome == "broken"
    assert [str(problem) for problem in tally.problems] == [
        "daily: crawl: broke off: archive.db: the disk is full; make room"
    ]


def test_the_log_has_the_traceback_but_below_what_a_terminal_is_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    crawled(replace(MEMORY, keep=break_on_bad))
    (record,) = (each for each in caplog.records if each.name == "crawler.spider")
    assert record.exc_info
    assert record.levelno < logging.ERROR


def test_a_site_that_goes_down_costs_its_pages_no_try() -> None:
    notes = Notes()
    tally = crawled(notes.memory, site_down_after(3))
    assert (tally.outcome, tally.fetched) == ("broken", 1)
    assert notes.begun[1:] == notes.withdrawn
    assert (len(notes.withdrawn), notes.given_up, notes.remembered) == (3, [], [])
    (problem,) = tally.problems
    assert problem.what == "connection refused, as all of the site; what is left comes next time"


def test_pages_that_fail_while_the_site_answers_have_had_their_try_and_the_others_go_on() -> None:
    notes = Notes()
    bad = sorted(PAGES)[:4]
    tally = crawled(notes.memory, failing(bad))
    assert (tally.outcome, tally.fetched, tally.unavailable) == ("done", 1, {"HTTP 500": 4})
    assert (sorted(notes.given_up), notes.withdrawn) == (bad, [])
    assert set(notes.begun) == PAGES
    assert set(notes.remembered) == set(FEEDS)


@pytest.mark.parametrize("answer", [site_down_after(0), failing(FEEDS)])
def test_pages_to_be_tried_again_wait_while_no_entry_is_answered(answer: Answer) -> None:
    notes = Notes()
    waiting = (Link(url=f"{HOME}/news/0", key=f"{HOME}/news/0", source="daily"),)
    tally = crawled(replace(notes.memory, retries=lambda: waiting), answer)
    assert (notes.begun, len(tally.problems)) == ([], 2)
