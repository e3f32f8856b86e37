"""Near spellings: what a misspelt word may have been meant to be. Pure.

Words are compared folded, so case, accents, harakat and hamza seats are no mistakes at all. One letter too
many, too few or another, or two changed round, is one mistake (optimal string alignment, the restricted
distance of Damerau and Levenshtein); letters that sound or look alike, or stand doubled, are half of one.
"""

from collections.abc import Iterator

LEAST = 4  # letters of a word that is long enough to be taken for another
LONGEST = 30
_ALPHABETS = ("abcdefghijklmnopqrstuvwxyz", "ءابتثجحخدذرزسشصضطظعغفقكلمنهوي")  # folded
_ALIKE = ("سصث", "تطث", "دضذ", "ظزذض", "قكغج", "حهخ", "عءا", "ckq", "szc", "iyj", "gj", "ou", "fv", "wv")
_PAIRS = frozenset((one, other) for letters in _ALIKE for one in letters for other in letters)


def most_mistakes(word: str) -> int:
    """How many mistakes a folded word may hold: two where it has six letters, none below four."""
    return 0 if len(word) < LEAST else 1 if len(word) < 6 else 2


def neighbours(word: str) -> Iterator[str]:
    """Every word that is one mistake away from a folded word, in letters of its own script."""
    letters = next((each for each in _ALPHABETS if set(each) & set(word)), "")
    for at in range(len(word) + 1):
        before, after = word[:at], word[at:]
        if after:
            yield before + after[1:]
            yield from (before + letter + after[1:] for letter in letters)
        if len(after) > 1:
            yield before + after[1] + after[0] + after[2:]
        yield from (before + letter + after for letter in letters)


def distance(one: str, other: str, most: int) -> float | None:
    """How many mistakes lie between two folded words; None: more than `most`."""
    if abs(len(one) - len(other)) > most or len(set(one) ^ set(other)) > 2 * most:
        return None
    older: list[float] = []
    row: list[float] = [float(at) for at in range(len(other) + 1)]
    for at, letter in enumerate(one, 1):
        older, row = row, _next_row(one, other, at, letter, older, row)
        if min(row) > most:
            return None
    return row[-1] if row[-1] <= most else None


def _next_row(
    one: str, other: str, at: int, letter: str, older: list[float], row: list[float]
) -> list[float]:
    """The distances of the first `at` letters of one word to each beginning of the other."""
    found = [float(at)]
    lost = _single(one, at)
    for place, typed in enumerate(other, 1):
        least = min(
            row[place] + lost,
            found[place - 1] + _single(other, place),
            row[place - 1] + (0 if letter == typed else 0.5 if (letter, typed) in _PAIRS else 1),
        )
        if at > 1 < place and letter == other[place - 2] and one[at - 2] == typed:
            least = min(least, older[place - 2] + 1)
        found.append(least)
    return found


def _single(word: str, at: int) -> float:
    """What it costs to leave out the letter before a place: half where it is the one before it again."""
    return 0.5 if at > 1 and word[at - 1] == word[at - 2] else 1
