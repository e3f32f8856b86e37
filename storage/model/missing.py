"""What the recall audit looks at: tips, what became of links, what is missed. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Tip:
    """A headline that a search service reports."""

    service: str  # id of the source that is the service
    url: str  # as the service gives it
    key: str
    title: str
    outlet: str  # its host, without www
    seen: datetime
    published: datetime | None = None
    source: str = ""  # id, if the outlet is one of ours


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What became of a link of which an entry has told the title."""

    key: str
    source: str
    title: str
    url: str
    outcome: str  # trying | accepted | rejected | unavailable
    reason: str
    missing: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # topic -> sides without a match


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """A headline that others report and the archive lacks, and why."""

    title: str
    url: str
    outlet: str  # id of the source if it is one of ours, else its host
    said_by: str  # a search service, a story, or the source that republishes it
    reason: str
    published: datetime | None = None
