"""The articles of the replica are what they should be, whatever the present."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from tests.web import Web, WebArticle, get, load_articles, serve

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
ARTICLES = load_articles(NOW)
TEMPLATES = Path(__file__).parent / "web" / "templates"


@pytest.fixture(scope="module")
def web() -> Iterator[Web]:
    with serve(NOW) as running:
        yield running


@pytest.mark.parametrize("each", ARTICLES, ids=lambda each: each.id)
def test_every_article_has_its_page(web: Web, each: WebArticle) -> None:
    answer = get(web, each.url)
    assert answer.status == (each.fault or 200)
    if not each.fault:
        page = html.fromstring(answer.body.decode(each.charset))
        assert ["".join(map(str, h1.itertext())).strip() for h1 in page.iter("h1")] == [each.title]
        assert len(answer.body) > 30_000


@settings(max_examples=25, deadline=None)
@given(st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_whatever_the_present_no_article_is_of_the_future_nor_of_another_one_s_address(now: datetime) -> None:
    articles = load_articles(now)
    assert all(now - timedelta(days=14) < each.published < now for each in articles)
    assert len({each.url for each in articles}) == len(articles)


def test_the_mix_of_articles_is_that_of_a_real_week() -> None:
    labels = Counter(each.relevance for each in ARTICLES)
    assert 80 <= len(ARTICLES) <= 120
    assert labels["relevant"] / len(ARTICLES) == pytest.approx(0.45, abs=0.05)
    assert labels["irrelevant"] / len(ARTICLES) == pytest.approx(0.45, abs=0.05)
    assert Counter(each.fault for each in ARTICLES) == {0: len(ARTICLES) - 2, 403: 1, 500: 1}


def test_events_are_told_across_sources_and_languages() -> None:
    told = defaultdict(set)
    for each in ARTICLES:
        if each.event:
            told[each.event].add((each.site, each.language))
    assert sum(len({site for site, _ in by}) > 1 for by in told.values()) >= 6
    assert sum(len({language for _, language in by}) > 1 for by in told.values()) >= 3


def test_a_wire_has_at_least_two_copies_all_of_one_event() -> None:
    wires = defaultdict(list)
    for each in ARTICLES:
        if each.wire_group:
            wires[each.wire_group].append(each)
    assert len(wires) >= 5
    for copies in wires.values():
        assert len(copies) > 1
        assert len({(each.event, each.relevance) for each in copies}) == 1


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.*")), ids=lambda path: path.name)
def test_a_template_says_on_what_evidence_it_stands(path: Path) -> None:
    assert re.match(r'\{# grade = "(A|B|inferred)"', path.read_text("utf-8"))
