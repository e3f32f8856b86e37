"""A worker at the queue, until that is lost: with `queue` the only module that knows procrastinate."""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Event
from typing import Any

from procrastinate import App
from procrastinate.exceptions import ConnectorException
from procrastinate.worker import Worker
from psycopg import Error

from storage.event import event

log = logging.getLogger(__name__)
BEAT = 4.0  # seconds between two signs of life of a worker
SILENT = 2  # beats left out, and it may soon be taken for dead
STALLED = 20.0  # seconds without one, and its tasks are taken up by others
LOOK = 2.0  # seconds between two looks for tasks: nobody tells that a lock is free or a pause over
_KNOWN = """SELECT EXISTS (SELECT FROM procrastinate_workers WHERE id = %(worker)s
    AND last_heartbeat > now() - make_interval(secs => %(seconds)s)) AS known"""


async def work(app: App, at_once: int, stop: Event, over: Event) -> None:
    """Do tasks of an open queue until `stop` is set or it is lost; then set `over`, and wait for what is
    under way.

    Raises the library's and the database's errors.
    """
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(at_once + 2))
    loop.set_exception_handler(_hear)
    worker = Worker(
        app=app,
        concurrency=at_once,
        install_signal_handlers=False,
        fetch_job_polling_interval=LOOK,
        update_heartbeat_interval=BEAT,
        stalled_worker_timeout=STALLED,
    )
    running = asyncio.create_task(worker.run())  # type: ignore[no-untyped-call]
    losing = asyncio.create_task(_lose(app, worker))
    while not (running.done() or losing.done() or stop.is_set()):
        await asyncio.sleep(0.1)
    over.set()
    if not stop.is_set():
        log.error(event("queue lost", remedy="what is under way is ended, then it is tried again"))
    losing.cancel()
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


async def _lose(app: App, worker: Worker) -> None:
    """End when the queue does not count on this worker any more, or may soon do so no more.

    The library notices by itself, but says so only when everything that is under way has ended.
    """
    while True:
        await asyncio.sleep(BEAT)
        asked = asyncio.create_task(_is_known(app, worker))
        # Not cancelled: to cancel a question to a machine that is gone takes half a minute.
        await asyncio.wait({asked}, timeout=SILENT * BEAT)
        if not asked.done() or asked.exception() or not asked.result():
            return


async def _is_known(app: App, worker: Worker) -> bool:
    if worker.worker_id is None:  # it begins, or has ended
        return True
    row = await app.connector.execute_query_one_async(_KNOWN, worker=worker.worker_id, seconds=SILENT * BEAT)
    return bool(row["known"])


def _hear(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """What a task could not tell the queue that is lost is no news; another worker takes that task up."""
    if not isinstance(context.get("exception"), ConnectorException | Error):
        loop.default_exception_handler(context)
