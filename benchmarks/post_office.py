"""A process that publishes and delivers as the service does, by a clock that may be set; to be killed."""

import logging
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from scheduler.alerts import publish_alerts
from scheduler.delivering import deliver
from scheduler.issues import publish_due
from scheduler.settings import Database, Digest, Mail, Settings
from storage.archive import Archive
from storage.errors import RasidError

SPEED = 600  # seconds of the clock in one of ours
PAUSE = 0.02
TOPIC, ZONE, HOUR = "morocco-france-security", "Europe/Paris", 7


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock in a file, which all processes read and one sets; it runs fast."""

    file: Path

    def __call__(self) -> datetime:
        """What it says."""
        said, then = map(float, self.file.read_text(encoding="ascii").split())
        return datetime.fromtimestamp(said + (time.time() - then) * SPEED, UTC)

    def set(self, moment: datetime) -> None:
        """Let it say this from now on, forward or back."""
        new = self.file.with_suffix(".new")
        new.write_text(f"{moment.timestamp()} {time.time()}", encoding="ascii")
        new.replace(self.file)


def settings_for(url: str, port: int, folder: Path) -> Settings:
    """Send by the server at this port of this machine."""
    mail = Mail(host="127.0.0.1", port=port, security="none", sender="rasid@example.org")
    digest = Digest(topic=TOPIC, timezone=ZONE, hour=HOUR, outbox=folder / "outbox")
    return Settings(database=Database(url=url), mail=mail, digest=digest)


def work(url: str, port: int, folder: Path, lease: float) -> None:
    """Publish what is due and deliver what waits, again and again; lease: seconds of ours."""
    logging.basicConfig(filename=folder / "processes.log", level=logging.WARNING, force=True)
    clock, settings = Clock(folder / "clock"), settings_for(url, port, folder)
    with Archive(url) as archive:
        while True:
            try:
                publish_due(archive, settings, clock())
                publish_alerts(archive, settings, clock())
                deliver(archive, settings, clock, lease=timedelta(seconds=lease * SPEED))
            except RasidError as error:
                logging.warning("%s", error)
            time.sleep(PAUSE)
