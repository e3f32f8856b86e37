"""rasid web, and the pages of rasid service: processes that show them and stop cleanly."""

import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import Popen
from urllib.error import URLError

import pytest

from storage.archive import Archive
from tests import factories
from tests.commands import Home, one_line
from tests.reports.asking import ask
from tests.waiting import until

QUIET = '[catalogue]\nonly = ["elaph"]\n[crawl]\nroute = "http://127.0.0.1:9"\ndelay = 0\n'


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path)
    home.configure(QUIET)
    return home


@contextmanager
def running(home: Home, *arguments: str) -> Iterator[Popen[str]]:
    process = home.start(*arguments)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def stopped(process: Popen[str]) -> str:
    """What the process told on its way out after SIGTERM."""
    process.send_signal(signal.SIGTERM)
    _, told = process.communicate(timeout=30)
    assert process.returncode == 0, told
    return told


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def answers(port: int) -> bool:
    try:
        return ask(f"http://127.0.0.1:{port}/healthz").body == b"ok"
    except URLError:
        return False


def test_the_command_shows_the_archive_until_it_is_told_to_stop(home: Home) -> None:
    assert home.rasid("db", "upgrade").exit_code == 0
    with Archive(f"sqlite:///{home.folder / 'rasid.db'}") as archive:
        archive.posting.store_issue(factories.issue())
    port = free_port()
    with running(home, "web", "--port", str(port)) as process:
        until(lambda: answers(port))
        page = ask(f"http://127.0.0.1:{port}/?language=fr")
        assert "1 sujet" in page.text
        assert "Sécurité" in page.text
        assert ask(f"http://127.0.0.1:{port}/subscribe").status == 404
        assert "Traceback" not in stopped(process)


def test_the_command_says_in_one_line_what_it_lacks(home: Home) -> None:
    one_line(home.rasid("web", "--port", "0"), "rasid db upgrade")
    home.rasid("db", "upgrade")
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        one_line(home.rasid("web", "--port", str(port)), f"127.0.0.1:{port}", "in use")
    home.configure(f"{QUIET}[web]\nsign_up = true\n")
    one_line(home.rasid("web", "--port", "0"), "[web] sign_up: needs base_url")


def test_the_service_shows_the_pages_and_stops_with_them(home: Home) -> None:
    port = free_port()
    home.configure(f'{QUIET}[web]\nport = {port}\nsign_up = true\nbase_url = "https://rasid.example"\n')
    with running(home, "service") as process:
        until(lambda: answers(port))
        page = ask(f"http://127.0.0.1:{port}/subscribe?language=en").page
        assert page.xpath("//select[@id='topic']/option/@value") == ["morocco-france-security"]
        told = stopped(process)
    assert f"pages shown url=http://127.0.0.1:{port}" in told
    assert "stopped" in told
    assert not answers(port)


def test_a_port_that_is_taken_does_not_stop_the_service(home: Home) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        home.configure(f"{QUIET}[web]\nport = {port}\n")
        with running(home, "service") as process:
            assert process.stderr is not None
            lines = []
            while "started" not in (line := process.stderr.readline()):
                lines.append(line)
            told = stopped(process)
    assert [
        each
        for each in lines
        if f'no pages error="[web] host and port: nothing can listen at 127.0.0.1:{port}' in each
    ]
    assert "stopped" in told
