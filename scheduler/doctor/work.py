"""Work: whether workers are there to do what the service puts in the queue."""

from collections.abc import Iterator, Mapping

from scheduler.doctor.finding import Finding, bad, good, note
from scheduler.doctor.installation import Installation
from scheduler.workers import open_queue

LATELY = 60.0  # seconds
_MANY = 500  # tasks that wait, as the alarm RasidTasksWaiting has it


def examine_work(installation: Installation) -> Iterator[Finding]:
    """The queue of tasks, who does them, and how it goes."""
    if installation.settings.work.engine != "procrastinate":
        yield good("engine", 'the service does everything itself ([work] engine = "embedded")')
        return
    queue = open_queue(installation.settings)
    with installation.archive() as archive:
        queue.check(archive)
    yield good("queue", "its tables are of this version")
    workers, lengths = queue.workers(LATELY), queue.lengths()
    yield _workers(workers)
    yield _waiting(_sum(lengths, "todo"), _sum(lengths, "doing"))
    yield _failed(_sum(lengths, "failed"))


def _workers(number: int) -> Finding:
    if number:
        return good("workers", f"{number} gave a sign of life within a minute")
    return bad(
        "workers", "none gave a sign of life within a minute: nothing is crawled or sent; start: rasid worker"
    )


def _waiting(waiting: int, begun: int) -> Finding:
    said = f"{waiting:,} wait (back-fills and retries too), {begun:,} under way"
    if waiting <= _MANY:
        return good("tasks", said)
    return note("tasks", f"{said}; if crawls come late, start more: rasid worker")


def _failed(number: int) -> Finding:
    if not number:
        return good("failed", "no task of the last day")
    return note("failed", f'{number:,} tries of the last day; see "task failed" in the logs of the workers')


def _sum(lengths: Mapping[tuple[str, str], int], wanted: str) -> int:
    return sum(number for (_, state), number in lengths.items() if state == wanted)
