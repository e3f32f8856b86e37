"""The heart: a page in, a verdict out. Pure but for `neighbours`, which asks the archive."""

from collections.abc import Callable
from dataclasses import replace

from crawler.cheap_look import missing_sides
from crawler.clean import clean
from crawler.cleaning.barriers import barrier
from crawler.cleaning.shells import has_prose
from crawler.languages import choose_language
from crawler.relevance import judge
from crawler.rules import Rules
from crawler.stories import account, place
from storage.model import (
    Accepted,
    Account,
    Article,
    Judgement,
    Neighbours,
    Page,
    Rejected,
    Relevance,
    Source,
    Status,
    Unavailable,
    Verdict,
)

Ask = Callable[[Account], Neighbours]


def examine(
    page: Page, source: Source, rules: Rules, neighbours: Ask, repeated: frozenset[int] = frozenset()
) -> Verdict:
    """Decide what becomes of a page; `repeated` are the marks of lines that its source repeats.

    Raises PageError for a page that cannot be read at all.
    """
    if page.status != 200:
        return _by_headline(page, source, rules, neighbours, Unavailable(reason=f"HTTP {page.status}"))
    instead = barrier(page.body)
    if instead:
        why = Unavailable(reason=instead.reason, kind=instead.kind)
        return why if instead.kind == "gone" else _by_headline(page, source, rules, neighbours, why)
    untouched = missing_sides(page, rules)
    if untouched and has_prose(page.body):
        return Rejected(reason="no trace of the topic", judgements=untouched)
    article, marks = clean(page, source, repeated)
    if article is None:  # a shell says nothing of the topic, nor does it say that the article does not
        why = Unavailable(reason="no article text", again=True)
        return _by_headline(page, source, rules, neighbours, why)
    if untouched:
        return Rejected(reason="no trace of the topic", judgements=untouched, article=article, marks=marks)
    judgements = judge(article, rules)
    if not any(judgement.keeps for judgement in judgements):
        return Rejected(reason="matches no topic", judgements=judgements, article=article, marks=marks)
    return replace(_accept(article, judgements, source, rules, neighbours), marks=marks)


def _by_headline(page: Page, source: Source, rules: Rules, neighbours: Ask, why: Unavailable) -> Verdict:
    """The verdict where the body cannot be had: what the entry said must be relevant by itself."""
    link = page.link
    article = Article(
        key=link.key,
        url=link.url,
        source=source.id,
        title=link.title,
        text=link.summary,
        language=choose_language(f"{link.title} {link.summary}", (), source.language),
        published=link.published,
        status=Status.HEADLINE_ONLY,
        found_by=dict.fromkeys(("title", "text", "published"), "entry"),
    )
    judgements = judge(article, rules)
    if not any(judgement.relevance is Relevance.RELEVANT for judgement in judgements):
        return why
    return _accept(article, judgements, source, rules, neighbours)


def _accept(
    article: Article, judgements: tuple[Judgement, ...], source: Source, rules: Rules, neighbours: Ask
) -> Accepted:
    newcomer = account(article, rules.names, reposts=source.reposts)
    return Accepted(article=article, judgements=judgements, placement=place(newcomer, neighbours(newcomer)))
