"""What an archive of years costs: python -m benchmarks.archive [--articles 1000000] [--database both]

Generates a press (`benchmarks.corpus`), imports it with `rasid import --no-grouping`, and asks twelve shapes
of query (`benchmarks.questions`) of `Archive.search` and of the bare engine (`benchmarks.bare`) by turns in
one process, caches warm alike. The same is asked of an archive of the newest articles alone (--small), whose
last week is the same: growth is the time of the large archive by that of the small one.
"""

import argparse
import json
import os
import sys
import tempfile
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import partial
from itertools import islice
from pathlib import Path

from benchmarks import corpus
from benchmarks.bare import Engine
from benchmarks.filling import Database, Postgresql, Sqlite, fill
from benchmarks.measuring import by_turns, middle, repeated, timed
from benchmarks.outcome import Filled, Measured, Outcome, Read, report
from benchmarks.questions import Question, Sample, ask_for, sampled
from benchmarks.vocabulary import SIZE
from storage.archive import Archive
from storage.model import Answer, Relevance
from storage.query import parse_query

NOW = datetime.combine(corpus.UNTIL, time(), UTC)
_SERVER = os.environ.get("RASID_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432")
_SAMPLE = 4000  # articles whose words are counted
_ROUNDS = 10  # of what is read again and again
_WEEK, _FRESH = timedelta(days=7), timedelta(days=8)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is measured, and how much of it."""

    articles: int = 1_000_000
    small: int = 10_000
    since: int = 2019
    seed: int = 1
    words: int = SIZE
    questions: int = 40
    seconds: float = 120  # for one shape


@dataclass(frozen=True, slots=True)
class Files:
    """The articles to import, all of them and the newest alone."""

    whole: Path
    small: Path


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure one database or both; print a table each."""
    given = _options().parse_args(arguments)
    chosen = ("articles", "small", "since", "seed", "words", "questions", "seconds")
    plan = Plan(**{name: getattr(given, name) for name in chosen})
    outcomes = []
    with tempfile.TemporaryDirectory(dir=given.directory) as temporary:
        folder = given.directory if given.keep else Path(temporary)
        files = generate(plan, folder)
        for name in ("sqlite", "postgresql") if given.database == "both" else (given.database,):
            make = partial(Sqlite, folder) if name == "sqlite" else partial(Postgresql, given.url)
            outcomes.append(measure(name, make, files, plan, kept=folder if given.keep else None))
            sys.stdout.write(report(outcomes[-1]))
    if given.json:
        given.json.write_text(json.dumps([each.plain() for each in outcomes], indent=1), encoding="utf-8")


def generate(plan: Plan, folder: Path) -> Files:
    """Write the articles, and once more the newest of them; an earlier run's are taken as they are."""
    files = Files(folder / f"{plan.articles}.jsonl", folder / f"{plan.articles}_{plan.small}.jsonl")
    if files.small.exists():
        return files
    told = corpus.rows(plan.articles, seed=plan.seed, since=plan.since, words=plan.words)
    _, taken = timed(lambda: corpus.write(told, files.whole))
    _say(f"{plan.articles} articles generated in {taken / 1000:.0f} s")
    with files.whole.open(encoding="utf-8") as lines:
        files.small.write_text("".join(deque(lines, maxlen=plan.small)), encoding="utf-8")
    return files


def measure(
    name: str, make: Callable[[str], Database], files: Files, plan: Plan, *, kept: Path | None = None
) -> Outcome:
    """Fill a small and a large archive of a database, and ask both; where they are kept, fill them once."""
    small, whole = make(f"{plan.small}_small"), make(str(plan.articles))
    try:
        imports = (
            filled(small, files.small, plan.small, kept),
            filled(whole, files.whole, plan.articles, kept),
        )
        (bare, taken), sample = timed(whole.bare), _sample(files.whole, plan.articles)
        _say(f"{name}: {plan.articles} articles indexed by the bare engine in {taken / 1000:.0f} s")
        with Archive(small.url) as little, Archive(whole.url) as large:
            shapes = ask_for(sample, bare, plan.articles, plan.questions, plan.seed)
            measured = [
                _measured(each, shapes[each], little, large, bare, plan) for each in shapes if shapes[each]
            ]
            reads = list(_reads(little, large, files))
        bare.close()
    finally:
        if kept is None:
            small.drop()
            whole.drop()
    return Outcome(name, plan.articles, plan.small, imports, tuple(measured), tuple(reads))


def filled(database: Database, file: Path, articles: int, kept: Path | None) -> Filled:
    """Import a file into an archive; where it is kept, only once."""
    name = database.url.rpartition("/")[2]
    noted = kept and kept / f"{name}.seconds"
    if noted and noted.exists():
        return Filled(articles, float(noted.read_text(encoding="utf-8")), database.sizes())
    seconds = fill(database, file)
    _say(f"{name}: {articles} articles imported in {seconds:.0f} s")
    if noted:
        noted.write_text(str(seconds), encoding="utf-8")
    return Filled(articles, seconds, database.sizes())


def _measured(
    name: str, asked: list[Question], small: Archive, large: Archive, bare: Engine, plan: Plan
) -> Measured:
    """One shape, of the large archive beside the bare engine, and of the small one alone."""
    found = [(_asker(large)(each).total, bare.count(each.wanted)) for each in asked]
    ours, theirs = by_turns(_asker(large), lambda each: bare.ask(each.wanted), asked, plan.seconds)
    before, _ = by_turns(_asker(small), lambda _: None, asked[: len(ours.all)], plan.seconds)
    same = sum(theirs == total or (total < theirs and total == 20_000) for total, theirs in found)
    _say(f"{name}: {len(ours.all)} questions, such as {asked[0].text}")
    return Measured(
        name, len(ours.all), middle(total for _, total in found), same / len(found), ours, theirs, before
    )


def _asker(archive: Archive) -> Callable[[Question], Answer]:
    """Ask a question; the pages before the one that counts are turned once."""
    cursors: dict[str, str] = {}

    def ask(question: Question) -> Answer:
        query = parse_query(question.text, now=NOW)
        for _ in range(0 if question.text in cursors else question.pages):
            cursors[question.text] = archive.search(query, after=cursors.get(question.text, "")).next
        return archive.search(query, after=cursors.get(question.text, ""))

    return ask


def _reads(small: Archive, large: Archive, files: Files) -> Iterator[Read]:
    """What is read as a whole: a digest's week, and facets."""
    for name, begins in (
        ("digest of the last week", (NOW - _WEEK, NOW - _WEEK)),
        ("digest of the first week", (_monday(files.small), _monday(files.whole))),
    ):
        stories, times = [], []
        for archive, since in zip((small, large), begins, strict=True):
            stories.append(len(_week(archive, since)))
            times.append(repeated(partial(_week, archive, since), _ROUNDS))
        yield Read(name, stories[0], stories[1], times[0], times[1], alike=True)
    for name, text in (("facets of everything", ""), ("facets of a language", "lang:ar")):
        query = parse_query(text, now=NOW)
        counts = [archive.facets(query).total for archive in (small, large)]
        times = [repeated(partial(archive.facets, query), _ROUNDS) for archive in (small, large)]
        yield Read(name, counts[0], counts[1], times[0], times[1])


def _week(archive: Archive, since: datetime) -> tuple[object, ...]:
    return archive.stories_between(
        since,
        since + _WEEK,
        published_after=since + _WEEK - _FRESH,
        relevance=Relevance.RELEVANT,
        topic=corpus.TOPIC,
    )


def _monday(file: Path) -> datetime:
    """When the first whole week of a file begins."""
    with file.open(encoding="utf-8") as lines:
        first = datetime.fromisoformat(json.loads(next(lines))["recorded"])
    midnight = datetime.combine(first.date(), time(), UTC)
    return midnight + timedelta(days=7 - first.weekday())


def _sample(file: Path, articles: int) -> Sample:
    with file.open(encoding="utf-8") as lines:
        return sampled(map(json.loads, islice(lines, 0, None, max(1, articles // _SAMPLE))))


def _say(line: str) -> None:
    sys.stderr.write(f"{datetime.now(UTC):%H:%M:%S} {line}\n")


def _options() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--articles", type=int, default=1_000_000)
    options.add_argument("--small", type=int, default=10_000, help="articles of the archive to compare with")
    options.add_argument("--since", type=int, default=2019, help="the first year")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--words", type=int, default=SIZE, help="that a language has")
    options.add_argument("--questions", type=int, default=40, help="of each shape")
    options.add_argument("--seconds", type=float, default=120, help="for one shape, once eight are asked")
    options.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    options.add_argument("--url", default=_SERVER, help="a PostgreSQL server whose databases we may create")
    options.add_argument("--directory", type=Path, default=Path(tempfile.gettempdir()), help="for files")
    options.add_argument("--keep", action="store_true", help="leave files and databases for a later run")
    options.add_argument("--json", type=Path, help="write every time to this file")
    return options


if __name__ == "__main__":
    main()
