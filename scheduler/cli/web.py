"""The command that shows the pages by themselves: web."""

from typing import Annotated

import typer

from scheduler.cli.options import Config, open_archive
from scheduler.cli.output import print_line
from scheduler.loading import load_settings
from scheduler.signals import stop_event

PORT = 8000  # where neither the settings nor the command say another


def web(
    port: Annotated[
        int | None,
        typer.Option(min=0, max=65535, help=f"Default: [web] port, else {PORT}; 0: a free one."),
    ] = None,
    config: Config = None,
) -> None:
    """Show the pages until SIGTERM: issues, stories, sign-up and leaving."""
    from scheduler.log import set_up_logging
    from scheduler.pages import pages

    settings = load_settings(config)
    set_up_logging(settings.log)
    wanted = (settings.web.port or PORT) if port is None else port
    with stop_event() as stop, open_archive(settings) as archive, pages(settings, archive, wanted) as url:
        print_line(url)
        stop.wait()
