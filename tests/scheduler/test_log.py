"""What the service tells: one line an event, whatever a page smuggles into it."""

import json
import logging

import pytest

from scheduler.log import set_up_logging
from scheduler.settings import Log


@pytest.fixture(autouse=True)
def restored() -> object:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


def test_an_event_is_one_json_object_a_line(capfd: pytest.CaptureFixture[str]) -> None:
    set_up_logging(Log(format="json"))
    logging.getLogger("crawler.run").warning("a line\nand another \x1b[31m %s", "راصد")
    (line,) = capfd.readouterr().err.splitlines()
    event = json.loads(line)
    assert (event["level"], event["logger"]) == ("warning", "crawler.run")
    assert event["message"] == "a line\nand another \x1b[31m راصد"


def test_a_terminal_gets_no_control_characters(capfd: pytest.CaptureFixture[str]) -> None:
    set_up_logging(Log())
    logging.getLogger("crawler.run").info("a line\nand another \x1b[31m")
    (line,) = capfd.readouterr().err.splitlines()
    assert "\\n" in line
    assert "\x1b" not in line


def test_of_libraries_only_warnings_are_told(capfd: pytest.CaptureFixture[str]) -> None:
    set_up_logging(Log(level="debug"))
    logging.getLogger("scrapy.core").setLevel(logging.DEBUG)
    logging.getLogger("scrapy.core").info("chatter")
    logging.getLogger("scrapy.core").warning("trouble")
    logging.getLogger("storage.archive").debug("detail")
    told = capfd.readouterr().err
    assert "chatter" not in told
    assert "trouble" in told
    assert "detail" in told
