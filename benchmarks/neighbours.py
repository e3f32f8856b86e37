"""What it costs to find whom a new article may belong to: python -m benchmarks.neighbours [--articles N]

Fills a large and a small archive as `benchmarks.archive` does, or takes those it has kept (`--keep`, the same
directory); gives every article bands, a third of them shared with three others; and looks up the
neighbours of the newest articles by turns in both. In this press most names are named every day.
"""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from itertools import islice
from pathlib import Path

from sqlalchemy import create_engine, make_url, text

from benchmarks.archive import Plan, filled, generate
from benchmarks.filling import Postgresql, Sqlite
from benchmarks.measuring import by_turns, middle
from crawler.stories.copies import BANDS
from scheduler.dossiers import to_incoming
from storage.archive import Archive
from storage.model import Account

_SERVER = os.environ.get("RASID_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432")
_SHARED = BANDS // 3
_MOST, _GROWTH = 10.0, 1.3  # milliseconds at p95, and by what p50 may grow
_BAND = (  # spread as hashes are, another one for each article and place
    f"((CASE WHEN nth < {_SHARED} THEN id / 4 ELSE id END) * 2654435761 + nth * 1000003)"
    " % 1000000007 * 4611686011 + nth"
)
_NTH = {
    "sqlite": f"(SELECT value AS nth FROM json_each('{list(range(BANDS))}'))",  # noqa: S608
    "postgresql": f"generate_series(0, {BANDS - 1}) AS every(nth)",
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure one database or both; print a line each."""
    given = _options().parse_args(arguments)
    plan = Plan(articles=given.articles, small=given.small, since=given.since)
    with tempfile.TemporaryDirectory(dir=given.directory) as temporary:
        kept = given.directory if given.keep else None
        folder = kept or Path(temporary)
        files = generate(plan, folder)
        asked = list(_newest(files.small, given.asked))
        for name in ("sqlite", "postgresql") if given.database == "both" else (given.database,):
            make = partial(Sqlite, folder) if name == "sqlite" else partial(Postgresql, given.url)
            small, large = make(f"{plan.small}_small"), make(str(plan.articles))
            try:
                for database, file, size in (
                    (small, files.small, plan.small),
                    (large, files.whole, plan.articles),
                ):
                    filled(database, file, size, kept)
                    _give_bands(database.url)
                sys.stdout.write(f"{name}: {_measured(small.url, large.url, asked)}\n")
            finally:
                if kept is None:
                    small.drop()
                    large.drop()


def _measured(small: str, large: str, asked: Sequence[Account]) -> str:
    with Archive(small) as little, Archive(large) as whole:
        found = middle(len(whole.neighbours(each).accounts) for each in asked)
        ours, before = by_turns(whole.neighbours, little.neighbours, asked, seconds=600)
    growth = ours.p50 / before.p50
    holds = ours.p95 <= _MOST and growth <= _GROWTH
    return (
        f"{found:.0f} neighbours in {ours.p50:.1f} ms (p95 {ours.p95:.1f}); in the small archive "
        f"{before.p50:.1f} ms: growth {growth:.2f}; at most {_MOST:.0f} ms and {_GROWTH}: "
        f"{'yes' if holds else 'no'}"
    )


def _give_bands(url: str) -> None:
    """Bands for the articles of an archive that has none."""
    with Archive(url) as archive:
        archive.upgrade()
    engine = create_engine(make_url(url).set(drivername=_driver(url)))
    with engine.begin() as connection:
        if connection.scalar(text("SELECT 1 FROM bands LIMIT 1")) is None:
            every = _NTH[engine.dialect.name]
            if engine.dialect.name == "postgresql":  # each row is of an article
                connection.execute(text("SET LOCAL session_replication_role = replica"))
            connection.execute(text("DROP INDEX ix_bands_band"))  # made at the end, in a tenth of the time
            connection.execute(text(f"INSERT INTO bands SELECT id, {_BAND} FROM articles, {every}"))  # noqa: S608
            connection.execute(text("CREATE INDEX ix_bands_band ON bands (band)"))
    engine.dispose()
    with Archive(url) as archive:
        for chore in archive.keeping.chores().values():
            chore()


def _driver(url: str) -> str:
    return "sqlite" if url.startswith("sqlite") else "postgresql+psycopg"


def _newest(file: Path, many: int) -> Iterator[Account]:
    """The newest articles of a file, as a crawl would bring them."""
    with file.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    for row in islice(reversed(rows), many):
        incoming = to_incoming(row, datetime.fromisoformat(row["recorded"]), "any")
        yield Account(
            article=incoming.article,
            moment=incoming.article.published,
            entities=incoming.entities,
            bands=tuple(_band(row["id"], place) for place in range(BANDS)),
        )


def _band(number: int, place: int) -> int:
    """As the database has it."""
    of = number // 4 if place < _SHARED else number
    return (of * 2654435761 + place * 1000003) % 1000000007 * 4611686011 + place


def _options() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--articles", type=int, default=1_000_000)
    options.add_argument("--small", type=int, default=10_000, help="articles of the archive to compare with")
    options.add_argument("--since", type=int, default=2019, help="the first year")
    options.add_argument("--asked", type=int, default=400, help="articles whose neighbours are looked up")
    options.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    options.add_argument("--url", default=_SERVER, help="a PostgreSQL server whose databases we may create")
    options.add_argument("--directory", type=Path, default=Path(tempfile.gettempdir()), help="for files")
    options.add_argument("--keep", action="store_true", help="leave files and databases for a later run")
    return options


if __name__ == "__main__":
    main()
