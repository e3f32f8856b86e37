"""What the service tells: one line per event, for a terminal or as JSON."""

import json
import logging
import sys
from datetime import UTC, datetime

from scheduler.settings import Log

_OURS = ("crawler", "reports", "scheduler", "storage")


class JsonFormatter(logging.Formatter):
    """One JSON object a line: time (UTC), level, logger, message, and the traceback if any."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line; JSON escapes every control character."""
        event = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            event["traceback"] = self.formatException(record.exc_info)
        return json.dumps(event, ensure_ascii=False)


class ConsoleFormatter(logging.Formatter):
    """Local time, level, logger and message, control characters shown as escapes."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s: %(message)s", "%Y-%m-%d %H:%M:%S")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 the library's name
        """The line without anything that moves the cursor or starts another line."""
        line = super().formatMessage(record)
        return "".join(each if each.isprintable() else repr(each)[1:-1] for each in line)


def set_up_logging(settings: Log) -> None:
    """Send every event of `settings.level` and above to standard error, of libraries only the warnings."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter() if settings.format == "json" else ConsoleFormatter())
    handler.addFilter(_matters)
    logging.basicConfig(level=settings.level.upper(), handlers=[handler], force=True)


def _matters(record: logging.LogRecord) -> bool:
    """Whether an event is ours, or a library's warning; libraries set their own levels as they like."""
    return record.levelno >= logging.WARNING or record.name.partition(".")[0] in _OURS
