"""Commands about who gets what: subscribers."""

from datetime import UTC, datetime
from math import isfinite
from typing import Annotated

import typer

from scheduler.cli.options import Config, Json, Language, chosen_topic, create_archive, open_archive
from scheduler.cli.output import print_line, print_table
from scheduler.cli.rows import plain, write_json
from scheduler.loading import load_settings
from storage.address import email_address, webhook_url
from storage.errors import InputError
from storage.model import Schedule, Series, Subscriber, is_webhook
from storage.query import parse_query

subscribers = typer.Typer(help="Who gets the digest.", no_args_is_help=True)
Address = Annotated[str, typer.Argument(metavar="ADDRESS", help="Of e-mail, or the URL of a webhook.")]


@subscribers.command("list")
def list_subscribers(json: Json = False, config: Config = None) -> None:
    """List who gets what."""
    with open_archive(load_settings(config)) as archive:
        found = archive.subscribing.all()
    if json:
        write_json([_subscriber_row(each) for each in found])
        return
    columns = ("address", "language", "series", "query", "from points", "since", "state")
    rows = (
        (
            each.address,
            each.language,
            each.series.id,
            each.series.query,
            f"{each.series.minimum:g}" if each.series.minimum else "",
            each.added.date().isoformat(),
            each.state.value,
        )
        for each in found
    )
    print_table(columns, rows)


@subscribers.command()
def add(
    address: Address,
    language: Annotated[Language, typer.Option(help="Of the digest.")] = Language.AR,
    schedule: Annotated[Schedule, typer.Option(help="How often.")] = Schedule.WEEKLY,
    topic: Annotated[str | None, typer.Option("--topic", help="Its id; default: [digest] topic.")] = None,
    query: Annotated[str, typer.Option("--query", metavar="QUERY", help="Only stories that answer it.")] = "",
    minimum: Annotated[
        float,
        typer.Option("--minimum-importance", min=0, metavar="POINTS", help="Only stories from here on."),
    ] = 0,
    empty: Annotated[bool, typer.Option(help="Whether to mail that there was nothing, too.")] = True,
    config: Config = None,
) -> None:
    """Subscribe an address, or change its language and whether it gets empty issues."""
    from crawler.rules import load_rules

    settings = load_settings(config)
    rules = load_rules(settings.catalogue.directory, settings.catalogue.topics)
    to = _address(address)
    wish = Series(
        topic=chosen_topic(topic, settings, rules.topics),
        schedule=schedule,
        query=_query(query),
        minimum=_points(minimum),
    )
    with create_archive(settings) as archive:
        known = any((each.address, each.series.id) == (to, wish.id) for each in archive.subscribing.all())
        made = archive.subscribing.add(to, wish, language.value, datetime.now(UTC), empty=empty)
    print_line(f"{made.address} gets {wish.id} ({made.language})")
    if made.is_webhook and not known:
        print_line(f"the key of its signatures: {made.token}")


@subscribers.command()
def remove(
    address: Address,
    series: Annotated[
        str | None, typer.Option("--series", metavar="ID", help="Only this one; default: all.")
    ] = None,
    config: Config = None,
) -> None:
    """Forget an address, or its subscription to one series."""
    to = _address(address)
    with open_archive(load_settings(config)) as archive:
        archive.subscribing.remove(to, series)
    print_line(f"{to} gets {series} no more" if series else f"{to} is forgotten")


def _address(text: str) -> str:
    """An e-mail address, or the URL of a webhook. Raises InputError for neither."""
    if not is_webhook(text):
        return email_address(text)
    if not webhook_url(text):
        raise InputError(f"{text}: not the URL of a webhook; write one such as https://chat.example.org/hook")
    return text


def _query(text: str) -> str:
    """A saved query. Raises InputError for one that is not understood."""
    unclear = parse_query(text, now=datetime.now(UTC)).not_understood
    if unclear:
        raise InputError(f"--query {text}: not understood: {', '.join(unclear)}; try it with rasid search")
    return " ".join(text.split())


def _points(number: float) -> float:
    """Points of importance. Raises InputError for what is no number."""
    if not isfinite(number):
        raise InputError(f"--minimum-importance {number}: not a number of points; write one such as 15")
    return number


def _subscriber_row(each: Subscriber) -> dict[str, object]:
    """A subscriber as scripts get them: without their secret."""
    row = {"id": each.id, "address": each.address, "language": each.language, "series": each.series.id}
    row |= {name: plain(getattr(each.series, name)) for name in ("topic", "schedule", "query", "minimum")}
    return row | {name: plain(getattr(each, name)) for name in ("empty", "state", "bounces", "added")}
