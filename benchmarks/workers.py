"""Kills workers at random moments while sixty newspapers publish, and looks whether anybody could tell.

`python -m benchmarks.workers --minutes 10`: a service that queues, and three workers, of which two at random
moments are killed (SIGKILL) and started again. At the end every article on the topic is stored once, no host
was asked twice at a time or too soon, crawls began in time, and no task is left. What was in hand at a kill
is tried again after an hour, which is not waited for. Needs PostgreSQL (RASID_TEST_POSTGRES) and the extra
`scale`.
"""

import argparse
import os
import random
import re
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

from benchmarks.filling import Postgresql
from benchmarks.papers import Town, open_town
from benchmarks.team import Command, Team, connections, in_hand, let_an_hour_pass, part, spread, stored
from crawler.urls import url_key
from scheduler.settings import Database, Settings, Work
from scheduler.workers import queue_lengths
from storage.archive import Archive
from storage.model import CrawlReport

EVERY = (1.0, 3.0)  # seconds between two articles
RELEVANT = 0.6  # share of them
PATIENCE = 300.0  # seconds in which what was published last is to be stored
LATE, TYPICAL = 120.0, 60.0  # seconds from a due moment to the crawl: the longest wait, and of 95 in 100
SHORTEST = 0.9  # times [crawl] delay: a request that was slow to arrive makes the next pause look shorter


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a run came to."""

    published: int  # on the topic
    stored: int
    missing: tuple[str, ...]
    crawls: Counter[str]  # by outcome
    requests: int
    repeats: int  # of the same article: a crawl was killed between asking for it and keeping it
    kills: int
    rescued: int
    connections: int
    meetings: tuple[str, ...]
    shortest: float  # pause between two requests to a host
    short: tuple[str, ...]  # pauses that were too short
    late: tuple[float, ...]
    kept_after: tuple[float, ...]
    left: int  # tasks
    in_hand: int  # articles that somebody was about who died: stored after the pause of an hour, cut short
    ended: tuple[str, ...]  # processes that did not end as they should

    def wrong(self) -> Iterator[str]:
        """A line for each thing that is not as it should be."""
        yield from (f"not stored: {each}" for each in self.missing)
        if self.stored != self.published:
            yield f"{self.stored} articles stored, {self.published} published"
        yield from self.meetings
        yield from (f"a pause was too short: {each}" for each in self.short)
        if max(self.late, default=0.0) > LATE or part(self.late, 0.95) > TYPICAL:
            yield f"crawls began too late: more than {LATE:g} s, or {TYPICAL:g} s for 95 in 100"
        if self.left:
            yield f"{self.left} tasks are left in the queue"
        yield from self.ended


def main() -> None:
    """Run, print what was found, and exit 1 where something is not right."""
    chosen = _arguments()
    _print(f"seed {chosen.seed}; {chosen.hosts} hosts, each due every {chosen.poll} min")
    server = os.environ.get("RASID_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432")
    database = Postgresql(server, "workers")
    database.create()
    try:
        with tempfile.TemporaryDirectory() as place, open_town(chosen.hosts, chosen.seed) as town:
            folder = Path(place)
            for host in town.hosts:  # an empty feed would be a source in trouble
                town.publish(is_relevant=False, host=host)
            town.write_sources(folder / "own" / "sources", chosen.poll)
            (folder / "rasid.toml").write_text(_settings(database.url, town, chosen), encoding="utf-8")
            command = Command(folder)
            signal.signal(signal.SIGTERM, signal.default_int_handler)
            try:
                found = soak(chosen, command, town, database.url)
            finally:
                command.kill()
    finally:
        database.drop()
    _tell(found)
    wrong = tuple(found.wrong())
    for line in wrong:
        _print(f"WRONG: {line}")
    sys.exit(bool(wrong))


def soak(chosen: argparse.Namespace, command: Command, town: Town, url: str) -> Found:
    """Let the town publish while workers die; then stop everybody, the service first, and count."""
    team, over = Team(command, random.Random(chosen.seed)), threading.Event()
    settings = Settings(database=Database(url=url), work=Work(engine="procrastinate"))
    with Archive(url) as archive, connections(url) as seen:
        service = command.start("service", log="service")
        _until(lambda: "started" in command.said("service"), 60)
        team.begin(chosen.workers)
        killer = threading.Thread(target=team.kill, args=(chosen.killed, over))
        killer.start()
        _publish(town, chosen.minutes * 60, random.Random(chosen.seed + 1))
        over.set()
        killer.join()
        _until(lambda: in_hand(url).issuperset(_missing(archive, town)), PATIENCE)
        missing, waits = set(_missing(archive, town)), in_hand(url)
        team.ended += [f"not stored in time: {each}" for each in missing - waits]
        let_an_hour_pass(url)
        _until(lambda: not _missing(archive, town), PATIENCE)
        service.send_signal(signal.SIGTERM)
        code = service.wait(60)
        _until(lambda: not _left(settings), 60)
        left = _left(settings)
        team.end()
        if code:
            team.ended.append(f"the service ended with {code}")
        return _found(chosen, command, town, team, archive, url, max(seen), left, len(missing & waits))


def _found(
    chosen: argparse.Namespace,
    command: Command,
    town: Town,
    team: Team,
    archive: Archive,
    url: str,
    most: int,
    left: int,
    late: int,
) -> Found:
    pages = [each.url for each in town.requests if "/news/" in each.path]
    crawls = [source.crawls for source in archive.health()]
    pauses = town.pauses()
    return Found(
        published=sum(each.is_relevant for each in town.published),
        stored=stored(url),
        missing=_missing(archive, town),
        crawls=Counter(each.outcome for some in crawls for each in some),
        requests=len(town.requests),
        repeats=len(pages) - len(set(pages)),
        kills=team.kills,
        rescued=_rescued(command),
        connections=most,
        meetings=tuple(town.meetings),
        shortest=min(pause for pause, _ in pauses),
        short=tuple(f"{pause:.2f} s {of}" for pause, of in pauses if pause < SHORTEST * chosen.delay),
        late=tuple(late for some in crawls for late in _late(some, timedelta(minutes=chosen.poll))),
        kept_after=_kept_after(archive, town),
        left=left,
        in_hand=late,
        ended=tuple(team.ended),
    )


def _late(crawls: Sequence[CrawlReport], poll: timedelta) -> Iterator[float]:
    """Seconds from the moment a crawl was due to its beginning; one that was broken off is due at once."""
    for crawl, before in pairwise(crawls):  # the last first
        due = before.finished if before.outcome == "stopped" else before.started + poll
        yield max(0.0, (crawl.started - due).total_seconds())


def _kept_after(archive: Archive, town: Town) -> tuple[float, ...]:
    published = {url_key(each.url): each.published for each in town.published if each.is_relevant}
    recorded = {key: archive.article(number).recorded for key, number in archive.numbers(published).items()}
    return tuple((moment - published[key]).total_seconds() for key, moment in recorded.items())


def _missing(archive: Archive, town: Town) -> tuple[str, ...]:
    keys = {url_key(each.url): each.url for each in tuple(town.published) if each.is_relevant}
    there = archive.numbers(keys)
    return tuple(url for key, url in keys.items() if key not in there)


def _left(settings: Settings) -> int:
    lengths = queue_lengths(settings).items()
    return sum(number for (_, state), number in lengths if state in ("todo", "doing"))


def _rescued(command: Command) -> int:
    return sum(map(int, re.findall(r"tasks rescued number=(\d+)", command.said("service"))))


def _publish(town: Town, seconds: float, chance: random.Random) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        town.publish(is_relevant=chance.random() < RELEVANT)
        time.sleep(chance.uniform(*EVERY))


def _until(condition: Callable[[], bool], seconds: float) -> None:
    """Wait until then, or so long; what did not happen is found at the end."""
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(1)


def _tell(found: Found) -> None:
    crawls = ", ".join(f"{number} {outcome}" for outcome, number in found.crawls.most_common())
    _print(f"{found.published} articles on the topic published, {found.stored} stored")
    _print(f"crawls: {crawls}; {found.requests} requests, {found.repeats} for an article asked for before")
    _print(f"{found.kills} kills; {found.rescued} tasks taken up by others")
    _print(f"at most {found.connections} connections to the database")
    _print(f"two at a time on a host: {len(found.meetings)}")
    _print(f"pauses too short: {len(found.short)}; the shortest {found.shortest:.2f} s")
    _print(f"from due to crawl      {spread(found.late)}")
    _print(f"from published to kept {spread(found.kept_after)}")
    _print(f"in hand at a kill, and tried again after an hour (cut short): {found.in_hand}")
    _print(f"tasks left: {found.left}")


def _settings(url: str, town: Town, chosen: argparse.Namespace) -> str:
    names = ", ".join(f'"{host.partition(".")[0]}"' for host in town.hosts)
    return (
        f'[database]\nurl = "{url}"\n[catalogue]\ndirectory = "own"\nonly = [{names}]\n'
        f'[crawl]\nroute = "{town.url}"\ndelay = {chosen.delay}\n'
        f'[work]\nengine = "procrastinate"\nat_once = {chosen.at_once}\n[snapshots]\nkeep = false\n'
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--hosts", type=int, default=60)
    parser.add_argument("--poll", type=int, default=2, help="minutes between two crawls of a source")
    parser.add_argument("--delay", type=float, default=1.0, help="seconds between two requests to a host")
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--killed", type=int, default=2, help="workers at a time")
    parser.add_argument("--at-once", type=int, default=4, help="tasks of a worker")
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    return parser.parse_args()


def _print(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
