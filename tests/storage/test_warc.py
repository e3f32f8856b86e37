"""Pages in WARC files: ours are whole whatever kills us, those of others are read as far as they can be."""

import gzip
import multiprocessing.pool
import os
import re
import signal
import zlib
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from time import sleep

import pytest
from warcio.archiveiterator import ArchiveIterator

from storage.errors import ArchiveError, NotFound
from storage.model import Snapshot
from storage.records import MOST
from storage.warc import WarcFolder, WarcPage, pages_of, read_page
from tests.children import child
from tests.factories import NOW, page

HTML = "<html><body><p>أوقفت الشرطة رجلا.</p></body></html>".encode()


def snapshot(file: str, offset: int, length: int) -> Snapshot:
    return Snapshot(article=1, taken=NOW, file=file, offset=offset, length=length)


def response(number: int, body: bytes = HTML, version: str = "1.0", **changes: str) -> bytes:
    """A response record as others write it; `changes` are HTTP headers, "_" for "-"."""
    headers = {"Content-Type": "text/html; charset=utf-8"} | {
        name.replace("_", "-"): value for name, value in changes.items()
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    block = f"HTTP/1.1 200 OK\r\n{lines}\r\n".encode() + body
    return record("response", f"https://example.org/news/{number}", block, version)


def record(kind: str, url: str, block: bytes, version: str = "1.0") -> bytes:
    return (
        f"WARC/{version}\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\n"
        f"WARC-Date: 2026-11-17T10:00:00Z\r\nWARC-Record-ID: <urn:uuid:1>\r\n"
        f"Content-Type: application/http; msgtype={kind}\r\nContent-Length: {len(block)}\r\n\r\n"
    ).encode() + (block + b"\r\n\r\n")


def read(*records: bytes, packed: bool = True) -> tuple[WarcPage, ...]:
    whole = b"".join(gzip.compress(each) if packed else each for each in records)
    return tuple(pages_of(BytesIO(whole)))


def numbers(pages: tuple[WarcPage, ...]) -> list[int]:
    return [int(each.url.rpartition("/")[2]) for each in pages]


def test_a_page_is_read_back_as_it_was_fetched(tmp_path: Path) -> None:
    fetched = datetime(2026, 11, 21, 23, 59, 59, 123456, tzinfo=UTC)
    headers = (("content-type", "text/html; charset=utf-8"), ("etag", '"abc"'))
    folder = WarcFolder(tmp_path / "a" / "snapshots")
    folder.keep(page())
    place = folder.keep(page(body=HTML, fetched=fetched, headers=headers, status=203))
    found = read_page(folder.folder, snapshot(*place))
    assert (found.url, found.fetched, found.status) == ("https://example.ma/news/1", fetched, 203)
    assert found.headers == (*headers, ("content-length", str(len(HTML))))
    assert (found.body, found.offset) == (HTML, place[1])


def test_a_record_is_readable_alone_and_carries_the_digest_of_its_body(tmp_path: Path) -> None:
    folder = WarcFolder(tmp_path)
    name, offset, length = [folder.keep(page(f"example.ma/news/{at}", body=HTML)) for at in range(3)][1]
    assert re.fullmatch(rf"rasid-20261118-.+-{os.getpid()}\.warc\.gz", name)
    alone = gzip.decompress((tmp_path / name).read_bytes()[offset : offset + length])
    assert alone.startswith(b"WARC/1.1\r\n")
    found = next(iter(ArchiveIterator(BytesIO(alone), check_digests="raise")))
    assert found.content_stream().read() == HTML
    assert found.rec_headers.get_header("WARC-Payload-Digest").startswith("sha1:")


def test_headers_of_the_connection_and_the_encoding_are_not_kept(tmp_path: Path) -> None:
    gone = {"transfer-encoding": "chunked", "content-encoding": "gzip", "content-length": "7", "te": "x"}
    kept = {"content-type": "text/html", "x-robots-tag": "noarchive"}
    folder = WarcFolder(tmp_path)
    place = folder.keep(page(body=HTML, headers=tuple((gone | kept).items())))
    found = dict(read_page(tmp_path, snapshot(*place)).headers)
    assert found == kept | {"content-length": str(len(HTML))}


def test_headers_and_urls_of_any_letters_are_kept(tmp_path: Path) -> None:
    folder = WarcFolder(tmp_path)
    headers = (("content-type", "text/html"), ("x-title", "Aïcha \x85"))
    place = folder.keep(page("example.ma/news/أمن", headers=headers))
    assert read_page(tmp_path, snapshot(*place)).url == "https://example.ma/news/أمن"


def test_a_folder_that_cannot_be_written_is_told_with_the_key_to_change(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ArchiveError, match=r"file: cannot be written: .*; change \[snapshots\] directory"):
        WarcFolder(tmp_path / "file")
    folder = WarcFolder(tmp_path / "gone")
    folder.folder.rmdir()
    with pytest.raises(ArchiveError, match=r"warc\.gz: cannot be written: No such file"):
        folder.keep(page())


def test_a_file_that_is_gone_or_changed_is_told_in_one_line(tmp_path: Path) -> None:
    folder = WarcFolder(tmp_path)
    name, offset, length = folder.keep(page())
    with pytest.raises(NotFound, match="no snapshot at byte 3: the file has been changed"):
        read_page(tmp_path, snapshot(name, 3, length))
    (tmp_path / name).unlink()
    with pytest.raises(NotFound, match="cannot be read: No such file"):
        read_page(tmp_path, snapshot(name, offset, length))


def keep_for_ever(folder: Path) -> None:
    kept = WarcFolder(folder)
    while True:
        kept.keep(page(body=HTML + os.urandom(50_000)))


def test_whoever_is_killed_while_writing_leaves_every_record_before_readable(tmp_path: Path) -> None:
    keeping = child(keep_for_ever, tmp_path)
    keeping.start()
    while not sum(each.stat().st_size for each in tmp_path.iterdir()) > 500_000:
        sleep(0.005)
    os.kill(keeping.pid or 0, signal.SIGKILL)
    keeping.join()
    [file] = tmp_path.iterdir()
    with file.open("rb") as stream:
        before = len(tuple(pages_of(stream)))
    assert before >= 9
    whole = file.read_bytes()
    file.write_bytes(whole[:-30_000])  # as if it had been killed within a record
    name = re.sub(r"-\d+\.warc", f"-{os.getpid()}.warc", file.name)
    file.rename(tmp_path / name)  # a process of the same number comes after it
    place = WarcFolder(tmp_path).keep(page(body=HTML))
    assert (place[0], place[1]) == (name, len(whole) - 30_000)
    assert read_page(tmp_path, snapshot(*place)).body == HTML
    with (tmp_path / name).open("rb") as stream:
        assert before <= len(tuple(pages_of(stream))) <= before + 1  # whether or not one was torn before


def test_threads_that_write_at_once_leave_only_whole_records(tmp_path: Path) -> None:
    with multiprocessing.pool.ThreadPool(8) as pool:
        folder = WarcFolder(tmp_path)
        places = pool.map(lambda at: folder.keep(page(body=HTML * (at + 1))), range(40))
    bodies = [read_page(tmp_path, snapshot(*place)).body for place in places]
    assert bodies == [HTML * (at + 1) for at in range(40)]


@pytest.mark.parametrize("packed", [True, False], ids=["gzipped", "plain"])
def test_others_files_of_either_version_and_form_are_read(packed: bool) -> None:
    found = read(
        record("warcinfo", "", b"software: other\r\n"),
        record("request", "https://example.org/news/1", b"GET / HTTP/1.1\r\n\r\n"),
        response(1),
        record("metadata", "https://example.org/news/1", b"fetchTimeMs: 3\r\n"),
        response(2, version="1.1"),
        response(3, Content_Type="application/pdf"),
        response(4, Content_Type="application/xhtml+xml"),
        packed=packed,
    )
    assert numbers(found) == [1, 2, 4]
    assert {each.body for each in found} == {HTML}
    assert found[0].fetched == datetime(2026, 11, 17, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b"%x\r\n%b\r\n0\r\n\r\n" % (len(HTML), HTML), {"Transfer_Encoding": "chunked"}),
        (gzip.compress(HTML), {"Content_Encoding": "gzip"}),
        (zlib.compress(HTML), {"Content_Encoding": "deflate"}),
        (zlib.compress(HTML, wbits=-15), {"Content_Encoding": "deflate"}),
        (HTML, {"Content_Encoding": "gzip", "Transfer_Encoding": "chunked"}),
    ],
    ids=["chunked", "gzip", "deflate", "raw deflate", "decoded already"],
)
def test_bodies_are_decoded(body: bytes, headers: dict[str, str]) -> None:
    assert [each.body for each in read(response(1, body, **headers))] == [HTML]


@pytest.mark.parametrize(
    "bad",
    [
        gzip.compress(response(2))[:-40],
        gzip.compress(response(2))[:30] + b"\x00" * 40 + gzip.compress(response(2))[70:],
        b"\x1f\x8b\x08 no gzip",
        gzip.compress(b"WARC/1.0\r\nWARC-Type: response\r\n\r\n"),
        gzip.compress(b"Dear diary\r\n"),
        gzip.compress(response(2).replace(b"2026-11-17T10", b"yesterday")),
        gzip.compress(response(2, gzip.compress(HTML)[:20] + b"\xff" * 40, Content_Encoding="gzip")),
        gzip.compress(response(2, b"?", Content_Encoding="zstd")),
        gzip.compress(response(2, b"\0" * (MOST + 1))),
        gzip.compress(response(2, gzip.compress(b"\0" * (MOST + 1)), Content_Encoding="gzip")),
    ],
    ids=["torn", "damaged", "no gzip", "empty", "no record", "no date", "body", "unknown", "large", "bomb"],
)
def test_a_broken_or_huge_record_costs_only_itself(bad: bytes) -> None:
    first, last = gzip.compress(response(1)), gzip.compress(response(3))
    assert numbers(tuple(pages_of(BytesIO(first + bad + last)))) == [1, 3]
    assert numbers(tuple(pages_of(BytesIO(first + bad)))) == [1]


@pytest.mark.parametrize(
    "bad",
    [response(2)[:-60], response(2).replace(b"Content-Length", b"Length"), response(2, b"\0" * MOST)],
    ids=["torn", "no length", "large"],
)
def test_a_broken_or_huge_plain_record_costs_only_itself(bad: bytes) -> None:
    assert numbers(tuple(pages_of(BytesIO(response(1) + bad + response(3))))) == [1, 3]


@pytest.mark.parametrize("packed", [True, False], ids=["gzipped", "plain"])
def test_reading_resumes_at_the_offset_of_a_page(packed: bool) -> None:
    records = [gzip.compress(response(at)) if packed else response(at) for at in range(5)]
    stream = BytesIO(b"".join(records))
    offset = tuple(pages_of(stream))[2].offset
    stream.seek(offset)
    assert numbers(tuple(pages_of(stream))) == [2, 3, 4]


def test_what_is_no_warc_has_no_pages() -> None:
    assert read(b"") == read(b"", packed=False) == read(b"Dear diary" * 999, packed=False) == ()
