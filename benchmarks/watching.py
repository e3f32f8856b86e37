"""What a process holds just now, from /proc (proc(5))."""

import os
from dataclasses import dataclass
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A process at a moment."""

    resident: float  # MB in memory
    shared: float  # MB in memory, what it shares with others by its share
    threads: int
    files: int  # that it has open
    processor: float  # seconds so far, without those of its children


def look(process: int) -> Seen:
    """What a process holds."""
    home = Path(f"/proc/{process}")
    held = _fields(home / "status")
    times = (home / "stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return Seen(
        resident=held["VmRSS"] / 1024,
        shared=_fields(home / "smaps_rollup")["Pss"] / 1024,
        threads=held["Threads"],
        files=len(list((home / "fd").iterdir())),
        processor=(int(times[11]) + int(times[12])) / _TICKS,
    )


def _fields(file: Path) -> dict[str, int]:
    """The lines of a file that hold a number."""
    parts = (line.partition(":") for line in file.read_text(encoding="utf-8").splitlines())
    numbers = {name: value.split()[0] for name, _, value in parts if value.split()}
    return {name: int(number) for name, number in numbers.items() if number.isdecimal()}
