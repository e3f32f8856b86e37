"""One file of rules, checked wholly: also against the names it refers to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crawler.checking.contents import name_contents, topic_contents, topic_warnings
from crawler.checking.idle import idle_phrases
from crawler.checking.mistakes import Mistake, key_of
from crawler.checking.names import name_warnings, office_mistakes
from crawler.checking.phrases import phrase_warnings
from crawler.checking.topics import name_mistakes
from crawler.entities import Names
from crawler.files import read_rules, rule_files
from crawler.rules import load_entities, read_entities, read_topic


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What a file contains, what is wrong in it and what is suspicious: lines for people."""

    contents: tuple[str, ...]
    mistakes: tuple[str, ...]
    warnings: tuple[str, ...]


def check_file(path: Path, directory: Path | None = None) -> Checked:
    """A topic file, or a names file where its folder is called `entities`, read with the names in use.

    Raises CatalogueError where it is no TOML, or a names file of `directory` cannot be read. What
    sense a topic's values make is told once all their types are right.
    """
    content = read_rules(path)
    if path.absolute().parent.name == "entities":
        return _check_names(path, content, directory)
    topic, mistakes = read_topic(path.stem, content)
    if topic is None:
        return Checked(contents=(), mistakes=_lines(path, content, mistakes), warnings=())
    names = Names(load_entities(directory))
    wrong = (*mistakes, *name_mistakes(topic, names))
    odd = (*phrase_warnings(topic), *idle_phrases(topic), *topic_warnings(topic, names))
    return Checked(
        contents=tuple(topic_contents(topic, names)),
        mistakes=_lines(path, content, wrong),
        warnings=_lines(path, topic, odd),
    )


def _check_names(path: Path, content: Mapping[str, Any], directory: Path | None) -> Checked:
    """As `check_file`: the other names are those of every other file in use."""
    entities, wrong = read_entities(content)
    others = tuple(
        each
        for file in rule_files("entities", directory)
        if file.name != path.name
        for each in read_entities(read_rules(file))[0]
    )
    taken = {each.id for each in others}
    again = (Mistake((name,), "another names file has this id") for name in content if name in taken)
    offices = (each for entity in entities for each in office_mistakes(entity, taken | content.keys()))
    return Checked(
        contents=tuple(name_contents(entities)),
        mistakes=_lines(path, content, (*wrong, *again, *offices)),
        warnings=_lines(path, content, name_warnings(entities, others)),
    )


def _lines(path: Path, content: object, found: Iterable[Mistake]) -> tuple[str, ...]:
    return tuple(f"{path}: {key_of(content, each.place)}: {each.wrong}" for each in found)
