"""What `rasid backfill --queue` does: leaves back-fills to the workers."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from crawler.backfill.pieces import pieces_of
from crawler.fetching.searching import only_searches
from scheduler import jobs
from scheduler.cli.options import create_archive
from scheduler.cli.output import print_line
from scheduler.cli.rows import write_json
from scheduler.settings import Settings
from scheduler.workers import open_queue
from scheduler.workers.groups import locks_of
from scheduler.workers.tasks import Task, file_task, walk_task
from storage.errors import InputError


def queue_sources(
    settings: Settings, names: Iterable[str], since: datetime, *, again: bool, json: bool
) -> None:
    """Queue the back-fill of sources; one that is paused goes on when it may."""
    queue = open_queue(settings)  # which refuses before a database is made
    with create_archive(settings) as archive:
        queue.check(archive)
        known, _ = jobs.load_catalogue(settings, archive)
        chosen, locks = jobs.choose(known, names), locks_of(known)
        for source in chosen:
            if only_searches(source):
                raise InputError(f"{source.id}: is a search service: there is nothing to back-fill")
        if again:
            archive.backfills.forget([source.id for source in chosen])
    _queue(settings, tuple(walk_task(each, locks[each.id], since) for each in chosen), json=json)


def queue_files(settings: Settings, files: Iterable[Path], *, json: bool) -> None:
    """Queue the reading of WARC files, which workers have to see under the same path."""
    queue = open_queue(settings)
    with create_archive(settings) as archive:
        queue.check(archive)
    chosen = tuple(dict.fromkeys(piece.file for piece in pieces_of(files)))
    _queue(settings, tuple(map(file_task, chosen)), json=json)


def _queue(settings: Settings, wanted: tuple[Task, ...], *, json: bool) -> None:
    queued = open_queue(settings).defer(wanted)
    if json:
        write_json({"queued": queued, "waiting": len(wanted) - queued})
        return
    waiting = f"; {len(wanted) - queued} waited already" if queued < len(wanted) else ""
    print_line(f"{queued} back-fills are left to the workers{waiting}")
