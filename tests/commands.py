"""The `rasid` command as a user runs it: a process, a configuration, a folder.

A command that is run to its end is a child that has the imports behind it (tests/children.py); one that is
started, or is another than that of this environment, is the script itself.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from scheduler.cli import main
from tests.children import child

RASID = Path(sys.executable).with_name("rasid")
SEEDS = '[catalogue]\nonly = ["machahid24", "eocr", "elaph", "mc_doualiya"]\n'
"""Settings: watch the four seed sources, whose articles the replica dates and judges."""


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended."""

    exit_code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Its standard output as one JSON document."""
        return json.loads(self.out)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Its standard output as JSON Lines."""
        return [json.loads(line) for line in self.out.splitlines()]


@dataclass(frozen=True, slots=True)
class Home:
    """A folder with a rasid.toml, in which commands run."""

    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    command: tuple[str, ...] = (str(RASID),)

    def configure(self, content: str) -> None:
        """Write rasid.toml."""
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "rasid.toml").write_text(content, encoding="utf-8")

    def rasid(self, *arguments: str, stdin: str = "", timeout: float = 100) -> Done:
        """Run one command to its end."""
        if self.command != (str(RASID),):
            return self._script(arguments, stdin, timeout)
        return run_to_end(main, ["rasid", *arguments], self.folder, self._environment(), stdin, timeout)

    def _script(self, arguments: tuple[str, ...], stdin: str, timeout: float) -> Done:
        done = subprocess.run(
            [*self.command, *arguments],
            input=stdin,
            cwd=self.folder,
            env=self._environment(),
            capture_output=True,
            encoding="utf-8",
            timeout=timeout,
            check=False,
        )
        return Done(done.returncode, done.stdout, done.stderr)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start one command and leave it running; its standard error can be read."""
        return subprocess.Popen(
            [*self.command, *arguments],
            cwd=self.folder,
            env=self._environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )

    def _environment(self) -> dict[str, str]:
        ours = {name: value for name, value in os.environ.items() if not name.startswith("RASID_")}
        return {**ours, "COLUMNS": "120", **self.environment}


def run_to_end(
    main: Callable[[], None],
    arguments: Sequence[str],
    folder: Path,
    environment: Mapping[str, str],
    stdin: str = "",
    timeout: float = 100,
) -> Done:
    """Run the `main` of a script in a child of its own; the first argument is the script's name."""
    with TemporaryDirectory() as name:
        streams = Path(name)
        (streams / "in").write_text(stdin, encoding="utf-8")
        running = child(_run, main, arguments, folder, environment, streams, daemon=False)
        running.start()
        running.join(timeout)
        if running.exitcode is None:
            running.kill()
            raise TimeoutError(f"{' '.join(arguments)}: not done after {timeout} s")
        out, err = ((streams / each).read_text(encoding="utf-8") for each in ("out", "err"))
        return Done(running.exitcode, out, err)


def _run(
    main: Callable[[], None],
    arguments: Sequence[str],
    folder: Path,
    environment: Mapping[str, str],
    streams: Path,
) -> None:
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    for number, name in enumerate(("in", "out", "err")):
        os.dup2(os.open(streams / name, os.O_RDWR | os.O_CREAT), number)
    sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)
    sys.argv = list(arguments)
    main()


def one_line(done: Done, *parts: str) -> None:
    """The command failed with one line on standard error that holds all parts."""
    assert done.exit_code == 1, done.err
    assert len(done.err.splitlines()) == 1, done.err
    for part in parts:
        assert part in done.err
