"""What a crawl of one source costs: in a child that is spawned, and in one of a server of children.

`python -m benchmarks.beginnings --crawls 10`: wall and CPU seconds of a crawl that finds nothing new, by
each way; needs PostgreSQL (RASID_TEST_POSTGRES).
"""

import argparse
import multiprocessing
import os
import resource
import sys
import tempfile
import time
from datetime import UTC, datetime
from multiprocessing.context import ForkServerContext, SpawnContext
from pathlib import Path
from statistics import median

from benchmarks.filling import Postgresql
from benchmarks.papers import open_town
from scheduler import jobs
from scheduler.settings import Catalogue, Crawl, Database, Settings
from scheduler.workers.worker import prepared
from storage.archive import Archive

_TICKS = os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Print a line for each way."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--crawls", type=int, default=10)
    crawls = parser.parse_args().crawls
    database = Postgresql(
        os.environ.get("RASID_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432"), "begin"
    )
    database.create()
    try:
        with tempfile.TemporaryDirectory() as place, open_town(1, 1) as town:
            town.write_sources(Path(place) / "sources", 1)
            settings = Settings(
                database=Database(url=database.url),
                catalogue=Catalogue(directory=Path(place)),
                crawl=Crawl(route=town.url, delay=0),
            )
            with Archive(database.url) as archive:
                archive.upgrade()
                jobs.load_catalogue(settings, archive)
            for name, context in (
                ("spawn", multiprocessing.get_context("spawn")),
                ("forkserver", prepared(settings.catalogue)),
            ):
                _measure(name, settings, context, crawls)
    finally:
        database.drop()


def _measure(name: str, settings: Settings, context: SpawnContext | ForkServerContext, crawls: int) -> None:
    chosen = jobs.choose(jobs.read_catalogue(settings)[0], ["paper01"])
    wall, cpu = list[float](), list[float]()
    for _ in range(crawls + 1):  # the first one makes the server
        before, began = _spent(), time.monotonic()
        reports = jobs.crawl(
            settings,
            chosen,
            tell=lambda _: None,
            now=datetime.now(UTC),
            stopping=lambda: False,
            context=context,
        )
        wall.append(time.monotonic() - began)
        time.sleep(0.2)  # until the server has taken note of its child's end
        cpu.append(_spent() - before)
        if [each.outcome for each in reports] != ["done"]:
            sys.exit(f"a crawl did not go well: {reports}")
    first = f"the first one {wall[0]:.2f} s"
    sys.stdout.write(f"{name:11} {median(wall[1:]):.2f} s, CPU {median(cpu[1:]):.2f} s a crawl; {first}\n")


def _spent() -> float:
    """CPU seconds of all children, also of theirs that have ended."""
    ours = resource.getrusage(resource.RUSAGE_CHILDREN)
    return ours.ru_utime + ours.ru_stime + sum(map(_of_process, _children()))


def _children() -> list[Path]:
    """Those that are alive, by their parent (proc(5))."""
    found = []
    for each in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(each.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        if parent == os.getpid():
            found.append(each)
    return found


def _of_process(stat: Path) -> float:
    try:
        said = stat.read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, said[11:15])) / _TICKS


if __name__ == "__main__":
    main()
