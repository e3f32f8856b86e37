"""A very short extract of an article: its first sentences, never more. Pure."""

import re

LONGEST = 320  # characters of an extract, whatever its sentences

# A sentence ends with its mark (and closing quotes) before a space and a new start. What stands before the
# dot of a title, an initial or a number sign ends nothing: M. Nuñez, J. Dupont, n° 3, art. 12.
_END = re.compile(r"[.!?؟…]+(?:\s?»|[”\"')\]])*\s+(?=(?:«\s?|[“\"'(\[])*[^\W_a-zà-ÿ])")
_ABBREVIATED = re.compile(
    r"(?<![^\s(«'’])(?:[^\W\d_]|MM|Mme|Mlle|Me|Dr|Pr|St|Ste|Mr|Mrs|Ms|Gen|Col|Lt|Sgt|Capt|Cdt|Gén|Sr|Sra"
    r"|art|no|No|vs|cf|env|approx|Inc|Ltd|U\.S|U\.K)\.\s*$"
)


def extract(text: str, sentences: int) -> str:
    """The first sentences of a text on one line: as many whole ones as are short enough together.

    A first sentence that is too long by itself is cut at a word with ….

    `text` holds a paragraph a line; a paragraph's end ends a sentence. `sentences` of 0 gives nothing.
    """
    found: list[str] = []
    for paragraph in text.splitlines():
        found += _sentences(" ".join(paragraph.split()))
        if len(found) >= sentences:
            break
    told = found[:sentences]
    while len(told) > 1 and len(" ".join(told)) > LONGEST:
        told.pop()
    return shorten(" ".join(told), LONGEST)


def shorten(text: str, longest: int) -> str:
    """The text, cut at a word with … where it has more than `longest` characters."""
    if len(text) <= longest:
        return text
    kept = text[: longest - 1]
    if " " in kept[longest // 2 :]:
        kept = kept.rpartition(" ")[0]
    return kept.rstrip(" ,،;؛:-–—«(") + "…"


def _sentences(paragraph: str) -> list[str]:
    found, start = [], 0
    for end in _END.finditer(paragraph):
        if not _ABBREVIATED.search(paragraph, start, end.end()):
            found.append(paragraph[start : end.end()].strip())
            start = end.end()
    return [*found, paragraph[start:]] if paragraph[start:] else found
