"""The key of a URL."""

from datetime import date

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
    ],
)
def test_a_link_is_made_absolute_or_dropped(url: str, expected: str) -> None:
    assert absolute(url, "https://elaph.com/amp/1.html") == expected


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
