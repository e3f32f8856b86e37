"""The database: whether it is there, of which version, how large and how quick, and who is at work."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from time import monotonic
from urllib.parse import urlsplit

from scheduler.backing_up import megabytes
from scheduler.doctor.finding import Finding, bad, good, note
from scheduler.doctor.installation import Installation
from scheduler.leading import AT_WORK, ROLE
from storage.archive import Archive
from storage.model import Portrait

_SLOW = 1.0  # seconds for a transaction that changes nothing
_OLDEST = 13  # PostgreSQL that its makers still mended lately


def examine_database(installation: Installation) -> Iterator[Finding]:
    """All about the archive's database."""
    file = installation.database_file
    if file and not file.exists():
        yield note("archive", f"{file}: there is none yet; rasid service makes it, or rasid db upgrade")
        return
    portrait = installation.portrait()
    yield _server(installation, portrait)
    schema = _schema(portrait)
    yield schema
    if portrait.schema == portrait.newest:
        with installation.archive() as archive:
            yield from _index(portrait)
            yield _write(archive)
            yield _work(archive, installation.clock())


def _server(installation: Installation, portrait: Portrait) -> Finding:
    said = f"{portrait.kind} {portrait.version}, {megabytes(portrait.bytes)}"
    if portrait.kind == "PostgreSQL" and int(portrait.version.partition(".")[0]) < _OLDEST:
        return note("server", f"{said}: too old to be mended any more; move to a newer one")
    return good("server", f"{_name(installation)} answers: {said}")


def _name(installation: Installation) -> str:
    parts = urlsplit(installation.settings.database.url)
    return str(installation.database_file or f"{parts.hostname or 'this machine'}{parts.path}")


def _schema(portrait: Portrait) -> Finding:
    if portrait.schema == portrait.newest:
        return good("schema", f"schema {portrait.schema}, which is this version's")
    if portrait.schema is None:
        return note("schema", "there is none in it yet; rasid service makes it, or rasid db upgrade")
    told = f"schema {portrait.schema}, this version's is {portrait.newest}"
    return bad("schema", f"{told}: only the service works; start it, or run: rasid db upgrade")


def _index(portrait: Portrait) -> Iterator[Finding]:
    if portrait.index != portrait.newest_index:
        told = f"the search index is of version {portrait.index}, this version's is {portrait.newest_index}"
        yield bad("index", f"{told}; run: rasid db upgrade")


def _write(archive: Archive) -> Finding:
    began = monotonic()
    archive.keeping.write_nothing()
    taken = monotonic() - began
    said = f"an empty transaction takes {taken * 1000:,.0f} ms"
    if taken < _SLOW:
        return good("writing", said)
    return note("writing", f"{said}: the disk is slow or somebody writes much; look again when nobody does")


def _work(archive: Archive, now: datetime) -> Finding:
    beat = archive.running.heartbeat(ROLE)
    if beat is None:
        return note("service", "none was ever at work; start one: rasid service")
    ago = now - beat.beat
    since = f"{beat.who}, since {beat.since:%Y-%m-%d %H:%M} UTC"
    if ago < AT_WORK:
        return good("service", f"{since}, is at work; another one waits to take over")
    return note("service", f"{since}, gave its last sign {_told(ago)} ago; start one: rasid service")


def _told(ago: timedelta) -> str:
    hours = ago / timedelta(hours=1)
    if hours > 48:
        return f"{hours / 24:,.0f} days"
    return f"{hours:,.0f} h" if hours > 2 else f"{hours * 60:,.0f} min"
