"""The other outlets of the replica: what `outlets/<source id>/outlet.toml` says. Pure but for files.

```toml
[[serves]]                            # an address, and what the site says there
url = "https://www.example.ma/feed/"  # as a browser shows it, with its query; letters need no %-encoding
file = "feed.xml"                     # in the same folder
kind = "application/rss+xml"          # needed where the file's ending does not say it
status = 200                          # 403, 404 … need no file
headers = { X-WP-TotalPages = "1" }

[[article]]                           # what Rasid is to make of one of these pages, field by field
url = "https://www.example.ma/2026/11/slug/"
title = "…"
begins = "first words of its text"
ends = "last words of its text"
lacks = ["what is on the page but not in the article"]
```
"""

import mimetypes
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from tests.web.replies import HTML, JSON, PLAIN, XML, Reply

FOLDER = Path(__file__).parents[1] / "outlets"
_KINDS = {".html": HTML, ".json": JSON, ".xml": XML, ".txt": PLAIN}


def outlet_reply(host: str, target: str) -> Reply | None:
    """What an outlet says to a request for `target` (path and query as sent); None: nothing is there."""
    return _served().get((host, unquote(target)))


def has_outlet(host: str) -> bool:
    """Whether an outlet of the replica has this host."""
    return any(host == known for known, _ in _served())


def expected(source: str) -> tuple[Mapping[str, Any], ...]:
    """What Rasid is to make of the pages of a source's outlet: its [[article]] tables."""
    return tuple(_described(source).get("article", ()))


@cache
def _served() -> Mapping[tuple[str, str], Reply]:
    names = sorted(path.parent.name for path in FOLDER.glob("*/outlet.toml"))
    return {key: reply for name in names for key, reply in _replies(name)}


def _replies(name: str) -> list[tuple[tuple[str, str], Reply]]:
    return [(_address(row["url"]), _reply(FOLDER / name, row)) for row in _described(name).get("serves", ())]


def _address(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.netloc, unquote(parts.path or "/") + (f"?{unquote(parts.query)}" if parts.query else "")


def _reply(folder: Path, row: Mapping[str, Any]) -> Reply:
    file = folder / row["file"] if "file" in row else None
    known = _KINDS.get(file.suffix, "") if file else HTML
    return Reply(
        status=row.get("status", 200),
        body=file.read_bytes() if file else b"",
        kind=row.get("kind") or known or mimetypes.guess_type(str(file))[0] or HTML,
        headers=tuple(row.get("headers", {}).items()),
    )


@cache
def _described(name: str) -> Mapping[str, Any]:
    return tomllib.loads((FOLDER / name / "outlet.toml").read_text(encoding="utf-8"))
