"""The articles of the replica: `articles/*.toml`, dated relative to a given now.

A row of those files has the fields of `WebArticle`, with `days_ago` and `time` (of the site's clock) in
place of `published`, and `text` with a blank line between paragraphs. `{day}` and `{date}` in it become the
weekday and the date of publication, `{day-1}` those of the day before. A row with `copy_of` takes over the
text of another one as outlets do: `keep` says which paragraphs (from 0), `replace` what is worded otherwise,
`lead` and `tail` what is put before and after.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from babel.dates import format_date

FOLDER = Path(__file__).parent / "articles"
HOMES = {
    "machahid24": "https://machahid24.com",
    "eocr": "https://eocr.eu",
    "elaph": "https://elaph.com",
    "mc_doualiya": "https://www.mc-doualiya.com",
}
ZONES = {
    "machahid24": ZoneInfo("Africa/Casablanca"),
    "eocr": ZoneInfo("Europe/Amsterdam"),
    "elaph": ZoneInfo("Europe/London"),
    "mc_doualiya": ZoneInfo("UTC"),
}
_MONTHS_OF = {"machahid24": "ar_MA", "eocr": "ar_SY", "elaph": "ar_EG", "mc_doualiya": "ar_EG"}
_INHERITED = ("language", "relevance", "event", "wire_group", "section", "summary", "author", "origin")
_HARAKAT = re.compile(r"[\u0640\u064b-\u0652]")
_WHEN = re.compile(r"\{(day|date)(?:-(\d+))?\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What an end-to-end test may expect of an article's URL."""

    relevance: str  # relevant | borderline | irrelevant
    event: str  # the same for all accounts of one event; empty: nobody else tells it
    wire_group: str  # the same for all copies of one text; empty: the only one
    status: str  # full | headline_only (answers 403) | broken (answers 500)


@dataclass(frozen=True, slots=True, kw_only=True)
class WebArticle:
    """An article as its site knows it."""

    id: str
    site: str
    number: int
    title: str
    paragraphs: tuple[str, ...]
    published: datetime  # in the zone of the site
    section: str = ""
    slug: str = ""
    language: str = "ar"
    kicker: str = ""  # the line above the title (elaph) or the show (mc_doualiya)
    summary: str = ""
    author: str = ""
    origin: str = ""  # the outlet a re-poster names: "mc-doualiya"
    caption: str = ""  # of the picture, a paragraph of its own
    duration: str = ""  # of the audio, "06:16"; empty: text only
    charset: str = "utf-8"
    fault: int = 0  # the status the page always answers; 0: it works
    relevance: str = "irrelevant"
    event: str = ""
    wire_group: str = ""

    @property
    def path(self) -> str:
        """The path of its permalink, not percent-encoded."""
        day = self.published
        slug = self.slug or _slug(self.title)
        return {
            "machahid24": f"/{self.section}/{self.number}.html",
            "eocr": f"/{slug}/",
            "elaph": f"/Web/{self.section}/{day.year}/{day.month}/{self.number}.html",
            "mc_doualiya": f"/{self.section}/{day:%Y%m%d}-{slug}",
        }[self.site]

    @property
    def url(self) -> str:
        """Its permalink, percent-encoded."""
        return HOMES[self.site] + quote(self.path)

    @property
    def lead(self) -> str:
        """What entries say of it below the title."""
        return self.summary or self.paragraphs[0]

    @property
    def expected(self) -> Expected:
        """What an end-to-end test may expect of it."""
        status = {403: "headline_only", 500: "broken"}.get(self.fault, "full")
        return Expected(relevance=self.relevance, event=self.event, wire_group=self.wire_group, status=status)


def load_articles(now: datetime) -> tuple[WebArticle, ...]:
    """Every article of the replica, newest first, none of them later than `now`."""
    rows = {row["id"]: row for row in _rows()}
    copied = {row.get("copy_of", "") for row in rows.values()}
    rows = {name: {"wire_group": name if name in copied else ""} | row for name, row in rows.items()}
    articles = (_article(row, rows, now) for row in rows.values())
    return newest_first(articles)


def newest_first(articles: Iterable[WebArticle]) -> tuple[WebArticle, ...]:
    """Articles by time of publication, newest first."""
    return tuple(sorted(articles, key=lambda each: (each.published, each.number), reverse=True))


@lru_cache(maxsize=1)
def _rows() -> tuple[dict[str, Any], ...]:
    files = sorted(FOLDER.glob("*.toml"))
    return tuple(row for file in files for row in tomllib.loads(file.read_text("utf-8"))["article"])


def _article(row: Mapping[str, Any], rows: Mapping[str, Mapping[str, Any]], now: datetime) -> WebArticle:
    original = rows.get(row.get("copy_of", ""), {})
    inherited = {name: original[name] for name in _INHERITED if name in original}
    known = {name: row[name] for name in row if name in WebArticle.__dataclass_fields__}
    fields = known | inherited | {name: row[name] for name in _INHERITED if row.get(name)}
    published = _published(row, now)
    paragraphs = _copied(row, original, now) if original else _paragraphs(row, published)
    title = _dated(row["title"], row, published)
    return WebArticle(**fields | {"paragraphs": paragraphs, "published": published, "title": title})


def _published(row: Mapping[str, Any], now: datetime) -> datetime:
    zone = ZONES[row["site"]]
    day = now.astimezone(zone).date() - timedelta(days=row["days_ago"])
    moment = datetime.combine(day, time.fromisoformat(row["time"]), zone)
    return min(moment, (now - timedelta(minutes=20)).astimezone(zone).replace(second=0, microsecond=0))


def _paragraphs(row: Mapping[str, Any], published: datetime) -> tuple[str, ...]:
    return tuple(_dated(part.strip(), row, published) for part in row["text"].strip().split("\n\n"))


def _copied(row: Mapping[str, Any], original: Mapping[str, Any], now: datetime) -> tuple[str, ...]:
    all_of_it = _paragraphs(original, _published(original, now))
    kept = [all_of_it[place] for place in row.get("keep", range(len(all_of_it)))]
    for before, after in row.get("replace", ()):
        kept = [part.replace(before, after) for part in kept]
    around = [_dated(row.get(name, ""), row, _published(row, now)) for name in ("lead", "tail")]
    return tuple(part for part in (around[0], *kept, around[1]) if part)


def _dated(text: str, row: Mapping[str, Any], published: datetime) -> str:
    language = row.get("language", "ar")
    locale = _MONTHS_OF[row["site"]] if language == "ar" else language

    def written(match: re.Match[str]) -> str:
        day = published.date() - timedelta(days=int(match[2] or 0))
        return _weekday(day, locale) if match[1] == "day" else format_date(day, "d MMMM", locale)

    return _WHEN.sub(written, text)


def _weekday(day: date, locale: str) -> str:
    return format_date(day, "EEEE", locale)


def _slug(title: str) -> str:
    """As WordPress makes it: lower case, no accents, hyphens; Arabic letters stay, ten words at most."""
    plain = _HARAKAT.sub("", unicodedata.normalize("NFKD", title.replace("’", "")).lower())
    bare = "".join(each for each in plain if not unicodedata.combining(each))
    return "-".join(re.findall(r"\w+", unicodedata.normalize("NFC", bare))[:10])
