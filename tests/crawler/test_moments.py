"""Which of the dates of a page is believed."""

from datetime import UTC, date, datetime

import pytest

from crawler.cleaning.findings import Path, findings
from crawler.cleaning.moments import Clock, agrees_with, choose_moment, named_day

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def chosen(*dates: tuple[str, str], url: str = "https://example.ma/news/1") -> tuple[str, str]:
    paths = tuple(Path(name, findings(published=(text,))) for name, text in dates)
    found, by = choose_moment("published", paths, Clock(now=NOW, zone=UTC, language="ar", url=url))
    return (found.isoformat() if found else ""), by


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://a.test/2026/11/12/slug", date(2026, 11, 12)),
        ("https://a.test/news/2026-11-12-slug", date(2026, 11, 12)),
        ("https://a.test/فرنسا/20261112-slug", date(2026, 11, 12)),
        ("https://a.test/articulo/20261112183000123456.html", None),
        ("https://a.test/articulo/20261112183000.html", date(2026, 11, 12)),
        ("https://a.test/2026/11/12-people-arrested", None),
        ("https://a.test/Web/News/2026/11/1578739.html", None),
        ("https://a.test/2026/13/45/", None),
        ("https://a.test/?d=20261112", None),
    ],
)
def test_a_url_names_a_day_only_where_it_is_whole(url: str, day: date | None) -> None:
    assert named_day(url) == day


def test_a_url_may_name_only_the_month() -> None:
    assert agrees_with(date(2026, 10, 31), "https://a.test/Web/News/2026/11/1578739.html")
    assert not agrees_with(date(2026, 1, 1), "https://a.test/Web/News/2026/11/1578739.html")


def test_the_first_path_is_believed() -> None:
    assert chosen(("json-ld", "2026-11-12T10:00Z"), ("meta", "2026-11-11")) == (
        "2026-11-12T10:00:00+00:00",
        "json-ld",
    )


def test_a_day_takes_the_time_another_path_gives_for_it() -> None:
    assert chosen(("json-ld", "2026-11-12"), ("meta", "2026-11-12 10:35")) == (
        "2026-11-12T10:35:00+00:00",
        "meta",
    )


def test_a_day_without_time_is_noon() -> None:
    assert chosen(("select", "12 نونبر 2026")) == ("2026-11-12T12:00:00+00:00", "select")


def test_a_date_that_agrees_with_the_url_comes_before_one_that_does_not() -> None:
    url = "https://a.test/2026/11/12/slug"
    assert chosen(("json-ld", "2026-01-01"), ("meta", "2026-11-12T10:00Z"), url=url)[1] == "meta"
    assert chosen(("json-ld", "2026-01-01T10:00Z"), ("url", "2026-11-12"), url=url)[1] == "json-ld"


def test_a_date_ahead_of_the_fetch_is_not_believed() -> None:
    assert chosen(("json-ld", "2026-12-24T10:00Z")) == ("", "")
    assert chosen(("json-ld", "2026-12-24T10:00Z"), ("entry", "2026-11-20T10:00Z"))[1] == "entry"


def test_a_placeholder_such_as_the_year_1_is_not_believed() -> None:
    placeholder = ("meta", "0001-01-01T00:00:00+02:00")
    assert chosen(placeholder, ("markup", "2026-11-20T10:00:00+00:00")) == (
        "2026-11-20T10:00:00+00:00",
        "markup",
    )
    assert chosen(placeholder) == ("", "")
