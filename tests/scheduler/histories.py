"""Invented histories of sources: what crawls came to, hour by hour, for weeks."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from storage.model import CrawlDay, CrawlReport, Problem, SourceHealth
from tests import factories as make

NOW = datetime(2026, 11, 19, 0, 30, tzinfo=UTC)  # a Thursday, just after midnight
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
Tell = Callable[[datetime], dict[str, Any]]


def history(
    weeks: Iterable[Tell], *, days: int = 28, every: timedelta = 2 * HOUR, until: datetime = NOW
) -> SourceHealth:
    """What is known after crawls of the last `days`, two hours apart.

    Each of `weeks` says what a crawl at a moment came to, the later over the earlier ones.
    """
    tellers = tuple(weeks)
    moments = [until - 2 * HOUR * number for number in range(days * 12, -1, -1)]
    reports = []
    for at in moments:
        told: dict[str, Any] = {}
        for tell in tellers:
            told |= tell(at)
        reports.append(make.crawl_report(**({"started": at, "finished": at} | told)))
    return known(reports)


def known(reports: Iterable[CrawlReport]) -> SourceHealth:
    """What the archive would know of these crawls, the earliest first."""
    reports = tuple(reports)
    days: dict[Any, CrawlDay] = {}
    for number, report in enumerate(reports):
        at = report.finished
        day = days.get(at.date()) or CrawlDay(day=at.date(), first=at, last=at)
        days[at.date()] = day.with_crawl(report, first_contact=number == 0)
    latest = sorted(days.values(), key=lambda each: each.day, reverse=True)
    return SourceHealth(source="example", crawls=reports[:-31:-1], days=tuple(latest[:57]))


def publishing(a_day: float, *, weekend: float | None = None, night: bool = False) -> Tell:
    """So many links a day, evenly, in crawls two hours apart; at night (0 to 6 UTC) none if `night`."""

    def tell(at: datetime) -> dict[str, Any]:
        rate = weekend if weekend is not None and at.weekday() >= 5 else a_day
        hours = at.hour // 2
        new = 0 if night and at.hour < 6 else int(rate * (hours + 1) / 12) - int(rate * hours / 12)
        return {"new": new, "found": 30, "extracted": new, "fields": fields(new)}

    return tell


def fields(pages: int, **changes: int) -> dict[str, int]:
    """Pages that have everything but a subtitle."""
    return dict.fromkeys(("title", "text", "published", "authors"), pages) | changes


def since(ago: timedelta, **told: Any) -> Tell:
    """From then on crawls came to this."""
    return lambda at: told if at > NOW - ago else {}


def problem(what: str) -> tuple[Problem, ...]:
    """One problem of the feed."""
    return (Problem(source="example", where="https://example.ma/feed", what=what),)


NOTHING: dict[str, Any] = {"new": 0, "extracted": 0, "fields": {}}
UNCHANGED: dict[str, Any] = NOTHING | {"found": 0, "entries": {"unchanged": 1}}
REFUSED: dict[str, Any] = NOTHING | {
    "found": 0,
    "entries": {"refused": 1},
    "errors": {"blocked": 1},
    "outcome": "paused",
    "problems": problem("HTTP 403; the site refuses us"),
}
DOWN: dict[str, Any] = NOTHING | {
    "found": 0,
    "entries": {"down": 1},
    "errors": {"timeout": 1},
    "problems": problem("timeout; no answer within 30 s"),
}
UNREADABLE: dict[str, Any] = NOTHING | {
    "found": 0,
    "entries": {"unreadable": 1},
    "problems": problem("none of its 40 links is an article; see article_url in example.toml"),
}
