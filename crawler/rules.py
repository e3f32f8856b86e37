"""The rules a crawl judges by: topics and names, read from TOML files."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, is_dataclass, replace
from pathlib import Path
from typing import Any, TypeVar, get_args, get_type_hints

from crawler.entities import Names
from crawler.files import read_rules, rule_files, to_value
from storage.errors import CatalogueError
from storage.model import Entity, Topic

T = TypeVar("T")
_KINDS = ("person", "office", "service", "operation", "place", "country", "case")


@dataclass(frozen=True, slots=True)
class Rules:
    """What articles are judged by."""

    topics: tuple[Topic, ...]
    names: Names


def load_rules(directory: Path | None = None) -> Rules:
    """The shipped rules, with the files of the user's directory in place of those of the same name.

    Raises CatalogueError naming file, key and value; also for a name that a topic has and no names file.
    """
    names = Names(load_entities(directory))
    topics = []
    for path in rule_files("topics", directory):
        topic = load_topic(path)
        for where, name in _names_of(topic):
            if not _is_known(name, names):
                raise CatalogueError(f"{path}: {where}: no names file has {name!r}")
        topics.append(topic)
    return Rules(tuple(topic for topic in topics if topic.enabled), names)


def load_topics(directory: Path | None = None) -> tuple[Topic, ...]:
    """The topics that are enabled, by id: each is the file of that name.

    Raises CatalogueError naming file, key and value.
    """
    topics = (load_topic(path) for path in rule_files("topics", directory))
    return tuple(topic for topic in topics if topic.enabled)


def load_topic(path: Path) -> Topic:
    """The topic of one file.

    Raises CatalogueError naming file, key and value.
    """
    topic = _read(Topic, {"id": path.stem} | read_rules(path), path)
    for where, wrong in _wrong_values(topic):
        raise CatalogueError(f"{path}: {where}: {wrong}")
    return topic


def load_entities(directory: Path | None = None) -> tuple[Entity, ...]:
    """Every name of every names file: each table is an entity, its key the id.

    Raises CatalogueError naming file, key and value; also for an id that two files give.
    """
    found: dict[str, Entity] = {}
    for path in rule_files("entities", directory):
        for entity_id, content in read_rules(path).items():
            if entity_id in found:
                raise CatalogueError(f"{path}: {entity_id}: another names file has this id")
            found[entity_id] = _entity(entity_id, content, path)
    return tuple(found.values())


def _entity(entity_id: str, content: Any, path: Path) -> Entity:
    """An entity whose `names` hold every spelling of it, whatever key of the file gives them."""
    if not isinstance(content, dict):
        raise CatalogueError(f"{path}: {entity_id}: not a table (got {content!r})")
    try:
        given = _read(Entity, {"names": [], **content, "id": entity_id}, path)
    except CatalogueError as error:
        raise CatalogueError(str(error).replace(f"{path}: ", f"{path}: {entity_id}.", 1)) from error
    if given.kind not in _KINDS:
        known = ", ".join(_KINDS)
        raise CatalogueError(f"{path}: {entity_id}.kind: must be one of {known} (got {given.kind!r})")
    names = dict.fromkeys((*given.labels.values(), *given.names, *given.exact, *given.weak))
    return replace(given, names=tuple(names))


def _read(kind: type[T], content: Mapping[str, Any], path: Path) -> T:
    """The dataclass `kind` of a file's content, unknown keys at any depth refused."""
    for key in _unknown_keys(kind, content):
        raise CatalogueError(f"{path}: {key}: no such key; see docs/topics.md")
    return to_value(kind, content, path)


def _unknown_keys(kind: type[Any], content: Mapping[str, Any], above: str = "") -> Iterator[str]:
    hints = get_type_hints(kind)
    for key, value in content.items():
        if key not in hints:
            yield f"{above}{key}"
            continue
        inner = next((each for each in (hints[key], *get_args(hints[key])) if is_dataclass(each)), None)
        for number, each in enumerate(value if isinstance(value, list) else [value]):
            if isinstance(inner, type) and isinstance(each, dict):
                place = f"{above}{key}.{number}." if isinstance(value, list) else f"{above}{key}."
                yield from _unknown_keys(inner, each, place)


def _wrong_values(topic: Topic) -> Iterator[tuple[str, str]]:
    """Each key whose value has the right type and still makes no sense, and why."""
    if not topic.sides:
        yield "sides", "a topic needs at least one [[sides]]"
    sides = {side.id for side in topic.sides}
    for number, dual in enumerate(topic.duals):
        if dual.side not in sides:
            yield f"duals.{number}.side", f"must be one of {', '.join(sorted(sides))} (got {dual.side!r})"
    for where, weight in _weights(topic):
        if not 0 <= weight <= 1:
            yield where, f"must be between 0 and 1 (got {weight})"
    if topic.thresholds.borderline > topic.thresholds.relevant:
        yield "thresholds.borderline", f"must not exceed relevant (got {topic.thresholds.borderline})"


def _weights(topic: Topic) -> Iterator[tuple[str, float]]:
    yield "thresholds.relevant", topic.thresholds.relevant
    for number, side in enumerate(topic.sides):
        for key, weights in (("kinds", side.kinds), ("entities", side.entities)):
            yield from ((f"sides.{number}.{key}.{each}", weight) for each, weight in weights.items())
        yield from ((f"sides.{number}.words.{n}.weight", each.weight) for n, each in enumerate(side.words))
    for key, groups in (("contexts", topic.contexts), ("others", topic.others)):
        yield from ((f"{key}.{number}.weight", each.weight) for number, each in enumerate(groups))
    yield from ((f"duals.{number}.weight", dual.weight) for number, dual in enumerate(topic.duals))


def _names_of(topic: Topic) -> Iterator[tuple[str, str]]:
    for number, side in enumerate(topic.sides):
        yield from ((f"sides.{number}.entities", name) for name in side.entities)
    for number, dual in enumerate(topic.duals):
        yield from ((f"duals.{number}.all", name) for group in dual.all for name in group)


def _is_known(name: str, names: Names) -> bool:
    return name in names.entities or name.partition(" ")[2] in _KINDS
