"""What /readyz looks at: database, migrations, scheduler, mail; by themselves and in real processes."""

import json
import signal
import socket
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from reports.readiness import Checks
from scheduler.loading import load_settings
from scheduler.readiness import checks
from scheduler.settings import Mail, Settings
from storage.archive import Archive
from storage.model import Heartbeat
from tests.commands import Home
from tests.factories import NOW
from tests.mailbox import open_mailbox
from tests.reports.asking import ask
from tests.reports.test_web_command import QUIET, answers, free_port, running, stopped
from tests.waiting import until

SECOND = timedelta(seconds=1)
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")


class Clock:
    """Where the hands are put."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def looked(made: Checks) -> dict[str, tuple[bool, str]]:
    found = {name: look() for name, look in made.items()}
    for each in found.values():
        assert each.said == " ".join(each.said.split())  # one line
    return {name: (each.ready, each.said) for name, each in found.items()}


def at(archive: Archive, clock: Clock, **mail: Any) -> Checks:
    return checks(Settings(mail=Mail(**mail)), archive, clock)


def beat(archive: Archive, when: datetime) -> None:
    archive.running.beat(Heartbeat(role="scheduler", who="here:7", since=NOW, beat=when))


def test_a_service_that_has_all_is_ready(archive: Archive) -> None:
    beat(archive, NOW - 59 * SECOND)
    assert looked(at(archive, Clock())) == {
        "database": (True, "answers"),
        "migrations": (True, "of this version"),
        "scheduler": (True, "here:7 is at work"),
        "mail": (True, "[mail] host is not set: mails are written to outbox"),
    }


@pytest.mark.parametrize(
    ("after", "said"),
    [(None, "none was ever at work here; start: rasid service"), (60, "no sign of life of here:7 since")],
)
def test_without_a_sign_of_life_it_is_not(archive: Archive, after: int | None, said: str) -> None:
    if after is not None:
        beat(archive, NOW - after * SECOND)
    is_ready, told = looked(at(archive, Clock()))["scheduler"]
    assert not is_ready
    assert told.startswith(said)
    assert "start: rasid service" in told


def test_an_archive_that_is_not_migrated_is_said_to_be(empty_url: str) -> None:
    with Archive(empty_url) as archive:
        found = looked(at(archive, Clock()))
    assert found["database"] == (True, "answers")
    for each in ("migrations", "scheduler"):
        assert not found[each][0]
        assert "run: rasid db upgrade" in found[each][1]


def test_a_database_that_does_not_answer_is_asked_once_and_named_without_password() -> None:
    with Archive("postgresql://rasid:right-horse@127.0.0.1:1/nothing") as lost:
        found = looked(at(lost, Clock()))
    assert [name for name, (is_ready, _) in found.items() if not is_ready] == [
        "database",
        "migrations",
        "scheduler",
    ]
    assert "no server answers there; start it" in found["database"][1]
    assert "right-horse" not in str(found)
    assert found["scheduler"][1] == "not known while the database does not answer"


def test_the_mail_server_is_greeted_for_real_once_a_minute_and_sent_nothing(archive: Archive) -> None:
    clock = Clock()
    with open_mailbox(login=("rasid", "right horse")) as mailbox:
        given = {"host": "127.0.0.1", "port": mailbox.port, "security": "none"}
        made = at(archive, clock, username="rasid", password="right horse", **given)
        for _ in range(3):
            assert looked(made)["mail"] == (True, f"127.0.0.1:{mailbox.port} answers")
        assert (mailbox.connections, mailbox.mails) == (1, [])
        wrong = at(archive, clock, username="rasid", password="wrong horse", **given)
        is_ready, said = looked(wrong)["mail"]
        assert not is_ready
        assert "wrong horse" not in said
    clock.now += 59 * SECOND
    assert looked(made)["mail"][0]  # it is remembered
    clock.now += SECOND
    is_ready, said = looked(made)["mail"]
    assert not is_ready
    assert f"127.0.0.1:{mailbox.port}" in said


def test_a_mail_server_that_says_nothing_is_not_waited_for_long(archive: Archive) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        made = at(archive, Clock(), host="127.0.0.1", port=port, security="none")
        begun = datetime.now()  # noqa: DTZ005 how long it takes
        assert not looked(made)["mail"][0]
        assert datetime.now() - begun < timedelta(seconds=10)  # noqa: DTZ005


def test_no_secret_of_the_settings_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A password that has got into a name: what is said of that file would show it."""
    monkeypatch.setenv("RASID_MAIL__PASSWORD", "right-horse")
    content = '[mail]\nhost = "mail.example.org"\npassword_file = "right-horse"\n'
    (tmp_path / "rasid.toml").write_text(f'{content}[database]\nurl = "sqlite:///rasid.db"\n')
    settings = load_settings(tmp_path / "rasid.toml")
    with Archive(settings.database.url) as archive:
        is_ready, said = looked(checks(settings, archive))["mail"]
    assert not is_ready
    assert "***: cannot be read" in said


def told(port: int, query: str = "") -> tuple[int, dict[str, Any]]:
    answer = ask(f"http://127.0.0.1:{port}/readyz{query}")
    return answer.status, json.loads(answer.body)


def test_the_service_is_ready_when_it_is_at_work_and_the_pages_alone_say_when_it_is_gone(
    tmp_path: Path,
) -> None:
    home, port, other = Home(tmp_path), free_port(), free_port()
    home.configure(f"{QUIET}[web]\nport = {port}\n")
    home.rasid("db", "upgrade")
    with Archive(f"sqlite:///{tmp_path / 'rasid.db'}") as archive:
        archive.running.record_job("given up", NOW, NOW, "it would be shown as failing for ever")
    with running(home, "service") as service:
        until(lambda: answers(port) and told(port)[0] == 200)
        assert b'name="given up"' not in ask(f"http://127.0.0.1:{port}/metrics").body
        with running(home, "web", "--port", str(other)):
            until(lambda: answers(other) and told(other)[0] == 200)
            assert b"rasid_heartbeat_timestamp_seconds{" in ask(f"http://127.0.0.1:{other}/metrics").body
            stopped(service)
            with Archive(f"sqlite:///{tmp_path / 'rasid.db'}") as archive:
                beat(archive, NOW)  # as if it had ended long ago
            status, said = told(other)
            assert (status, said["checks"]["scheduler"]["ready"]) == (503, False)
            assert told(other, "?exclude=scheduler")[0] == 200


def test_monitoring_can_be_switched_off(tmp_path: Path) -> None:
    home, port = Home(tmp_path), free_port()
    home.configure(f"{QUIET}[web]\nmonitoring = false\n")
    home.rasid("db", "upgrade")
    with running(home, "web", "--port", str(port)) as process:
        until(lambda: answers(port))
        for each in ("readyz", "metrics"):
            assert ask(f"http://127.0.0.1:{port}/{each}").status == 404
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)
