"""How an article came to be as it is: its revisions and its snapshot, for `rasid show`."""

import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from rich.console import Console
from rich.text import Text

from reports.bidi import direction
from scheduler.cli.output import END, ISOLATE, clean, day, isolated, print_line
from scheduler.cli.rows import plain, write_json
from scheduler.cli.wording import Fate, Piece, reworded
from storage.errors import NotFound
from storage.model import ArchivedArticle, Revision, Snapshot
from storage.warc import read_page

_BEGIN = {"rtl": "\u2067", "ltr": "\u2066"}  # an isolate of one direction, whatever stands in it (UAX 9)
_STYLES = {Fate.STAYS: "", Fate.GOES: "red strike", Fate.COMES: "green bold"}
_MARKS = {Fate.GOES: ("[-", "-]"), Fate.COMES: ("{+", "+}")}
_TOLD = ("title", "subtitle", "text", "modified")


def print_revisions(found: ArchivedArticle, revisions: Sequence[Revision]) -> None:
    """Each change, the first one first: when it was seen, and what is worded otherwise."""
    print_line(f"{found.id:>6}  {isolated(found.article.title)}", "bold")
    if not revisions:
        print_line("        not revised since it was recorded")
    for before, after in pairwise((*revisions, found.article)):
        if isinstance(before, Revision):
            print_line(f"        revised {day(before.replaced)} UTC", "bold")
        for name in ("title", "subtitle", "text"):
            for pieces in reworded(getattr(before, name), getattr(after, name)):
                _print_pieces(pieces, name, found.article.language)


def write_revisions(found: ArchivedArticle, revisions: Sequence[Revision]) -> None:
    """The article and its earlier texts, whole, as JSON."""
    now = {name: plain(getattr(found.article, name)) for name in _TOLD}
    earlier = [{name: plain(getattr(each, name)) for name in ("replaced", *_TOLD)} for each in revisions]
    write_json({"id": found.id, "revised": plain(found.revised), **now, "revisions": earlier})


def write_snapshot(number: int, snapshots: Sequence[Snapshot], folder: Path, *, json: bool) -> None:
    """The newest page of an article as it was fetched: its bytes, or as JSON where it is and what it said.

    Raises NotFound where there is none, or its file is gone.
    """
    if not snapshots:
        raise NotFound(f"article {number}: no page of it is kept; see [snapshots] in rasid.toml")
    newest = snapshots[0]
    page = read_page(folder, newest)
    if not json:
        sys.stdout.buffer.write(page.body)
        return
    where = {name: plain(getattr(newest, name)) for name in ("taken", "file", "offset", "length")}
    write_json({"url": page.url, **where, "status": page.status, "headers": dict(page.headers)})


def _print_pieces(pieces: Sequence[Piece], name: str, language: str) -> None:
    """One paragraph: in colours where there are any, else between marks, in the direction of its language."""
    console = Console(highlight=False, soft_wrap=True)
    line = Text(f"          {name}: {_BEGIN[direction(language)]}")
    for piece in pieces:
        told = clean(piece.text)
        if console.color_system is None and piece.fate in _MARKS:
            begin, end = _MARKS[piece.fate]
            told = f"{begin}{ISOLATE}{told}{END}{end}"
        line.append(told, style=_STYLES[piece.fate]).append(" ")
    line.rstrip()
    console.print(line.append(END))
