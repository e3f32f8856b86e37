"""Whether one text is a copy of another: word shingles, MinHash bands, containment. Pure.

A text is the set of its runs of three folded words (Broder 1997). Two texts that share most of the smaller
set are copies, so that a shortened copy counts. The bands find candidates without comparing all texts.
"""

import struct
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple

from storage.text import words

SIZE = 3  # words in a shingle
BANDS = 32
ROWS = 2  # minima in a band: a pair of Jaccard .25 shares a band with probability .87, of .5 with .9999
CONTAINED = 0.40  # measured: every copy of an original lies above, every independent account below
FEWEST = 12  # shingles a text needs to be compared in part; below, only equal texts are copies
_WORDS_OF_A_DIGEST = 8  # 64-bit numbers in one blake2b digest


class Overlap(NamedTuple):
    """How much two texts share: shingles in both, of both together, of the smaller."""

    shared: int
    jaccard: float
    containment: float

    @property
    def copies(self) -> bool:
        """Whether one of the two is a copy of the other."""
        return self.containment >= CONTAINED


def overlap(one: frozenset[int], other: frozenset[int]) -> Overlap:
    """What two sets of shingles share; nothing where one is too small to say."""
    if one == other:
        return Overlap(len(one), 1.0, 1.0) if one else Overlap(0, 0.0, 0.0)
    smaller = min(len(one), len(other))
    if smaller < FEWEST:
        return Overlap(0, 0.0, 0.0)
    shared = len(one & other)
    return Overlap(shared, shared / (len(one) + len(other) - shared), shared / smaller)


@lru_cache(maxsize=20_000)
def shingles(text: str) -> frozenset[int]:
    """The runs of three folded words of a text as 64-bit hashes; a shorter text is one run."""
    folded = [word.text for word in words(text)]
    runs = {" ".join(folded[at : at + SIZE]) for at in range(max(1, len(folded) - SIZE + 1))} - {""}
    return frozenset(_digest(run.encode(), 0, 8)[0] for run in runs)


def bands(text: str) -> tuple[int, ...]:
    """The MinHash bands of a text: 32 signed 64-bit numbers, equal on every machine and version.

    Two texts of Jaccard similarity J share at least one with probability 1-(1-J²)³². An empty text has none.
    """
    minima = _minima(shingles(text))
    pairs = (minima[at : at + ROWS] for at in range(0, len(minima), ROWS))
    return tuple(_band(position, pair) for position, pair in enumerate(pairs))


def _minima(found: frozenset[int]) -> tuple[int, ...]:
    if not found:
        return ()
    digests = BANDS * ROWS // _WORDS_OF_A_DIGEST
    rows = [
        sum((_digest(struct.pack("<q", each), salt, 64) for salt in range(1, digests + 1)), ())
        for each in found
    ]
    return tuple(min(column) for column in zip(*rows, strict=True))


def _band(position: int, minima: tuple[int, ...]) -> int:
    return _digest(struct.pack(f"<{len(minima)}q", *minima), 1000 + position, 8)[0]


def _digest(content: bytes, salt: int, size: int) -> tuple[int, ...]:
    digest = blake2b(content, digest_size=size, salt=salt.to_bytes(2, "little")).digest()
    return struct.unpack(f"<{size // 8}q", digest)
