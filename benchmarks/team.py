"""A service and its workers as processes, how they are killed, and what their database has seen."""

import random
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

SCRIPT = Path(sys.executable).with_name("rasid")
LIVES = (10.0, 60.0)  # seconds until some are killed
DEATHS = (0.5, 5.0)  # seconds until they are started again


@dataclass(frozen=True, slots=True)
class Command:
    """`rasid` in a folder, its log in a file there."""

    folder: Path
    started: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def kill(self) -> None:
        """Leave nobody behind."""
        for each in self.started:
            each.kill()
            each.wait()

    def start(self, *arguments: str, log: str) -> subprocess.Popen[bytes]:
        """Start it and leave it running."""
        with (self.folder / f"{log}.log").open("ab") as stream:
            started = subprocess.Popen([SCRIPT, *arguments], cwd=self.folder, stderr=stream, stdout=stream)
        self.started.append(started)
        return started

    def said(self, log: str) -> str:
        """What it has said."""
        return (self.folder / f"{log}.log").read_text(encoding="utf-8")


@dataclass(slots=True)
class Team:
    """Workers, two of which die again and again."""

    command: Command
    chance: random.Random
    kills: int = 0
    ended: list[str] = field(default_factory=list)  # by themselves, or not well
    _working: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def begin(self, number: int) -> None:
        """Start so many."""
        self._working = [self.command.start("worker", log=f"worker{each}") for each in range(number)]

    def kill(self, number: int, stop: threading.Event) -> None:
        """Kill so many at a time, chosen anew each time, until `stop`; all are there at the end."""
        while not stop.wait(self.chance.uniform(*LIVES)):
            chosen = self.chance.sample(range(len(self._working)), number)
            for each in chosen:
                stop.wait(self.chance.uniform(0, 3))
                self._kill(each)
            stop.wait(self.chance.uniform(*DEATHS))
            for each in chosen:
                self._working[each] = self.command.start("worker", log=f"worker{each}")

    def end(self) -> None:
        """SIGTERM to all; each has to end well."""
        for each in self._working:
            each.send_signal(signal.SIGTERM)
        for each in self._working:
            code = each.wait(60)
            if code:
                self.ended.append(f"a worker ended with {code} on SIGTERM")

    def _kill(self, number: int) -> None:
        worker = self._working[number]
        if worker.poll() is not None:
            self.ended.append(f"worker {number} ended by itself: {worker.returncode}")
        worker.kill()
        worker.wait()
        self.kills += 1


@contextmanager
def connections(url: str) -> Iterator[list[int]]:
    """How many connections the database has had, once a second, until the block ends."""
    found, over = [0], threading.Event()

    def count() -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            asked = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            while not over.wait(1):
                found.extend(each for (each,) in connection.execute(asked))

    counter = threading.Thread(target=count)
    counter.start()
    try:
        yield found
    finally:
        over.set()
        counter.join()


def stored(url: str) -> int:
    """How many articles an archive holds."""
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT count(*) FROM articles").fetchone()
    return int(row[0]) if row else 0


def in_hand(url: str) -> frozenset[str]:
    """The pages that somebody was about who died, a minute ago at least: tried again after an hour."""
    asked = "SELECT url FROM pages WHERE outcome = 'trying' AND due < now() + interval '59 minutes'"
    with psycopg.connect(url) as connection:
        return frozenset(page for (page,) in connection.execute(asked))


def let_an_hour_pass(url: str) -> None:
    """For those pages."""
    with psycopg.connect(url) as connection:
        connection.execute("UPDATE pages SET due = due - interval '1 hour' WHERE outcome = 'trying'")


def spread(seconds: Sequence[float]) -> str:
    """How long it took."""
    parts = (part(seconds, 0.5), part(seconds, 0.95), max(seconds, default=0.0))
    return "p50 {:.0f} s, p95 {:.0f} s, at most {:.0f} s".format(*parts)


def part(seconds: Sequence[float], share: float) -> float:
    """What so many of them did not exceed."""
    return sorted(seconds)[int(share * (len(seconds) - 1))] if seconds else 0.0
