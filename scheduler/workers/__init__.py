"""workers: what is due is put in a queue, and done by `rasid worker`s on as many machines as there are.

Only with `[work] engine = "procrastinate"` (docs/adr/0030); the service does everything itself else.

Reading order: tasks, groups, queue, connected, deferring, doing, worker.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from scheduler.settings import Settings
from storage.errors import ConfigError

if TYPE_CHECKING:  # the library is an extra
    from scheduler.workers.queue import Queue


def open_queue(settings: Settings) -> "Queue":
    """The queue of tasks; nothing is connected yet.

    Raises ConfigError with the remedy where there can be none: not set, not PostgreSQL, not installed.
    """
    if settings.work.engine != "procrastinate":
        raise ConfigError(
            '[work] engine is "embedded": nothing is queued for workers; set it to "procrastinate"'
        )
    if not settings.database.url.startswith("postgresql"):
        raise ConfigError(
            '[work] engine = "procrastinate" needs PostgreSQL: change [database] url, or leave it "embedded"'
        )
    try:
        from scheduler.workers.queue import Queue
    except ModuleNotFoundError as error:
        raise ConfigError(
            f"[work] engine: {error.name} is not installed; run: pip install 'rasid[scale]'"
        ) from error
    return Queue(settings.database.url)


def queue_lengths(settings: Settings) -> Mapping[tuple[str, str], int]:
    """How many tasks there are, by name and state: "todo", "doing", and "succeeded" or "failed" of the last
    day; nothing where no queue is used. Raises ArchiveError."""
    return open_queue(settings).lengths() if settings.work.engine == "procrastinate" else {}
