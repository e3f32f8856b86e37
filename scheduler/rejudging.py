"""Applying changed rules to the archive: articles are judged anew, rejected pages fetched again."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from importlib.metadata import version

from crawler.rejudging import Change, changes, is_unwanted, judged_anew, worth_another_look
from crawler.rules import Rules, fingerprint
from storage.archive import Archive
from storage.model import ArchivedArticle, Judgement, LostPage, Relevance, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is to be judged anew; nothing is written unless `apply`."""

    now: datetime
    topic: str | None = None  # None: all
    since: datetime | None = None  # recorded or rejected since then; None: ever
    fetch: datetime | None = None  # all that was rejected since then is fetched again
    apply: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Another:
    """A rejected page that is fetched again; without `judgement` because it was rejected lately."""

    page: LostPage
    judgement: Judgement | None = None


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What it comes to, or would."""

    articles: int = 0  # looked at
    moved: Counter[tuple[str, Relevance | None, Relevance | None]] = field(default_factory=Counter)
    otherwise: int = 0  # judgements of which only score or evidence change
    pages: int = 0  # rejected ones looked at
    again: Counter[str] = field(default_factory=Counter)  # source -> pages that may be kept
    lately: Counter[str] = field(default_factory=Counter)  # source -> other pages, rejected lately

    def count(self, change: Change) -> None:
        """Note what becomes of a judgement."""
        if change.moves:
            self.moved[(change.topic, *change.relevance)] += 1
        else:
            self.otherwise += 1


Tell = Callable[[Change | Another], None]


def rejudge(
    archive: Archive, rules: Rules, sources: Mapping[str, Source], asked: Asked, tell: Tell
) -> Outcome:
    """Judge the archive by these rules; `tell` hears each article that moves and each page that may be kept.

    Marks stay. What is asked for twice changes nothing the second time.
    """
    judged_by = fingerprint(rules, version("rasid"))
    if asked.apply:
        archive.judging.use_rules(judged_by, asked.now)
    walk = _Walk(archive=archive, rules=rules, sources=sources, asked=asked, tell=tell, judged_by=judged_by)
    walk.judge_articles()
    walk.choose_pages()
    if asked.apply and asked.topic is None and asked.since is None:
        archive.judging.has_rejudged(asked.now)
    return walk.outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class _Walk:
    """One way through the archive, some articles and pages at a time."""

    archive: Archive
    rules: Rules
    sources: Mapping[str, Source]
    asked: Asked
    tell: Tell
    judged_by: str  # fingerprint of the rules
    outcome: Outcome = field(default_factory=Outcome)

    def judge_articles(self) -> None:
        for some in self.archive.judging.articles(self.asked.since):
            self.outcome.articles += len(some)
            anew = [after for before in some if (after := self._judged(before)) is not None]
            if self.asked.apply and anew:
                self.archive.judging.rejudge(anew)

    def _judged(self, before: ArchivedArticle) -> ArchivedArticle | None:
        """The article as it is judged now, if that is otherwise."""
        after = judged_anew(before, self.rules, self.asked.topic)
        changed = changes(before, after)
        for change in changed:
            self.outcome.count(change)
            if change.moves:
                self.tell(change)
        return after if changed else None

    def choose_pages(self) -> None:
        for some in self.archive.judging.rejected(_earliest(self.asked)):
            self.outcome.pages += len(some)
            chosen = [each for page in some if (each := self._chosen(page)) is not None]
            for each in chosen:
                (self.outcome.again if each.judgement else self.outcome.lately)[each.page.link.source] += 1
                if each.judgement:
                    self.tell(each)
            if self.asked.apply and chosen:
                self.archive.judging.fetch_again([each.page.link.key for each in chosen], self.asked.now)

    def _chosen(self, page: LostPage) -> Another | None:
        """A page to fetch again: not what analysts do not want, nor what no source of ours would fetch."""
        source, asked = self.sources.get(page.link.source), self.asked
        if source is None or is_unwanted(page, self.rules, asked.topic):
            return None
        is_asked_for = asked.since is None or _is_since(page, asked.since)
        judgement = None
        if is_asked_for and page.rules != self.judged_by:
            judgement = worth_another_look(page, source, self.rules, asked.topic)
        if judgement or (asked.fetch and _is_since(page, asked.fetch)):
            return Another(page=page, judgement=judgement)
        return None


def _is_since(page: LostPage, moment: datetime) -> bool:
    return page.decided is not None and page.decided >= moment


def _earliest(asked: Asked) -> datetime | None:
    """Since when a rejected page may be wanted."""
    if asked.since is None or asked.fetch is None:
        return asked.since
    return min(asked.since, asked.fetch)
