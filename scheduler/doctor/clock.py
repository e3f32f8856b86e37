"""Clock and zone: whether ours is right by those of others, and when the next digest goes out."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from importlib.metadata import PackageNotFoundError, version
from itertools import pairwise
from statistics import median
from zoneinfo import ZoneInfo

from scheduler.doctor.finding import Finding, bad, good, note
from scheduler.doctor.installation import Installation
from scheduler.periods import latest_cut_off
from storage.errors import ArchiveError, RasidError

_NOTED, _WRONG = 5.0, 60.0  # seconds
_WEEK = timedelta(days=7)
_AHEAD = 400  # days in which a zone's next change of clocks is looked for


def examine_clock(installation: Installation) -> Iterator[Finding]:
    """Our clock against others, the zone of the digest, the digest's next day."""
    yield from _server(installation)
    yield from _sites(installation)
    now = installation.clock()
    zone = ZoneInfo(installation.settings.digest.timezone)
    yield good("zone", f"{zone.key} is UTC{now.astimezone(zone):%z}{_change(now, zone)}{_tables()}")
    yield _digest(installation, now, zone)


def _server(installation: Installation) -> Iterator[Finding]:
    before = installation.clock()
    try:
        told = installation.portrait().now
    except ArchiveError:  # the subject database says it
        return
    if told is not None:
        middle = before + (installation.clock() - before) / 2
        yield _compared("server", (middle - told).total_seconds(), "the clock of PostgreSQL's machine")


def _sites(installation: Installation) -> Iterator[Finding]:
    try:
        asked = installation.access(some=True)
    except RasidError:  # the subject sources says it
        return
    ahead = [seconds for each in asked for seconds in each.ahead]
    failed = next((each.failed for each in asked if each.failed), "")
    if ahead:
        yield _compared("sites", median(ahead), f"the clocks of sites ({len(ahead)} answers)")
    elif failed:
        yield note("sites", f"no site could be asked the time: {failed}")
    else:
        yield note("sites", "no site has told the time; see that the system keeps it (timedatectl)")


def _compared(what: str, ahead: float, other: str) -> Finding:
    behind = "behind" if ahead < 0 else "ahead of"
    said = f"our clock is {abs(ahead):,.1f} s {behind} {other}"
    if abs(ahead) < _NOTED:
        return good(what, said)
    verdict = bad if abs(ahead) >= _WRONG else note
    return verdict(what, f"{said}; let the system keep the time (NTP), see timedatectl")


def _change(now: datetime, zone: ZoneInfo) -> str:
    days = (now + timedelta(days=each) for each in range(_AHEAD))
    found = next(
        (late for early, late in pairwise(days) if early.astimezone(zone).utcoffset() != _offset(late, zone)),
        None,
    )
    return f"; the clocks change about {found.astimezone(zone):%Y-%m-%d}" if found else ""


def _offset(moment: datetime, zone: ZoneInfo) -> timedelta | None:
    return moment.astimezone(zone).utcoffset()


def _tables() -> str:
    try:
        return f" (tzdata {version('tzdata')} and the system's)"
    except PackageNotFoundError:
        return " (the system's tables)"


def _digest(installation: Installation, now: datetime, zone: ZoneInfo) -> Finding:
    chosen = installation.settings.digest
    at = time(chosen.hour, chosen.minute)
    due = latest_cut_off(now + _WEEK, day=chosen.day, at=at, zone=zone)
    told = f"{due.astimezone(zone):%A %Y-%m-%d %H:%M} in {zone.key}, {due.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    return good("digest", f"the next one goes out on {told}")
