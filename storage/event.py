"""Events: what the log says, a few stable words and the values that go with them. Pure.

    log.info(event("crawl ended", source="elaph", found=30))

As a text it is `crawl ended source=elaph found=30`; as JSON each value has its own key (scheduler.log).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened; a message of logging, which shows it as its text."""

    words: str  # few, and always the same for the same: people and programs look for them
    fields: Mapping[str, object]

    def __str__(self) -> str:
        return " ".join((self.words, *(f"{key}={_shown(value)}" for key, value in self.fields.items())))


def event(words: str, /, **fields: object) -> Event:
    """An event with the values that go with it, in the words of the model; one that is None is left out."""
    return Event(words, {key: value for key, value in fields.items() if value is not None})


def plain(value: object) -> str | int | float | bool:
    """A value as JSON has it: numbers as they are, moments in ISO 8601, all else as text."""
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return value if isinstance(value, int | float) else str(value)


def _shown(value: object) -> str:
    text = str(plain(value))
    needs_quotes = not text or any(each.isspace() or each in '"=' for each in text)
    return json.dumps(text, ensure_ascii=False) if needs_quotes else text
