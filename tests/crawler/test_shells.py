"""Pages that a browser would fill are pages without a body, to be tried again."""

import pytest

from crawler.cleaning.shells import has_prose
from crawler.examine import examine
from crawler.fetching.tally import Tally
from crawler.rules import load_rules
from storage.model import Neighbours, Rejected, Unavailable, Verdict
from tests.factories import NOW, page, source

RULES = load_rules(None)
SENTENCE = "The council of the town has met on Monday and has spoken about the new school for hours."
MENU = "".join(f"<li><a href='/{n}'>{SENTENCE}</a></li>" for n in range(40))


def verdict_on(body: str) -> Verdict:
    told = page(body=f"<html lang=en><title>Council</title><body>{body}</body></html>".encode())
    return examine(told, source(), RULES, lambda _: Neighbours())


@pytest.mark.parametrize(
    "body",
    [
        "<div id=app></div><script>load('app')</script>",
        f"<nav><ul>{MENU}</ul></nav><article><h1>Council</h1></article>",
        f"<ul>{MENU}</ul><div id=body></div><footer><p>{SENTENCE * 3}</p></footer>",
        f"<article></article><script>var state = '{SENTENCE * 20}'</script>",
    ],
)
def test_a_page_that_is_empty_is_without_body_and_tried_again(body: str) -> None:
    assert verdict_on(body) == Unavailable(reason="no article text", again=True)


@pytest.mark.parametrize("paragraphs", [1, 3, 30])
def test_an_article_of_another_topic_is_rejected_however_short(paragraphs: int) -> None:
    body = "".join(f"<p>{SENTENCE} It was day {number}.</p>" for number in range(paragraphs))
    verdict = verdict_on(f"<article><h1>Council</h1>{body}</article>")
    assert isinstance(verdict, Rejected)
    assert verdict.reason == "no trace of the topic"


def test_a_body_in_json_ld_alone_is_a_body() -> None:
    told = f'{{"@type": "NewsArticle", "headline": "Council", "articleBody": "{SENTENCE * 20}"}}'
    assert isinstance(
        verdict_on(f'<div id=app></div><script type="application/ld+json">{told}</script>'), Rejected
    )


def test_empty_and_missing_pages_count_as_without_body() -> None:
    tally = Tally(source="example", started=NOW)
    tally.count(verdict_on("<div id=app></div>"), "https://example.ma/news/1")
    missing = page(body=b"<html><title>Page not found</title></html>")
    tally.count(examine(missing, source(), RULES, lambda _: Neighbours()), "https://example.ma/news/2")
    assert tally.report(finished=NOW, requests=2).bodyless == 2


@pytest.mark.parametrize("tag", ["<br>", "<p>", "<div>", "<br/>\n", "</p><p class=a>", "<span>"])
def test_prose_is_seen_in_whatever_it_stands(tag: str) -> None:
    assert has_prose(f"<html><body><div>{tag.join([SENTENCE] * 9)}</div>".encode())


def test_a_page_of_tags_without_end_takes_no_time() -> None:
    assert not has_prose(b"<a" * 500_000)
