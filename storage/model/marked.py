"""What is judged anew: marked articles and pages, pages that were rejected. Pure."""

from dataclasses import dataclass
from datetime import datetime

from storage.model.judged import Mark
from storage.model.told import ArchivedArticle
from storage.model.watched import Link


@dataclass(frozen=True, slots=True, kw_only=True)
class LostPage:
    """A page that is no article of the archive, with what is known of it: its entry's words, else its own."""

    link: Link
    outcome: str  # told | trying | rejected | unavailable
    reason: str = ""
    decided: datetime | None = None  # None: not yet, or before this was kept
    rules: str = ""  # fingerprint of those it was decided by; empty: not known
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A mark with what it is of."""

    mark: Mark
    found: ArchivedArticle | LostPage
