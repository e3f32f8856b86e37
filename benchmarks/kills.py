"""Kills processes that publish and deliver, again and again, and counts who got what.

`python -m benchmarks.kills --kills 200 --database both`: two processes at a time work on one archive, as two
services would, and are killed (SIGKILL) at random moments, while issues of many series fall due day by day
and the mail server is slow, refuses for now or takes a mail and hangs up. At the end everybody must have each
issue of their series and no other, by Message-ID.
"""

import argparse
import os
import random
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from datetime import time as hours
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from zoneinfo import ZoneInfo

from benchmarks.filling import Postgresql, Sqlite
from benchmarks.moody import Moody, open_moody
from benchmarks.post_office import HOUR, TOPIC, ZONE, Clock, work
from reports.message import message_id
from storage.archive import Archive
from storage.model import DeliveryState, Schedule, Series
from tests import factories as make
from tests.children import child

FIRST = date(2026, 10, 14)  # a Wednesday; clocks are set back on the 25th
LEASE = 2.0  # seconds
LIVES = (0.05, 1.6)  # seconds of a process
PATIENCE = 180.0  # seconds until everybody has the issues of a day
OTHER, ALPHA, NEVER = "spain-morocco-migration", "alpha", "omega"
SERIES = tuple(
    Series(topic=topic, schedule=schedule, query=query)
    for schedule in Schedule
    for topic, query in ((TOPIC, ""), (OTHER, ""), (TOPIC, ALPHA), (OTHER, ALPHA), (TOPIC, NEVER))
)
Due = tuple[Series, str]  # and the name of an issue
_COLUMNS = ("kills", "periods", "mails", "repeats", "missing", "twice", "seconds")
_PERIODS = (Schedule.WEEKLY, Schedule.DAILY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """What came of it."""

    kills: int
    periods: int  # issues of all series
    mails: int  # by Message-ID
    repeats: int  # of the same Message-ID
    missing: tuple[str, ...]
    twice: tuple[str, ...]  # nobody should have had them
    wrong: tuple[str, ...]  # whatever else is not as it should be
    seconds: float

    @property
    def is_right(self) -> bool:
        """Whether everybody got what they should, once."""
        return not (self.missing or self.twice or self.wrong)


@dataclass(frozen=True, slots=True)
class _Reader:
    address: str
    series: Series
    empty: bool


@dataclass(slots=True)
class _Soak:
    """A run: who gets what, and what has fallen due."""

    archive: Archive
    clock: Clock
    chance: random.Random
    readers: tuple[_Reader, ...]
    due: dict[Due, bool] = field(default_factory=dict)  # whether it has a story
    news: dict[tuple[Schedule, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    articles: int = 0

    def day(self, day: date, *, alerts: int, early: bool = False) -> None:
        """Let a day go by and its issues fall due; wait until everybody has them. Where they went out too
        early, what is told now is for the next ones."""
        due = self._issues(day) if early else {}
        for topic in (TOPIC, OTHER):
            self._tell(topic, ALPHA if self.chance.random() < 0.7 else "beta", "quiet")
        topics = self.chance.choices((TOPIC, OTHER), k=alerts)
        told = [(topic, self._tell(topic, ALPHA, "loud")) for topic in topics]
        alerted: dict[Due, bool] = {
            (each, f"story-{story}"): True for topic, story in told for each in _alerted(topic)
        }
        cut_off = datetime.combine(day, hours(HOUR), ZoneInfo(ZONE))
        self._wait(alerted, self._is_out, cut_off + timedelta(hours=12))
        self.clock.set(cut_off + timedelta(minutes=self.chance.uniform(0.1, 90)))
        due = due or self._issues(day)
        self._wait(due, self._is_out, cut_off + timedelta(hours=20))
        self.due |= alerted | due

    def jump(self, tomorrow: date) -> bool:
        """Set the clock wrong for a while, and right again; whether it was ahead: a day, until the issues of
        tomorrow are there."""
        now, ahead = self.clock(), self.chance.random() < 0.3
        self.clock.set(now + timedelta(days=1) if ahead else now - timedelta(hours=1))
        time.sleep(0.5)
        if ahead:
            self._wait(list(_due_on(tomorrow)), self._is_stored, now + timedelta(hours=26))
        self.clock.set(now)
        return ahead

    def expected(self) -> set[str]:
        """The Message-IDs that should have come."""
        return {
            message_id(series.id, name, reader.address, "rasid@example.org")
            for (series, name), full in self.due.items()
            for reader in self.readers
            if reader.series == series and (full or reader.empty)
        }

    def _tell(self, topic: str, word: str, source: str) -> int:
        """Record an article that is a story of its own; the number of the story."""
        self.articles += 1
        for schedule in _PERIODS:
            self.news[schedule, topic].add(word)
        key, now = f"example.org/{self.articles}", self.clock()
        text = f"Words of a story about {word}, which is the {self.articles}th.\nAnd more words."
        changes = {"source": source, "title": f"Story {self.articles}", "text": text, "language": "fr"}
        account = make.account(make.article(key, published=now, **changes))
        placed = make.placement(account, seen=self.archive.neighbours(account).seen)
        verdict = make.accepted(account, placement=placed, judgements=(make.judgement(topic=topic),))
        number = self.archive.record(make.page(key, fetched=now), verdict)
        return self.archive.article(number or 0).story

    def _issues(self, day: date) -> dict[Due, bool]:
        """What falls due on a day, and whether there is something to tell."""
        due = {
            (series, name): bool(told) and (not series.query or series.query in told)
            for series, name in _due_on(day)
            for told in [self.news[series.schedule, series.topic]]
        }
        for series, _ in due:
            self.news[series.schedule, series.topic] = set()
        return due

    def _wait(self, due: Iterable[Due], is_done: Callable[[Series, str], bool], latest: datetime) -> None:
        """Wait until something is done of each issue; the clock goes on to `latest`."""
        end = time.monotonic() + PATIENCE
        for series, name in due:
            while not is_done(series, name) and time.monotonic() < end:
                time.sleep(0.05)
                if self.clock() > latest:
                    self.clock.set(latest)

    def _is_stored(self, series: Series, name: str) -> bool:
        return self.archive.posting.holds(series.id, name)

    def _is_out(self, series: Series, name: str) -> bool:
        posting = self.archive.posting
        over = (each.state is not DeliveryState.WAITING for each in posting.deliveries(series.id, name))
        return self._is_stored(series, name) and all(over)


def soak(url: str, folder: Path, *, kills: int, seed: int, readers: int = 300, days: int = 6) -> Count:
    """Kill so many processes while issues fall due, for `days` at least, on an empty archive."""
    chance, began = random.Random(seed), time.monotonic()
    with Archive(url) as archive, open_moody(seed) as moody:
        run = _Soak(archive, Clock(folder / "clock"), chance, _readers(chance, readers))
        _prepare(run)
        killer = _Killer((url, moody.port, folder, LEASE), kills, seed)
        killer.start()
        day, early = FIRST, False
        while (day - FIRST).days < days or early or not killer.done:
            day += timedelta(days=1)
            run.day(day, alerts=0 if early else chance.randrange(3), early=early)
            early = chance.random() < 0.3 and run.jump(day + timedelta(days=1))
        killer.stop()
        return _count(run, moody, killer, time.monotonic() - began)


class _Killer:
    """Two processes at a time, each killed after a moment and followed by another."""

    def __init__(self, arguments: Sequence[object], kills: int, seed: int) -> None:
        self.kills = 0
        self.crashes: list[str] = []
        self._arguments, self._wanted = arguments, kills
        self._end, self._lock = threading.Event(), threading.Lock()
        self._slots = [threading.Thread(target=self._slot, args=(seed + each,)) for each in (1, 2)]

    def start(self) -> None:
        """Begin to kill."""
        for each in self._slots:
            each.start()

    @property
    def done(self) -> bool:
        """Whether enough were killed; two go on, unharmed."""
        return self.kills >= self._wanted

    def stop(self) -> None:
        """End the last two."""
        self._end.set()
        for each in self._slots:
            each.join()

    def _slot(self, seed: int) -> None:
        chance = random.Random(seed)
        while not self._end.is_set():
            process = child(work, *self._arguments)
            process.start()
            if self.done:
                self._end.wait()
            else:
                time.sleep(chance.uniform(*LIVES))
            self._kill(process)

    def _kill(self, process: ForkServerProcess) -> None:
        if not process.is_alive():
            self.crashes.append(f"a process ended by itself: {process.exitcode}")
        process.kill()
        process.join()
        with self._lock:
            self.kills += not self._end.is_set()


def _readers(chance: random.Random, number: int) -> tuple[_Reader, ...]:
    """Addresses of one to three series each; every series has some."""
    chosen = [
        (f"reader{each}@example.org", series)
        for each in range(number)
        for series in {SERIES[each % len(SERIES)], *chance.sample(SERIES, chance.randrange(3))}
    ]
    return tuple(_Reader(address, series, chance.random() < 0.7) for address, series in chosen)


def _prepare(run: _Soak) -> None:
    run.clock.set(datetime.combine(FIRST, hours(12), ZoneInfo(ZONE)))
    sources = [make.source("quiet"), make.source("loud", weight=10.0)]
    run.archive.load_catalogue(sources, [make.topic(), make.topic(OTHER)], [])
    for reader in run.readers:
        language = run.chance.choice(("ar", "fr", "en"))
        run.archive.subscribing.add(reader.address, reader.series, language, run.clock(), empty=reader.empty)


def _due_on(day: date) -> Iterator[Due]:
    """What falls due in the morning of a day, reckoned without the product."""
    year, week, _ = (day - timedelta(days=1)).isocalendar()
    for series in SERIES:
        if series.schedule is Schedule.DAILY:
            yield series, day.isoformat()
        elif series.schedule is Schedule.WEEKLY and day.isoweekday() == 1:
            yield series, f"{year}-W{week:02}"


def _alerted(topic: str) -> Iterator[Series]:
    for series in SERIES:
        if (series.schedule, series.topic) == (Schedule.INSTANT, topic) and series.query != NEVER:
            yield series


def _count(run: _Soak, moody: Moody, killer: _Killer, seconds: float) -> Count:
    expected, taken = run.expected(), moody.taken
    stored = {(issue.series.id, issue.name) for issue in run.archive.posting.issues()}
    wrong = [finding.what for finding in run.archive.keeping.findings()] + killer.crashes
    wrong += [f"{each}: to {sorted(set(to))}" for each, to in taken.items() if len(set(to)) > 1]
    wrong += [f"{name} of {series}: not looked for" for series, name in _strange(stored, run.due)]
    return Count(
        kills=killer.kills,
        periods=len(run.due),
        mails=len(taken),
        repeats=sum(map(len, taken.values())) - len(taken),
        missing=tuple(sorted(expected - taken.keys())),
        twice=tuple(sorted(taken.keys() - expected)),
        wrong=tuple(wrong),
        seconds=seconds,
    )


def _strange(stored: set[tuple[str, str]], due: Iterable[Due]) -> list[tuple[str, str]]:
    return sorted(stored ^ {(series.id, name) for series, name in due})


def main() -> None:
    """Run on each database and print a line for each; exit 1 where something is not right."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--database", choices=("both", "sqlite", "postgresql"), default="both")
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    parser.add_argument("--readers", type=int, default=300)
    chosen = parser.parse_args()
    server = os.environ.get("RASID_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432")
    _print(f"seed {chosen.seed}, {chosen.readers} addresses, {len(SERIES)} series")
    _print(f"{'':10}" + "".join(f"{name:>9}" for name in _COLUMNS))
    right = True
    for name in ("sqlite", "postgresql") if chosen.database == "both" else (chosen.database,):
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place)
            database = Sqlite(folder, "kills") if name == "sqlite" else Postgresql(server, "kills")
            database.create()
            try:
                with Archive(database.url) as archive:
                    archive.upgrade()
                found = soak(
                    database.url, folder, kills=chosen.kills, seed=chosen.seed, readers=chosen.readers
                )
            finally:
                database.drop()
        right = right and found.is_right
        _print(_row(name, found))
    sys.exit(not right)


def _row(name: str, found: Count) -> str:
    lost = (len(found.missing), len(found.twice), round(found.seconds))
    numbers = (found.kills, found.periods, found.mails, found.repeats, *lost)
    row = f"{name:10}" + "".join(f"{number:>9,}" for number in numbers)
    return "\n".join((row, *(f"  {line}" for line in (*found.missing, *found.twice, *found.wrong))))


def _print(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
