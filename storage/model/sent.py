"""What is sent: issues, subscribers, deliveries. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriber:
    """Who gets the digest, and in what language."""

    id: int
    email: str
    language: str  # ar | fr | en
    added: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """An issue in one language, as it is mailed."""

    language: str
    subject: str
    html: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One digest of one period: all recorded in [since, until)."""

    topic: str
    name: str  # ISO week such as 2026-W47
    since: datetime
    until: datetime  # the cut-off: the next issue begins here
    created: datetime
    stories: int
    editions: tuple[Edition, ...]


class DeliveryState(StrEnum):
    """Where a delivery stands."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One issue to one subscriber."""

    id: int
    topic: str
    issue: str
    email: str
    language: str
    state: DeliveryState
    tries: int = 0
    error: str = ""
    sent: datetime | None = None
