"""What the service tells: one line per event, for a terminal or as JSON, and no secret in any of them."""

import json
import logging
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from types import TracebackType

from scheduler.hiding import hiding
from scheduler.settings import Log
from storage.event import Event, event, plain

_OURS = ("crawler", "reports", "scheduler", "storage")
_SAID = "said"  # the event of a line that is none of ours
Hide = Callable[[str], str]
log = logging.getLogger(__name__)


class JsonFormatter(logging.Formatter):
    """One JSON object a line: time (UTC), level, logger, event, what goes with it, the traceback if any."""

    def __init__(self, hide: Hide) -> None:
        super().__init__()
        self._hide = hide

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line; JSON escapes every control character."""
        said = _hidden(record, self._hide) or event(_SAID, message=self._hide(record.getMessage()))
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": said.words,
        }
        for key, value in said.fields.items():
            line.setdefault(key, plain(value))
        if record.exc_info:
            line["traceback"] = self._hide(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)


class ConsoleFormatter(logging.Formatter):
    """Local time, level, logger, event and what goes with it; a traceback in lines of its own."""

    def __init__(self, hide: Hide) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s: %(message)s", "%Y-%m-%d %H:%M:%S")
        self._hide = hide

    def format(self, record: logging.LogRecord) -> str:
        """The record, its control characters shown as escapes, without any that starts another line."""
        record.message = str(_hidden(record, self._hide) or record.getMessage())
        record.asctime = self.formatTime(record, self.datefmt)
        lines = [self.formatMessage(record)]
        if record.exc_info:
            lines += self.formatException(record.exc_info).splitlines()
        return "\n".join(_escaped(self._hide(line)) for line in lines)


def set_up_logging(settings: Log) -> None:
    """Send every event of `settings.level` and above to standard error, of libraries only the warnings; also
    Python's own warnings, and the error this process dies of."""
    hide = hiding(settings.secrets)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter(hide) if settings.format == "json" else ConsoleFormatter(hide))
    handler.addFilter(_matters)
    logging.basicConfig(level=settings.level.upper(), handlers=[handler], force=True)
    logging.captureWarnings(True)
    sys.excepthook = _tell_the_end


def _hidden(record: logging.LogRecord, hide: Hide) -> Event | None:
    """The event that is told, without its secrets: before they are quoted; None: the line is none of ours."""
    if not isinstance(record.msg, Event):
        return None
    told = {key: plain(value) for key, value in record.msg.fields.items()}
    return Event(
        record.msg.words,
        {key: hide(value) if isinstance(value, str) else value for key, value in told.items()},
    )


def _escaped(line: str) -> str:
    return "".join(each if each.isprintable() else repr(each)[1:-1] for each in line)


def _matters(record: logging.LogRecord) -> bool:
    """Whether an event is ours, or a library's warning; libraries set their own levels as they like."""
    return record.levelno >= logging.WARNING or record.name.partition(".")[0] in _OURS


def _tell_the_end(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    log.critical(event("broken", error=repr(error)), exc_info=(kind, error, trace))
