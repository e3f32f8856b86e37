"""What is answered to who watches Rasid: /readyz and /metrics. From the archive, so that whichever process
answers, and however often it was started, it tells the same."""

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from fastapi import Request, Response

from reports.metrics import Tasks, exposition
from reports.readiness import Checks, examined
from reports.web_answers import ALWAYS, NO_TRACE
from storage.archive import Archive
from storage.errors import ArchiveError
from storage.model import Gauges

_SHOWN = 50  # characters of what is no check
REMEMBERED = timedelta(seconds=10)  # whoever asks, and however often: the archive is read once in so long


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """What monitoring needs that only the service knows."""

    house: str  # id of the series that goes out whether somebody gets it or not
    checks: Checks
    tasks: Callable[[], Tasks] | None = None  # of the workers; None: none are used


@dataclass(slots=True, kw_only=True)
class Monitoring:
    """The answers."""

    archive: Archive
    watched: Watched
    clock: Callable[[], datetime]
    _one: threading.Lock = field(default_factory=threading.Lock)
    _read: tuple[datetime, Gauges | None, Tasks | None] | None = None

    def ready(self, request: Request) -> Response:
        """200 if every check that is not excluded is good, else 503; JSON that says what is wrong.

        400 where what is excluded is no check: who wrote that watches something else than he thinks.
        """
        excluded, known = request.query_params.getlist("exclude"), self.watched.checks
        strange = next((name for name in excluded if name not in known), None)
        if strange is not None:
            said = f"exclude={strange[:_SHOWN]}: no such check; there are {', '.join(known)}"
            return _json({"ready": False, "said": said}, 400)
        told = examined(self.watched.checks, excluded)
        ready = all(each.ready for each in told.values())
        checks = {name: {"ready": each.ready, "said": each.said} for name, each in told.items()}
        return _json({"ready": ready, "checks": checks}, 200 if ready else 503)

    def metrics(self, request: Request) -> Response:
        """The figures, in the format that is asked for."""
        gauges, tasks = self._gauges()
        body, content_type = exposition(gauges, tasks, request.headers.get("accept", ""))
        return Response(body, 200, {**ALWAYS, **NO_TRACE, "Vary": "Accept", "Content-Type": content_type})

    def _gauges(self) -> tuple[Gauges | None, Tasks | None]:
        with self._one:
            now = self.clock()
            if self._read is None or not timedelta() <= now - self._read[0] < REMEMBERED:
                self._read = (now, *self._asked(now))
            return self._read[1:]

    def _asked(self, now: datetime) -> tuple[Gauges | None, Tasks | None]:
        try:
            gauges = self.archive.running.gauges(now, self.watched.house)
            return gauges, self.watched.tasks() if self.watched.tasks else None
        except ArchiveError:  # that it cannot be read is a figure, too
            return None, None


def _json(said: Mapping[str, object], status: int) -> Response:
    body = json.dumps(said, ensure_ascii=False)
    return Response(body, status, {**ALWAYS, **NO_TRACE}, "application/json")
