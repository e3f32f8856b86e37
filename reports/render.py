"""render: a digest as the edition of one language, HTML and text. Pure."""

from dataclasses import replace
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path

import css_inline
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from reports.contents import Digest
from reports.links import Site
from reports.plain import plain_text
from reports.worded import Worded, put_in_words
from reports.wording import Wording, wording
from storage.model import Edition

_PARTS = ("further", "developments", "to_check", "top")  # in this order they lose stories
LARGEST = 100_000  # bytes of HTML; Gmail clips a mail at about 102 kB
# Arabic wants taller lines than Latin letters do; each client has one of these fonts.
_TYPE = {
    "ltr": {
        "sans": Markup("-apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'Noto Sans', sans-serif"),
        "serif": Markup("Georgia, 'Times New Roman', 'Noto Naskh Arabic', serif"),
        "tight": "1.35",
        "loose": "1.6",
    },
    "rtl": {
        "sans": Markup(
            "'Segoe UI', 'Geeza Pro', 'Noto Sans Arabic', 'Noto Naskh Arabic', Tahoma, Arial, sans-serif"
        ),
        "serif": Markup("'Geeza Pro', 'Noto Naskh Arabic', 'Segoe UI', Tahoma, Arial, serif"),
        "tight": "1.6",
        "loose": "1.8",
    },
}
_INLINER = css_inline.CSSInliner(keep_style_tags=True, load_remote_stylesheets=False)


def render(digest: Digest, language: str, *, locale: str = "", site: Site | None = None) -> Edition:
    """The edition of a digest in Arabic (ar, right to left), French (fr) or English (en).

    locale: whose month names and numbers (Babel's name), by default ar_MA, fr or en_GB; ar_TN, ar_EG …
    choose other Arabic months. site: whose pages it links to; None: it links to none. A digest whose HTML
    would reach 100 kB loses the last of its further stories, of the developments, of those to check and of
    the top, in this order, and says how many. Raises ConfigError for an unknown language or locale.
    """
    words = wording(language, locale)
    leave = _marker(digest) if site and site.base_url else ""
    worded, html = _fitting(digest, words, site or Site(), leave)
    text = plain_text(worded, words)
    return Edition(language=language, subject=worded.subject, html=html, text=text, leave=leave)


def _marker(digest: Digest) -> str:
    """What stands for the reader's own link: it hangs on the whole digest, so that no article can hold it."""
    return f"https://{blake2b(repr(digest).encode(), digest_size=16).hexdigest()}.invalid/"


def _fitting(digest: Digest, words: Wording, site: Site, leave: str) -> tuple[Worded, str]:
    left_out = 0
    while True:
        worded = put_in_words(digest, words, site, left_out, leave)
        html = _html(worded, words)
        if len(html.encode()) < LARGEST:
            return worded, html
        shorter = _shorter(digest)
        left_out += _length(digest) - _length(shorter)
        digest = shorter


def _shorter(digest: Digest) -> Digest:
    """The digest with its least important tenth of the first part that can spare some left out."""
    for part in _PARTS:
        items = getattr(digest, part)
        if items:
            return replace(digest, **{part: items[: len(items) * 9 // 10]})
    raise AssertionError("an empty digest is small")


def _length(digest: Digest) -> int:
    return sum(len(getattr(digest, part)) for part in _PARTS)


def _html(worded: Worded, words: Wording) -> str:
    page = _templates().get_template("digest.html")
    return _INLINER.inline(page.render(digest=worded, words=words, say=words.say, **_TYPE[words.dir]))


@lru_cache(maxsize=1)
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
