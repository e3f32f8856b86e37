"""One file of rules, checked wholly: also against the names it refers to."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from crawler.checking.contents import name_contents, topic_contents, topic_warnings
from crawler.checking.mistakes import Mistake, key_of
from crawler.checking.names import office_mistakes
from crawler.checking.phrases import idle_phrases, phrase_warnings
from crawler.checking.topics import name_mistakes, topic_mistakes
from crawler.entities import Names
from crawler.files import rule_files
from crawler.rules import load_entities, read_entities, read_topic
from storage.model import Entity, Topic


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What a file contains, what is wrong in it and what is suspicious: lines for people."""

    contents: tuple[str, ...]
    mistakes: tuple[str, ...]
    warnings: tuple[str, ...]


def check_file(path: Path, directory: Path | None = None) -> Checked:
    """A topic file, or a names file where its folder is called `entities`, read with the names in use.

    Raises CatalogueError where it cannot be read at all, or a names file of `directory` cannot.
    """
    if path.absolute().parent.name == "entities":
        return _check_names(path, read_entities(path), directory)
    topic = read_topic(path)
    names = Names(load_entities(directory))
    wrong = (*topic_mistakes(topic), *name_mistakes(topic, names))
    odd = (*phrase_warnings(topic), *idle_phrases(topic), *topic_warnings(topic, names))
    return Checked(
        contents=tuple(topic_contents(topic, names)),
        mistakes=_lines(path, topic, wrong),
        warnings=_lines(path, topic, odd),
    )


def _check_names(path: Path, entities: tuple[Entity, ...], directory: Path | None) -> Checked:
    """As `check_file`: the other names are those of every other file in use."""
    others = [
        each
        for file in rule_files("entities", directory)
        if file.name != path.name
        for each in read_entities(file)
    ]
    known = {each.id for each in (*others, *entities)}
    taken = {each.id for each in others}
    mistakes = [f"{path}: {each.id}: another names file has this id" for each in entities if each.id in taken]
    for each in entities:
        mistakes += (f"{path}: {each.id}.{line}" for line in _told(each, office_mistakes(each, known)))
    return Checked(contents=tuple(name_contents(entities)), mistakes=tuple(mistakes), warnings=())


def _lines(path: Path, topic: Topic, found: Iterable[Mistake]) -> tuple[str, ...]:
    return tuple(f"{path}: {line}" for line in _told(topic, found))


def _told(content: object, found: Iterable[Mistake]) -> Iterable[str]:
    return (f"{key_of(content, each.place)}: {each.wrong}" for each in found)
