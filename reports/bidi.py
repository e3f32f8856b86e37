"""Text of both directions in one line (Unicode UAX #9), and the spaces of French. Pure."""

import re
import unicodedata
from collections.abc import Iterable

LRM, RLM = "\u200e", "\u200f"
FSI, PDI = "\u2068", "\u2069"
_CONTROLS = "\x00-\x1f\x7f-\x9f"  # a terminal would obey them
MARKS = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_RIGHT_TO_LEFT = ("ar", "fa", "ur", "he", "ckb", "ps", "yi", "sd", "ug")
_NARROW = "\u202f"  # narrow no-break space


def direction(language: str) -> str:
    """rtl or ltr, as HTML's dir attribute has it."""
    return "rtl" if language in _RIGHT_TO_LEFT else "ltr"


def is_mixed(text: str, towards: str) -> bool:
    """Whether a text has letters that run against a direction."""
    against = ("L",) if towards == "rtl" else ("R", "AL")
    return any(unicodedata.bidirectional(each) in against for each in text)


def without_marks(text: str) -> str:
    """One line of text without the bidirectional and other control characters its page left in it."""
    return re.sub(f"[{MARKS}{_CONTROLS}]", "", text)


def isolate(text: str, towards: str) -> str:
    """The text so that it cannot disturb what stands around it in a line of that direction."""
    return f"{FSI}{text}{PDI}" if is_mixed(text, towards) else text


def isolate_line(text: str, own: str) -> str:
    """One line of text whose direction is known, isolated, also where it begins with a foreign word."""
    strong = (unicodedata.bidirectional(each) for each in text)
    first = next((each for each in strong if each in ("L", "R", "AL")), "")
    starts = "ltr" if first == "L" else "rtl"
    mark = "" if first and starts == own else (RLM if own == "rtl" else LRM)
    return f"{FSI}{mark}{text}{PDI}"


def balance(lines: Iterable[str]) -> tuple[str, ...]:
    """The lines of a wrapped text, each closing the isolates it opens and opening again what goes on: a line
    is a paragraph to UAX #9, and its end ends every isolate."""
    done, is_open = [], False
    for line in lines:
        whole = f"{FSI}{line}" if is_open else line
        is_open = whole.count(FSI) > whole.count(PDI)
        done.append(f"{whole}{PDI}" if is_open else whole)
    return tuple(done)


def typeset(text: str, language: str) -> str:
    """French text with narrow no-break spaces where it has spaces before ; : ! ? » and after « (Lexique des
    règles typographiques en usage à l'Imprimerie nationale); any other text as it is."""
    if language != "fr":
        return text
    text = re.sub(r"[ \u00a0]+(?=[;:!?»])", _NARROW, text)
    return re.sub(r"(?<=«)[ \u00a0]+", _NARROW, text)
