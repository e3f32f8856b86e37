"""Child processes of a server that has imported the product once: each saves its seconds of imports.

Each is as fresh as a spawned one in all that is made at run time.
"""

import multiprocessing
from collections.abc import Callable
from multiprocessing.context import ForkServerProcess
from typing import Any

_IMPORTED = [
    "alembic.command",
    "crawler.audit",
    "crawler.probing.run",
    "crawler.run",
    "psycopg",
    "scheduler.cli",
    "scheduler.cli.probed",
    "scheduler.issues",
    "scheduler.probes",
    "storage.query",
]


def child(target: Callable[..., None], *arguments: Any, daemon: bool = True) -> ForkServerProcess:
    """A process to be started; one that is no daemon may have children of its own."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_IMPORTED)
    return context.Process(target=target, args=arguments, daemon=daemon)
