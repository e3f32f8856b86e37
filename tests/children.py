"""Child processes of a server that has begun the product once (tests/imported.py): seconds saved for each.

Each is as fresh as a spawned one in all that is made by its own work.
"""

import multiprocessing
from collections.abc import Callable
from multiprocessing.context import ForkServerContext, ForkServerProcess
from typing import Any


def child(target: Callable[..., None], *arguments: Any, daemon: bool = True) -> ForkServerProcess:
    """A process to be started; one that is no daemon may have children of its own."""
    return forkserver().Process(target=target, args=arguments, daemon=daemon)


def forkserver() -> ForkServerContext:
    """The context of that server."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.imported"])
    return context
