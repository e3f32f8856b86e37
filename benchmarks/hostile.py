"""Every file of a folder through discovery and cleaning, as if a site had answered it: `make hostile DIR=…`.

Each file goes to a child process with a limit of memory and, for each part, a deadline from outside. It
becomes one line that says what each part made of it. An EntryError, a PageError and "no article" are answers;
anything else is a crash. What is larger than a crawl takes is refused here as there. Exit code 1 where a file
crashed a part, hung it, or took more memory than it may; 2 for wrong usage.
"""

import argparse
import multiprocessing
import os
import re
import resource
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from urllib.parse import urlsplit

from crawler.cheap_look import missing_sides
from crawler.clean import extract
from crawler.discovery import EntryPage, find_links
from crawler.discovery.search import GOOGLE, read_tips
from crawler.limits import Limits
from crawler.rules import Rules, load_rules
from storage.errors import CleaningError, EntryError, PageError
from storage.model import Entry, EntryKind, Link, Page, Source

_URL = "https://hostile.example/"
_KINDS = (EntryKind.FEED, EntryKind.SITEMAP, EntryKind.LISTING, EntryKind.WORDPRESS, EntryKind.JSON)
_MOST_HOSTS = 100  # of the links of a file, taken for the sites of its source
_HOST = re.compile(rb"https?://([A-Za-z0-9.-]+)")
_NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
_LIMITS = Limits(user_agent="hostile")
_WIDTH = 70  # characters of a reason
_SLOW = 1.0  # seconds: a part that takes longer says so
_CHILDREN = multiprocessing.get_context("forkserver")  # each begins with everything imported


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one file."""

    path: Path
    seconds: float
    parts: Mapping[str, str]  # part -> what it made of the file
    crashes: tuple[str, ...] = ()  # parts
    hung: bool = False
    died: bool = False  # the process itself, and not by its own will
    starved: bool = False  # it wanted more memory than it may have
    peak: int = 0  # MB, of the child so far

    @property
    def is_sound(self) -> bool:
        """Whether each part came to an end with an answer."""
        return not (self.crashes or self.hung or self.died or self.starved)

    def __str__(self) -> str:
        verdict = "" if self.is_sound else "HUNG " if self.hung else "MEMORY " if self.starved else "CRASH "
        told = "; ".join(f"{part}: {said}" for part, said in self.parts.items())
        return f"{verdict}{self.path} ({self.seconds:.1f} s) {told}"


@dataclass(slots=True)
class _Worker:
    """A child and what it is at."""

    child: ForkServerProcess
    line: Connection
    path: Path | None = None
    part: str = ""  # what it is at
    since: float = field(default_factory=time.monotonic)


def run(paths: Iterable[Path], *, seconds: float, megabytes: int) -> Iterator[Outcome]:
    """What becomes of each file, in the order of finishing; a child that hangs or dies is replaced."""
    _CHILDREN.set_forkserver_preload(["crawler.clean", "crawler.discovery", "crawler.rules"])
    waiting = iter(paths)
    workers = [_hired(megabytes) for _ in range(os.cpu_count() or 1)]
    try:
        while workers := [each for each in workers if each.path or _given_work(each, waiting)]:
            ready = wait([each.line for each in workers], timeout=0.2)
            for place, worker in enumerate(workers):
                outcome = _outcome(worker, seconds, has_told=worker.line in ready)
                if outcome is None:
                    continue
                yield outcome
                worker.path = None
                if outcome.hung or outcome.died:
                    worker.child.kill()
                    workers[place] = _hired(megabytes)
    finally:
        for worker in workers:
            worker.child.kill()


def _hired(megabytes: int) -> _Worker:
    ours, theirs = _CHILDREN.Pipe()
    child = _CHILDREN.Process(target=_work, args=(theirs, megabytes), daemon=True)
    child.start()
    theirs.close()
    ours.recv()  # it has read the rules: no deadline counts that
    return _Worker(child, ours)


def _given_work(worker: _Worker, waiting: Iterator[Path]) -> bool:
    """Whether there was a file left for a worker; without one it goes home."""
    path = next(waiting, None)
    if path is None:
        worker.child.kill()
        return False
    worker.path, worker.part, worker.since = path, "", time.monotonic()
    worker.line.send(path)
    return True


def _outcome(worker: _Worker, seconds: float, *, has_told: bool) -> Outcome | None:
    """What is known of the file a worker is at; None: nothing yet."""
    passed = time.monotonic() - worker.since
    path = worker.path or Path()
    if has_told:
        try:
            told = worker.line.recv()
        except (EOFError, OSError):
            return Outcome(path=path, seconds=passed, parts={worker.part: "the process died"}, died=True)
        if isinstance(told, Outcome):
            return told
        worker.part, worker.since = str(told), time.monotonic()
        return None
    if passed > seconds:
        return Outcome(path=path, seconds=passed, parts={worker.part: f"no end in {seconds:g} s"}, hung=True)
    return None


def _work(line: Connection, megabytes: int) -> None:
    rules = load_rules()
    resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
    line.send("ready")
    while True:
        line.send(_tried(line.recv(), rules, line.send))


def _tried(path: Path, rules: Rules, tell: Callable[[str], None]) -> Outcome:
    body, started = path.read_bytes(), time.monotonic()
    if len(body) > _LIMITS.max_bytes:
        return Outcome(path=path, seconds=0.0, parts={"network": _LIMITS.too_large})
    parts: dict[str, str] = {}
    crashes: list[str] = []
    starved = False
    for part, look in _looks(body, rules):
        tell(part)
        begun = time.monotonic()
        try:
            parts[part] = look()
        except (EntryError, PageError) as error:
            parts[part] = _short(str(error).removeprefix(f"{_URL}: "))
            crashes += [part] if isinstance(error, CleaningError) else []
        except MemoryError:
            parts[part], starved = "out of memory", True
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what we are after
            parts[part] = _short(repr(error))
            crashes.append(part)
        if (took := time.monotonic() - begun) > _SLOW:
            parts[part] += f" ({took:.1f} s)"
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    passed = time.monotonic() - started
    return Outcome(path=path, seconds=passed, parts=parts, crashes=tuple(crashes), starved=starved, peak=peak)


def _looks(body: bytes, rules: Rules) -> Iterator[tuple[str, Callable[[], str]]]:
    """Each part by name, and how it looks at a file."""
    hosts = dict.fromkeys(_HOST.findall(body[:5_000_000]))
    sites = [f"https://{host.decode()}/" for host in list(hosts)[:_MOST_HOSTS]]
    for kind in _KINDS:
        entry = Entry(kind=kind, url=_URL, fields={"items": "items", "link": "url", "title": "title"})
        homes = tuple(Entry(kind=EntryKind.FEED, url=url) for url in sites)
        source = Source(
            id="hostile",
            name="Hostile",
            country="MA",
            language="ar",
            timezone="UTC",
            article_url="^https?://",
            entries=(entry, *homes),
        )
        yield kind.value, partial(_links, entry, body, source)
    for url in (f"https://{GOOGLE}/rss/search?ceid=MA:fr", "https://api.gdeltproject.org/api/v2/doc/doc"):
        service = Entry(kind=EntryKind.SEARCH, url=url)
        yield f"search {urlsplit(url).hostname}", partial(_tips, service, body, source)
    link = Link(url=_URL, key=_URL, source="hostile")
    page = Page(link=link, url=_URL, status=200, body=body, fetched=_NOW)
    yield "cheap look", lambda: "may matter" if not missing_sides(page, rules) else "no trace of the topic"
    yield "article", lambda: _article(page)


def _links(entry: Entry, body: bytes, source: Source) -> str:
    found = find_links(EntryPage(entry=entry, url=_URL, body=body, now=_NOW), source)
    more = f" and {len(found.further)} more pages" if found.further else ""
    return f"{len(found.links)} links{more}"


def _tips(entry: Entry, body: bytes, source: Source) -> str:
    return f"{len(read_tips(EntryPage(entry=entry, url=entry.url, body=body, now=_NOW), source))} tips"


def _article(page: Page) -> str:
    article = extract(page, None)
    return f"{len(article.text)} characters" if article else "no article"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _WIDTH else f"{line[:_WIDTH]}…"


def main(arguments: Sequence[str] | None = None) -> int:
    """The command: 0 where every file came to an answer, else 1; exits with 2 for wrong usage."""
    parser = argparse.ArgumentParser(prog="make hostile", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--seconds", type=float, default=20.0, help="deadline of one part (default 20)")
    parser.add_argument("--megabytes", type=int, default=1500, help="memory of a child (default 1500)")
    given = parser.parse_args(arguments)
    if not given.folder.is_dir():
        parser.error(f"{given.folder}: not a folder; name one: make hostile DIR=folder")
    paths = sorted(path for path in given.folder.rglob("*") if path.is_file() and not path.is_symlink())
    outcomes = []
    for outcome in run(paths, seconds=given.seconds, megabytes=given.megabytes):
        outcomes.append(outcome)
        sys.stdout.write(f"{outcome}\n")
    sys.stdout.write(_summary(outcomes))
    return 0 if all(outcome.is_sound for outcome in outcomes) else 1


def _summary(outcomes: list[Outcome]) -> str:
    crashed = sum(bool(each.crashes or each.died) for each in outcomes)
    hung, starved = sum(each.hung for each in outcomes), sum(each.starved for each in outcomes)
    slowest = max(outcomes, key=lambda each: each.seconds, default=None)
    largest = max(outcomes, key=lambda each: each.peak, default=None)
    lines = [f"{len(outcomes)} files: {crashed} crashed, {hung} hung, {starved} out of memory"]
    if slowest and largest:
        lines.append(f"slowest: {slowest.seconds:.1f} s, {slowest.path}")
        lines.append(f"most memory: {largest.peak} MB, up to {largest.path}")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
