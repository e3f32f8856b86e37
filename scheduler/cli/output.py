"""Tables and texts for people. What comes from pages is printed as text: no markup, no control characters."""

import re
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from urllib.parse import unquote

from rich.box import SIMPLE_HEAD
from rich.columns import Columns
from rich.console import Console
from rich.table import Table
from rich.text import Text

from storage.model import ArchivedArticle, CrawlReport

WIDE = 120  # columns where nobody looks: a file, a pipe
ISOLATE, END = "\u2068", "\u2069"  # a title of any direction stands alone in its line (UAX 9)


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """One table; numbers stand to the right."""
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    cells = [list(row) for row in rows]
    for index, name in enumerate(columns):
        numeric = bool(cells) and all(isinstance(row[index], int) for row in cells)
        table.add_column(name, justify="right" if numeric else "left", overflow="fold")
    for row in cells:
        table.add_row(*(Text(clean(str(cell))) for cell in row))
    Console(width=None if sys.stdout.isatty() else WIDE).print(table)


def print_counts(tables: Iterable[tuple[str, Iterable[tuple[str, str, str]]]]) -> None:
    """Tables of counts under a name each, beside each other where there is room: number, value, label."""
    made = [_counted(name, tuple(rows)) for name, rows in tables]
    Console(width=columns()).print(Columns(made, padding=(0, 4)), "")


def columns() -> int:
    """How many columns there are to fill."""
    return Console().width if sys.stdout.isatty() else WIDE


def print_line(text: str = "", style: str = "") -> None:
    """One line of text, wrapped by the terminal."""
    Console(highlight=False, soft_wrap=True).print(Text(clean(text), style=style))


def print_reports(reports: Iterable[CrawlReport]) -> None:
    """What a crawl came to: a row per source, then the reasons."""
    done = tuple(reports)
    columns = (
        "source",
        "found",
        "fetched",
        "relevant",
        "to check",
        "copies",
        "rejected",
        "failed",
        "requests",
    )
    print_table(columns, (_report_row(report) for report in done))
    for report in done:
        reasons = {**report.rejected, **report.unavailable}
        if reasons:
            print_line(
                f"{report.source}: " + ", ".join(f"{reasons[each]} {each}" for each in sorted(reasons))
            )
        if report.revisited:
            print_line(
                f"{report.source}: {report.revisited} looked at again,"
                f" {report.revised} revised, {report.removed} removed"
            )


def print_hit(found: ArchivedArticle, snippet: Text | None = None) -> None:
    """An article as search shows it; the snippet on one line."""
    best = max(found.judgements, key=lambda judgement: judgement.score, default=None)
    verdict = best.relevance.value if best else ""
    print_line(f"{found.id:>6}  {isolated(found.article.title)}", "bold")
    print_line(f"        {day(found.when)} · {found.article.source} · {verdict} · story {found.story}")
    if snippet:
        shown = Text.assemble(f"        {ISOLATE}", snippet, END)
        Console(highlight=False, soft_wrap=True).print(shown)
    print_line(f"        {isolated(readable(found.article.url))}", "dim")


def day(moment: datetime) -> str:
    """Date and time in the moment's own offset."""
    return moment.strftime("%Y-%m-%d %H:%M")


def readable(url: str) -> str:
    """The URL as a browser shows it: percent-encoded letters as letters, all else as it is."""
    return re.sub("(?:%[89A-Fa-f][0-9A-Fa-f])+", lambda match: unquote(match[0], errors="replace"), url)


def isolated(text: str) -> str:
    """The text on one line, isolated from the direction of what surrounds it."""
    return f"{ISOLATE}{' '.join(text.split())}{END}"


def clean(text: str) -> str:
    """The text without what moves a cursor: control characters other than line ends, lone surrogates."""
    kept = "".join(each for each in text if each == "\n" or (each >= " " and not "\x7f" <= each <= "\x9f"))
    return kept.encode("utf-8", "replace").decode()


def _counted(name: str, rows: Sequence[tuple[str, str, str]]) -> Table:
    """The label last, as one of another direction would move the columns after it."""
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False)
    table.add_column("", justify="right", no_wrap=True)
    table.add_column(name, no_wrap=True)
    labelled = any(label for *_, label in rows)
    if labelled:
        table.add_column("", no_wrap=True)
    for number, value, label in rows:
        told = (Text(isolated(clean(label)) if label else ""),) if labelled else ()
        table.add_row(number, Text(clean(value)), *told)
    return table


def _report_row(report: CrawlReport) -> tuple[object, ...]:
    name = report.source if report.outcome == "done" else f"{report.source} ({report.outcome})"
    return (
        name,
        report.found,
        report.fetched,
        report.relevant,
        report.borderline,
        report.copies,
        sum(report.rejected.values()),
        sum(report.unavailable.values()),
        report.requests,
    )
