"""The `rasid` command. Each module holds the commands of one subject; heavy imports are inside commands.

Exit 0 done, 1 failed with one line on standard error, 2 wrong usage.
"""

import sys

import typer

from scheduler.cli import (
    asking,
    backfilling,
    bulk,
    crawling,
    digests,
    doctor,
    health,
    moving,
    probing,
    rejudging,
    rules,
    stories,
    subscribers,
    topics,
    upkeep,
    web,
    worker,
)
from storage.errors import RasidError

app = typer.Typer(
    name="rasid",
    help="Rasid (راصد) watches the press for a topic, groups accounts into stories and mails a digest.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
for command in (
    crawling.service,
    crawling.crawl,
    worker.worker,
    web.web,
    backfilling.backfill,
    digests.digest,
    doctor.doctor,
    asking.search,
    asking.show,
    rules.judge,
    rules.group,
    rules.examine,
    rules.dates,
):
    app.command()(command)
crawling.sources.command()(probing.check)
crawling.sources.command()(probing.add)
crawling.sources.command("health")(health.health)
topics.topics.command()(rejudging.rejudge)
upkeep.db.command()(moving.move)
app.command("import")(bulk.import_)
app.command()(bulk.export)
app.add_typer(stories.stories, name="stories")
app.add_typer(crawling.sources, name="sources")
app.add_typer(topics.topics, name="topics")
app.add_typer(digests.digests, name="digests")
app.add_typer(subscribers.subscribers, name="subscribers")
app.add_typer(upkeep.db, name="db")


def main() -> None:
    """Run the command line; an error a person can mend is one line and exit 1."""
    try:
        app()
    except RasidError as error:
        typer.echo(f"rasid: {error}", err=True)
        sys.exit(1)
