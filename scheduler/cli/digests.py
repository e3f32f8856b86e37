"""Commands about what is mailed: digest, digests, subscribers."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scheduler.cli.options import Config, Json, Language, chosen_topic, create_archive, finish, open_archive
from scheduler.cli.output import print_line, print_table
from scheduler.cli.rows import plain, write_json
from scheduler.settings import Settings, load_settings
from storage.address import email_address, webhook_url
from storage.errors import InputError, NotFound
from storage.model import Delivery, Issue, Schedule, Series, Subscriber, is_webhook
from storage.query import parse_query

if TYPE_CHECKING:
    from reports.contents import Period
    from storage.archive import Archive

digests = typer.Typer(help="Issues and their deliveries.", no_args_is_help=True)
subscribers = typer.Typer(help="Who gets the digest.", no_args_is_help=True)
Address = Annotated[str, typer.Argument(metavar="ADDRESS", help="Of e-mail, or the URL of a webhook.")]
SeriesId = Annotated[
    str | None,
    typer.Option("--series", metavar="ID", help="See rasid subscribers list; default: [digest] topic."),
]


def digest(
    week: Annotated[str | None, typer.Option(metavar="2026-W47", help="An ISO week.")] = None,
    last: Annotated[
        str | None, typer.Option(metavar="7d", help="The last days, hours (36h) or weeks.")
    ] = None,
    language: Annotated[Language | None, typer.Option(help="Default: [digest] language.")] = None,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Write .eml, .html and .txt here.")] = None,
    to: Annotated[str | None, typer.Option(metavar="ADDRESS", help="Mail a test to this address.")] = None,
    send: Annotated[bool, typer.Option("--send", help="Store the issue and mail the subscribers.")] = False,
    series: SeriesId = None,
    config: Config = None,
) -> None:
    """Build one issue: printed as text, or written, or mailed."""
    if (week and last) or sum(map(bool, (out, to, send))) > 1:
        raise typer.BadParameter("--week and --last exclude each other, and so do --out, --to and --send")
    from scheduler import jobs

    settings = load_settings(config)
    now = datetime.now(UTC)
    with open_archive(settings) as archive:
        jobs.load_catalogue(settings, archive)
        wanted = _series(archive, settings, series)
        period = _period(archive, settings, wanted, week, last, now)
        if send:
            _send(archive, settings, wanted, period, now)
        else:
            _show(archive, settings, wanted, period, now, language or settings.digest.language, out, to)


@digests.command("list")
def list_issues(json: Json = False, config: Config = None) -> None:
    """List the issues, the newest first, with what became of their deliveries."""
    with open_archive(load_settings(config)) as archive:
        issues = archive.posting.issues()
        found = [(issue, archive.posting.deliveries(issue.series.id, issue.name)) for issue in issues]
    if json:
        write_json([_issue_row(issue, deliveries) for issue, deliveries in found])
        return
    columns = ("series", "issue", "from (UTC)", "to (UTC)", "stories", "sent", "waiting", "failed")
    print_table(columns, [list(_issue_row(issue, deliveries).values()) for issue, deliveries in found])


@digests.command()
def show(
    issue: Annotated[str, typer.Argument(metavar="ISSUE", help="Its name, such as 2026-W47.")],
    series: SeriesId = None,
    language: Annotated[Language | None, typer.Option(help="Default: [digest] language.")] = None,
    json: Json = False,
    config: Config = None,
) -> None:
    """Show an issue as it was mailed, and its deliveries."""
    settings = load_settings(config)
    with open_archive(settings) as archive:
        found = archive.posting.issue(series or settings.digest.topic, issue)
        deliveries = archive.posting.deliveries(found.series.id, issue)
    if json:
        write_json({**plain(found), "deliveries": plain(deliveries)})
        return
    wanted = language or settings.digest.language
    print_line(next(each.text for each in found.editions if each.language == wanted))
    columns = ("to", "language", "state", "tries", "error")
    print_table(
        columns,
        ((each.address, each.language, each.state.value, each.tries, each.error) for each in deliveries),
    )


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
        minimum=minimum,
    )
    with create_archive(settings) as archive:
        made = archive.subscribing.add(to, wish, language.value, datetime.now(UTC), empty=empty)
    print_line(f"{made.address} gets {wish.id} ({made.language})")
    if made.is_webhook:
        print_line(f"the key of its signatures: {made.token}")


@subscribers.command()
def remove(
    address: Address,
    series: Annotated[
        str | None, typer.Option("--series", metavar="ID", help="Only this one; default: all.")
    ] = None,
    config: Config = None,
) -> None:
    """Forget a subscriber."""
    with open_archive(load_settings(config)) as archive:
        archive.subscribing.remove(_address(address), series)
    print_line(f"{address} is forgotten")


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


def _series(archive: "Archive", settings: Settings, name: str | None) -> Series:
    """The series of an id that somebody gets. Raises NotFound."""
    from scheduler.issues import house_series

    known = {each.id: each for each in (house_series(settings), *archive.subscribing.series())}
    if name and name not in known:
        raise NotFound(f"--series {name}: nobody gets it; see rasid subscribers list")
    return known[name or settings.digest.topic]


def _period(
    archive: "Archive", settings: Settings, series: Series, week: str | None, last: str | None, now: datetime
) -> "Period":
    from reports.contents import Period
    from scheduler import issues
    from scheduler.periods import last_bounds

    if week:
        return issues.week_period(archive, settings, week, now)
    period = issues.next_period(archive, settings, now, series)
    if not last:
        return period
    since, until = last_bounds(last, now)
    return Period(name=period.name, since=since, until=until)


def _show(
    archive: "Archive",
    settings: Settings,
    series: Series,
    period: "Period",
    now: datetime,
    language: str,
    out: Path | None,
    to: str | None,
) -> None:
    from reports.mail import Post
    from reports.outbox import write_edition, write_outbox
    from scheduler import issues
    from scheduler.delivering import letter, mail_server

    edition = issues.edition(settings, issues.build(archive, settings, period, series), language)
    recipient = email_address(to) if to else settings.mail.sender
    mail = letter(settings, edition, series=series.id, name=period.name, to=recipient, now=now)
    server = mail_server(settings)
    if out:
        for path in write_edition(out, edition, mail, period.name):
            print_line(str(path))
    elif to and server:
        with Post(server) as post:
            post.send(mail, recipient)
        print_line(f"a test of {period.name} is on its way to {recipient} by {server}")
    elif to:
        path = write_outbox(settings.digest.outbox, mail, f"{period.name} {recipient}")
        print_line(f"[mail] host is not set: nothing is sent; the mail is {path}")
    else:
        print_line(edition.text)


def _send(archive: "Archive", settings: Settings, series: Series, period: "Period", now: datetime) -> None:
    from scheduler.delivering import deliver
    from scheduler.issues import publish

    new = publish(archive, settings, period, now, series)
    sent = deliver(archive, settings, lambda: datetime.now(UTC), (series.id, period.name))
    print_line(
        f"issue {period.name}" + ("" if new else ": had been stored before; who has it gets no second one")
    )
    if sent.outbox:
        print_line(f"[mail] host is not set: nothing is sent; {sent.sent} mails written to {sent.outbox}")
    else:
        print_line(f"{sent.sent} mails sent")
    finish(sent.failed)


def _issue_row(issue: Issue, deliveries: tuple[Delivery, ...]) -> dict[str, object]:
    states = [each.state.value for each in deliveries]
    return {
        "series": issue.series.id,
        "issue": issue.name,
        "since": issue.since.strftime("%Y-%m-%d %H:%M"),
        "until": issue.until.strftime("%Y-%m-%d %H:%M"),
        "stories": issue.stories,
        "sent": states.count("sent"),
        "waiting": states.count("waiting"),
        "failed": states.count("failed"),
    }


def _subscriber_row(each: Subscriber) -> dict[str, object]:
    """A subscriber as scripts get them: without their secret."""
    row = {"id": each.id, "address": each.address, "language": each.language, "series": each.series.id}
    row |= {name: plain(getattr(each.series, name)) for name in ("topic", "schedule", "query", "minimum")}
    return row | {name: plain(getattr(each, name)) for name in ("empty", "state", "bounces", "added")}
