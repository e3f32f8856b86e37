"""The rules a crawl judges by: topics and names, read from TOML files."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

from crawler.checking.mistakes import Mistake, key_of
from crawler.checking.names import entity_mistakes, office_mistakes
from crawler.checking.shapes import shaped
from crawler.checking.topics import name_mistakes, topic_mistakes
from crawler.entities import Names
from crawler.files import read_rules, rule_files
from storage.errors import CatalogueError, ConfigError
from storage.model import Entity, Topic

_File = tuple[Path, int, int]  # and when it was written, in nanoseconds, and how many bytes


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


def kept_rules(directory: Path | None = None, topics: Collection[str] = ()) -> Rules:
    """As `load_rules`, which takes a second of work, but from memory while no file has changed."""
    files = (path for kind in ("topics", "entities") for path in rule_files(kind, directory))
    return _kept(directory, tuple(topics), tuple(map(_as_it_is, files)))


def fingerprint(rules: Rules, version: str) -> str:
    """Short, and another one for other topics or names, and for another version of what judges by them."""
    whole = repr((version, rules.topics, tuple(rules.names.entities.values())))
    return blake2b(whole.encode(), digest_size=16).hexdigest()


def load_topics(directory: Path | None = None, topics: Collection[str] = ()) -> tuple[Topic, ...]:
    """The topics in use, by id: each is the file of that name; otherwise as `load_rules`."""
    return tuple(_in_use(_all_topics(directory).values(), topics))


def load_topic(path: Path) -> Topic:
    """The topic of one file, from memory while it has not changed.

    Raises CatalogueError naming file, key and value.
    """
    return _topic(_as_it_is(path))


@lru_cache(maxsize=32)
def _topic(file: _File) -> Topic:
    path = file[0]
    content = read_rules(path)
    topic, mistakes = read_topic(path.stem, content)
    _refuse(path, content, mistakes)
    assert topic is not None  # noqa: S101 - else there is a mistake
    return topic


def read_topic(topic_id: str, content: Mapping[str, Any]) -> tuple[Topic | None, tuple[Mistake, ...]]:
    """The topic of a file's content, None where a type is wrong; and every mistake it has by itself."""
    topic, mistakes = shaped(Topic, {"id": topic_id, **content})
    return topic, (*mistakes, *(topic_mistakes(topic) if topic else ()))


def load_entities(directory: Path | None = None) -> tuple[Entity, ...]:
    """Every name of every names file, as `load_topic`: each table is an entity, its key the id.

    Raises CatalogueError naming file, key and value; also for an id that two files give, and for an office
    that none does.
    """
    return _entities(tuple(map(_as_it_is, rule_files("entities", directory))))


@lru_cache(maxsize=2)  # the user's, and those that are shipped, by which stories are told apart
def _entities(files: tuple[_File, ...]) -> tuple[Entity, ...]:
    found: dict[str, tuple[Path, Entity]] = {}
    for path, *_ in files:
        content = read_rules(path)
        entities, mistakes = read_entities(content)
        _refuse(path, content, mistakes)
        for entity in entities:
            if entity.id in found:
                raise CatalogueError(f"{path}: {entity.id}: another names file has this id")
            found[entity.id] = path, entity
    for path, entity in found.values():
        _refuse(path, {entity.id: entity}, office_mistakes(entity, found))
    return tuple(entity for _, entity in found.values())


def read_entities(content: Mapping[str, Any]) -> tuple[tuple[Entity, ...], tuple[Mistake, ...]]:
    """The names of a file's content but those of a wrong type; and every mistake they have by themselves."""
    found = [_given(entity_id, given) for entity_id, given in content.items()]
    return tuple(each for each, _ in found if each), tuple(
        wrong for _, mistakes in found for wrong in mistakes
    )


@lru_cache(maxsize=1)
def _kept(directory: Path | None, topics: tuple[str, ...], _files: tuple[_File, ...]) -> Rules:
    return load_rules(directory, topics)


def _as_it_is(path: Path) -> _File:
    """A file as it is now; where it is not there, who reads it says so."""
    try:
        found = path.stat()
    except OSError:
        return path, 0, 0
    return path, found.st_mtime_ns, found.st_size


def _all_topics(directory: Path | None) -> dict[Path, Topic]:
    return {path: load_topic(path) for path in rule_files("topics", directory)}


def _in_use(known: Collection[Topic], chosen: Collection[str]) -> Iterator[Topic]:
    ids = [topic.id for topic in known]
    for name in chosen:
        if name not in ids:
            raise ConfigError(f"[catalogue] topics: {name}: no such topic; there are {', '.join(ids)}")
    yield from (topic for topic in known if (topic.id in chosen if chosen else topic.enabled))


def _refuse(path: Path, content: object, mistakes: Iterable[Mistake]) -> None:
    for mistake in mistakes:
        raise CatalogueError(f"{path}: {key_of(content, mistake.place)}: {mistake.wrong}")


def _given(entity_id: str, content: Any) -> tuple[Entity | None, tuple[Mistake, ...]]:
    """An entity whose `names` hold every spelling of it, whatever key of the file gives them."""
    if not isinstance(content, dict):
        wrong = f"not a table; write [{entity_id}] and its keys below (got {content!r})"
        return None, (Mistake((entity_id,), wrong),)
    given, wrong_shape = shaped(Entity, {"names": [], **content, "id": entity_id})
    if given is None:
        return None, _below(entity_id, wrong_shape)
    within = (name for part in given.parts for name in part)
    names = dict.fromkeys((*given.labels.values(), *given.names, *within, *given.exact, *given.weak))
    entity = replace(given, names=tuple(names))
    return entity, _below(entity_id, (*wrong_shape, *entity_mistakes(entity)))


def _below(entity_id: str, mistakes: Iterable[Mistake]) -> tuple[Mistake, ...]:
    return tuple(Mistake((entity_id, *each.place), each.wrong) for each in mistakes)
