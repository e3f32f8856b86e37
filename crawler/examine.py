"""The heart: a page in, a verdict out. Pure but for `neighbours`, which asks the archive."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from crawler.cheap_look import missing_sides
from crawler.clean import clean
from crawler.cleaning.barriers import barrier
from crawler.cleaning.shells import has_prose
from crawler.languages import choose_language
from crawler.relevance import judge
from crawler.rules import Rules
from crawler.stories import Ask, account, place
from storage.model import (
    Accepted,
    Account,
    Article,
    Judgement,
    Link,
    Mark,
    Page,
    Rejected,
    Relevance,
    Source,
    Status,
    Unavailable,
    Verdict,
)


def examine(
    page: Page,
    source: Source,
    rules: Rules,
    neighbours: Ask,
    repeated: frozenset[int] = frozenset(),
    marks: Iterable[Mark] = (),
) -> Verdict:
    """Decide what becomes of a page; `repeated` are the marks of lines that its source repeats.

    The `marks` of analysts are those of this page: what one of them wants kept is kept wherever there is a
    text or at least a headline, whatever the rules say. Raises PageError for a page that cannot be read.
    """
    judge = _Judge(rules, {mark.topic: mark for mark in marks})
    if page.status != 200:
        return _by_headline(page, source, judge, neighbours, Unavailable(reason=f"HTTP {page.status}"))
    instead = barrier(page.body)
    if instead:
        why = Unavailable(reason=instead.reason, kind=instead.kind)
        return why if instead.kind == "gone" else _by_headline(page, source, judge, neighbours, why)
    untouched = () if judge.must_keep else missing_sides(page, rules)
    if untouched and has_prose(page.body):
        return Rejected(reason="no trace of the topic", judgements=untouched)
    article, lines = clean(page, source, repeated)
    if article is None:  # a shell says nothing of the topic, nor does it say that the article does not
        why = Unavailable(reason="no article text", again=True)
        return _by_headline(page, source, judge, neighbours, why)
    if untouched:
        return Rejected(reason="no trace of the topic", judgements=untouched, article=article, marks=lines)
    judgements = judge.of(article)
    if not any(judgement.keeps for judgement in judgements):
        reason = "marked irrelevant" if judge.overrules(judgements) else "matches no topic"
        return Rejected(reason=reason, judgements=judgements, article=article, marks=lines)
    newcomer = account(article, rules.names, seen=page.fetched, reposts=source.reposts)
    return replace(_accept(newcomer, judgements, neighbours), marks=lines)


def by_entry(link: Link, language: str) -> Article:
    """The article as far as its entry tells it, title, summary and time; its source writes in `language`."""
    return Article(
        key=link.key,
        url=link.url,
        source=link.source,
        title=link.title,
        text=link.summary,
        language=choose_language(f"{link.title} {link.summary}", (), language),
        published=link.published,
        status=Status.HEADLINE_ONLY,
        found_by=dict.fromkeys(("title", "text", "published"), "entry"),
    )


@dataclass(frozen=True, slots=True)
class _Judge:
    """The rules, and by topic the mark that outweighs them on this page."""

    rules: Rules
    marks: Mapping[str, Mark]

    @property
    def must_keep(self) -> bool:
        """Whether the page is kept whatever the rules say."""
        return any(self.marks[each.id].keeps for each in self.rules.topics if each.id in self.marks)

    def of(self, article: Article) -> tuple[Judgement, ...]:
        """What the article is to each topic."""
        return tuple(each.marked(self.marks.get(each.topic)) for each in judge(article, self.rules))

    def overrules(self, judgements: Iterable[Judgement]) -> bool:
        """Whether the rules alone would keep what they are of."""
        return any(each.marked(None).keeps for each in judgements)


def _by_headline(page: Page, source: Source, judge: _Judge, neighbours: Ask, why: Unavailable) -> Verdict:
    """The verdict where the body cannot be had: what the entry said must be relevant by itself."""
    article = by_entry(page.link, source.language)
    judgements = judge.of(article)
    if not (article.title or article.text) or not any(
        each.relevance is Relevance.RELEVANT for each in judgements
    ):
        return why
    newcomer = account(article, judge.rules.names, seen=page.fetched, reposts=source.reposts)
    return _accept(newcomer, judgements, neighbours)


def _accept(newcomer: Account, judgements: tuple[Judgement, ...], neighbours: Ask) -> Accepted:
    placement = place(newcomer, neighbours(newcomer))
    return Accepted(article=newcomer.article, judgements=judgements, placement=placement)
