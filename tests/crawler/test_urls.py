"""The key of a URL."""

import re
import time
import unicodedata
from collections.abc import Callable
from datetime import date
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.urls import absolute, plain_url, same_site, untracked, url_day, url_key

MAGHREB = "https://mc-doualiya.com/%D8%A7%D9%84%D9%85%D8%BA%D8%B1%D8%A8/20261116-a"
PATHS = st.text(alphabet="aZ0éم/.%?&=#;:@+-_ d8D8amp", max_size=60)


@pytest.mark.parametrize(
    "url",
    [
        "https://www.mc-doualiya.com/المغرب/20261116-a/",
        "http://mc-doualiya.com/%d8%a7%d9%84%d9%85%d8%ba%d8%b1%d8%a8/20261116-a",
        "https://www.mc-doualiya.com:443/%D8%A7%D9%84%D9%85%D8%BA%D8%B1%D8%A8/20261116-a#pager",
        "https://WWW.mc-doualiya.com/المغرب/20261116-a?utm_source=rss&fbclid=x&wpv_view=1",
        " https://www.mc-doualiya.com/المغرب/20261116-a/?amp=1 ",
        "https://www.mc-doualiya.com/amp/المغرب/20261116-a",
        "https://www.mc-doualiya.com/المغرب/20261116-a/amp/",
    ],
)
def test_all_ways_to_write_a_url_have_one_key(url: str) -> None:
    assert url_key(url) == MAGHREB


@pytest.mark.parametrize(
    ("url", "key"),
    [
        (
            "https://elaph.com/amp/Web/News/2026/11/1580001.html",
            "https://elaph.com/Web/News/2026/11/1580001.html",
        ),
        ("http://eocr.eu/?p=11817&utm_source=x", "https://eocr.eu/?p=11817"),
        ("https://eocr.eu/index.php?b=2&a=1", "https://eocr.eu/index.php?a=1&b=2"),
        ("https://a.test/news.amp.html", "https://a.test/news.html"),
        ("https://a.test/?option=com&Itemid=3", "https://a.test/?Itemid=3&option=com"),
        ("https://a.test", "https://a.test/"),
        ("https://a.test:8080/x", "https://a.test:8080/x"),
        ("mailto:desk@a.test", "mailto:desk@a.test"),
        ("http://[::1", "http://[::1"),
        ("", ""),
    ],
)
def test_a_key_keeps_what_names_the_article(url: str, key: str) -> None:
    assert url_key(url) == key


@pytest.mark.parametrize(
    "url",
    [
        "https://daily.test/مقال/é-1?id=7&utm_source=rss_feed&at_medium=custom7&xtor=RSS-1",
        "https://daily.test/مقال/é-1?id=7&mc_cid=a&igshid=b&gclid=c&ref=home&ref_src=d&source=rss",
        "https://daily.test/مقال/é-1?utm_medium=x&amp;id=7",
        "https://daily.test/مقال/é-1?amp;utm_medium=x&#038;id=7",
        "https://daily.test/مقال/e\u0301-1/?id=7&replytocom=12#comment-12",
        "https://daily.test/مقال/e%CC%81-1?id=7",
        "http://daily.test:80//مقال///%C3%A9-1/index.html?id=7",
        "https://daily.test/مقال/é-1;jsessionid=0A1B?id=7",
        "https://m.daily.test/مقال/é-1?id=7&amp",
        "https://amp.daily.test/مقال/é-1.amp?id=7",
        "https://daily-test.cdn.ampproject.org/c/s/www.daily.test/amp/مقال/é-1?id=7&usqp=mq331AQ",
        "https://www.google.com/amp/s/amp.daily.test/مقال/é-1?id=7",
        "https://www.google.co.uk/amp/daily.test/مقال/é-1?id=7",
    ],
)
def test_however_it_was_shared_an_article_has_one_key(url: str) -> None:
    assert url_key(url) == "https://daily.test/%D9%85%D9%82%D8%A7%D9%84/%C3%A9-1?id=7"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.test/?id=1", "https://a.test/?id=2"),
        ("https://a.test/article.php?12345", "https://a.test/article.php?67890"),
        ("https://a.test/x?cid=1", "https://a.test/x?cid=2"),
        ("https://a.test/x?uid=1", "https://a.test/x?uid=2"),
        ("https://a.test/x?ref=1", "https://a.test/x?ref=2"),
        ("https://a.test/?p=1", "https://a.test/?p=2"),
        ("https://a.test/?option=com_content&Itemid=1", "https://a.test/?option=com_content&Itemid=2"),
        ("https://a.test/?cat=1", "https://a.test/?cat=2"),
        ("https://a.test/print/1", "https://a.test/1"),
        ("https://a.test/A", "https://a.test/a"),
        ("https://a.test/a%2Fb", "https://a.test/a/b"),
        ("https://a.test/a b", "https://a.test/ab"),
        ("https://a.test/x?v={1}", "https://a.test/x?v={2}"),
        ("https://m.co.uk/x", "https://co.uk/x"),
        ("https://m.test/x", "https://test/x"),
        ("https://fr.a.test/x", "https://a.test/x"),
        ("http://[::1]/x", "http://[::2]/x"),
    ],
)
def test_two_articles_never_have_one_key(one: str, other: str) -> None:
    assert url_key(one) != url_key(other)


WAYS: tuple[Callable[[str], str], ...] = (
    lambda url: url.replace("https://", "http://www."),
    lambda url: url.replace("https://", "https://m."),
    lambda url: url.replace("daily.test", "DAILY.test:443"),
    lambda url: f"https://daily-test.cdn.ampproject.org/v/s/{url.partition('://')[2]}",
    lambda url: url.replace("?", "/?"),
    lambda url: url.replace("?", "/index.htm?"),
    lambda url: url.replace("?", ";JSESSIONID=a1?"),
    lambda url: url.replace("?", "/amp/?"),
    lambda url: url.replace("?", "?utm_campaign=é&"),
    lambda url: f"{url}&fbclid=x#top",
    lambda url: f"{url}&at_campaign=1&wpv_view=2",
    lambda url: url.replace("test/", "test//"),
    lambda url: unicodedata.normalize("NFD", url),
    lambda url: unicodedata.normalize("NFD", quote(url, safe=":/?&=#;%[]@")),
    lambda url: re.sub("%[0-9A-F]{2}", lambda match: match[0].lower(), quote(url, safe=":/?&=#;%[]@")),
)
SEGMENTS = st.text(alphabet="abXZ019-_.éçآؤمقال", min_size=1, max_size=12).filter(
    lambda text: text.strip(".")
)


@given(st.lists(SEGMENTS, min_size=1, max_size=3), st.integers(), st.lists(st.sampled_from(WAYS), max_size=4))
def test_a_key_stands_whatever_is_done_to_the_url(
    path: list[str], number: int, ways: list[Callable[[str], str]]
) -> None:
    url = varied = f"https://daily.test/{'/'.join(path)}?id={number}"
    for way in ways:
        varied = way(varied)
    assert url_key(varied) == url_key(url) == url_key(url_key(varied))
    assert url_key(varied) != url_key(url.replace("?id=", "?id=1"))


@pytest.mark.parametrize(
    "shared", ["wt_mc=x.y", "smid=tw-share", "cmp=rss", "s=09", "_x_tr_sl=fr&_x_tr_tl=ar", "spm=a2.b3.0.0"]
)
def test_a_link_shared_with_a_tracker_is_no_other_article(shared: str) -> None:
    assert url_key(f"https://daily.test/news/?{shared}&id=7") == "https://daily.test/news?id=7"


@pytest.mark.parametrize("said", ["s=rabat", "cmp=09", "smid=7", "s=9"])
def test_a_word_to_search_for_and_a_number_stay(said: str) -> None:
    assert said in url_key(f"https://daily.test/?{said}")


def test_words_that_merely_contain_amp_stay() -> None:
    assert url_key("https://a.test/campus/lamp/ampere") == "https://a.test/campus/lamp/ampere"


@given(st.one_of(st.text(), PATHS.map("https://www.a.test/{}".format), PATHS.map("http://{}".format)))
def test_a_key_is_its_own_key_and_nothing_raises(url: str) -> None:
    assert url_key(url_key(url)) == url_key(url)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("/Web/News/1.html", "https://elaph.com/Web/News/1.html"),
        ("2.html", "https://elaph.com/amp/2.html"),
        ("//s1.elaph.com/x", "https://s1.elaph.com/x"),
        ("javascript:void(0)", ""),
        ("http://[::1", ""),
        ("http://a.test:99999/", ""),
        (f"/{'a' * 2_000}", f"https://elaph.com/{'a' * 2_000}"),
        (f"/{'a' * 2_048}", ""),
        (f"/{'خ' * 400}", ""),  # six characters each, escaped
    ],
)
def test_a_link_is_made_absolute_or_dropped(url: str, expected: str) -> None:
    assert absolute(url, "https://elaph.com/amp/1.html") == expected


@pytest.mark.parametrize("piece", ["%20", "//%20", "/amp", ";sid=", "ا"])
def test_the_key_of_an_endless_url_takes_no_endless_time(piece: str) -> None:
    url = f"https://daily.test/{piece * 20_000}x"
    began = time.process_time()
    assert url_key(url) == url_key(url_key(url))
    assert time.process_time() - began < 3


@given(PATHS.map("https://www.a.test/{}".format))
def test_a_plain_url_names_the_same_article(url: str) -> None:
    assert url_key(untracked(url)) == url_key(plain_url(url)) == url_key(url)


@pytest.mark.parametrize(
    ("one", "two", "same"),
    [
        ("https://www.elaph.com/x", "http://elaph.com/y", True),
        ("https://api.elaph.com/", "https://elaph.com/", True),
        ("https://notelaph.com/", "https://elaph.com/", False),
        ("https://elaph.com.evil.test/", "https://elaph.com/", False),
        ("", "", False),
    ],
)
def test_a_site_is_its_host_and_its_subdomains(one: str, two: str, same: bool) -> None:
    assert same_site(one, two) is same


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.test/20261116-x", date(2026, 11, 16)),
        ("https://a.test/20261399-x", None),
        ("https://a.test/x", None),
    ],
)
def test_a_url_names_its_day_by_groups(url: str, expected: date | None) -> None:
    assert url_day(url, r"/(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)-") == expected


def test_a_pattern_without_all_three_groups_names_no_day() -> None:
    assert url_day("https://a.test/2026/11/x", r"/(?P<year>\d{4})/(?P<month>\d\d)/") is None
