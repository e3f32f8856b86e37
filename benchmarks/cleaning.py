"""What cleaning costs beside trafilatura alone: python -m benchmarks.cleaning FOLDER|MANIFEST.jsonl [ROUNDS]

A folder holds saved pages (.html, .htm, .gz); a manifest has rows of id, url, path. Both clean the same pages
in one process, warm, by turns; printed are the medians of the processor time of a round, in ms a page.
"""

import logging
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import trafilatura

from benchmarks.pages import read_pages
from crawler.clean import extract
from crawler.cleaning.markup import decode
from storage.errors import PageError
from storage.model import Page


def main(where: str, rounds: str = "5") -> None:
    """Print what both need, and the ratio of ours to trafilatura's."""
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    pages = tuple(read_pages(Path(where)))
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


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    main(*sys.argv[1:])
