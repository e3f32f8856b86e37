"""A generated press: python -m benchmarks.corpus --articles N [--seed S] [--since 2019] [--out FILE]

Writes rows of `rasid import`, the oldest first: the same bytes for the same arguments. Words follow Zipf's
law (`benchmarks.vocabulary`); a quarter of the words of a text are said in it before, as a text stays with
its subject, and each names one to six of the shipped names. The shares are assumed, so that nothing is easier
than in the press:

- 12 % wire copies: one of the last 500 texts under another title by another source, word for word, without
  its last paragraph, or after a credit: several outlets print what the agency wrote.
- 5 % templates: weather, prayer times, rates. The same sentences every day, only the numbers change.
- 2 % live pages: six times as long, paragraphs that begin with the hour.
- 6 % headlines: of a paywall or a 403 title and summary are left.
- the rest: texts of their own, of 280 words in the median, log-normal as lengths of news are.

Three times as many articles a day at the end as at the beginning, fewer at weekends, most by day. Seventy in
a hundred are relevant, twenty borderline: what the archive keeps has been judged before.
"""

import argparse
import json
import random
import sys
from collections import deque
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Any

from benchmarks.newsroom import Newsroom, Text
from benchmarks.vocabulary import SIZE
from crawler.catalogue import load_sources
from crawler.rules import load_entities

TOPIC = "morocco-france-security"
LANGUAGES = {"ar": 45, "fr": 35, "en": 12, "es": 8}
UNTIL = date(2026, 11, 23)  # the first day that is not told
_KINDS = {"own": 75, "copy": 12, "headline": 6, "template": 5, "live": 2}
_RECENT = 500  # texts that may be copied
_GROWTH = 3.0
_WEEK = (1.0, 1.05, 1.0, 1.0, 1.0, 0.7, 0.6)  # Monday to Sunday
_HOURS = (1, 1, 1, 1, 1, 2, 3, 5, 7, 8, 8, 8, 7, 7, 8, 8, 8, 7, 6, 5, 4, 3, 2, 2)
_RELEVANCE = {"relevant": (70, 0.6, 1.0), "borderline": (20, 0.3, 0.6), "irrelevant": (10, 0.0, 0.3)}
_ZONE = timezone(timedelta(hours=1))
_CREDITS = {"ar": "(أ ف ب)", "fr": "(AFP)", "en": "(AFP)", "es": "(EFE)"}

Row = dict[str, Any]
known_entities = cache(load_entities)


def rows(articles: int, *, seed: int = 1, since: int = 2019, words: int = SIZE) -> Iterator[Row]:
    """As many articles told from the first of January of `since` on; `words` are known to a language."""
    chance = random.Random(seed)
    entities = known_entities()
    rooms = {language: Newsroom(language, entities, words, chance) for language in LANGUAGES}
    press = _Press(chance, rooms)
    for number, moment in enumerate(_moments(articles, date(since, 1, 1), chance), 1):
        yield press.row(number, moment)


class _Press:
    """The outlets, and what they told last."""

    def __init__(self, chance: random.Random, rooms: dict[str, Newsroom]) -> None:
        self._chance, self._rooms = chance, rooms
        self._recent: deque[Text] = deque(maxlen=_RECENT)
        self._sources = {each: _outlets(each, chance) for each in rooms}

    def row(self, number: int, moment: datetime) -> Row:
        """One article."""
        kind = self._chance.choices(tuple(_KINDS), tuple(_KINDS.values()))[0]
        told = self._told(kind)
        sources, shares = self._sources[told.language]
        source = self._chance.choices(sources, cum_weights=shares)[0]
        later = timedelta(minutes=self._chance.randint(1, 90))
        relevance = self._chance.choices(tuple(_RELEVANCE), [share for share, *_ in _RELEVANCE.values()])[0]
        _, least, most = _RELEVANCE[relevance]
        return {
            "id": number,
            "url": f"https://{source}.example/{moment:%Y/%m/%d}/{number}",
            "source": source,
            "title": told.title,
            "text": told.text,
            "authors": [told.title.split()[-1]] if number % 3 == 0 else [],
            "language": told.language,
            "published": moment.isoformat(),
            "modified": (moment + later).isoformat() if number % 10 == 0 else None,
            "recorded": (moment + later).astimezone(UTC).isoformat(),
            "status": "headline_only" if kind == "headline" else "full",
            "judgement": relevance,
            "score": round(self._chance.uniform(least, most), 3),
            "entities": list(told.entities),
            "backfilled": False,  # else no digest would have it
        }

    def _told(self, kind: str) -> Text:
        if kind == "copy" and self._recent:
            return self._copy(self._chance.choice(self._recent))
        room = self._rooms[self._chance.choices(tuple(LANGUAGES), tuple(LANGUAGES.values()))[0]]
        match kind:
            case "headline":
                return room.headline()
            case "template":
                return room.template()
            case "live":
                return room.live()
        told = room.own()
        self._recent.append(told)
        return told

    def _copy(self, told: Text) -> Text:
        change = self._chance.choices(("none", "cut", "credit"), (60, 25, 15))[0]
        text = told.text
        if change == "cut":
            text = text.rpartition("\n")[0] or text
        elif change == "credit":
            text = f"{_CREDITS[told.language]} {text}"
        return Text(self._rooms[told.language].title(), text, told.language, told.entities)


def _outlets(language: str, chance: random.Random) -> tuple[tuple[str, ...], tuple[float, ...]]:
    """The sources of a language in random order, and their shares, added up: by Zipf's law too."""
    known = [source.id for source in load_sources() if source.language == language]
    chance.shuffle(known)
    return tuple(known), tuple(accumulate(1 / rank for rank in range(1, len(known) + 1)))


def _moments(articles: int, since: date, chance: random.Random) -> Iterator[datetime]:
    """When each article was published, in order."""
    days = [since + timedelta(days=each) for each in range((UNTIL - since).days)]
    growing = ((1 + (_GROWTH - 1) * at / len(days)) * _WEEK[day.weekday()] for at, day in enumerate(days))
    told = tuple(accumulate(growing))
    hours, before = tuple(accumulate(_HOURS)), 0
    for day, share in zip(days, told, strict=True):
        until = round(articles * share / told[-1])
        some = chance.choices(range(24), cum_weights=hours, k=until - before)
        midnight = datetime(day.year, day.month, day.day, tzinfo=_ZONE)
        for second in sorted(hour * 3600 + int(3600 * chance.random()) for hour in some):
            yield midnight + timedelta(seconds=second)
        before = until


def write(found: Iterator[Row], file: Path) -> None:
    """Write rows as JSON Lines."""
    with file.open("w", encoding="utf-8") as opened:
        opened.writelines(map(_line, found))


def _line(row: Row) -> str:
    return json.dumps(row, ensure_ascii=False) + "\n"


def main() -> None:
    """Write the rows to a file or to standard output."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--articles", type=int, required=True)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--since", type=int, default=2019, help="the first year")
    options.add_argument("--out", type=Path, help="else standard output")
    given = options.parse_args()
    found = rows(given.articles, seed=given.seed, since=given.since)
    if given.out:
        write(found, given.out)
    else:
        sys.stdout.writelines(map(_line, found))


if __name__ == "__main__":
    main()
