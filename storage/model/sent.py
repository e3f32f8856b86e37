"""What is sent: series, issues, subscribers, deliveries. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from hashlib import blake2b


class Schedule(StrEnum):
    """How often something goes out."""

    WEEKLY = "weekly"
    DAILY = "daily"
    INSTANT = "instant"  # an alert, as soon as a story is important enough


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """What goes out again and again to those who have asked for the same."""

    topic: str
    schedule: Schedule = Schedule.WEEKLY
    query: str = ""  # of a story one account at least answers it; empty: whatever is of the topic
    minimum: float = 0.0  # points of importance

    @property
    def id(self) -> str:
        """The topic for its weekly digest, else with what was asked for: in links and file names."""
        schedule = "" if self.schedule is Schedule.WEEKLY else self.schedule.value
        asked = f"{self.query}\n{float(self.minimum)!r}".encode()
        chosen = blake2b(asked, digest_size=5).hexdigest() if self.query or self.minimum else ""
        return ".".join(filter(None, (self.topic, schedule, chosen)))


class SubscriberState(StrEnum):
    """What a subscriber may be sent."""

    PENDING = "pending"  # nothing but the question whether it was them who asked
    ACTIVE = "active"
    BOUNCING = "bouncing"  # nothing: mails came back again and again


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriber:
    """Who gets a series, and how. One address may have several."""

    id: int
    address: str  # of e-mail; or the https or http URL of a webhook
    language: str  # ar | fr | en
    series: Series
    added: datetime
    token: str  # secret: in the links of their mails; of a webhook the key of its signatures
    empty: bool = True  # whether an issue without stories is sent, too
    state: SubscriberState = SubscriberState.ACTIVE
    bounces: int = 0  # issues in a row that were refused for good

    @property
    def is_webhook(self) -> bool:
        """Whether the address is a URL."""
        return is_webhook(self.address)


def is_webhook(address: str) -> bool:
    """Whether an address is the URL of a webhook."""
    return address.startswith(("https://", "http://"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """An issue in one language, as it is mailed."""

    language: str
    subject: str
    html: str
    text: str
    leave: str = ""  # what stands where each reader's own address to leave at comes; empty: nothing does


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One digest of one period: all recorded in [since, until). Or one alert."""

    series: Series
    name: str  # ISO week such as 2026-W47, day such as 2026-11-22, of an alert `story-5`
    since: datetime
    until: datetime  # the cut-off: the next issue begins here
    created: datetime
    stories: int
    editions: tuple[Edition, ...]
    told: Mapping[int, float] = field(default_factory=dict)  # story -> its importance then


class DeliveryState(StrEnum):
    """Where a delivery stands."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One issue to one subscriber."""

    id: int
    series: str  # its id
    issue: str
    address: str
    language: str
    state: DeliveryState
    token: str = ""  # of the subscriber; empty: they have left
    tries: int = 0
    begun: datetime | None = None  # the first try
    error: str = ""
    sent: datetime | None = None
