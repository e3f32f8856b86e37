"""What the doctor says. Pure."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """What a finding means."""

    GOOD = "good"
    NOTE = "note"  # works, and may be meant so
    BAD = "bad"  # something must be done


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; what is said of it ends with what to do, if anything."""

    what: str
    verdict: Verdict
    said: str


def good(what: str, said: str) -> Finding:
    """It is as it should be."""
    return Finding(what, Verdict.GOOD, said)


def note(what: str, said: str) -> Finding:
    """It works, and may be meant so."""
    return Finding(what, Verdict.NOTE, said)


def bad(what: str, said: str) -> Finding:
    """Something must be done."""
    return Finding(what, Verdict.BAD, said)
