"""robots.txt as sites write it: one crawl of a host for each way, then another a moment later."""

from collections.abc import Iterator
from itertools import pairwise

import pytest

from tests.crawler.crawling import Place, feed
from tests.web import Web, serve

OPEN, CLOSED, OTHER = "/news/open/1", "/news/closed/1", "/news/other.html?x=1"
RULES: dict[str, bytes] = {
    "longest": b"User-agent: *\nDisallow: /news\nAllow: /news/open/\nAllow: /feed\n",
    "tie": b"User-agent: *\nDisallow: /news/open\nAllow: /news/open\nDisallow: /news/closed\n",
    "wild": b"User-agent: *\nDisallow: /*/closed/\nDisallow: /*.html?\nAllow: /news/open$\n",
    "anchored": b"User-agent: *\nDisallow: /news/closed/1$\nDisallow: /news/open$\nDisallow: /*.html$\n",
    "marked": b"\xef\xbb\xbfUser-agent: *\r\nDisallow: /news/closed\r\n",
    "wide": "User-agent: *\nDisallow: /news/closed\n".encode("utf-16"),
    "old_mac": b"User-agent: *\rDisallow: /news/closed\r",
    "typos": b"useragent: *\nDissallow: /news/closed\ndisallow /news/other\nSite map: /x\n<b>news</b>\n",
    "comments": b"# all\nUser-agent: * # each\n\n\nDisallow: /news/closed # this\n\n#Disallow: /\n",
    "agents": b"User-agent: a\nUser-agent: RASID\nUser-agent: b\nDisallow: /news/closed\n"
    b"\nUser-agent: *\nDisallow: /\n",
    "merged": b"User-agent: rasid\nDisallow: /news/closed\n\nUser-agent: x\nDisallow: /\n\n"
    b"User-agent: rasid\nDisallow: /news/other\n",
    "split": b"User-agent: rasid\nCrawl-delay: 0.1\nUser-agent: x\nRequest-rate: 1/1s\nSitemap: /map.xml\n"
    b"User-agent: y\nDisallow: /news/closed\n\nUser-agent: *\nDisallow: /\n",
    "for_others": b"User-agent: rasidium\nUser-agent: another\nDisallow: /\n",
    "versioned": b"User-agent: other/2\nDisallow: /\n\nuser agent:\tRasid/1.0 (+https://a.test)\n"
    b"Disallow: /news/closed\n",
    "encoded": b"User-agent: *\nDisallow: /news/%63losed\n",
    "orphans": b"Disallow: /news/open\nSitemap: /map.xml\nUser-agent: *\nDisallow: /news/closed\n",
    "long": b"User-agent: *\nDisallow: /news/closed\n"
    + b"#" * 511_950
    + b"\nDisallow: /news/open\nDisallow: /\n",
    "page": b"<!DOCTYPE html><html><body><p>User-agent: *</p><p>Disallow: /</p></body></html>",
    "empty": b"User-agent: *\nDisallow:\n",
}
HIDDEN: dict[str, set[str]] = {
    "longest": {CLOSED, OTHER},
    "tie": {CLOSED},
    "wild": {CLOSED, OTHER},
    "anchored": {CLOSED},
    "typos": {CLOSED, OTHER},
    "merged": {CLOSED, OTHER},
    "for_others": set(),
    "page": set(),
    "empty": set(),
}
SECOND = ("longest", "paced", "busy")
PACED = (
    b"User-agent: *\nCrawl-delay: 9\n\nUser-agent: rasid\nDisallow: /x\n\nUser-agent: rasid\ncrawl-delay:0.6"
)


class Ruled:
    """What was asked in two crawls, and what came of them."""

    def __init__(self, web: Web, place: Place) -> None:
        for name, body in RULES.items():
            web.answer(f"{name}.test", "/robots.txt", body=body)
        web.answer("paced.test", "/robots.txt", body=PACED)
        web.answer("busy.test", "/robots.txt", status=429)
        moved(web, "moved.test", 5, body=RULES["marked"])
        moved(web, "circling.test", 7, body=RULES["marked"])
        web.answer("gone.test", "/robots.txt", status=403, body=b"User-agent: *\nDisallow: /\n")
        self.names = (*RULES, "paced", "busy", "moved", "circling", "gone")
        for name in self.names:
            site(web, place, name)
        self.reports = place.crawl(*self.names, sources_at_once=10)
        self.first = web.asked(robots=True)
        web.forget()
        for name in SECOND:
            web.answer(f"{name}.test", "/feed", body=feed("/news/open/2", "/news/open/3"))
        self.again = place.crawl(*SECOND)
        self.second = web.asked(robots=True)


def moved(web: Web, host: str, times: int, body: bytes) -> None:
    """A robots.txt that is so many redirects away."""
    steps = ["/robots.txt", *(f"/robots/{number}" for number in range(1, times + 1))]
    for here, there in pairwise(steps):
        web.answer(host, here, status=301, headers={"Location": there})
    web.answer(host, steps[-1], body=body)


def site(web: Web, place: Place, name: str) -> None:
    host = f"{name}.test"
    web.answer(host, "/feed", body=feed(OPEN, CLOSED, OTHER), headers={"Content-Type": "text/xml"})
    for path in (OPEN, CLOSED, OTHER, "/news/open/2", "/news/open/3"):
        web.answer(host, path, body="<p>Nothing for us.</p>")
    place.write(name, host)


@pytest.fixture(scope="module")
def ruled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ruled]:
    with serve() as web:
        yield Ruled(web, Place(tmp_path_factory.mktemp("ruled") / "place", web.url))


@pytest.mark.parametrize("name", RULES)
def test_what_a_site_hides_is_not_asked_for_however_it_says_so(ruled: Ruled, name: str) -> None:
    asked = {seen.path for seen in ruled.first if seen.host == f"{name}.test"}
    assert asked == {"/robots.txt", "/feed", OPEN, CLOSED, OTHER} - HIDDEN.get(name, {CLOSED})
    assert ruled.reports[name].errors.get("robots", 0) == len(HIDDEN.get(name, {CLOSED}))


def test_a_robots_file_is_asked_for_once_a_day_however_often_we_crawl(ruled: Ruled) -> None:
    assert {seen.host for seen in ruled.second if seen.path == "/robots.txt"} == {"busy.test"}
    assert [ruled.again[name].fetched for name in SECOND] == [2, 2, 0]


def test_the_pace_of_a_merged_group_is_kept_also_from_memory(ruled: Ruled) -> None:
    for report, requests in ((ruled.reports["paced"], 4), (ruled.again["paced"], 3)):
        assert 0.6 * (requests - 1) < (report.finished - report.started).total_seconds() < 8


def test_up_to_five_redirects_lead_to_a_robots_file_and_more_to_none(ruled: Ruled) -> None:
    assert ruled.reports["moved"].errors == {"robots": 1}
    assert (ruled.reports["circling"].fetched, ruled.reports["gone"].fetched) == (3, 3)


def test_a_host_too_busy_for_its_robots_file_is_asked_for_nothing_else(ruled: Ruled) -> None:
    report = ruled.reports["busy"]
    assert {seen.path for seen in ruled.first if seen.host == "busy.test"} == {"/robots.txt"}
    assert "robots.txt cannot be had (HTTP 429); so nothing may be fetched" in str(report.problems[0])
    assert report.errors == {"blocked": 1}
