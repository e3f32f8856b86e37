"""All subjects, one after the other: one that breaks hides no other."""

from collections.abc import Callable, Collection, Iterable, Iterator

from scheduler.doctor.backups import examine_backups
from scheduler.doctor.clock import examine_clock
from scheduler.doctor.configuration import examine_configuration
from scheduler.doctor.database import examine_database
from scheduler.doctor.disk import examine_disk
from scheduler.doctor.finding import Finding, bad
from scheduler.doctor.installation import Installation
from scheduler.doctor.mail import examine_mail
from scheduler.doctor.memory import examine_memory
from scheduler.doctor.sources import examine_sources
from scheduler.doctor.work import examine_work
from storage.errors import RasidError

Examine = Callable[[Installation], Iterable[Finding]]


def examine(
    installation: Installation, wanted: Collection[str] = ()
) -> Iterator[tuple[str, tuple[Finding, ...]]]:
    """Each subject with what was found; `wanted`: these alone. The sources come last: they take longest."""
    for subject, ask in _SUBJECTS.items():
        if not wanted or subject in wanted:
            yield subject, tuple(_found(subject, ask, installation))


def _found(subject: str, ask: Examine, installation: Installation) -> Iterator[Finding]:
    try:
        yield from ask(installation)
    except RasidError as error:
        yield bad(subject, str(error))
    except Exception as error:  # noqa: BLE001 - one part must not hide the others
        yield bad(subject, f"could not be looked at ({error!r}); please report it")


def _mail(installation: Installation) -> Iterable[Finding]:
    return examine_mail(installation.settings, installation.published)


_SUBJECTS: dict[str, Examine] = {
    "config": examine_configuration,
    "database": examine_database,
    "work": examine_work,
    "backups": examine_backups,
    "disk": examine_disk,
    "memory": examine_memory,
    "mail": _mail,
    "clock": examine_clock,
    "sources": examine_sources,
}
SUBJECTS = tuple(_SUBJECTS)
