"""One crawl of many odd sites, each a source of its own, over real HTTP."""

import gzip
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from storage.archive import Archive
from storage.model import CrawlReport, SourceHealth
from tests.crawler.crawling import AGENT, Place, feed, feed_of
from tests.web import Seen, Web, serve

HTML = "<!DOCTYPE html><html><head><title>News</title></head><body><p>{}</p></body></html>".format(
    "Nothing for us: the council of a town has met again and has spoken about its new school for hours."
)
XML = {"Content-Type": "text/xml"}
PAGE = "/news/1"
ONE_MB = 1_000_000


def odd_web(web: Web, place: Place) -> tuple[str, ...]:
    """Sets up every odd site and writes its source; the ids."""
    names: list[str] = []

    def site(
        name: str, pages: dict[str, dict[str, object]], *entries: str, links: tuple[str, ...] = (PAGE,)
    ) -> None:
        host = f"{name}.test"
        answers = {"/feed": {"body": feed(*links), "headers": XML}, "/robots.txt": {"status": 404}}
        answers |= {link: {"body": HTML} for link in links}
        for path, answer in (answers | pages).items():
            web.answer(host, path, **answer)  # type: ignore[arg-type]
        place.write(name, host, *entries)
        names.append(name)

    three = ("/news/1", "/news/2", "/news/3")
    site("plain", {"/news/1": {"body": HTML, "headers": {"Set-Cookie": "id=1"}}}, links=three)
    site("forbidden", {"/feed": {"status": 403}})
    site(
        "refusing",
        {f"/news/{n}": {"status": 403} for n in range(1, 6)},
        links=tuple(f"/news/{n}" for n in range(1, 6)),
    )
    site("one_refusal", {"/news/2": {"status": 403}}, links=three)
    site("throttled", {"/news/1": {"status": 429, "headers": {"Retry-After": "120"}}}, links=three)
    site("html_feed", {"/feed": {"body": HTML}})
    site(
        "empty_map",
        {"/map.xml": {"body": "<urlset/>"}},
        'kind = "sitemap"\nurl = "https://empty_map.test/map.xml"',
    )
    site("missing", {"/feed": {"status": 404}})
    site("optional", {"/old": {"status": 404}}, 'kind = "feed"\nurl = "https://optional.test/feed"',
         'kind = "feed"\nurl = "https://optional.test/old"\noptional = true')  # fmt: skip
    site(
        "absent",
        {"/feed": {"status": 410}},
        'kind = "feed"\nurl = "https://absent.test/feed"\noptional = true',
    )
    site("large", {"/news/1": {"body": b"x" * 10 * ONE_MB}}, links=three)
    bomb = gzip.compress(bytes(60 * ONE_MB))
    site("bomb", {"/news/1": {"body": bomb, "headers": {"Content-Encoding": "gzip"}}}, links=three)
    site("slow", {"/news/1": {"body": HTML, "delay": 3.0}})
    site("broken", {"/news/1": {"status": 500}, "/news/2": {"status": 404}}, links=three)
    site("looping", {"/news/1": {"status": 302, "headers": {"Location": "/news/1"}}})
    site("moved", {"/news/1": {"status": 301, "headers": {"Location": "https://closed.test/news/9"}}})
    web.answer("closed.test", "/robots.txt", body="User-agent: *\nDisallow: /\n")
    away = {n: moved_to(f"https://calm.leaving.test{n}") for n in three}
    site("leaving", away, links=three)
    web.answer("calm.leaving.test", "/robots.txt", body="User-agent: *\nCrawl-delay: 0.7\n")
    for page in three:
        web.answer("calm.leaving.test", page, body=HTML)
    strays: dict[str, dict[str, object]] = {
        "/news/1": moved_to("https://login.test/news/wall"),
        "/news/2": moved_to("/"),
        "/": {"body": HTML},
        "/news/3": moved_to("/news/33?utm_source=a"),
        "/news/33?utm_source=a": {"body": HTML},
    }
    site("stray", strays, links=three)
    web.answer("login.test", "/robots.txt", status=404)
    web.answer("login.test", "/news/wall", body=HTML)
    site("inward", {"/news/1": moved_to("http://2130706433/news/1")}, links=three)
    refusing_entries(site)
    web.answer("api.api_refused.test", "/robots.txt", status=404)
    web.answer("api.api_refused.test", "/rest", status=401)
    index = f"<sitemapindex>{''.join(f'<sitemap><loc>{loc}</loc></sitemap>' for loc in ('/b.xml', '/a.xml'))}"
    circle = {"/a.xml": {"body": f"{index}</sitemapindex>"}, "/b.xml": {"body": f"{index}</sitemapindex>"}}
    site("circle", circle, 'kind = "sitemap"\nurl = "https://circle.test/a.xml"')  # type: ignore[arg-type]
    site("robots_down", {"/robots.txt": {"status": 503}})
    rules = "User-agent: rasid\nDisallow: /news/2\nUser-agent: *\nDisallow: /news/1\n"
    site("ruled", {"/robots.txt": {"body": rules}}, links=three)
    site("paced", {"/robots.txt": {"body": "User-agent: *\nCrawl-delay: 0.7\n"}}, links=three)
    site(
        "not_html",
        {"/news/1": {"body": b"%PDF-1.7 \x00\x01", "headers": {"Content-Type": "application/pdf"}}},
    )
    many = tuple(f"/news/{n}" for n in range(1, 9))
    site("many", {}, links=many)
    listing = 'kind = "listing"\nurl = "https://paged.test/"\npages = "https://paged.test/{page}/"'
    pages: dict[str, dict[str, object]] = {
        f"/{n}/" if n > 1 else "/": {"body": f'<a href="/news/{n}">A</a>'} for n in range(1, 4)
    }
    site(
        "paged",
        pages | {"/4/": {"status": 404}, **{f"/news/{n}": {"body": HTML} for n in (1, 2, 3)}},
        listing,
    )
    return tuple(names)


def moved_to(url: str) -> dict[str, object]:
    return {"status": 302, "headers": {"Location": url}}


def refusing_entries(site: Callable[..., None]) -> None:
    """Sources of a feed and another entry, one of which is refused or both."""
    for name, second, feed_refused, optional in (
        ("rest_refused", "https://rest_refused.test/rest", False, True),
        ("api_refused", "https://api.api_refused.test/rest", False, False),
        ("half_refused", "https://half_refused.test/rest", False, False),
        ("all_refused", "https://all_refused.test/rest", True, True),
    ):
        entry = f'kind = "wordpress"\nurl = "{second}"\noptional = {str(optional).lower()}'
        feed_entry = f"{feed_of(f'{name}.test')}\noptional = {str(optional).lower()}"
        refused = {"/feed": {"status": 403}} if feed_refused else {}
        site(name, {"/rest": {"status": 401}, **refused}, feed_entry, entry)


class Odd:
    """What came of the two crawls."""

    def __init__(self, web: Web, place: Place) -> None:
        names = odd_web(web, place)
        self.reports = place.crawl(*names, max_pages=5)
        self.first = web.asked(robots=True)
        with Archive(place.archive_url) as archive:
            self.health = {each.source: each for each in archive.health()}
        web.forget()
        self.again = place.crawl(*names, max_pages=5)
        self.second = web.asked(robots=True)


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Odd]:
    with serve() as web:
        yield Odd(web, Place(tmp_path_factory.mktemp("odd") / "place", web.url))


def paths(asked: tuple[Seen, ...], source: str) -> list[str]:
    return [seen.path for seen in asked if seen.host == f"{source}.test"]


def problems(report: CrawlReport) -> list[str]:
    return [str(problem) for problem in report.problems]


def test_a_crawl_asks_for_robots_entry_and_pages_newest_first(odd: Odd) -> None:
    assert paths(odd.first, "plain") == ["/robots.txt", "/feed", "/news/1", "/news/2", "/news/3"]
    report = odd.reports["plain"]
    assert (report.outcome, report.requests, report.found, report.fetched) == ("done", 5, 3, 3)
    assert (report.unavailable, report.problems) == ({}, ())
    assert sum(report.rejected.values()) == 3


def test_every_request_says_who_asks_and_carries_no_cookie(odd: Odd) -> None:
    asked = [seen.headers for seen in odd.first if seen.host == "plain.test"]
    assert {headers["user-agent"] for headers in asked} == {AGENT}
    assert {headers["x-forwarded-proto"] for headers in asked} == {"https"}
    assert not any("cookie" in headers or "referer" in headers for headers in asked)


def test_a_second_crawl_asks_whether_the_entry_has_changed_and_fetches_nothing(odd: Odd) -> None:
    asked = [seen for seen in odd.second if seen.host == "plain.test"]
    assert [(seen.path, seen.status) for seen in asked] == [("/feed", 304)]
    assert "if-none-match" in asked[0].headers
    assert (odd.again["plain"].requests, odd.again["plain"].fetched) == (1, 0)


@pytest.mark.parametrize(
    ("source", "asked", "line"),
    [
        ("forbidden", ["/feed"], "https://forbidden.test/feed: HTTP 403; the site refuses us; "),
        (
            "half_refused",
            ["/feed", "/rest"],
            "https://half_refused.test/rest: HTTP 401; the site refuses us; ",
        ),
        (
            "refusing",
            ["/feed", "/news/1", "/news/2", "/news/3"],
            "https://refusing.test/news/3: 3 articles in a row are refused; ",
        ),
    ],
)
def test_a_refused_entry_or_three_refused_articles_pause_the_source_for_a_day_and_say_so(
    odd: Odd, source: str, asked: list[str], line: str
) -> None:
    assert paths(odd.first, source)[1:] == asked
    assert odd.reports[source].outcome == "paused"
    (problem,) = problems(odd.reports[source])
    assert problem.startswith(f"{source}: {line}")
    assert problem.endswith(f"; paused until {odd.health[source].paused_until:%Y-%m-%d %H:%M} UTC")
    assert pause(odd.health[source]) == pytest.approx(24 * 3600, abs=120)


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("rest_refused", "https://rest_refused.test/rest: HTTP 401; the site refuses us; "),
        ("api_refused", "https://api.api_refused.test/rest: HTTP 401; the site refuses us; "),
    ],
)
def test_a_refused_entry_that_is_optional_or_of_another_host_silences_no_other(
    odd: Odd, source: str, line: str
) -> None:
    report = odd.reports[source]
    assert (report.outcome, report.fetched, odd.health[source].paused_until) == ("done", 1, None)
    (problem,) = problems(report)
    assert problem.startswith(f"{source}: {line}")


def test_a_source_of_which_every_entry_is_refused_is_paused_though_they_are_optional(odd: Odd) -> None:
    assert odd.reports["all_refused"].outcome == "paused"
    lines = problems(odd.reports["all_refused"])
    assert ["HTTP 401" in lines[0], "HTTP 403" in lines[1], "paused until" in lines[1]] == [True] * 3


def test_one_refused_article_is_a_normal_thing(odd: Odd) -> None:
    report = odd.reports["one_refusal"]
    assert (report.outcome, report.fetched, report.problems) == ("done", 3, ())


def test_too_many_requests_pause_the_source_as_long_as_it_asks(odd: Odd) -> None:
    assert odd.reports["throttled"].outcome == "paused"
    assert paths(odd.first, "throttled")[2:] == ["/news/1"]
    assert pause(odd.health["throttled"]) == pytest.approx(120, abs=60)
    (problem,) = problems(odd.reports["throttled"])
    assert problem.startswith("throttled: https://throttled.test/news/1: HTTP 429; paused until ")


@pytest.mark.parametrize(
    ("source", "line"),
    [
        (
            "html_feed",
            "html_feed: https://html_feed.test/feed: is not a feed (it begins with '<!DOCTYPE html>",
        ),
        (
            "empty_map",
            "empty_map: https://empty_map.test/map.xml: is a sitemap without a single URL; look in",
        ),
        ("missing", "missing: https://missing.test/feed: HTTP 404; look whether the address has moved"),
        ("absent", "absent: https://absent.test/feed: HTTP 410; look whether the address has moved"),
        ("large", "large: https://large.test/news/1: larger than 8 MB; raise [crawl] max_bytes"),
        ("bomb", "bomb: https://bomb.test/news/1: larger than 8 MB; raise [crawl] max_bytes"),
        ("slow", "slow: https://slow.test/news/1: timeout; no answer within 2 s; tried again later"),
        ("broken", "broken: https://broken.test/news/1: HTTP 500; "),
        ("looping", "looping: https://looping.test/news/1: too many redirects; look"),
        ("inward", "inward: https://inward.test/news/1: private address refused; only"),
        ("circle", "circle: https://circle.test/a.xml: lists no page with an article; see article_url in"),
        (
            "robots_down",
            "robots_down: https://robots_down.test/feed: robots.txt cannot be had (HTTP 503); so nothing",
        ),
    ],
)
def test_what_a_person_should_look_at_is_one_line_with_url_and_remedy(
    odd: Odd, source: str, line: str
) -> None:
    (problem,) = problems(odd.reports[source])
    assert problem.startswith(line)
    assert "\n" not in problem


def test_an_optional_entry_that_is_not_there_is_no_problem_while_another_works(odd: Odd) -> None:
    assert (odd.reports["optional"].problems, odd.reports["optional"].fetched) == ((), 1)


@pytest.mark.parametrize(
    ("source", "unavailable", "fetched"),
    [
        ("large", {"larger than 8 MB": 1}, 2),
        ("bomb", {"larger than 8 MB": 1}, 2),
        ("slow", {"timeout": 1}, 0),
        ("broken", {"HTTP 500": 1, "HTTP 404": 1}, 1),
        ("looping", {"too many redirects": 1}, 0),
        ("moved", {"forbidden by robots.txt": 1}, 0),
        ("stray", {"redirected off the site": 1, "redirected to no article": 1}, 1),
        ("inward", {"private address refused": 1}, 2),
    ],
)
def test_a_page_that_cannot_be_had_is_counted_and_the_others_go_on(
    odd: Odd, source: str, unavailable: dict[str, int], fetched: int
) -> None:
    report = odd.reports[source]
    assert (report.unavailable, report.fetched, report.outcome) == (unavailable, fetched, "done")


def test_a_page_that_leads_elsewhere_is_named_with_where_it_leads(odd: Odd) -> None:
    off, home = problems(odd.reports["stray"])
    assert off.startswith(
        "stray: https://stray.test/news/1: redirected off the site, to https://login.test/news/wall; "
    )
    assert home.startswith(
        "stray: https://stray.test/news/2: redirected to no article, to https://stray.test/; "
    )


def test_no_page_of_an_entry_is_read_twice(odd: Odd) -> None:
    assert paths(odd.first, "circle") == ["/robots.txt", "/a.xml", "/b.xml"]


def test_a_page_that_is_no_page_stops_nothing(odd: Odd) -> None:
    report = odd.reports["not_html"]
    assert (report.outcome, report.fetched) == ("done", 1)
    assert sum(report.unavailable.values()) + sum(report.rejected.values()) == 1


@pytest.mark.parametrize("source", ["broken", "large", "bomb"])
def test_a_page_that_could_not_be_had_is_not_asked_for_again_right_away(odd: Odd, source: str) -> None:
    assert paths(odd.second, source) == ["/feed"]


def test_without_robots_nothing_is_asked_for(odd: Odd) -> None:
    assert set(paths(odd.first, "robots_down")) == {"/robots.txt"}


def test_robots_rules_for_our_name_win_over_those_for_all(odd: Odd) -> None:
    assert paths(odd.first, "ruled") == ["/robots.txt", "/feed", "/news/1", "/news/3"]
    assert odd.reports["ruled"].unavailable == {"forbidden by robots.txt": 1}
    assert odd.reports["ruled"].problems == ()


def test_the_robots_of_the_host_a_page_has_moved_to_are_asked(odd: Odd) -> None:
    assert paths(odd.first, "closed") == ["/robots.txt"]


@pytest.mark.parametrize("source", ["paced", "leaving"])
def test_the_pace_robots_txt_asks_for_is_kept_also_where_a_page_has_moved_to(odd: Odd, source: str) -> None:
    report = odd.reports[source]
    assert report.fetched == 3
    assert report.finished - report.started > timedelta(seconds=0.7 * 3)


def test_pages_of_an_entry_are_followed_while_everything_is_new(odd: Odd) -> None:
    assert paths(odd.first, "paged")[:5] == ["/robots.txt", "/", "/2/", "/3/", "/4/"]
    assert odd.reports["paged"].problems == ()
    assert odd.reports["paged"].fetched == 3
    assert paths(odd.second, "paged") == ["/"]


def test_what_one_crawl_leaves_the_next_one_fetches(odd: Odd) -> None:
    assert odd.reports["many"].fetched == 5
    again = [(seen.path, seen.status) for seen in odd.second if seen.host == "many.test"]
    assert again == [("/feed", 200), ("/news/6", 200), ("/news/7", 200), ("/news/8", 200)]


def pause(health: SourceHealth) -> float:
    assert health.paused_until is not None
    return (health.paused_until - datetime.now(UTC)).total_seconds()
