"""Paying beforehand what the first page costs a process: patterns and lists are made on first use. Pure."""

from datetime import UTC, datetime

from crawler.cheap_look import missing_sides
from crawler.clean import extract
from crawler.languages import choose_language
from crawler.relevance import judge
from crawler.rules import Rules
from crawler.stories import account
from storage.model import Entry, EntryKind, Link, Page, Source

_WORDS = {
    "ar": "أعيد فتح سوق الحي بعد أشغال دامت شهرا كاملا، وقال سكان إنهم سعداء بذلك.",
    "fr": "Le marché du quartier a rouvert après un mois de travaux, au bonheur des habitants.",
    "en": "The market of the quarter was opened again after a month of works, people were glad.",
    "es": "El mercado del barrio abrió de nuevo tras un mes de obras, para alegría de los vecinos.",
}
_HOST = "https://warming.example"


def warm(rules: Rules) -> None:
    """Read and judge an invented page of each language, for nothing: 3 s once, in place of those of each
    process that is forked from this one."""
    for language, words in _WORDS.items():
        page, source = _page(words), _source(language)
        missing_sides(page, rules)
        choose_language(words * 5, (), language)
        article = extract(page, source)
        if article is not None:
            judge(article, rules)
            account(article, rules.names)


def _page(words: str) -> Page:
    text = f"<title>{words}</title><article><h1>{words}</h1>{f'<p>{words * 4}</p>' * 5}</article>"
    url = f"{_HOST}/1.html"
    return Page(
        link=Link(url=url, key=url, source="warming"),
        url=url,
        status=200,
        body=f"<!DOCTYPE html><html>{text}</html>".encode(),
        fetched=datetime(2026, 1, 1, tzinfo=UTC),
    )


def _source(language: str) -> Source:
    return Source(
        id="warming",
        name="warming",
        country="",
        language=language,
        timezone="UTC",
        article_url="warming",
        entries=(Entry(kind=EntryKind.FEED, url=f"{_HOST}/feed"),),
    )
