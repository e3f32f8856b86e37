"""What is handed to Docker, systemd, Prometheus and Grafana fits what Rasid really does."""

import json
import re
import threading
from configparser import ConfigParser
from pathlib import Path
from typing import Any

import pytest
import typer.main
from prometheus_client.parser import text_string_to_metric_families

from crawler.clock import now
from reports.metrics import exposition
from scheduler.batches import Batches
from scheduler.cli import app
from scheduler.rounds import PARTS, job_of
from scheduler.settings import Database, Settings
from scheduler.timetable import jobs_of
from storage.archive import Archive
from storage.model import Gauges

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "docs" / "deploy"
MONITORING = (ROOT / "docs" / "monitoring.md").read_text(encoding="utf-8")
ALARMS = (DEPLOY / "alarms.yml").read_text(encoding="utf-8")
DASHBOARD = json.loads((DEPLOY / "grafana" / "dashboard.json").read_text(encoding="utf-8"))
COMPOSE = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
NEEDED = ("read_only: true", "cap_drop: [ALL]", "no-new-privileges:true", "mem_limit:", "pids_limit:")
UNITS = ("rasid.service", "rasid-worker@.service")


def names() -> set[str]:
    """Every figure that /metrics can show, as Prometheus stores it."""
    text = exposition(Gauges(schema="0001"), {})[0].decode()
    families = tuple(text_string_to_metric_families(text))
    return {each.name + ("_total" if each.type == "counter" else "") for each in families}


def expressions() -> dict[str, str]:
    """What alarms and panels ask."""
    asked = dict(re.findall(r"- alert: (\w+)\n\s+expr: (.+)", ALARMS))
    for panel in DASHBOARD["panels"]:
        asked |= {f"{panel['title']} {each['refId']}": each["expr"] for each in panel["targets"]}
    return asked


@pytest.mark.parametrize("expression", expressions().values(), ids=expressions())
def test_alarms_and_panels_ask_for_figures_that_there_are(expression: str) -> None:
    asked = set(re.findall(r"\b(?:rasid|process|python)_[a-z_]+", expression))
    assert asked or expression.startswith("up{")
    assert asked <= names()


def test_every_figure_is_explained_and_no_other() -> None:
    explained = set(re.findall(r"^\| `(rasid_\w+)`", MONITORING, re.MULTILINE))
    assert explained == {each for each in names() if each.startswith("rasid_")}


def test_every_alarm_is_explained_and_no_other() -> None:
    raised = re.findall(r"- alert: (\w+)", ALARMS)
    assert len(raised) >= 15
    assert re.findall(r"^### (\w+)$", MONITORING, re.MULTILINE) == raised
    for section in MONITORING.partition("## What each alarm means")[2].split("\n### ")[1:]:
        if "The same of" not in section:
            assert "*Readers*" in section, section
            assert "*First:*" in section, section


def test_alarms_of_jobs_name_those_that_there_are(tmp_path: Path) -> None:
    own = Settings(database=Database(url=f"sqlite:///{tmp_path}/rasid.db"))
    with Archive(own.database.url) as archive:
        stop = threading.Event()
        jobs = jobs_of(own, archive, (), Batches(own, stop.is_set), stop, now)
    named = re.findall(r'rasid_job_failing\{name!?[=~]+"([^"]+)"\}', ALARMS)
    assert len(named) == 2
    assert len(set(named)) == 1
    assert set(named[0].split("|")) <= {each.name for each in jobs} | set(map(job_of, PARTS))


def test_every_event_of_the_service_is_explained() -> None:
    """Those of the service itself; a crawl has more."""
    for name in ("service", "leading", "timetable", "due", "issues", "alerts", "pages"):
        code = (ROOT / "scheduler" / f"{name}.py").read_text(encoding="utf-8")
        for words in set(re.findall(r'event\(\s*"([^"]+)"', code)) - {"sign of life not stored"}:
            assert f"`{words}`" in MONITORING or words == "job not remembered", words


def test_panels_stand_side_by_side_and_say_what_they_show() -> None:
    taken: set[tuple[int, int]] = set()
    panels: list[dict[str, Any]] = DASHBOARD["panels"]
    assert len({each["id"] for each in panels}) == len(panels) > 10
    for panel in panels:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not cells & taken, panel["title"]
        assert max(x for x, _ in cells) < 24
        taken |= cells
        assert panel["title"]
        assert panel["datasource"]["uid"] == "prometheus"
    source = (DEPLOY / "grafana/provisioning/datasources/prometheus.yml").read_text(encoding="utf-8")
    assert "uid: prometheus\n" in source


def test_compose_sets_what_there_is_to_set() -> None:
    """Every RASID_<TABLE>__<KEY> of the files is a setting, and no secret has a value in them."""
    known = {
        f"RASID_{table}__{key}".upper()
        for table, model in Settings.model_fields.items()
        for key in getattr(model.annotation, "model_fields", ())
    }
    for content in (COMPOSE, DOCKERFILE, *(unit(each) for each in UNITS)):
        assert set(re.findall(r"RASID_[A-Z]+__[A-Z_]+", content)) <= known
    given = re.findall(r"^\s*(\w*PASSWORD\w*): (.*)$", COMPOSE, re.MULTILINE)
    assert {name for name, _ in given} == {"PGPASSWORD", "POSTGRES_PASSWORD", "RASID_MAIL__PASSWORD"}
    assert all(re.fullmatch(r"\$\{RASID_\w+(:-|:\?[^}]*)\}", value) for _, value in given)


def test_compose_gives_every_container_no_more_than_it_needs() -> None:
    services = COMPOSE.partition("\nservices:\n")[2].partition("\nvolumes:\n")[0]
    parts = dict(re.findall(r"^  (\w+):\n((?:    .*\n|\n)+)", services, re.MULTILINE))
    assert set(parts) == {"rasid", "worker", "postgres", "mail", "prometheus", "grafana"}
    shared = COMPOSE.partition("x-rasid: &rasid\n")[2].partition("\n\n")[0]
    for name, part in parts.items():
        whole = part + (shared if "*rasid" in part else "")
        for line in (
            "read_only: true",
            "cap_drop: [ALL]",
            "no-new-privileges:true",
            "mem_limit:",
            "pids_limit:",
        ):
            assert line in whole, (name, line)
        for port in re.findall(r"- (\S+:\d+:\d+)", part):
            assert port.startswith("127.0.0.1:"), name
        assert "healthcheck:" in whole or name == "rasid"  # whose image has one
    profiles = {name: re.findall(r'profiles: \["(\w+)"\]', part) for name, part in parts.items()}
    assert profiles == {
        "rasid": [],
        "postgres": [],
        "mail": ["mail"],
        "worker": ["scale"],
        "prometheus": ["monitoring"],
        "grafana": ["monitoring"],
    }


def test_what_compose_mounts_is_there() -> None:
    for path in re.findall(r"- \./(\S+?):", COMPOSE):
        assert (ROOT / path).exists(), path


def test_the_image_is_nobody_in_particular_and_asks_itself_how_it_is() -> None:
    last = DOCKERFILE.rpartition("\nFROM ")[2]
    assert re.search(r"^USER \d+:\d+$", last, re.MULTILINE)
    assert re.search(r'^ENTRYPOINT \["tini", "--", "rasid"\]$', last, re.MULTILINE)
    assert re.search(r"^STOPSIGNAL SIGTERM$", last, re.MULTILINE)
    assert "VOLUME /var/lib/rasid" in last
    assert "procrastinate==" in (ROOT / "constraints.txt").read_text(encoding="utf-8")


def test_the_images_question_finds_out_whether_the_pages_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """The program of HEALTHCHECK, at a server that answers and then at none."""
    from http.server import BaseHTTPRequestHandler, HTTPServer

    asked: list[str] = []

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    (command,) = re.findall(r"^    CMD (\[.*\])$", DOCKERFILE, re.MULTILINE)
    program = json.loads(command)[2]
    with HTTPServer(("127.0.0.1", 0), Answering) as server:
        monkeypatch.setenv("RASID_WEB__PORT", str(server.server_port))
        threading.Thread(target=server.handle_request).start()
        exec(program, {})  # noqa: S102 our own
    assert asked == ["/healthz"]
    with pytest.raises(OSError, match="refused"):
        exec(program, {})  # noqa: S102 our own


def unit(name: str) -> str:
    return (DEPLOY / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", UNITS)
def test_units_run_a_command_that_there_is_with_as_few_rights_as_possible(name: str) -> None:
    parser = ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read_string(unit(name))
    service = parser["Service"]
    command = service["ExecStart"].split()[1]
    commands = getattr(typer.main.get_command(app), "commands", {})
    assert command in commands or command == "worker"
    assert service["User"] == "rasid"
    assert service["Restart"] == "on-failure"
    for key in ("NoNewPrivileges", "PrivateTmp", "ProtectHome", "PrivateDevices", "RestrictNamespaces"):
        assert service[key] == "yes", key
    assert service["ProtectSystem"] == "strict"
    assert service["StateDirectory"] == "rasid"


def test_systemd_waits_longer_than_a_service_is_silent() -> None:
    from scheduler.leading import BEAT
    from storage.archive.engines import BUSY_SECONDS, CONNECT_SECONDS

    (watchdog,) = re.findall(r"^WatchdogSec=(\d+)$", unit("rasid.service"), re.MULTILINE)
    assert int(watchdog) > BEAT + 2 * BUSY_SECONDS + CONNECT_SECONDS
    assert "Type=notify\n" in unit("rasid.service")
