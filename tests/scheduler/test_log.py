"""What the service tells: one line an event, whatever a page smuggles into it."""

import json
import logging
import pickle
import sys
import warnings
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest

from scheduler.loading import load_settings
from scheduler.log import set_up_logging
from scheduler.settings import Log
from storage.event import event
from tests.commands import Home

PASSWORD, QUOTED = 'pa"ss\\wörd', quote('pa"ss\\wörd', safe="")
FORMATS = ("json", "console")


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level, hook = root.handlers[:], root.level, sys.excepthook
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    sys.excepthook = hook
    logging.captureWarnings(False)


@pytest.fixture
def configured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Log:
    """The settings of a log where every secret is known in its own way."""
    (tmp_path / "mail").write_text("from-a-file\nnot this\n", encoding="utf-8")
    (tmp_path / "proxy").write_text("http://me:of%20a%20proxy@10.0.0.1:3128\n", encoding="utf-8")
    content = '[mail]\npassword_file = "mail"\n[crawl]\nproxy_file = "proxy"\n'
    (tmp_path / "rasid.toml").write_text(content, encoding="utf-8")
    monkeypatch.setenv("RASID_DATABASE__URL", f"postgresql://rasid:{QUOTED}@127.0.0.1:1/rasid")
    monkeypatch.setenv("RASID_MAIL__PASSWORD", "from-a-variable")
    monkeypatch.setenv("PGPASSWORD", "of-postgresql")
    return load_settings(tmp_path / "rasid.toml").log


SECRETS = (
    PASSWORD,
    QUOTED,
    "from-a-file",
    "from-a-variable",
    "of-postgresql",
    "of a proxy",
    "of%20a%20proxy",
    b64encode(b"me:of a proxy").decode(),
)


def test_an_event_is_one_json_object_a_line(capfd: pytest.CaptureFixture[str]) -> None:
    set_up_logging(Log(format="json"))
    logging.getLogger("crawler.run").warning("a line\nand another \x1b[31m %s", "راصد")
    (line,) = capfd.readouterr().err.splitlines()
    told = json.loads(line)
    assert (told["level"], told["logger"]) == ("warning", "crawler.run")
    assert told["event"] == "said"
    assert told["message"] == "a line\nand another \x1b[31m راصد"


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


def test_what_goes_with_an_event_has_its_own_keys(capfd: pytest.CaptureFixture[str]) -> None:
    set_up_logging(Log(format="json"))
    since = datetime(2026, 11, 22, 7, tzinfo=UTC)
    said = event("crawl ended", source="elaph", found=30, seconds=1.5, since=since, why=None)
    logging.getLogger("scheduler.timetable").info(said)
    (line,) = capfd.readouterr().err.splitlines()
    told = json.loads(line)
    assert {key: told[key] for key in told if key not in ("time", "level", "logger")} == {
        "event": "crawl ended",
        "source": "elaph",
        "found": 30,
        "seconds": 1.5,
        "since": "2026-11-22T07:00:00+00:00",
    }


def test_on_a_terminal_it_is_one_line_of_words_and_values(capfd: pytest.CaptureFixture[str]) -> None:
    set_up_logging(Log())
    said = event("crawl problem", source="elaph", what='says "no"\nand more', where="")
    logging.getLogger("scheduler.timetable").warning(said)
    (line,) = capfd.readouterr().err.splitlines()
    assert line.endswith(
        'scheduler.timetable: crawl problem source=elaph what="says \\"no\\"\\nand more" where=""'
    )


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("secret", SECRETS)
def test_no_secret_is_told_whoever_tells_it(
    capfd: pytest.CaptureFixture[str], configured: Log, format: str, secret: str
) -> None:
    set_up_logging(configured.model_copy(update={"format": format}))
    logging.getLogger("smtplib.of.somebody").warning("said %s, and %r", secret, secret)
    logging.getLogger("scheduler").info(event("said", error=f"at {secret}", what={"deep": secret}))
    try:
        raise ValueError(secret)
    except ValueError:
        logging.getLogger("apscheduler.executors").exception("broken")
    told = capfd.readouterr().err
    for form in (secret, json.dumps(secret)[1:-1], repr(secret)[1:-1], json.dumps(repr(secret))[1:-1]):
        assert form not in told
    assert told.count("***") >= 5
    assert "ValueError" in told


@pytest.mark.parametrize("format", FORMATS)
def test_a_library_that_tells_its_connection_tells_no_password(
    capfd: pytest.CaptureFixture[str], format: str
) -> None:
    """As the pool of the driver does with the whole address; unknown to the settings."""
    set_up_logging(Log.model_validate({"format": format}))
    address = "postgresql://rasid:right-horse@127.0.0.1:1/rasid"
    try:
        psycopg.connect(address)
    except psycopg.OperationalError:
        logging.getLogger("pool.of.somebody").exception("error connecting to %s", address)
    told = capfd.readouterr().err
    assert "postgresql://rasid:***@127.0.0.1:1/rasid" in told
    assert "right-horse" not in told


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("path", ["/unsubscribe/tok-en_1", "/confirm/tok-en_1?language=ar"])
def test_the_tokens_of_readers_are_told_by_nobody(
    capfd: pytest.CaptureFixture[str], format: str, path: str
) -> None:
    set_up_logging(Log.model_validate({"format": format}))
    logging.getLogger("uvicorn.error").error('"GET %s HTTP/1.1" 500', path)
    told = capfd.readouterr().err
    assert f"{path.split('tok')[0]}***" in told
    assert "tok-en_1" not in told


def test_what_is_hidden_goes_along_to_other_processes(configured: Log) -> None:
    assert "from-a-file" in configured.secrets
    assert pickle.loads(pickle.dumps(configured)).secrets == configured.secrets  # noqa: S301 our own
    assert configured.model_copy(update={"level": "critical"}).secrets == configured.secrets
    assert "from-a-file" not in repr(configured)


def test_a_warning_of_python_is_one_line(capfd: pytest.CaptureFixture[str]) -> None:
    set_up_logging(Log(format="json"))
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(False)
        logging.captureWarnings(True)
        warnings.warn("old\nand gone", stacklevel=1)
    (line,) = capfd.readouterr().err.splitlines()
    assert "old\nand gone" in json.loads(line)["message"]


def test_what_a_service_dies_of_is_one_line_too(tmp_path: Path) -> None:
    """A folder in place of the database's file is told in one line; what nobody thought of, so as well."""
    home = Home(tmp_path, {"PYTHONSTARTUP": "", "RASID_LOG__FORMAT": "json"})
    home.configure('[crawl]\nroute = "http://127.0.0.1:9"\n')
    program = (
        "import sys\n"
        "from scheduler.log import set_up_logging\n"
        "from scheduler.loading import load_settings\n"
        "set_up_logging(load_settings().log)\n"
        "raise ZeroDivisionError('at /confirm/secret')\n"
    )
    done = Home(tmp_path, home.environment, (sys.executable, "-c", program)).rasid()
    assert done.exit_code == 1
    (line,) = done.err.splitlines()
    told = json.loads(line)
    assert (told["event"], told["level"]) == ("broken", "critical")
    assert "ZeroDivisionError" in told["traceback"]
    assert "secret" not in line
