"""The queue of tasks: with `connected` the only module that knows procrastinate.

Its tables are in a schema of their own, so that the archive, its migrations and backups know nothing of it.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import Any, TypeVar, cast

from procrastinate import App, JobContext, PsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException, UniqueViolation
from procrastinate.jobs import Job, Status
from psycopg import AsyncConnection, Error

from scheduler.workers import tasks
from scheduler.workers.connected import STALLED, work
from scheduler.workers.tasks import Task, task_of
from storage.archive import Archive
from storage.archive.engines import CONNECT_SECONDS, VANISHED
from storage.errors import ArchiveError

T = TypeVar("T")
ROOM = "rasid_work"  # the schema
MOST_WORKERS = 5  # that may die over a task
KEPT = 24  # hours for which what is over is kept
_NO_PAUSE = datetime.fromtimestamp(0, UTC)  # whatever the clocks of two machines say
_CONNECTIONS = 4  # of a worker to its queue; one more listens
_PATIENCE = 10.0  # seconds for which a connection is waited for
_SESSION: dict[str, Any] = {
    "options": f"-c search_path={ROOM}",
    "application_name": "rasid-queue",
    "connect_timeout": CONNECT_SECONDS,
} | VANISHED
_ALIVE = """SELECT count(*) AS number FROM procrastinate_workers
    WHERE last_heartbeat > now() - make_interval(secs => %(seconds)s)"""
_OPEN = "SELECT count(*) AS number FROM procrastinate_jobs WHERE status IN ('todo', 'doing')"
# As the library's partial index has it: what is over, a day of tasks, is not read.
_THERE = """SELECT DISTINCT queueing_lock AS key FROM procrastinate_jobs
    WHERE status = ANY (ARRAY['todo', 'doing']::procrastinate_job_status[])
    AND task_name <> 'backfill' AND queueing_lock IS NOT NULL"""


class TaskFailed(Exception):
    """Ends a task as failed; whoever raises it has said why."""


class Queue:
    """Tasks, in the order of their priority. Every method may raise ArchiveError."""

    def __init__(self, url: str) -> None:
        """Nothing is connected yet."""
        self._url = url.replace("postgresql+psycopg://", "postgresql://", 1)
        for library in ("procrastinate", "psycopg.pool"):
            logging.getLogger(library).setLevel(logging.CRITICAL)  # what matters is said by us, in one line

    def install(self, archive: Archive) -> None:
        """Make the queue's tables, or bring them to the version of the library that is installed. Of two at
        once one waits."""
        with archive.rooms.alone(ROOM):
            self._install(archive)

    def _install(self, archive: Archive) -> None:
        there = archive.rooms.noted(ROOM)
        if not there:
            self._require_empty()
            archive.rooms.make(ROOM)
            self._ask(lambda app: app.schema_manager.apply_schema_async())
        elif there > _steps()[-1].name:
            raise ArchiveError(
                f"the queue is of a newer procrastinate ({there}); run: pip install 'rasid[scale]'"
            )
        missing = [step for step in _steps() if there and step.name > there]
        self._ask(lambda app: _run(app, missing))
        archive.rooms.note(ROOM, _steps()[-1].name)

    def _require_empty(self) -> None:
        """Raise ArchiveError where there are tasks in tables of which nobody knows the version."""
        number = self._ask(_number)
        if number:
            raise ArchiveError(
                f"the queue holds {number} tasks, and the comment on schema {ROOM} that tells their version "
                f"is gone; where this one made it, run: COMMENT ON SCHEMA {ROOM} IS '{_steps()[-1].name}', "
                f"else give the tasks up: DROP SCHEMA {ROOM} CASCADE"
            )

    def check(self, archive: Archive) -> None:
        """Raise ArchiveError with the remedy unless the tables are there and of this version."""
        there = archive.rooms.noted(ROOM)
        if there != _steps()[-1].name:
            what = "is not of this version of procrastinate" if there else "is not there"
            raise ArchiveError(f"the queue of tasks {what}; run: rasid db upgrade")

    def defer(self, wanted: Iterable[Task]) -> int:
        """Put tasks in the queue, but those of which one waits; how many."""
        chosen = tuple(wanted)
        return self._ask(lambda app: _defer(app, chosen)) if chosen else 0

    def there(self) -> frozenset[str]:
        """The keys of the tasks that wait or are under way, without back-fills, of which there may be
        thousands."""
        return self._ask(_there)

    def rescue(self) -> tuple[int, tuple[Task, ...]]:
        """Let the tasks of workers that are dead wait again: how many, and those nobody is to try again."""
        return self._ask(_rescue)

    def forget(self) -> None:
        """Forget the tasks that were over a day ago."""
        self._ask(
            lambda app: app.job_manager.delete_old_jobs(
                KEPT, include_failed=True, include_cancelled=True, include_aborted=True
            )
        )

    def lengths(self) -> Mapping[tuple[str, str], int]:
        """How many tasks there are, by name and state."""
        rows = self._ask(lambda app: app.job_manager.list_tasks_async())
        states = ("todo", "doing", "succeeded", "failed")
        return {(row["name"], state): row[state] for row in rows for state in states}

    def workers(self, seconds: float) -> int:
        """How many workers have given a sign of life within the last seconds."""
        return self._ask(lambda app: _workers(app, seconds))

    def work(self, do: Callable[[Task], None], *, at_once: int, stop: Event, over: Event) -> None:
        """Do tasks, each in a thread and so many at once, until `stop` is set; then wait for what is under
        way. Also returns, or raises ArchiveError, where the connection is lost: call it again.

        over: set as soon as one or the other is known, so that what is under way can end.
        """

        async def working() -> None:
            async with self._opened(_CONNECTIONS) as app:
                for name in tasks.NAMES:
                    app.task(name=name, pass_context=True)(_doing(do))
                await work(app, at_once, stop, over)

        with _plain_errors():
            asyncio.run(working())

    def _ask(self, question: Callable[[App], Awaitable[T]]) -> T:
        async def asking() -> T:
            async with self._opened(1) as app:
                return await question(app)

        with _plain_errors():
            return asyncio.run(asking())

    @asynccontextmanager
    async def _opened(self, most: int) -> AsyncIterator[App]:
        """The queue, with so many connections at most. A pool would try on for half a minute, and not tell
        what the database said: so it is asked once before."""
        await (await AsyncConnection.connect(self._url, **_SESSION)).close()
        pool = PsycopgConnector(
            conninfo=self._url, min_size=1, max_size=most, timeout=_PATIENCE, kwargs=_SESSION
        )
        async with App(connector=pool).open_async() as app:
            yield app


@contextmanager
def _plain_errors() -> Iterator[None]:
    try:
        yield
    except (ConnectorException, Error) as error:
        said = " ".join(str(error.__cause__ or error).split())[:300]
        raise ArchiveError(f"the queue of tasks: {said}; see [database] url") from error


def _doing(do: Callable[[Task], None]) -> Callable[..., None]:
    def doing(context: JobContext, **arguments: Any) -> None:
        do(task_of(context.job.task_name, context.job.lock or "", arguments))

    return doing


async def _defer(app: App, wanted: tuple[Task, ...]) -> int:
    try:
        return len(await app.job_manager.batch_defer_jobs_async([_job(each) for each in wanted]))
    except AlreadyEnqueued:  # one of them, and then none is taken
        if len(wanted) == 1:
            return 0
    return sum([await _defer(app, (each,)) for each in wanted])


def _job(task: Task) -> Job:
    return Job(
        queue="rasid",
        task_name=task.name,
        task_kwargs=task.arguments,
        lock=task.lock,
        queueing_lock=task.key,
        priority=task.priority,
        scheduled_at=datetime.now(UTC) + task.wait if task.wait else None,
    )


def _task(job: Job) -> Task:
    return task_of(job.task_name, job.lock or "", dict(job.task_kwargs))


async def _workers(app: App, seconds: float) -> int:
    return int((await app.connector.execute_query_one_async(_ALIVE, seconds=seconds))["number"])


async def _number(app: App) -> int:
    """How many tasks wait or are under way; none where there are no tables."""
    if not await app.check_connection_async():
        return 0
    return int((await app.connector.execute_query_one_async(_OPEN))["number"])


async def _there(app: App) -> frozenset[str]:
    rows = await app.connector.execute_query_all_async(_THERE)
    return frozenset(row["key"] for row in rows)


async def _rescue(app: App) -> tuple[int, tuple[Task, ...]]:
    manager, rescued, lost = app.job_manager, 0, list[Task]()
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED):
        if job.attempts + 1 >= MOST_WORKERS:
            await manager.finish_job(job, Status.FAILED, delete_job=False)
            lost.append(_task(job))
            continue
        try:
            await manager.retry_job(job, retry_at=_NO_PAUSE)
        except UniqueViolation:  # another of its key waits: that is as good
            await manager.finish_job(job, Status.FAILED, delete_job=False)
        rescued += 1
    await manager.prune_stalled_workers(STALLED)
    return rescued, tuple(lost)


async def _run(app: App, steps: Iterable[Path]) -> None:
    """Some of the library's own migrations."""
    for step in steps:
        statements = cast("Any", step.read_text(encoding="utf-8").replace("%", "%%"))
        await app.connector.execute_query_async(statements)


def _steps() -> tuple[Path, ...]:
    """The library's migrations, in their order: the version of its schema is the name of the last."""
    from procrastinate.schema import SchemaManager

    return tuple(sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql")))
