"""The command `rasid doctor`."""

import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text

from scheduler.cli.options import Config, Json
from scheduler.cli.output import clean, print_line
from scheduler.cli.rows import write_json
from scheduler.loading import load_settings, settings_file
from storage.errors import ConfigError

if TYPE_CHECKING:
    from scheduler.doctor import Finding

_INDENT = 6
_WIDTH = 9  # of what is looked at, at least
_STYLES = {"good": "green", "note": "yellow", "bad": "bold red"}


def doctor(
    only: Annotated[str, typer.Option("--only", metavar="SUBJECT,...", help="These subjects alone.")] = "",
    json: Json = False,
    config: Config = None,
) -> None:
    """Say whether everything is right, and what to do where it is not."""
    from reports.signing import published
    from scheduler.doctor import Verdict, examine
    from scheduler.doctor.finding import bad
    from scheduler.doctor.installation import Installation

    wanted = _subjects(only)
    try:
        settings = load_settings(config)
    except ConfigError as error:
        if not json:
            raise
        told = f"{error}; nothing else can be looked at until then"
        write_json([_row("config", bad("file", told))])
        sys.exit(1)
    installation = Installation(
        settings, settings_file(config), clock=lambda: datetime.now(UTC), published=published
    )
    rows, is_bad = [], False
    for subject, findings in examine(installation, wanted):
        is_bad = is_bad or any(each.verdict is Verdict.BAD for each in findings)
        rows += [_row(subject, each) for each in findings]
        if not json:
            _print(subject, findings)
    if json:
        write_json(rows)
    if is_bad:
        sys.exit(1)


def _subjects(only: str) -> tuple[str, ...]:
    from scheduler.doctor import SUBJECTS

    wanted = tuple(filter(None, (each.strip() for each in only.split(","))))
    for each in wanted:
        if each not in SUBJECTS:
            raise typer.BadParameter(f"--only {each}: no such subject; there are {', '.join(SUBJECTS)}")
    return wanted


def _row(subject: str, finding: "Finding") -> dict[str, str]:
    return {
        "subject": subject,
        "what": finding.what,
        "verdict": finding.verdict.value,
        "said": finding.said,
    }


def _print(subject: str, findings: Iterable["Finding"]) -> None:
    """A line each; on a terminal what does not fit goes on below, and is set in."""
    print_line(subject, "bold")
    console = Console(highlight=False, soft_wrap=not sys.stdout.isatty())
    shown = tuple(_shown(subject, tuple(findings)))
    width = max(_WIDTH, *(len(what) for _, what, _ in shown))
    for verdict, what, said in shown:
        line = Text(f"{verdict:<4}  {what:<{width}}  {clean(said)}")
        line.stylize(_STYLES[verdict], 0, len(verdict))
        console.print(line if console.soft_wrap else _hanging(line, console))


def _shown(subject: str, findings: tuple["Finding", ...]) -> Iterator[tuple[str, str, str]]:
    """What is said; of sources that are well, only how many they are."""
    well = [each for each in findings if each.verdict.value == "good"] if subject == "sources" else []
    if well:
        total = sum(each.what != "hosts" for each in findings)
        yield "good", f"{len(well)} of {total}", "have an address, and their robots.txt lets us in"
    for each in findings:
        if each not in well:
            yield each.verdict.value, each.what, each.said


def _hanging(line: Text, console: Console) -> Text:
    """The line in as many as the terminal needs, all but the first set in."""
    return Text(f"\n{' ' * _INDENT}").join(line.wrap(console, console.width - _INDENT))
