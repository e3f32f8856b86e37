"""Entries polled twice over real HTTP: what is asked for the second time, and what is told of it."""

import asyncio
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse, Response

from crawler.fetching.reader import EntryReader
from crawler.fetching.tally import Tally
from crawler.limits import Limits
from storage.archive import Archive
from storage.model import CrawlReport, Entry, EntryKind, EntryState, Link
from tests.crawler.crawling import AGENT, Place, feed
from tests.crawler.telling import source_of
from tests.crawler.test_bad_links import MEMORY
from tests.web import Web, serve

XML = {"Content-Type": "text/xml"}
HTML = "<html><title>News</title><body><p>Nothing for us.</p></body></html>"


def links(*numbers: int, after: str = "") -> str:
    return "".join(f'<a href="/news/{number}">A</a>' for number in numbers) + after


def month(days_ago: int) -> str:
    """The name of the part of an index for the month of a day."""
    return f"contents_{datetime.now(UTC) - timedelta(days=days_ago):%Y%m}.xml"


def urlset(*numbers: int) -> str:
    now = datetime.now(UTC).isoformat()
    urls = "".join(f"<url><loc>/news/{n}</loc><lastmod>{now}</lastmod></url>" for n in numbers)
    return f"<urlset>{urls}</urlset>"


def posts(host: str, *numbers: int) -> str:
    rows = (f'{{"id": {n}, "link": "https://{host}/news/{n}"}}' for n in numbers)
    return f"[{', '.join(rows)}]"


class Polled:
    """Two crawls of many publishers, between which they have published."""

    def __init__(self, web: Web, place: Place) -> None:
        self.web, self.place = web, place
        self._publish(first=True)
        names = [path.stem for path in (place.folder / "sources").iterdir()]
        self.first = place.crawl(*names)
        self._publish(first=False)
        web.forget()
        self.second = place.crawl(*names)
        self.asked = {name: [each.path for each in web.asked(f"{name}.test")] for name in names}

    def _publish(self, *, first: bool) -> None:
        self._site("burst", "/", links(1, 2) if first else links(5, 6), 'kind = "listing"', XML)
        self._site("calm", "/", links(1, 2) if first else links(3, 1), 'kind = "listing"')
        self._site(
            "linked",
            "/",
            links(1) if first else links(4, 3, after='<a rel="next" href="/2">'),
            'kind = "listing"',
        )
        self._site("linked", "/2", links(2, 1), "")
        self._site("paged", "/", feed("/news/1", "/news/0") if first else feed("/news/3"),
                   'kind = "feed"\npages = "https://paged.test/?paged={page}"', XML)  # fmt: skip
        self._site("paged", "/?paged=2", feed("/news/2", "/news/1", "/news/0"), "", XML)
        parts = "".join(
            f"<sitemap><loc>/{name}</loc></sitemap>" for name in (month(0), month(62), month(93), month(124))
        )
        self._site("months", "/", f"<sitemapindex>{parts}</sitemapindex>", 'kind = "sitemap"', XML)
        self._site("months", f"/{month(0)}", urlset(1) if first else urlset(2, 1), "", XML)
        shelves = "".join(f"<sitemap><loc>/shelf-{n}.xml</loc></sitemap>" for n in range(1, 7))
        self._site("shelves", "/", f"<sitemapindex>{shelves}</sitemapindex>", 'kind = "sitemap"', XML)
        for n in range(1, 7):
            told = urlset(n) if not first or n < 6 else "<urlset></urlset>"
            self._site("shelves", f"/shelf-{n}.xml", told, "", XML)
        self._site("quiet", "/", urlset(1) if first else "<urlset></urlset>", 'kind = "sitemap"', XML)
        self._site("posts", "/", posts("posts.test", 2, 1), 'kind = "wordpress"')
        self._site(
            "weak", "/", links(1) if first else links(2, 1), 'kind = "listing"', {"ETag": f'W/"{first}"'}
        )
        self._site("moved", "/new", links(1) if first else links(2, 1), "")
        self.web.answer("moved.test", "/", status=301, headers={"Location": "/new"})
        self.place.write("moved", "moved.test", 'kind = "listing"\nurl = "https://moved.test/"')
        self._site("odd", "/", "", 'kind = "listing"')
        self.web.answer("odd.test", "/", status=304)

    def _site(
        self, name: str, path: str, body: str, entry: str, headers: dict[str, str] | None = None
    ) -> None:
        host = f"{name}.test"
        self.web.answer(host, "/robots.txt", status=404)
        self.web.answer(host, path, body=body, headers=headers)
        for number in range(7):
            self.web.answer(host, f"/news/{number}", body=HTML)
        if entry:
            self.place.write(name, host, f'{entry}\nurl = "https://{host}/"')


@pytest.fixture(scope="module")
def polled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Polled]:
    with serve() as web:
        yield Polled(web, Place(tmp_path_factory.mktemp("polled") / "place", web.url))


def problems(report: CrawlReport) -> list[str]:
    return [str(problem) for problem in report.problems]


def test_an_entry_of_which_every_link_is_new_may_have_a_gap(polled: Polled) -> None:
    assert polled.first["burst"].gaps == ()
    assert polled.second["burst"].gaps == ("https://burst.test/",)
    assert (polled.second["burst"].fetched, polled.second["burst"].problems) == (2, ())


@pytest.mark.parametrize(
    ("source", "asked"),
    [
        ("calm", ["/", "/news/3"]),
        ("linked", ["/", "/2", "/news/4", "/news/3", "/news/2"]),
        ("paged", ["/", "/?paged=2", "/news/2", "/news/3"]),
        ("months", ["/", f"/{month(0)}", "/news/2"]),
        ("quiet", ["/"]),
        ("shelves", ["/", *(f"/shelf-{n}.xml" for n in range(1, 7)), "/news/6"]),
    ],
)
def test_pages_are_followed_until_a_link_is_known_and_then_there_is_no_gap(
    polled: Polled, source: str, asked: list[str]
) -> None:
    assert polled.asked[source] == asked
    assert (polled.second[source].gaps, polled.second[source].problems) == ((), ())


def test_wordpress_is_asked_for_what_came_after_the_last_time_less_a_day(polled: Polled) -> None:
    (asked,) = polled.asked["posts"]
    found = re.fullmatch(r"/\?after=(\d{4}-\d\d-\d\dT\d\d%3A\d\d%3A\d\dZ)", asked)
    assert found
    after = datetime.fromisoformat(found[1].replace("%3A", ":"))
    assert abs(datetime.now(UTC) - timedelta(days=1) - after) < timedelta(minutes=5)


def test_an_index_is_never_asked_whether_it_has_changed_for_its_parts_may_have(polled: Polled) -> None:
    with Archive(polled.place.archive_url) as archive:
        state = archive.entry_state("https://months.test/")
    assert state.fetched
    assert state == EntryState(url="https://months.test/", fetched=state.fetched)


def test_an_index_of_more_parts_than_are_read_may_have_a_gap(polled: Polled) -> None:
    before = len(polled.web.asked("shelves.test"))
    assert polled.place.crawl("shelves", max_parts=3)["shelves"].gaps == ("https://shelves.test/",)
    assert len(polled.web.asked("shelves.test")) == before + 4


@pytest.mark.parametrize(
    ("host", "status"),
    [("daily.test", 401), ("daily.test", 403), ("daily.test", 451), ("api.daily.test", 429)],
)
def test_a_refusal_of_a_further_page_is_no_end_and_no_reason_to_leave_the_site(
    host: str, status: int
) -> None:
    pages = [links(1), links(2)]
    tally, (link, *_) = read_entries(
        Entry(kind=EntryKind.LISTING, url="https://daily.test/"),
        Entry(kind=EntryKind.LISTING, url=f"https://{host}/{{page}}", base="https://daily.test/"),
        bodies={"https://daily.test/": pages[0], f"https://{host}/1": pages[1]},
        otherwise=status,
    )
    (problem,) = tally.problems
    assert str(problem).startswith(f"daily: https://{host}/1: https://{host}/2: HTTP {status}; ")
    assert link.key == "https://daily.test/news/1"


def read_entries(
    *entries: Entry, bodies: Mapping[str, str], otherwise: int = 404
) -> tuple[Tally, tuple[Link, ...]]:
    """What the reader of these entries tells, and the links it gives."""

    async def get(request: Request) -> Response:
        known = request.url in bodies
        return HtmlResponse(
            request.url, status=200 if known else otherwise, body=bodies.get(request.url, "").encode()
        )

    limits, tally = Limits(user_agent=AGENT), Tally(source="daily", started=datetime.now(UTC))
    reader = EntryReader(source_of(*entries), MEMORY, limits, tally, get)
    return tally, asyncio.run(reader.read())


def test_what_one_entry_does_not_say_of_a_link_is_taken_from_another() -> None:
    _, (link,) = read_entries(
        Entry(kind=EntryKind.LISTING, url="https://daily.test/"),
        Entry(kind=EntryKind.FEED, url="https://daily.test/feed"),
        bodies={
            "https://daily.test/": '<a href="/news/1"><img></a>',
            "https://daily.test/feed": feed("/news/1"),
        },
    )
    assert (link.title, link.published) == ("/news/1", datetime(2026, 11, 1, 10, tzinfo=UTC))


def test_a_weak_tag_is_sent_back_as_it_is(polled: Polled) -> None:
    asked = next(each for each in polled.web.asked("weak.test") if each.path == "/")
    assert asked.headers["if-none-match"].startswith('W/"True"')
    assert polled.second["weak"].fetched == 1


def test_an_entry_that_has_moved_for_good_is_said_once(polled: Polled) -> None:
    assert problems(polled.first["moved"]) == [
        "moved: https://moved.test/: has moved to https://moved.test/new; write that into moved.toml"
    ]
    assert problems(polled.second["moved"]) == []
    assert polled.second["moved"].fetched == 1


def test_a_304_nobody_asked_for_is_no_answer(polled: Polled) -> None:
    assert problems(polled.first["odd"]) == [
        "odd: https://odd.test/: HTTP 304; look whether the address has moved"
    ]


def test_a_page_of_an_entry_that_fails_is_read_again_with_those_behind_it(polled: Polled) -> None:
    web, place = polled.web, polled.place
    web.answer("linked.test", "/", body=links(6, 5, after='<a rel="next" href="/2">'))
    web.answer("linked.test", "/2", status=503)
    assert len(place.crawl("linked")["linked"].problems) == 1
    web.answer("linked.test", "/2", body=links(7, 4))
    web.answer("linked.test", "/news/7", body=HTML)
    report = place.crawl("linked")["linked"]
    assert (report.fetched, report.problems) == (1, ())
