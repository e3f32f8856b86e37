"""What is kept of a page. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

_LEAD = 600  # characters
_ENDS = (". ", "! ", "? ", "؟ ", "… ", "\n")  # of a sentence


class Status(StrEnum):
    """How much of an article we could have."""

    FULL = "full"
    HEADLINE_ONLY = "headline_only"


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """Cleaned text with what is known of it. `text` holds a paragraph a line."""

    key: str
    url: str  # canonical
    source: str
    title: str
    text: str
    language: str
    subtitle: str = ""
    authors: tuple[str, ...] = ()
    published: datetime | None = None
    modified: datetime | None = None
    section: str = ""
    origin: str = ""  # agency or outlet the text is taken from, as credited
    place: str = ""  # of the dateline
    audio: bool = False
    status: Status = Status.FULL
    genre: str = ""  # live: added to for hours; review: of other outlets' headlines; empty: an article
    rights: tuple[
        str, ...
    ] = ()  # what the page asks of those who show it: noindex, noarchive, tdm-reservation
    aliases: tuple[str, ...] = ()  # other keys of the same article: short link, AMP, before redirects
    found_by: Mapping[str, str] = field(default_factory=dict)  # field -> what gave it: json-ld, meta, select…

    @property
    def lead(self) -> str:
        """Its first sentences, after the subtitle: 600 characters at most."""
        whole = f"{self.subtitle}\n{self.text}".strip()
        if len(whole) <= _LEAD:
            return whole
        begin = whole[:_LEAD]
        end = max(begin.rfind(each) for each in _ENDS)
        return begin[: end + 1 if end > 0 else begin.rfind(" ")].rstrip()
