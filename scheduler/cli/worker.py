"""The command that does what the service has put in the queue: worker."""

from typing import Annotated

import typer

from scheduler.cli.options import Config
from scheduler.loading import load_settings
from scheduler.signals import stop_event


def worker(
    at_once: Annotated[
        int | None,
        typer.Option("--at-once", metavar="N", min=1, help="Tasks at once; default: [work] at_once."),
    ] = None,
    config: Config = None,
) -> None:
    """Do what the service puts in the queue, until SIGTERM; start as many as you like, anywhere."""
    from scheduler.log import set_up_logging
    from scheduler.workers.worker import work

    settings = load_settings(config)
    set_up_logging(settings.log)
    with stop_event() as stop:
        work(settings, stop, at_once or settings.work.at_once)
