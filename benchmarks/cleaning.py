"""What cleaning costs beside trafilatura alone: python benchmarks/cleaning.py FOLDER|MANIFEST.jsonl [ROUNDS]

A folder holds saved pages (.html, .htm, .gz); a manifest has rows of id, url, path. Both clean the same pages
in one process, warm, by turns; printed are the medians of the processor time of a round, in ms a page.
"""

import gzip
import json
import logging
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import trafilatura

from crawler.clean import extract
from crawler.cleaning.markup import decode
from storage.errors import PageError
from storage.model import Link, Page

_FETCHED = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def main(where: str, rounds: str = "5") -> None:
    """Print what both need, and the ratio of ours to trafilatura's."""
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    pages = tuple(_pages(Path(where)))
    texts = tuple(decode(page.body) for page in pages)
    ours, theirs = _ours(pages), _theirs(texts)
    _timed(ours)
    _timed(theirs)
    turns = [(_timed(theirs), _timed(ours)) for _ in range(int(rounds))]
    alone, whole = (1000 * statistics.median(side) / len(pages) for side in zip(*turns, strict=True))
    ratio = statistics.median(our / their for their, our in turns)
    told = f"  trafilatura {alone:6.1f}\n  rasid       {whole:6.1f}\n  ratio       {ratio:6.2f}\n"
    sys.stdout.write(f"{len(pages)} pages, {rounds} rounds: ms a page\n{told}")


def _ours(pages: tuple[Page, ...]) -> Callable[[], None]:
    def clean() -> None:
        for page in pages:
            try:
                extract(page, None)
            except PageError:
                continue

    return clean


def _theirs(texts: tuple[str, ...]) -> Callable[[], None]:
    def clean() -> None:
        for text in texts:
            trafilatura.bare_extraction(text, with_metadata=True, include_comments=False)

    return clean


def _timed(work: Callable[[], None]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _pages(where: Path) -> Iterator[Page]:
    if where.is_dir():
        named = ((path, "") for path in sorted(where.rglob("*")) if path.suffix in (".html", ".htm", ".gz"))
    else:
        rows = map(json.loads, where.read_text(encoding="utf-8").splitlines())
        named = ((where.parent / row["path"], row.get("url") or "") for row in rows)
    for path, url in named:
        url = url or f"https://example.org/{path.stem}"
        body = path.read_bytes()
        body = gzip.decompress(body) if path.suffix == ".gz" else body
        link = Link(url=url, key=url, source="")
        yield Page(link=link, url=url, status=200, body=body, fetched=_FETCHED)


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    main(*sys.argv[1:])
