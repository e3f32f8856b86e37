"""Each site of the replica says what the real one says, as far as we know it."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import feedparser
import pytest
from lxml import etree, html

from crawler.catalogue import load_sources
from tests.web import Web, WebArticle, get, load_articles, serve

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
ARTICLES = load_articles(NOW)
NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"
POSTS = "/wp-json/wp/v2/posts"


@pytest.fixture(scope="module")
def web() -> Iterator[Web]:
    with serve(NOW) as running:
        yield running


def article(name: str) -> WebArticle:
    """The article of that id."""
    return next(each for each in ARTICLES if each.id == name)


@pytest.mark.parametrize("host", ["machahid24.com", "eocr.eu", "elaph.com", "www.mc-doualiya.com"])
def test_robots_txt_names_sitemaps_that_exist(web: Web, host: str) -> None:
    robots = get(web, f"https://{host}/robots.txt").body.decode()
    sitemaps = re.findall(r"^Sitemap: (\S+)$", robots, re.MULTILINE)
    assert sitemaps
    for sitemap in sitemaps:
        assert etree.fromstring(get(web, sitemap).body) is not None


def test_sitemap_indexes_lead_to_every_article(web: Web) -> None:
    tops = [
        "https://machahid24.com/sitemap_index.xml",
        "https://eocr.eu/wp-sitemap.xml",
        "https://elaph.com/sitemaps/allsitemaps.xml",
        "https://www.mc-doualiya.com/sitemaps/ar/index.xml",
    ]
    children = [child for top in tops for child in locations(web, top)]
    found = {url for child in children for url in locations(web, child)}
    assert found == set(web.expected)


def locations(web: Web, url: str) -> list[str]:
    """Every `loc` of a sitemap."""
    return [str(each.text) for each in etree.fromstring(get(web, url).body).iter("{*}loc")]


def test_news_sitemaps_give_title_and_time_in_the_news_namespace(web: Web) -> None:
    first = etree.fromstring(get(web, "https://elaph.com/sitemaps/google_news.xml").body)[0]
    newest = next(each for each in ARTICLES if each.site == "elaph")
    assert first.findtext(f".//{NEWS}title") == newest.title
    assert datetime.fromisoformat(first.findtext(f".//{NEWS}publication_date") or "") == newest.published


def test_a_feed_is_what_wordpress_prints(web: Web) -> None:
    feed = feedparser.parse(get(web, "https://eocr.eu/feed/").body)
    own = [each for each in ARTICLES if each.site == "eocr"]
    assert [entry.link for entry in feed.entries] == [each.url for each in own[:10]]
    assert feed.entries[0].id == f"https://eocr.eu/?p={own[0].number}"
    assert own[0].paragraphs[-1] in feed.entries[0].content[0].value
    assert feed.entries[0].author


@pytest.mark.parametrize(
    ("path", "section", "word"),
    [("/francais/feed/", "francais", ""), (f"/?feed=rss2&s={quote('حموشي')}", "", "حموشي")],
)
def test_a_feed_may_be_of_a_category_or_a_search(web: Web, path: str, section: str, word: str) -> None:
    feed = feedparser.parse(get(web, "https://eocr.eu" + path).body)
    own = [each for each in ARTICLES if each.site == "eocr" and section in ("", each.section)]
    wanted = [each.url for each in own if word in " ".join((each.title, *each.paragraphs))]
    assert [entry.link for entry in feed.entries] == wanted[:10] != []


def test_the_pages_of_the_rest_interface_give_every_article_once(web: Web) -> None:
    url = f"https://machahid24.com{POSTS}?per_page=20&_fields=id,link&page="
    first = get(web, url + "1")
    own = [each.url for each in ARTICLES if each.site == "machahid24"]
    assert first.headers["x-wp-total"] == str(len(own))
    pages = range(1, int(first.headers["x-wp-totalpages"]) + 1)
    posts = [post for page in pages for post in json.loads(get(web, f"{url}{page}").body)]
    assert [post["link"] for post in posts] == own
    assert set(posts[0]) == {"id", "link"}


@pytest.mark.parametrize(
    ("query", "code"),
    [("page=99", "rest_post_invalid_page_number"), ("per_page=500", "rest_invalid_param")],
)
def test_the_rest_interface_refuses_as_wordpress_does(web: Web, query: str, code: str) -> None:
    answer = get(web, f"https://eocr.eu{POSTS}?{query}")
    assert (answer.status, json.loads(answer.body)["code"]) == (400, code)


def test_the_rest_interface_gives_what_came_after_a_moment(web: Web) -> None:
    after = NOW - timedelta(days=3)
    posts = json.loads(get(web, f"https://eocr.eu{POSTS}?per_page=100&after={after:%Y-%m-%dT%H:%M:%SZ}").body)
    wanted = [each.number for each in ARTICLES if each.site == "eocr" and each.published > after]
    assert [post["id"] for post in posts] == wanted


def test_the_json_interface_of_elaph_ends_with_an_empty_page(web: Web) -> None:
    base = "https://api.elaph.com/v2/web/com/marticles/index/morocco/"
    rows = json.loads(get(web, base + "1").body)["data"] + json.loads(get(web, base + "2").body)["data"]
    own = [each for each in ARTICLES if each.section == "Morocco"]
    assert [row["PostingURL"] for row in rows] == [each.path for each in own]
    assert [row["RelativeTime"] for row in rows] == [each.published.timestamp() for each in own]
    assert json.loads(get(web, base + "9").body) == {"data": []}


def test_the_pages_of_a_listing_give_every_article_of_its_section_twice(web: Web) -> None:
    url, pages, links = "https://www.mc-doualiya.com/المغرب-العربي/", 0, list[str]()
    while url:
        anchors = list(html.fromstring(get(web, url).body.decode()).iter("a"))
        links += [str(each.get("href")) for each in anchors if "data-article-item-link" in each.attrib]
        url = next((str(each.get("href")) for each in anchors if each.get("rel") == "next"), "")
        pages += 1
    own = [each for each in ARTICLES if each.site == "mc_doualiya"]
    wanted = {each.url for each in own if each.section.startswith(("المغرب-العربي", "برامج"))}
    assert Counter(links) == dict.fromkeys(wanted, 2)
    assert pages > 1


def test_an_article_of_elaph_has_an_amp_twin(web: Web) -> None:
    each = article("nunez-rabat-elaph")
    twin = get(web, each.url.replace("/Web/", "/amp/Web/")).body.decode()
    assert f'<link rel="canonical" href="{each.url}">' in twin
    assert twin.count("إضغط هنا للإشتراك") == 2


def test_one_page_is_of_another_charset_and_does_not_say_so(web: Web) -> None:
    answer = get(web, article("windows-1256").url)
    assert answer.headers["content-type"] == "text/html"
    assert b"charset" not in answer.body
    with pytest.raises(UnicodeDecodeError):
        answer.body.decode()


def test_the_shipped_sources_know_the_addresses_of_the_replica(web: Web) -> None:
    sources = {source.id: source for source in load_sources()}
    for each in ARTICLES:
        assert re.match(sources[each.site].article_url, each.url), each.url
    for source in (sources[site] for site in {each.site for each in ARTICLES}):
        for entry in source.entries:
            assert get(web, entry.url.replace("{page}", "1")).status == 200, entry.url
