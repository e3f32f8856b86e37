"""What a page asks of those who show or mine it. Pure.

Robots meta tag and X-Robots-Tag as the search engines document them, TDM Reservation Protocol (W3C community
group, 2024): `tdm-reservation`, 1 in a meta tag or a header.
"""

from collections.abc import Iterable, Iterator

from lxml.html import HtmlElement

_US = ("robots", "rasid", "*")
_ASKS = {
    "noindex": ("noindex",),
    "noarchive": ("noarchive",),
    "nocache": ("noarchive",),
    "none": ("noindex", "noarchive"),
}
_VALUED = (
    "unavailable_after",
    "max-snippet",
    "max-image-preview",
    "max-video-preview",
)  # a colon, but no bot
_TDM = "tdm-reservation"


def read_rights(root: HtmlElement, headers: Iterable[tuple[str, str]]) -> tuple[tuple[str, ...], str]:
    """What is asked of "noarchive", "noindex", "tdm-reservation", in this order, and where (meta, header)."""
    said = {"meta": set(_of_metas(root)), "header": set(_of_headers(headers))}
    by = next((place for place, asked in said.items() if asked), "")
    return tuple(sorted(said["meta"] | said["header"])), by


def _of_metas(root: HtmlElement) -> Iterator[str]:
    for meta in root.iter("meta"):
        name, content = (meta.get("name") or "").strip().lower(), meta.get("content") or ""
        if name in _US:
            yield from _directives(content)
        elif name == _TDM and content.strip() == "1":
            yield _TDM


def _of_headers(headers: Iterable[tuple[str, str]]) -> Iterator[str]:
    for name, value in headers:
        if name.lower() == "x-robots-tag":
            yield from _directives(value)
        elif name.lower() == _TDM and value.split(",")[0].strip() == "1":
            yield _TDM


def _directives(text: str) -> Iterator[str]:
    """What the directives ask of us; those after "some-bot:" are meant for that bot, up to the next name."""
    meant = True
    for part in text.lower().split(","):
        name, colon, rest = part.partition(":")
        if colon and name.strip() in _VALUED:
            continue
        meant = name.strip() in _US if colon else meant
        if meant:
            yield from _ASKS.get((rest if colon else part).strip(), ())
