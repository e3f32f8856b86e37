"""A WARC file split into its records, so that one that is broken or huge costs only itself. Pure."""

import re
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import BinaryIO

MOST = 8_000_000  # bytes of a record, unpacked; a larger one is skipped
GZIP = b"\x1f\x8b\x08"
_BLOCK = 16_384  # bytes read at once; unpacked at most a thousand times as many
_LINE = 65_536


def records(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Offset and unpacked content of each whole record, gzipped one by one or plain.

    `stream` must be able to seek and is read from where it stands, the beginning of a record. What is broken
    is skipped up to where the next record begins.
    """
    start = stream.tell()
    magic = stream.read(len(GZIP))
    stream.seek(start)
    return _members(stream) if magic == GZIP else _plain(stream)


def unpacked_record(packed: bytes) -> bytes | None:
    """The content of one gzipped record, None if it is broken or too large."""
    return _member(BytesIO(packed), 0)[0]


def _members(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Offset and content of each whole gzip member."""
    offset: int | None = stream.tell()
    while offset is not None:
        content, end = _member(stream, offset)
        if content is not None:
            yield offset, content
        offset = next_gzip(stream, offset + 1 if end is None else end)


def _member(stream: BinaryIO, offset: int) -> tuple[bytes | None, int | None]:
    """The content, None if it is broken or larger than MOST; and where it ends, None if it is broken."""
    stream.seek(offset)
    unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    content = bytearray()
    while not unpacker.eof:
        block = stream.read(_BLOCK)
        if not block:
            return None, None
        try:
            unpacked = unpacker.decompress(block)
        except zlib.error:
            return None, None
        if len(content) <= MOST:
            content += unpacked
    whole = bytes(content) if len(content) <= MOST else None
    return whole, stream.tell() - len(unpacker.unused_data)


def next_gzip(stream: BinaryIO, offset: int) -> int | None:
    """Where from `offset` on a gzipped record may begin; None: nowhere."""
    stream.seek(offset)
    block = b""
    while fresh := stream.read(_BLOCK):
        block = block[-len(GZIP) + 1 :] + fresh
        found = block.find(GZIP)
        if found >= 0:
            return stream.tell() - len(block) + found
    return None


def _plain(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Offset and content of each whole record; it may begin within a line, where the one before is torn."""
    while line := stream.readline(_LINE):
        _, found, rest = line.partition(b"WARC/")
        if not found:
            continue
        head = found + rest
        offset = stream.tell() - len(head)
        while line.strip() and len(head) < _LINE:
            line = stream.readline(_LINE)
            head += line
        content = _content(stream, head)
        if content is not None:
            yield offset, content


def _content(stream: BinaryIO, head: bytes) -> bytes | None:
    """Head and block of a record, None if it is broken or too large; then `stream` is after its head."""
    said = re.search(rb"(?im)^content-length:[ \t]*(\d{1,15})[ \t]*\r?$", head)
    after, length = stream.tell(), int(said[1]) if said else MOST
    if length < MOST:
        block = stream.read(length)
        if len(block) == length and stream.readline(3).strip() == b"":
            return head + block
    stream.seek(after if length < MOST or not said else after + length)
    return None
