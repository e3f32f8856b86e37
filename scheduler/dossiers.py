"""Rows of `rasid import` and `rasid export`: values to rows and rows to values, side by side. Pure."""

from collections.abc import Mapping
from dataclasses import fields as fields_of
from dataclasses import is_dataclass
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import ConfigDict, TypeAdapter, ValidationError

from crawler.urls import url_key
from scheduler.fields import Fields
from storage.columns import Reasons
from storage.model import (
    ArchivedArticle,
    Article,
    Judgement,
    Mark,
    Reason,
    Relevance,
    Revision,
    Snapshot,
    Status,
    Tie,
)
from storage.model.bulk import Dossier, Incoming

_URL, _LINE, _TEXT = 8_000, 100_000, 5_000_000  # characters of an address, a line, a text at most
_NAME = 200  # characters of an id
_DETAILS = (
    "subtitle",
    "section",
    "origin",
    "place",
    "audio",
    "genre",
    "rights",
    "aliases",
    "found_by",
    "key",
)
_PLACE = ("reposts", "backfilled", "revised", "removed", "judgements", "placed")
_REASONS: TypeAdapter[tuple[Reason, ...]] = TypeAdapter(Reasons)
_JUDGEMENTS = TypeAdapter(tuple[Judgement, ...], config=ConfigDict(allow_inf_nan=False))
_WORDS = {  # what is wrong, by the beginning of pydantic's name for it
    "missing": "missing",
    "enum": "not one of {expected}",
    "string": "not a text",
    "float": "not a number",
    "finite": "not a number",
    "int": "not a whole number",
    "tuple": "not a list",
    "dataclass": "not an object",
}


def dossier_row(dossier: Dossier) -> dict[str, Any]:
    """An article with everything that is kept of it, as a row that `to_incoming` reads."""
    found = dossier.found
    article = {name: plain(getattr(found.article, name)) for name in _DETAILS}
    place = {name: plain(getattr(found, name)) for name in _PLACE}
    names = ("keys", "bands", "cases", "marks", "merged", "component")
    kept = {name: plain(getattr(dossier, name)) for name in names}
    ties = [_tie_row(tie, found.article.key) for tie in dossier.ties]
    revisions = [_without_article(each) for each in dossier.revisions]
    snapshots = [_without_article(each) for each in dossier.snapshots]
    return (
        article_row(found)
        | article
        | place
        | kept
        | {
            "ties": ties,
            "revisions": revisions,
            "snapshots": snapshots,
        }
    )


def article_row(found: ArchivedArticle) -> dict[str, Any]:
    """An archived article in the shape of `rasid import` and `rasid export`."""
    article = found.article
    best = max(found.judgements, key=lambda judgement: judgement.score, default=None)
    return {
        "id": found.id,
        "url": article.url,
        "source": article.source,
        "title": article.title,
        "text": article.text,
        "authors": list(article.authors),
        "language": article.language,
        "published": plain(article.published),
        "modified": plain(article.modified),
        "recorded": plain(found.recorded),
        "status": article.status.value,
        "judgement": best.relevance.value if best else None,
        "score": best.score if best else None,
        "entities": list(found.entities),
        "story": found.story,
        "copy_of": found.copy_of,
    }


def plain(value: Any) -> Any:
    """A value of the model as JSON knows it: times in ISO 8601 with their own offset."""
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: plain(getattr(value, each.name)) for each in fields_of(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, tuple | list | frozenset | set):
        return [plain(each) for each in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    return value


def to_incoming(row: Mapping[str, Any], now: datetime, topic: str) -> Incoming:
    """The article of a row; a `judgement` without `judgements` is one of `topic`.

    Raises InputError naming the field that is not what it should be, or is not there.
    """
    fields = Fields(row)
    article = _article(fields)
    return Incoming(
        id=fields.name("id"),
        story=fields.name("story"),
        copy_of=fields.name("copy_of") if "story" in fields else "",
        merged=fields.names("merged"),
        article=article,
        recorded=fields.moment("recorded") or now,
        judgements=_judgements(fields, topic),
        entities=fields.texts("entities", _NAME, plain=True),
        bands=fields.wholes("bands"),
        cases=fields.texts("cases", _NAME, plain=True),
        ties=tuple(_tie(each, article.key, now) for each in fields.rows("ties")),
        component=fields.name("component"),
        placed=fields.read("placed", _reasons),
        reposts=fields.flag("reposts", False),
        backfilled=fields.flag("backfilled", True),
        revised=fields.moment("revised"),
        removed=fields.moment("removed"),
        keys=fields.texts("keys", _URL) if "keys" in fields else None,
        marks=tuple(_mark(each, article.key, now) for each in fields.rows("marks")),
        revisions=tuple(_revision(each) for each in fields.rows("revisions")),
        snapshots=tuple(_snapshot(each, now) for each in fields.rows("snapshots")),
    )


def _article(fields: Fields) -> Article:
    url = fields.text("url", _URL)
    fields.read("url", _require_web)
    source = fields.text("source", _NAME, plain=True)
    if not source:
        fields.refuse("source: missing")
    title, text = fields.text("title", _LINE), fields.text("text", _TEXT)
    if not title and not text:
        fields.refuse("title, text: neither is there")
    return Article(
        key=fields.text("key", _URL) or url_key(url),
        url=url,
        source=source,
        title=title,
        text=text,
        language=fields.text("language", _NAME) or fields.text("lang", _NAME),
        subtitle=fields.text("subtitle", _LINE),
        authors=fields.texts("authors", _LINE),
        published=fields.moment("published") or fields.moment("date"),
        modified=fields.moment("modified"),
        section=fields.text("section", _LINE),
        origin=fields.text("origin", _LINE),
        place=fields.text("place", _LINE),
        audio=fields.flag("audio", False),
        status=fields.choice("status", Status) if "status" in fields else Status.FULL,
        genre=fields.text("genre", _NAME),
        rights=fields.texts("rights", _NAME),
        aliases=fields.texts("aliases", _URL),
        found_by=fields.mapping("found_by"),
    )


def _require_web(url: str | None) -> None:
    parts = urlsplit(url or "")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("not a web address")


def _judgements(fields: Fields, topic: str) -> tuple[Judgement, ...]:
    if "judgements" in fields:
        told: tuple[Judgement, ...] = fields.read("judgements", _told)
        return tuple({each.topic: each for each in told}.values())
    if "judgement" in fields:
        relevance = fields.choice("judgement", Relevance)
        return (Judgement(topic=topic, relevance=relevance, score=fields.share("score")),)
    return ()


def _told(value: Any) -> tuple[Judgement, ...]:
    try:
        told = _JUDGEMENTS.validate_python(value)
    except ValidationError as error:
        raise ValueError(_in_our_words(error)) from error
    for place, each in enumerate(told):
        if not each.topic:
            raise ValueError(f"{place}.topic: missing")
        if not 0 <= each.score <= 1:
            raise ValueError(f"{place}.score: not a number from 0 to 1")
    return told


def _reasons(value: Any) -> tuple[Reason, ...]:
    try:
        return _REASONS.validate_python(value or ())
    except ValidationError as error:
        raise ValueError(_in_our_words(error)) from error


def _in_our_words(error: ValidationError) -> str:
    """Where the first mistake is, and what."""
    first = error.errors(include_url=False)[0]
    kind = first["type"].partition("_")[0]
    what = _WORDS.get(kind, first["msg"]).format(**first.get("ctx", {}))
    return ": ".join(filter(None, (".".join(map(str, first["loc"])), what)))


def _mark(fields: Fields, key: str, now: datetime) -> Mark:
    return Mark(
        topic=fields.text("topic", _NAME, plain=True) or fields.refuse("topic: missing"),
        key=fields.text("key", _URL) or key,
        relevance=fields.choice("relevance", Relevance),
        made=fields.moment("made") or now,
        why=fields.text("why", _LINE),
    )


def _tie(fields: Fields, key: str, now: datetime) -> Tie:
    other = fields.text("other", _URL) or fields.refuse("other: missing")
    return Tie(
        one=min(key, other),
        other=max(key, other),
        together=fields.flag("together", True),
        made=fields.moment("made") or now,
        why=fields.text("why", _LINE),
    )


def _revision(fields: Fields) -> Revision:
    return Revision(
        article=0,
        replaced=fields.moment("replaced") or fields.refuse("replaced: missing"),
        title=fields.text("title", _LINE),
        subtitle=fields.text("subtitle", _LINE),
        text=fields.text("text", _TEXT),
        modified=fields.moment("modified"),
    )


def _snapshot(fields: Fields, now: datetime) -> Snapshot:
    file = fields.text("file", _NAME, plain=True)
    if not file or "/" in file or "\\" in file or file.startswith("."):
        fields.refuse(f"file: not the name of a file in the folder of snapshots (got {file[:80]!r})")
    numbers = {name: fields.whole(name) for name in ("offset", "length")}
    if min(numbers.values()) < 0 or numbers["length"] >= 1 << 31:
        fields.refuse("offset, length: not a place in a file")
    return Snapshot(article=0, taken=fields.moment("taken") or now, file=file, **numbers)


def _tie_row(tie: Tie, key: str) -> dict[str, Any]:
    other = tie.other if tie.one == key else tie.one
    return {"other": other, "together": tie.together, "made": plain(tie.made), "why": tie.why}


def _without_article(value: Revision | Snapshot) -> dict[str, Any]:
    return {name: each for name, each in plain(value).items() if name != "article"}
