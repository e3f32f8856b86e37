"""Memory: whether [crawl] memory can be kept to here, and whether there is as much."""

from collections.abc import Iterator
from pathlib import Path

from scheduler.doctor.finding import Finding, bad, good, note
from scheduler.doctor.installation import Installation

SERVICE = 200  # MB of the service itself, with its pages
_STATUS, _ALL = Path("/proc/self/status"), Path("/proc/meminfo")
_LIMITS = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))


def examine_memory(installation: Installation) -> Iterator[Finding]:
    """What the system tells of memory."""
    crawl = installation.settings.crawl
    held, there = _kilobytes(_STATUS, "VmRSS"), _there()
    if held is None:
        told = "the system does not say what a process holds (/proc): [crawl] memory is not kept to"
        yield bad("limit", f"{told}; run Rasid on Linux, with /proc readable")
    else:
        yield good("limit", f"{crawl.memory} MB a crawl process can be kept to (here: {held // 1000} MB)")
    if there is None:
        return
    most = crawl.processes * crawl.memory + SERVICE
    said = f"{there:,} MB here; {crawl.processes} crawl processes and the service may take {most:,} MB"
    yield good("room", said) if most < there else note("room", f"{said}; lower [crawl] processes or memory")


def _there() -> int | None:
    """MB of the machine, or of the container if it may have less."""
    total = _kilobytes(_ALL, "MemTotal")
    limits = [int(said) // 1_000_000 for said in map(_read, _LIMITS) if said.strip().isdecimal()]
    return min([*limits, *([total // 1000] if total else [])], default=None)


def _kilobytes(file: Path, name: str) -> int | None:
    for line in _read(file).splitlines():
        key, _, value = line.partition(":")
        if key == name:
            return int(value.split()[0])
    return None


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""
