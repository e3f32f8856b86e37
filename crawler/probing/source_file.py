"""A source as the TOML file that describes it: written, read back, put in its place."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from unicodedata import category

from crawler.catalogue import ZONES, read_source
from storage.errors import CatalogueError
from storage.model import Entry, Source


def source_text(source: Source, found: date) -> str:
    """The file of a source that was probed on a day. Pure but for reading it back.

    Its name is one line there. Raises CatalogueError if the file would not be read as what it was made of.
    """
    text = "\n".join((*_head(source, found), *(line for entry in source.entries for line in _entry(entry))))
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{source.id}.toml"
        path.write_text(f"{text}\n", encoding="utf-8")
        if read_source(path) != replace(source, name=one_line(source.name)):
            raise CatalogueError(f"{path.name}: would be read as another source; please report it")
    return f"{text}\n"


def save_source(name: str, text: str, directory: Path) -> Path:
    """Write `directory`/sources/`name`.toml, whole or not at all, and say where it is.

    Raises CatalogueError if it cannot be written.
    """
    folder = directory / "sources"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=folder) as beside:
            draft = Path(beside) / f"{name}.toml"
            draft.write_text(text, encoding="utf-8")
            draft.replace(folder / draft.name)
    except OSError as error:
        raise CatalogueError(f"{folder}: cannot be written: {error.strerror or error}") from error
    return folder / f"{name}.toml"


def _head(source: Source, found: date) -> Iterator[str]:
    yield f"# {one_line(source.name)}: found on its site by `rasid sources add` on {found}."
    yield f"name = {_text(source.name)}"
    yield f"country = {_text(source.country)}"
    yield f"language = {_text(source.language)}"
    if source.timezone != ZONES.get(source.country, "UTC"):
        yield f"timezone = {_text(source.timezone)}"
    yield f"article_url = {_pattern(source.article_url)}"
    yield f"tier = {source.tier}"
    yield f"grade = {_text(source.grade)}"
    yield f"note = {_text(source.note)}"


def _entry(entry: Entry) -> Iterator[str]:
    yield ""
    yield "[[entry]]"
    yield f'kind = "{entry.kind.value}"'
    yield f"url = {_text(entry.url)}"
    if entry.base:
        yield f"base = {_text(entry.base)}"


def _text(text: str) -> str:
    """A basic string of TOML: JSON's, but for DEL."""
    return json.dumps(one_line(text), ensure_ascii=False)


def _pattern(text: str) -> str:
    return f"'''{text}'''" if "'''" not in text and not text.endswith("'") else _text(text)


def one_line(text: str) -> str:
    """The text as a file can hold it: one line, without control characters and marks that nobody sees."""
    seen = (each for each in text if category(each) != "Cf")
    return " ".join("".join(each if each.isprintable() else " " for each in seen).split())
