"""How quickly WARC files are read for a few sources: `python -m benchmarks.warc_reading --pages 4000`.

Generates a file of invented pages, one in so many of a source we watch, and reads it by one process as a
`backfill` task does. Needs PostgreSQL (RASID_TEST_POSTGRES). Pages are shaped as those of the press are
assumed to be: 100 kB of HTML, most of it markup and scripts.
"""

import argparse
import os
import random
import resource
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.filling import Postgresql
from benchmarks.papers import Town, page_of
from scheduler import jobs
from scheduler.backfills import read_files
from scheduler.settings import Catalogue, Database, Settings, Snapshots
from storage.archive import Archive
from storage.model import Link, Page
from storage.warc import WarcFolder

BYTES = 100_000  # of a page


def main() -> None:
    """Print what a process reads in a second."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=4000)
    parser.add_argument("--ours", type=int, default=100, help="one page in so many is of a source of ours")
    chosen = parser.parse_args()
    database = Postgresql(
        os.environ.get("RASID_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432"), "warc"
    )
    database.create()
    try:
        with tempfile.TemporaryDirectory() as place:
            town = Town(("paper01.example",), random.Random(1))
            town.write_sources(Path(place) / "sources", 60)
            few = _file(Path(place) / "few", town, 2, chosen.ours)
            file = _file(Path(place) / "many", town, chosen.pages, chosen.ours)
            settings = Settings(
                database=Database(url=database.url),
                catalogue=Catalogue(directory=Path(place)),
                snapshots=Snapshots(keep=False),
            )
            with Archive(database.url) as archive:
                archive.upgrade()
                jobs.load_catalogue(settings, archive)
            start, _ = _read(settings, few)
            whole, kept = _read(settings, file)
            _tell(chosen.pages, file.stat().st_size / 1e6, kept, start, whole - start)
    finally:
        database.drop()


def _read(settings: Settings, file: Path) -> tuple[float, int]:
    """CPU seconds of reading a file, and how many articles were kept."""
    kept: dict[str, int] = {}
    before = _spent()
    read_files(
        settings,
        [file],
        progress=lambda each: kept.update({each.name: each.kept}),
        stopping=lambda: False,
        workers=1,
    )
    return _spent() - before, sum(kept.values())


def _tell(pages: int, size: float, kept: int, start: float, rest: float) -> None:
    sys.stdout.write(
        f"{pages} pages, {size:.0f} MB packed, {kept} kept: CPU {rest:.1f} s, and {start:.1f} s to begin; "
        f"{pages / rest:.0f} pages and {size / rest:.1f} MB a second\n"
    )


def _spent() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _file(folder: Path, town: Town, pages: int, ours: int) -> Path:
    """A WARC file; half of what is ours is on the topic."""
    made, chance = WarcFolder(folder), random.Random(2)
    name = ""
    for number in range(pages):
        paper = town.publish(is_relevant=number % (2 * ours) == 0)
        url = paper.url if number % ours == 0 else f"https://elsewhere{number % 500}.example/{number}"
        rest = f"<script>{chance.randbytes(BYTES // 4).hex()}{'var a = 0; ' * (BYTES // 22)}</script>"
        page = Page(
            link=Link(url=url, key=url, source=""),
            url=url,
            status=200,
            body=page_of(paper).replace("</body>", f"{rest}</body>").encode(),
            fetched=datetime.now(UTC),
            headers=(("content-type", "text/html"),),
        )
        name, _, _ = made.keep(page)
    return folder / name


if __name__ == "__main__":
    main()
