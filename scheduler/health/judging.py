"""How a source stands, judged from its own crawls. Pure.

The last crawls are asked first: did the site answer, and with what? A source that answers is then measured
against its own weeks before: rhythm and coverage.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import takewhile

from scheduler.health.coverage import loss, shows
from scheduler.health.rhythm import drought, flows, silence
from storage.model import CrawlReport, Source, SourceHealth, Standing, State

_REFUSALS = ("HTTP 401", "HTTP 402", "HTTP 403", "HTTP 451", "forbidden by robots.txt")
_FAILED = ("refused", "down", "unreadable")  # of READINGS
LINKS = "links"
_MANY = 3  # refused pages count as all of them
_LINE = 200  # characters
Crawls = Sequence[CrawlReport]


def judge_all(
    sources: Iterable[Source], health: Iterable[SourceHealth], noted: Iterable[Standing], now: datetime
) -> tuple[Standing, ...]:
    """How each of the sources stands now; as `judge`."""
    known = {each.source: each for each in health}
    before = {each.source: each for each in noted}
    return tuple(
        judge(each, known.get(each.id, SourceHealth(source=each.id)), now, before.get(each.id))
        for each in sources
    )


def judge(source: Source, health: SourceHealth, now: datetime, before: Standing | None = None) -> Standing:
    """How the source stands now.

    before: as it was noted last. Trouble may be older than the known crawls, and what a source has lost is
    lost until it is seen again, however long that takes.
    """
    standing = _judge(source, health, now, before)
    if before and before.lacks and standing.state.is_bad and not standing.lacks:
        return replace(standing, lacks=before.lacks, usual=before.usual)
    return standing


def _judge(source: Source, health: SourceHealth, now: datetime, before: Standing | None) -> Standing:
    crawls = tuple(each for each in health.crawls if each.outcome != "stopped")
    if not crawls:
        return Standing(source=source.id, state=State.HEALTHY, why="not crawled yet")
    state = _trouble(source, crawls[0])
    if state:
        run: Crawls = tuple(takewhile(lambda each: _trouble(source, each), crawls))
        return _standing(source, state, _begin(state, run, crawls, before), _said(crawls[0]), run)
    refused = _refused_pages(crawls)
    if refused >= _MANY and source.tier == 1:
        run = _refusing(crawls)
        why = f"the entries answer, but the last {refused} article pages were refused"
        return _standing(source, State.BLOCKED, _begin(State.BLOCKED, run, crawls, before), why, run)
    return _of_weeks(source, health, now, before) or _healthy(source, crawls, refused, before)


def _trouble(source: Source, crawl: CrawlReport) -> State | None:
    """What the crawl by itself says of the source; None: it answered."""
    if crawl.outcome in ("killed", "broken"):
        return State.FAILING
    if crawl.answered:
        return State.BLOCKED if crawl.outcome == "paused" and source.tier == 1 else None
    if crawl.entries.get("refused") or crawl.errors.get("robots") or crawl.errors.get("challenge"):
        return State.BLOCKED
    return State.BROKEN if crawl.entries.get("unreadable") or crawl.entries.get("absent") else State.FAILING


def _of_weeks(
    source: Source, health: SourceHealth, now: datetime, before: Standing | None
) -> Standing | None:
    """What the last weeks say of a source that answers; None: nothing."""
    known = before.since if before and before.state is State.BROKEN else None
    lost = loss(health, known)
    if lost:
        why = f"{lost.name} on {lost.has:.0%} of the last {lost.pages} pages, on {lost.had:.0%} before"
        return _lost(source, health, lost.since, why, lost.name, lost.had)
    dry = drought(health.days, now)
    if dry:
        why = f"{dry.found or 'no'} new links in {dry.days} days, usually {dry.usual:.0f} a day"
        return _lost(source, health, dry.since, why, LINKS, dry.usual)
    if before and before.lacks and not _found_again(before, health, now):
        since = before.since or now
        return _lost(source, health, since, _still(before), before.lacks, before.usual)
    quiet = silence(health.days, now)
    if quiet:
        since, usual = quiet
        why = f"nothing new for {(now - since).days} days, usually for {usual} at most"
        return _standing(source, State.QUIET, since, why, _since(health.crawls, since))
    return None


def _lost(
    source: Source, health: SourceHealth, since: datetime, why: str, lacks: str, usual: float
) -> Standing:
    standing = _standing(source, State.BROKEN, since, why, _since(health.crawls, since))
    return replace(standing, lacks=lacks, usual=usual)


def _found_again(before: Standing, health: SourceHealth, now: datetime) -> bool:
    if before.lacks == LINKS:
        return flows(health.days, now, before.usual)
    return shows(health, before.lacks)


def _still(before: Standing) -> str:
    """Why trouble of which the weeks before are no longer known goes on."""
    if before.lacks == LINKS:
        return f"still no new links to speak of, once {before.usual:.0f} a day"
    return f"{before.lacks} still not found on the latest pages, on {before.usual:.0%} before"


def _healthy(source: Source, crawls: Crawls, refused: int, before: Standing | None) -> Standing:
    run = tuple(takewhile(lambda each: not _trouble(source, each), crawls))
    since = _begin(State.HEALTHY, run, crawls, before)
    if before and before.state in (State.QUIET, State.BROKEN):
        since = crawls[0].started  # earlier crawls were answered, but no sign of health
    return _standing(source, State.HEALTHY, since, _but(crawls[0], refused), run)


def _but(crawl: CrawlReport, refused: int) -> str:
    """What to know of a source that is well."""
    failed = sum(
        number for name, number in crawl.entries.items() if name not in ("read", "unchanged", "absent")
    )
    if failed:
        return f"{failed} of {sum(crawl.entries.values())} entries cannot be read: {_said(crawl)}"
    if refused >= _MANY:
        return "article pages are refused: headlines and summaries alone"
    return f"possible gap: all links of {crawl.gaps[0]} were new" if crawl.gaps else ""


def _refused_pages(crawls: Crawls) -> int:
    """How many pages in a row were refused, the latest first; 0 if the latest ones could be had."""
    return sum(map(_refused, _refusing(crawls)))


def _refusing(crawls: Crawls) -> Crawls:
    """The latest crawls, back to the first since which every page was refused."""
    run = tuple(takewhile(lambda each: not _had_pages(each), crawls))
    return run[: max((number for number, each in enumerate(run, 1) if _refused(each)), default=0)]


def _refused(crawl: CrawlReport) -> int:
    """How many article pages were refused; the errors count entries, too."""
    by_reason = sum(crawl.unavailable.get(each, 0) for each in _REFUSALS)
    by_kind = sum(crawl.errors.get(each, 0) for each in ("blocked", "challenge", "robots"))
    return max(by_reason, by_kind - sum(crawl.entries.get(each, 0) for each in _FAILED))


def _had_pages(crawl: CrawlReport) -> bool:
    return bool(crawl.extracted or crawl.bodyless or sum(crawl.rejected.values()))


def _begin(state: State, run: Crawls, crawls: Crawls, before: Standing | None) -> datetime:
    """When a run of crawls began, which may be before the first one that is known."""
    began = run[-1].started
    if len(run) == len(crawls) and before and before.state is state and before.since:
        return min(began, before.since)
    return began


def _since(crawls: Crawls, since: datetime) -> Crawls:
    return tuple(each for each in crawls if each.finished > since and each.outcome != "stopped")


def _said(crawl: CrawlReport) -> str:
    """What the crawl told of its trouble, on one line."""
    if not crawl.problems:
        return "no entry answered"
    ended_early = crawl.outcome in ("paused", "broken", "killed")
    problem = crawl.problems[-1 if ended_early else 0]
    line = " ".join(f"{problem.where}: {problem.what}".split())
    return line if len(line) <= _LINE else f"{line[: _LINE - 1]}…"


def _standing(source: Source, state: State, since: datetime, why: str, run: Crawls) -> Standing:
    return Standing(source=source.id, state=state, since=since, why=why, crawls=len(run))
