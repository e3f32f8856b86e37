"""rasid sources health: how the sources do, for people and for monitors."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from scheduler.cli.options import Config, Json, create_archive, tell_problems
from scheduler.cli.output import day, isolated, print_line, print_table
from scheduler.cli.rows import write_json
from scheduler.loading import load_settings
from storage.model import Missed, Source, SourceHealth, Standing, State

if TYPE_CHECKING:
    from storage.archive import Archive

_MONTH = timedelta(days=28)
_MOST = 2000  # stories that the recall audit looks at
_UNITS = ((timedelta(days=2), timedelta(days=1), "d"), (timedelta(hours=2), timedelta(hours=1), "h"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """One source as this command shows it."""

    source: Source
    health: SourceHealth
    standing: Standing
    interval: timedelta  # between two crawls
    next_turn: datetime
    latency: timedelta | None  # median from publication to record
    coverage: dict[str, float]  # share of the pages of four weeks that had a field


def health(
    names: Annotated[list[str] | None, typer.Argument(metavar="SOURCE...", help="Default: all.")] = None,
    missed: Annotated[
        bool, typer.Option("--missed", help="What others report and the archive lacks, and why.")
    ] = False,
    days: Annotated[int, typer.Option(min=1, max=28, help="How far back --missed looks.")] = 7,
    json: Json = False,
    config: Config = None,
) -> None:
    """Say how each source does: its state, since when and why; of a named one also fields and errors."""
    from scheduler import jobs

    settings = load_settings(config)
    now = datetime.now(UTC)
    known, problems = jobs.read_catalogue(settings)
    chosen = jobs.choose(known, names) if names else known
    if missed:
        with create_archive(settings) as archive:
            _tell_missed(_missed(archive, known, chosen, now - timedelta(days=days)), json=json)
        tell_problems(problems)
        return
    with create_archive(settings) as archive:
        looked = _look(archive, chosen, now)
    if json:
        write_json([_row(each) for each in looked])
    else:
        _print(looked if names else tuple(each for each in looked if each.source.enabled), now)
        for each in looked if names else ():
            _print_details(each)
    tell_problems(problems)


def _missed(
    archive: "Archive", known: Iterable[Source], chosen: Iterable[Source], since: datetime
) -> tuple[Missed, ...]:
    """What the archive lacks of the time since then: of all outlets, or of the chosen sources alone."""
    from crawler.audit import missed

    names, all_names = {each.id for each in chosen}, {each.id for each in known}
    found = missed(
        tips=archive.tips.since(since),
        heard=archive.tips.heard(since),
        stories=(story for story in archive.stories(limit=_MOST) if story.last >= since),
        sources=known,
    )
    return tuple(each for each in found if names == all_names or each.outlet in names)


def _tell_missed(found: tuple[Missed, ...], *, json: bool) -> None:
    if json:
        write_json(found)
        return
    rows = ((each.outlet, isolated(each.title), each.said_by, each.reason) for each in found)
    print_table(("outlet", "headline", "reported by", "why it is not here"), rows)


def _look(archive: "Archive", sources: Iterable[Source], now: datetime) -> tuple[Looked, ...]:
    from scheduler.health import interval, judge_all, next_turn
    from scheduler.health.coverage import coverage

    sources = tuple(sources)
    known = {each.source: each for each in archive.health()}
    standings = judge_all(sources, known.values(), archive.watching.standings(), now)
    looked = []
    for source, standing in zip(sources, standings, strict=True):
        found = known.get(source.id, SourceHealth(source=source.id))
        days = [each for each in found.days if now - each.last <= _MONTH]
        since = days[-1].first if days else now
        looked.append(
            Looked(
                source=source,
                health=found,
                standing=standing,
                interval=interval(source, found, now),
                next_turn=next_turn(source, found, now),
                latency=archive.watching.latency(source.id, since),
                coverage=coverage(days),
            )
        )
    return tuple(looked)


def _row(looked: Looked) -> dict[str, Any]:
    """A source in the shape scripts rely on; times are in UTC, lengths in minutes."""
    found, standing = looked.health, looked.standing
    return {
        "source": looked.source.id,
        "name": looked.source.name,
        "enabled": looked.source.enabled,
        "state": standing.state,
        "since": standing.since,
        "why": standing.why,
        "crawls_so": standing.crawls,
        "last_crawl": found.last_crawl,
        "failures": found.failures,
        "last_article": found.last_article,
        "paused_until": found.paused_until,
        "interval": _minutes(looked.interval),
        "next_turn": looked.next_turn if looked.source.enabled else None,
        "latency": _minutes(looked.latency) if looked.latency is not None else None,
        "coverage": {name: round(share, 3) for name, share in looked.coverage.items()},
        "errors": _errors(found),
        "days": found.days,
    }


def _print(looked: tuple[Looked, ...], now: datetime) -> None:
    columns = ("source", "state", "for", "crawled", "article", "every", "next", "latency")
    print_table(columns, (_cells(each, now) for each in looked))
    for each in sorted(looked, key=lambda one: not one.standing.state.is_bad):
        if each.standing.why:
            style = "bold" if each.standing.state.is_bad else ""
            print_line(f"{each.source.id}: {each.standing.why}", style)
    count = Counter(each.standing.state for each in looked)
    states = ", ".join(f"{count[state]} {state}" for state in State if count[state])
    print_line(f"{len(looked)} watched: {states}" if looked else "no source is watched")


def _cells(looked: Looked, now: datetime) -> tuple[object, ...]:
    found, since = looked.health, looked.standing.since
    last = found.last_crawl
    return (
        looked.source.id,
        looked.standing.state,
        _length(now - since) if since else "",
        f"{_length(now - last.finished)} ago" if last else "never",
        f"{_length(now - found.last_article)} ago" if found.last_article else "none",
        _length(looked.interval),
        f"in {_length(looked.next_turn - now)}" if looked.next_turn > now else "now",
        _length(looked.latency) if looked.latency is not None else "",
    )


def _print_details(looked: Looked) -> None:
    crawl = looked.health.last_crawl
    print_line()
    print_line(f"{looked.source.id} ({looked.source.name})", "bold")
    if looked.standing.since:
        print_line(f"  {looked.standing.state} since {day(looked.standing.since)} UTC")
    if crawl:
        print_line(
            f"  last crawl {day(crawl.finished)} UTC, {crawl.outcome}: {crawl.found} links, {crawl.new} new, "
            f"{crawl.fetched} fetched, {crawl.relevant} relevant, {crawl.borderline} borderline"
        )
    for title, counts in (
        ("entries", crawl.entries if crawl else {}),
        ("rejected", crawl.rejected if crawl else {}),
        ("unavailable", crawl.unavailable if crawl else {}),
        ("errors of the last crawls", _errors(looked.health)),
        ("fields of four weeks", {name: f"{share:.0%}" for name, share in looked.coverage.items()}),
    ):
        if counts:
            print_line(f"  {title}: " + ", ".join(f"{name} {counts[name]}" for name in sorted(counts)))
    for problem in crawl.problems if crawl else ():
        print_line(f"  {problem.where}: {problem.what}")


def _errors(health: SourceHealth) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for crawl in health.crawls:
        counts.update(crawl.errors)
    return dict(counts)


def _length(length: timedelta) -> str:
    """A length of time at a glance: 5 min, 3 h, 12 d."""
    for least, unit, name in _UNITS:
        if length >= least:
            return f"{length // unit} {name}"
    return f"{max(0, round(length.total_seconds() / 60))} min"


def _minutes(length: timedelta) -> float:
    return round(length.total_seconds() / 60, 1)
