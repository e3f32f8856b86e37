"""Nothing is missed between two polls: a small publisher, and what a reader of its entry makes of it."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.discovery import Found
from crawler.fetching.visits import Visit, reads_on, state_of, within_reach
from storage.model import Entry, EntryKind, EntryState, Link

START = datetime(2026, 11, 2, tzinfo=UTC)
WINDOW = timedelta(days=2)
CAP = 5  # pages of an entry in one crawl


def link(name: str, published: datetime | None) -> Link:
    return Link(url=name, key=name, source="daily", published=published)


@dataclass(frozen=True, kw_only=True)
class Publisher:
    """Posts every `gap`, `size` on a page, `pinned` articles on top of each page."""

    kind: EntryKind
    gap: timedelta
    size: int
    pinned: int
    has_pages: bool
    has_dates: bool

    def posts(self, now: datetime, since: datetime = START) -> list[Link]:
        """All posts of a span, newest first."""
        first = max(0, -((START - since) // self.gap))
        dated = [(n, START + n * self.gap) for n in range((now - START) // self.gap, first - 1, -1)]
        return [link(f"post-{n}", when if self.has_dates else None) for n, when in dated]

    def page(self, number: int, visit: Visit, now: datetime) -> Found:
        """What the entry says at a time; WordPress only what is newer than asked for, a sitemap two days."""
        match self.kind:
            case EntryKind.SITEMAP:
                posts = self.posts(now, now - WINDOW)
                return Found(links=tuple(posts), oldest=posts[-1].key if posts else "")
            case EntryKind.WORDPRESS if visit.met:
                posts = self.posts(now, visit.since)
            case _:
                posts = self.posts(now)
        top = [link(f"pinned-{each}", START if self.has_dates else None) for each in range(self.pinned)]
        own = posts[(number - 1) * self.size : number * self.size]
        more = ("next",) if self.has_pages and len(posts) > number * self.size else ()
        return Found(links=(*top, *own), further=more, oldest=own[-1].key if own else "")


def poll(publisher: Publisher, before: EntryState, known: set[str], now: datetime) -> Visit:
    """One crawl of the entry; what it tells is known afterwards."""
    entry = Entry(kind=publisher.kind, url="https://daily.test/")
    visit = Visit(entry, before, now - timedelta(days=7))
    for number in range(1, CAP + 1):
        found = within_reach(visit, publisher.page(number, visit, now))
        due = {each.key for each in found.links} - visit.told - known
        if not reads_on(visit, found, due, now) or not found.further:
            break
    known |= visit.told
    return visit


PUBLISHERS = st.builds(
    Publisher,
    kind=st.sampled_from([EntryKind.FEED, EntryKind.LISTING, EntryKind.WORDPRESS, EntryKind.SITEMAP]),
    gap=st.sampled_from([timedelta(minutes=20), timedelta(hours=1), timedelta(hours=5), timedelta(days=2)]),
    size=st.integers(4, 20),
    pinned=st.integers(0, 2),
    has_pages=st.booleans(),
    has_dates=st.booleans(),
)
WAITS = st.lists(st.sampled_from([1, 3, 12, 24, 30, 49, 100]), min_size=1, max_size=8)


@settings(max_examples=80, deadline=None)
@given(publisher=PUBLISHERS, waits=WAITS)
def test_between_polls_every_post_is_found_or_a_possible_gap_is_told(
    publisher: Publisher, waits: list[int]
) -> None:
    publisher = replace(publisher, has_pages=publisher.has_pages or publisher.kind is EntryKind.WORDPRESS)
    known: set[str] = set()
    now = START + timedelta(days=1)
    state = state_of(poll(publisher, EntryState(url=""), known, now), {}, now)
    told, begun = False, now
    for hours in waits:
        now += timedelta(hours=hours)
        visit = poll(publisher, state, known, now)
        told = told or visit.may_miss()
        missed = {post.key for post in publisher.posts(now, begun)} - known
        assert told or not missed
        state = state_of(visit, {}, now)


CALM = Publisher(
    kind=EntryKind.FEED, gap=timedelta(hours=3), size=10, pinned=1, has_pages=False, has_dates=True
)


@pytest.mark.parametrize(
    ("publisher", "hours", "gap"),
    [
        (CALM, 3, False),
        (CALM, 24, False),
        (replace(CALM, has_dates=False), 24, False),
        (CALM, 48, True),
        (replace(CALM, has_pages=True), 48, False),
        (replace(CALM, has_pages=True), 240, True),  # more than the pages of one crawl
        (replace(CALM, kind=EntryKind.SITEMAP), 40, False),
        (replace(CALM, kind=EntryKind.SITEMAP), 72, True),
        (replace(CALM, kind=EntryKind.WORDPRESS, has_pages=True, pinned=0), 72, False),
        (replace(CALM, kind=EntryKind.WORDPRESS, has_pages=True, pinned=0), 240, True),
        (replace(CALM, gap=timedelta(days=3), kind=EntryKind.SITEMAP), 24, False),
    ],
)
def test_a_possible_gap_is_told_only_where_there_may_be_one(
    publisher: Publisher, hours: int, gap: bool
) -> None:
    known: set[str] = set()
    now = START + timedelta(days=30)
    state = state_of(poll(publisher, EntryState(url=""), known, now), {}, now)
    later = now + timedelta(hours=hours)
    assert poll(publisher, state, known, later).may_miss() is gap


def test_first_contact_tells_no_gap_and_ends_after_seven_days_or_five_pages() -> None:
    for publisher, pages in (
        (replace(CALM, has_pages=True, pinned=0), CAP),
        (replace(CALM, has_pages=True, pinned=0, gap=timedelta(hours=12)), 3),  # the third is too old by half
    ):
        known: set[str] = set()
        visit = poll(publisher, EntryState(url=""), known, START + timedelta(days=30))
        assert not visit.may_miss()
        assert len(known) == pages * publisher.size


def test_a_page_that_repeats_the_one_before_ends_the_reading() -> None:
    visit = Visit(
        Entry(kind=EntryKind.LISTING, url="https://daily.test/"), EntryState(url="", fetched=START), START
    )
    same = Found(links=(link("a", None), link("b", None)), further=("next",), oldest="b")
    assert reads_on(visit, same, {"a", "b"}, START)
    assert not reads_on(visit, same, set(), START)
    assert visit.may_miss()


def test_one_part_of_an_index_that_reaches_back_hides_no_other() -> None:
    before, now = EntryState(url="", fetched=START), START + timedelta(days=9)
    visit = Visit(Entry(kind=EntryKind.SITEMAP, url=""), before, START, is_index=True)
    reads_on(visit, Found(links=(link("new", now),), oldest="new"), {"new"}, now)
    reads_on(visit, Found(links=(link("old", START),), oldest="old"), set(), now)
    assert visit.may_miss()


def test_of_a_sitemap_that_goes_back_for_years_only_what_may_be_new_is_taken() -> None:
    visit = Visit(Entry(kind=EntryKind.SITEMAP, url=""), EntryState(url=""), START)
    old, new, undated = link("old", START - timedelta(days=1)), link("new", START), link("undated", None)
    found = Found(links=(new, old, undated))
    assert within_reach(visit, found).links == (new, undated)


def test_an_index_keeps_no_validators_and_an_unchanged_entry_those_it_had() -> None:
    entry = Entry(kind=EntryKind.SITEMAP, url="https://daily.test/")
    visit = Visit(entry, EntryState(url=entry.url, etag='W/"1"', fetched=START), START)
    later, headers = START + timedelta(days=1), {"etag": '"2"', "last-modified": "Mon"}
    assert state_of(visit, headers, later) == EntryState(
        url=entry.url, etag='"2"', last_modified="Mon", fetched=later
    )
    visit.unchanged = True
    assert state_of(visit, {}, later) == EntryState(url=entry.url, etag='W/"1"', fetched=later)
    visit.unchanged, visit.is_index = False, True
    assert state_of(visit, headers, later) == EntryState(url=entry.url, fetched=later)
