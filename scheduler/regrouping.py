"""Applying changed rules and names to the stories: every article is placed anew where it belongs."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from crawler.rules import Rules
from crawler.stories import account, settle
from storage.archive import Archive
from storage.model import ArchivedArticle, Placement


@dataclass(frozen=True, slots=True, kw_only=True)
class Regrouped:
    """What it came to."""

    articles: int = 0  # looked at
    moved: int = 0  # that are in another story than before


def regroup(
    archive: Archive, rules: Rules, since: datetime | None, tell: Callable[[Regrouped], None]
) -> Regrouped:
    """Place what was recorded since then (None: ever) by these rules, the earliest recorded first.

    What an analyst said holds. It may be stopped and begun again: each article is placed by itself. `tell`
    hears how far it has come.
    """
    outcome = Regrouped()
    for some in archive.judging.articles(since):
        moved = sum(_moved(archive, rules, each) for each in some)
        outcome = Regrouped(articles=outcome.articles + len(some), moved=outcome.moved + moved)
        tell(outcome)
    return outcome


def _moved(archive: Archive, rules: Rules, each: ArchivedArticle) -> bool:
    """Place an article; whether it is in another story now."""

    def keep(placement: Placement) -> bool:
        return archive.judging.regroup(each, placement) and placement.account.story != each.story

    told = account(each.article, rules.names, seen=each.recorded, reposts=each.reposts)
    return settle(archive, replace(told, story=each.story), keep)
