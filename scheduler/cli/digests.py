"""Commands about what is mailed: digest, digests, subscribers."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scheduler.cli.options import Config, Json, Language, create_archive, finish, open_archive
from scheduler.cli.output import print_line, print_table
from scheduler.cli.rows import plain, write_json
from scheduler.settings import Settings, load_settings
from storage.address import email_address
from storage.model import Delivery, Issue

if TYPE_CHECKING:
    from reports.contents import Period
    from storage.archive import Archive

digests = typer.Typer(help="Issues and their deliveries.", no_args_is_help=True)
subscribers = typer.Typer(help="Who gets the digest.", no_args_is_help=True)
Email = Annotated[str, typer.Argument(metavar="EMAIL")]


def digest(
    week: Annotated[str | None, typer.Option(metavar="2026-W47", help="An ISO week.")] = None,
    last: Annotated[
        str | None, typer.Option(metavar="7d", help="The last days, hours (36h) or weeks.")
    ] = None,
    language: Annotated[Language | None, typer.Option(help="Default: [digest] language.")] = None,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Write .eml, .html and .txt here.")] = None,
    to: Annotated[str | None, typer.Option(metavar="ADDRESS", help="Mail a test to this address.")] = None,
    send: Annotated[bool, typer.Option("--send", help="Store the issue and mail the subscribers.")] = False,
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
        period = _period(archive, settings, week, last, now)
        if send:
            _send(archive, settings, period, now)
        else:
            _show(archive, settings, period, now, language or settings.digest.language, out, to)


@digests.command("list")
def list_issues(json: Json = False, config: Config = None) -> None:
    """List the issues, the newest first, with what became of their deliveries."""
    with open_archive(load_settings(config)) as archive:
        issues = archive.posting.issues()
        found = [(issue, archive.posting.deliveries(issue.topic, issue.name)) for issue in issues]
    if json:
        write_json([_issue_row(issue, deliveries) for issue, deliveries in found])
        return
    columns = ("issue", "from (UTC)", "to (UTC)", "stories", "sent", "waiting", "failed")
    rows = [list(_issue_row(issue, deliveries).values())[1:] for issue, deliveries in found]
    print_table(columns, rows)


@digests.command()
def show(
    issue: Annotated[str, typer.Argument(metavar="ISSUE", help="Its name, such as 2026-W47.")],
    language: Annotated[Language | None, typer.Option(help="Default: [digest] language.")] = None,
    json: Json = False,
    config: Config = None,
) -> None:
    """Show an issue as it was mailed, and its deliveries."""
    settings = load_settings(config)
    with open_archive(settings) as archive:
        found = archive.posting.issue(settings.digest.topic, issue)
        deliveries = archive.posting.deliveries(settings.digest.topic, issue)
    if json:
        write_json({**plain(found), "deliveries": plain(deliveries)})
        return
    wanted = language or settings.digest.language
    print_line(next(each.text for each in found.editions if each.language == wanted))
    columns = ("to", "language", "state", "tries", "error")
    print_table(
        columns,
        ((each.email, each.language, each.state.value, each.tries, each.error) for each in deliveries),
    )


@subscribers.command("list")
def list_subscribers(json: Json = False, config: Config = None) -> None:
    """List who gets the digest."""
    with open_archive(load_settings(config)) as archive:
        found = archive.posting.subscribers()
    if json:
        write_json(found)
    else:
        rows = ((each.email, each.language, each.added.date().isoformat()) for each in found)
        print_table(("address", "language", "since"), rows)


@subscribers.command()
def add(
    email: Email,
    language: Annotated[Language, typer.Option(help="Of the digest.")] = Language.AR,
    config: Config = None,
) -> None:
    """Subscribe an address, or change its language."""
    address = email_address(email)
    with create_archive(load_settings(config)) as archive:
        archive.posting.add_subscriber(address, language.value, datetime.now(UTC))
    print_line(f"{address} gets the digest ({language.value})")


@subscribers.command()
def remove(email: Email, config: Config = None) -> None:
    """Forget a subscriber."""
    with open_archive(load_settings(config)) as archive:
        archive.posting.remove_subscriber(email_address(email))
    print_line(f"{email} is forgotten")


def _period(
    archive: "Archive", settings: Settings, week: str | None, last: str | None, now: datetime
) -> "Period":
    from reports.contents import Period
    from scheduler import issues
    from scheduler.periods import last_bounds

    if week:
        return issues.week_period(archive, settings, week, now)
    period = issues.next_period(archive, settings, now)
    if not last:
        return period
    since, until = last_bounds(last, now)
    return Period(name=period.name, since=since, until=until)


def _show(
    archive: "Archive",
    settings: Settings,
    period: "Period",
    now: datetime,
    language: str,
    out: Path | None,
    to: str | None,
) -> None:
    from reports.mail import Post
    from reports.outbox import write_edition, write_outbox
    from reports.render import render
    from scheduler import issues

    edition = render(issues.build(archive, settings, period), language)
    recipient = email_address(to) if to else settings.mail.sender
    letter = issues.letter(
        settings, edition, topic=settings.digest.topic, name=period.name, to=recipient, now=now
    )
    server = issues.mail_server(settings)
    if out:
        for path in write_edition(out, edition, letter, period.name):
            print_line(str(path))
    elif to and server:
        with Post(server) as post:
            post.send(letter, recipient)
        print_line(f"a test of {period.name} is on its way to {recipient} by {server}")
    elif to:
        path = write_outbox(settings.digest.outbox, letter, f"{period.name} {recipient}")
        print_line(f"[mail] host is not set: nothing is sent; the mail is {path}")
    else:
        print_line(edition.text)


def _send(archive: "Archive", settings: Settings, period: "Period", now: datetime) -> None:
    from scheduler import issues

    new = issues.publish(archive, settings, period, now)
    sent = issues.deliver(archive, settings, period.name, lambda: datetime.now(UTC))
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
        "topic": issue.topic,
        "issue": issue.name,
        "since": issue.since.strftime("%Y-%m-%d %H:%M"),
        "until": issue.until.strftime("%Y-%m-%d %H:%M"),
        "stories": issue.stories,
        "sent": states.count("sent"),
        "waiting": states.count("waiting"),
        "failed": states.count("failed"),
    }
