"""Commands about what is mailed: digest, digests."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scheduler.cli.options import Config, Json, Language, finish, open_archive
from scheduler.cli.output import print_line, print_table
from scheduler.cli.rows import plain, write_json
from scheduler.loading import load_settings
from scheduler.settings import Settings
from storage.address import email_address
from storage.errors import InputError, NotFound
from storage.model import Delivery, Issue, Schedule, Series

if TYPE_CHECKING:
    from reports.contents import Period
    from storage.archive import Archive

digests = typer.Typer(help="Issues and their deliveries.", no_args_is_help=True)
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
        write_json([_issue_row(*each) | {"failures": _failures(each[1])} for each in found])
        return
    columns = ("series", "issue", "from (UTC)", "to (UTC)", "stories", "sent", "waiting", "failed")
    print_table(columns, [list(_issue_row(*each).values()) for each in found])
    for issue, deliveries in found:
        for each in _failures(deliveries):
            print_line(f"{issue.series.id} {issue.name}: {each['address']} {each['state']}: {each['error']}")


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
        write_json({**plain(found), "deliveries": [_delivery_row(each) for each in deliveries]})
        return
    wanted = language or settings.digest.language
    print_line(next(each.text for each in found.editions if each.language == wanted))
    columns = ("to", "language", "state", "tries", "error")
    print_table(
        columns,
        ((each.address, each.language, each.state.value, each.tries, each.error) for each in deliveries),
    )


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
        return issues.week_period(archive, settings, week, now, series)
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

    if series.schedule is Schedule.INSTANT:
        raise InputError(f"--series {series.id}: tells stories at once; there is nothing to send by hand")
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


def _failures(deliveries: tuple[Delivery, ...]) -> list[dict[str, object]]:
    """Whom a delivery has not reached, and why; of what waits, what was refused by now."""
    names = ("address", "state", "tries", "error")
    return [{name: plain(getattr(each, name)) for name in names} for each in deliveries if each.error]


def _delivery_row(each: Delivery) -> dict[str, object]:
    """A delivery as scripts get it: without the secret of its subscriber."""
    return {name: value for name, value in plain(each).items() if name != "token"}
