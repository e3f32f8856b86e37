"""What can be put in the queue. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from storage.model import Source

NAMES = ("crawl", "revisit", "deliver", "backfill")
PAUSES = (timedelta(minutes=1), timedelta(minutes=4), timedelta(minutes=16))  # before another try
_PRIORITIES = {"deliver": 30, "crawl": 20, "revisit": 10, "backfill": 0}
_LATER = 100  # below all that has not been tried: who waits for a retry must not hold up its hosts


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Something to be done, once, by whoever is free."""

    name: str  # one of NAMES
    what: str  # id of a source, one of `rounds.PARTS`, or the path of a WARC file
    lock: str  # no two tasks of the same are under way
    since: datetime | None = None  # of a back-fill of a source
    tries: int = 0
    wait: timedelta = timedelta()  # before it may begin

    @property
    def key(self) -> str:
        """No two tasks of the same key wait: a source is not crawled twice for being due twice."""
        if self.name in ("crawl", "revisit"):
            return f"source {self.what}"
        return f"{self.name} {self.what}" + (f" {self.since:%Y-%m-%d}" if self.since else "")

    @property
    def priority(self) -> int:
        """The highest is begun first."""
        return _PRIORITIES[self.name] - (_LATER if self.tries else 0)

    @property
    def arguments(self) -> dict[str, Any]:
        """What is kept of it as JSON, apart from what the queue itself keeps."""
        since = self.since.isoformat() if self.since else None
        return {"what": self.what, "since": since, "tries": self.tries}

    def again(self) -> "Task | None":
        """The next try, after a pause that grows; None: it has had enough."""
        if self.tries >= len(PAUSES):
            return None
        return replace(self, tries=self.tries + 1, wait=PAUSES[self.tries])

    def __str__(self) -> str:
        return f"{self.name} {self.what}"


def task_of(name: str, lock: str, arguments: dict[str, Any]) -> Task:
    """The task of which that was kept."""
    since = arguments["since"] and datetime.fromisoformat(arguments["since"])
    return Task(name=name, lock=lock, **(arguments | {"since": since}))


def crawl_task(source: Source, lock: str, *, revisits: bool) -> Task:
    """A turn of a source; `revisits`: which it has only for articles to be looked at again."""
    return Task(name="revisit" if revisits else "crawl", what=source.id, lock=lock)


def deliver_task(part: str) -> Task:
    """What waits of one of `rounds.PARTS`. Mails and questions share a lock, as they share a pace."""
    return Task(name="deliver", what=part, lock="webhooks" if part == "webhooks" else "mail")


def walk_task(source: Source, lock: str, since: datetime) -> Task:
    """A back-fill of a source through its entries."""
    return Task(name="backfill", what=source.id, lock=lock, since=since)


def file_task(file: Path) -> Task:
    """A back-fill from a WARC file, by whoever sees it under this path."""
    return Task(name="backfill", what=str(file.absolute()), lock=f"file {file.absolute()}")
