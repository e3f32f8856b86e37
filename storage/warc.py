"""Pages in WARC files (ISO 28500, version 1.1): our snapshots, and what others have archived.

The only module that knows warcio, which writes records and reads what is in one; `storage.records` finds
where they begin and end.
"""

import fcntl
import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from socket import gethostname
from typing import Any, BinaryIO

from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import ChunkedDataReader
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from storage.errors import ArchiveError, NotFound
from storage.model import Page, Snapshot
from storage.records import GZIP, MOST, records, unpacked_record

_OF_THE_CONNECTION = frozenset(  # RFC 9110 section 7.6.1, and what described the bytes before decoding
    {"connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection", "te"}
    | {"trailer", "transfer-encoding", "upgrade", "content-encoding", "content-length"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WarcPage:
    """A page as archived: the body without content and transfer encoding."""

    url: str
    fetched: datetime
    status: int
    headers: tuple[tuple[str, str], ...]  # lower-case names
    body: bytes
    offset: int  # of its record; reading may begin there


class WarcFolder:
    """Where pages are kept: one file per day, host and process, to which nothing else is appended."""

    def __init__(self, folder: Path) -> None:
        """Raises ArchiveError unless the folder is there, or can be made, and may be written."""
        self.folder = folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _unwritable(folder, error) from error
        if not os.access(folder, os.W_OK | os.X_OK):
            raise ArchiveError(f"{folder}: may not be written; change [snapshots] directory")

    def keep(self, page: Page) -> tuple[str, int, int]:
        """Append a page as a gzipped record of its own: file name, offset and length in bytes.

        It is on the disk when this returns. The body is kept as given, decoded, under the headers as fetched
        but for those of the connection and its encoding. Raises ArchiveError where it cannot be written;
        then nothing is left of it.
        """
        name = f"rasid-{page.fetched.astimezone(UTC):%Y%m%d}-{gethostname()}-{os.getpid()}.warc.gz"
        record = _record(page)
        try:
            return name, _append(self.folder / name, record), len(record)
        except OSError as error:
            raise _unwritable(self.folder / name, error) from error


def prune(folder: Path, before: datetime) -> int:
    """Delete the files of our snapshots of the days before that moment's; how many there were.

    Raises ArchiveError where one may not be deleted.
    """
    day = f"rasid-{before.astimezone(UTC):%Y%m%d}"
    old = [path for path in folder.glob("rasid-*.warc.gz") if path.name < day]
    for path in old:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise ArchiveError(f"{path}: cannot be deleted: {error.strerror}") from error
    return len(old)


def read_page(folder: Path, snapshot: Snapshot) -> WarcPage:
    """The page of a snapshot, whatever stands before and after it in its file.

    Raises NotFound where the file is gone or does not hold it any more.
    """
    path = folder / snapshot.file
    try:
        with path.open("rb") as file:
            file.seek(snapshot.offset)
            packed = file.read(snapshot.length)
    except OSError as error:
        raise NotFound(f"{path}: the file of this snapshot cannot be read: {error.strerror}") from error
    for page in _pages(snapshot.offset, unpacked_record(packed) or b""):
        return page
    raise NotFound(f"{path}: no snapshot at byte {snapshot.offset}: the file has been changed")


def pages_of(stream: BinaryIO, end: int | None = None) -> Iterator[WarcPage]:
    """The HTML pages of a WARC file of any version, gzipped by record or plain, in order.

    `stream` must be able to seek and is read from where it stands, at the beginning or at the `offset` of a
    page, to the last record that begins before `end`. Requests, metadata, other types, content encodings but
    gzip and deflate, and records larger than MOST are skipped; a broken record too, up to where the next one
    begins.
    """
    for offset, content in records(stream):
        if end is not None and offset >= end:
            return
        yield from (page for page in _pages(offset, content) if _is_html(page))


def _unwritable(path: Path, error: OSError) -> ArchiveError:
    return ArchiveError(f"{path}: cannot be written: {error.strerror}; change [snapshots] directory")


def _record(page: Page) -> bytes:
    headers = [(name, value) for name, value in page.headers if name not in _OF_THE_CONNECTION]
    headers.append(("content-length", str(len(page.body))))
    status = f"{page.status} {HTTPStatus(page.status).phrase if page.status in set(HTTPStatus) else ''}"
    out = BytesIO()
    writer = WARCWriter(out, gzip=True, warc_version="1.1")
    record = writer.create_warc_record(
        page.url,
        "response",
        payload=BytesIO(page.body),
        length=len(page.body),
        http_headers=StatusAndHeaders(status.strip(), headers, protocol="HTTP/1.1"),
        warc_headers_dict={"WARC-Date": f"{page.fetched.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"},
    )
    writer.write_record(record)
    return out.getvalue()


def _append(path: Path, record: bytes) -> int:
    """The offset at which the record now stands, whole; the lock is for a process id that is used twice."""
    is_new = not path.exists()
    with path.open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        offset = file.seek(0, os.SEEK_END)
        try:
            file.write(record)
            file.flush()
            os.fsync(file.fileno())
        except OSError:
            file.truncate(offset)
            raise
    if is_new:
        _sync(path.parent)
    return offset


def _sync(folder: Path) -> None:
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _pages(offset: int, content: bytes) -> Iterator[WarcPage]:
    """The responses of what was at `offset`: one, where records are gzipped one by one."""
    try:
        for record in ArchiveIterator(BytesIO(content)):
            page = _page(offset, record) if record.rec_type == "response" else None
            if page is not None:
                yield page
    except Exception:  # noqa: BLE001 - whatever warcio stumbles over, the record is not one to read
        return


def _page(offset: int, record: Any) -> WarcPage | None:
    said, http = record.rec_headers, record.http_headers
    body = _body(record)
    if body is None:
        return None
    return WarcPage(
        url=said.get_header("WARC-Target-URI"),
        fetched=datetime.fromisoformat(said.get_header("WARC-Date")).astimezone(UTC),
        status=int(http.get_statuscode()),
        headers=tuple((name.lower(), value) for name, value in http.headers),
        body=body,
        offset=offset,
    )


def _body(record: Any) -> bytes | None:
    """The body decoded; None if it is too large, torn or in a code we do not know. May raise zlib.error."""
    chunked = (record.http_headers.get_header("transfer-encoding") or "").lower() == "chunked"
    stream = ChunkedDataReader(record.raw_stream) if chunked else record.raw_stream
    raw: bytes = stream.read()
    match (record.http_headers.get_header("content-encoding") or "").lower():
        case "gzip" | "x-gzip" if raw.startswith(GZIP):  # else it says so of what is decoded already
            return _unpacked(raw, zlib.MAX_WBITS | 16)
        case "deflate" if raw.startswith(b"\x78"):  # RFC 1950, as RFC 9110 section 8.4.1.2 asks
            return _unpacked(raw, zlib.MAX_WBITS)
        case "deflate":
            return _unpacked(raw, -zlib.MAX_WBITS)
        case "" | "identity" | "gzip" | "x-gzip":
            return raw
    return None


def _unpacked(raw: bytes, form: int) -> bytes | None:
    unpacker = zlib.decompressobj(wbits=form)
    content = unpacker.decompress(raw, MOST + 1)
    return content if unpacker.eof and len(content) <= MOST else None


def _is_html(page: WarcPage) -> bool:
    kind = dict(page.headers).get("content-type", "").partition(";")[0].strip().lower()
    return kind in ("text/html", "application/xhtml+xml")
