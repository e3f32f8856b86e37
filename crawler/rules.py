"""The rules a crawl judges by: topics and names, read from TOML files."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, is_dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar, get_args, get_type_hints

from crawler.checking.mistakes import Mistake, Place, key_of
from crawler.checking.names import entity_mistakes, office_mistakes
from crawler.checking.topics import name_mistakes, topic_mistakes
from crawler.entities import Names
from crawler.files import read_rules, rule_files, to_value
from storage.errors import CatalogueError, ConfigError
from storage.model import Entity, Topic

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Rules:
    """What articles are judged by."""

    topics: tuple[Topic, ...]
    names: Names


def load_rules(directory: Path | None = None, topics: Collection[str] = ()) -> Rules:
    """The shipped rules, with the files of the user's directory in place of those of the same name.

    Of the topics those of these ids ([catalogue] topics), else every enabled one. Raises CatalogueError
    naming file, key and value, also for a name that a topic has and no names file; ConfigError for an id
    that no topic has.
    """
    names = Names(load_entities(directory))
    known = _all_topics(directory)
    for path, topic in known.items():
        _refuse(path, topic, name_mistakes(topic, names))
    return Rules(tuple(_in_use(known.values(), topics)), names)


def load_topics(directory: Path | None = None, topics: Collection[str] = ()) -> tuple[Topic, ...]:
    """The topics in use, by id: each is the file of that name; otherwise as `load_rules`."""
    return tuple(_in_use(_all_topics(directory).values(), topics))


def load_topic(path: Path) -> Topic:
    """The topic of one file.

    Raises CatalogueError naming file, key and value.
    """
    topic = read_topic(path)
    _refuse(path, topic, topic_mistakes(topic))
    return topic


def read_topic(path: Path) -> Topic:
    """The topic of one file whose keys and types are right, whatever sense it makes.

    Raises CatalogueError naming file, key and value.
    """
    return _read(Topic, {"id": path.stem} | read_rules(path), path)


def load_entities(directory: Path | None = None) -> tuple[Entity, ...]:
    """Every name of every names file: each table is an entity, its key the id.

    Raises CatalogueError naming file, key and value; also for an id that two files give, and for an office
    that none does.
    """
    found: dict[str, tuple[Path, Entity]] = {}
    for path in rule_files("entities", directory):
        for entity in read_entities(path):
            if entity.id in found:
                raise CatalogueError(f"{path}: {entity.id}: another names file has this id")
            found[entity.id] = path, entity
    for path, entity in found.values():
        _refuse(path, entity, office_mistakes(entity, found), f"{entity.id}.")
    return tuple(entity for _, entity in found.values())


def read_entities(path: Path) -> tuple[Entity, ...]:
    """The names of one file.

    Raises CatalogueError naming file, key and value.
    """
    return tuple(_entity(entity_id, content, path) for entity_id, content in read_rules(path).items())


def _all_topics(directory: Path | None) -> dict[Path, Topic]:
    return {path: load_topic(path) for path in rule_files("topics", directory)}


def _in_use(known: Collection[Topic], chosen: Collection[str]) -> Iterator[Topic]:
    ids = [topic.id for topic in known]
    for name in chosen:
        if name not in ids:
            raise ConfigError(f"[catalogue] topics: {name}: no such topic; there are {', '.join(ids)}")
    yield from (topic for topic in known if (topic.id in chosen if chosen else topic.enabled))


def _refuse(path: Path, content: object, mistakes: Iterable[Mistake], above: str = "") -> None:
    for mistake in mistakes:
        raise CatalogueError(f"{path}: {above}{key_of(content, mistake.place)}: {mistake.wrong}")


def _entity(entity_id: str, content: Any, path: Path) -> Entity:
    """An entity whose `names` hold every spelling of it, whatever key of the file gives them."""
    if not isinstance(content, dict):
        raise CatalogueError(f"{path}: {entity_id}: not a table (got {content!r})")
    try:
        given = _read(Entity, {"names": [], **content, "id": entity_id}, path)
    except CatalogueError as error:
        raise CatalogueError(str(error).replace(f"{path}: ", f"{path}: {entity_id}.", 1)) from error
    names = dict.fromkeys((*given.labels.values(), *given.names, *given.exact, *given.weak))
    entity = replace(given, names=tuple(names))
    _refuse(path, entity, entity_mistakes(entity), f"{entity_id}.")
    return entity


def _read(kind: type[T], content: Mapping[str, Any], path: Path) -> T:
    """The dataclass `kind` of a file's content, unknown keys at any depth refused."""
    for mistake in _unknown_keys(kind, content):
        remedy = mistake.wrong
        if mistake.place[-1] in get_type_hints(kind):
            remedy = "it is of the whole file: write it above the first line in brackets"
        raise CatalogueError(f"{path}: {key_of(content, mistake.place)}: no such key here; {remedy}")
    return to_value(kind, content, path)


def _unknown_keys(kind: type[Any], content: Mapping[str, Any], above: Place = ()) -> Iterator[Mistake]:
    """The keys nobody reads, each with the one that may be meant."""
    hints = get_type_hints(kind)
    for key, value in content.items():
        if key not in hints:
            meant = get_close_matches(key, hints, 1)
            yield Mistake((*above, key), f"write {meant[0]}" if meant else "see docs/topics.md")
            continue
        inner = next((each for each in (hints[key], *get_args(hints[key])) if is_dataclass(each)), None)
        for number, each in enumerate(value if isinstance(value, list) else [value]):
            if isinstance(inner, type) and isinstance(each, dict):
                place = (*above, key, number) if isinstance(value, list) else (*above, key)
                yield from _unknown_keys(inner, each, place)
