"""What four sites publish in a simulated year, and from when on their entries show it. Pure but for a file.

Every text is invented: a beginning that says what happened, from `headlines.toml`, and a rest of its own.
"""

import random
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from benchmarks.vocabulary import Urn
from tests.web.press import HOMES, ZONES, WebArticle

FILE = Path(__file__).with_name("headlines.toml")
CITIES = {
    "ar": "طنجة الرباط فاس مراكش أكادير وجدة تطوان مكناس الناظور الجديدة آسفي القنيطرة سطات العرائش تازة",
    "fr": "Tanger Rabat Fès Marrakech Agadir Oujda Tétouan Meknès Nador Safi Kénitra Settat Larache Taza",
}
TOWNS = {
    "ar": "ليون مرسيليا ليل نيس بوردو تولوز نانت رين ستراسبورغ مونبلييه غرونوبل ديجون تولون روان ميتز",
    "fr": "Lyon Marseille Lille Nice Bordeaux Toulouse Nantes Rennes Strasbourg Grenoble Dijon Toulon Metz",
}
SECTIONS = {
    "machahid24": ("societe", "politique"),
    "eocr": ("terrorism", "reports"),
    "elaph": ("News",),  # the JSON entry shows it too, however late
    "mc_doualiya": ("المغرب-العربي", "فرنسا"),
}
A_DAY = 0.55  # relevant articles of a site
NOTHING = 0.6  # others
LATE, COPIED = (
    0.08,
    0.5,
)  # shares: shown days after its date; of the articles of others, taken by the re-poster
_WORDS = 20_000
_PARAGRAPHS, _SENTENCE = 4, 24


@dataclass(frozen=True, slots=True)
class Printed:
    """An article, and when its site begins to show it."""

    article: WebArticle
    shown: datetime

    @property
    def is_relevant(self) -> bool:
        """Whether it belongs into a digest, if it is not too old by then."""
        return self.article.relevance == "relevant"


def year(begin: datetime, days: int, seed: int) -> tuple[Printed, ...]:
    """All that is printed in so many days, by when it is shown."""
    return tuple(sorted(_Press(random.Random(seed)).run(begin, days), key=lambda each: each.shown))


class _Press:
    def __init__(self, chance: random.Random) -> None:
        self._chance, self._number = chance, 400_000
        self._urns = {language: Urn(language, _WORDS, chance) for language in CITIES}
        self._places = {
            form["title"]: _rounds(form["language"], chance) for forms in _forms().values() for form in forms
        }

    def run(self, begin: datetime, days: int) -> Iterator[Printed]:
        for day in range(days):
            for site in HOMES:
                for kind, often in (("event", A_DAY), ("nothing", NOTHING)):
                    for _ in range(self._times(often)):
                        yield from self._printed(site, kind, begin + timedelta(days=day))

    def _times(self, often: float) -> int:
        return self._chance.choices((0, 1, 2), (1 - 0.8 * often, 0.6 * often, 0.2 * often))[0]

    def _printed(self, site: str, kind: str, day: datetime) -> Iterator[Printed]:
        shown = day + timedelta(minutes=self._chance.randrange(24 * 60))
        late = timedelta(hours=self._chance.uniform(20, 13 * 24)) if self._chance.random() < LATE else None
        published = shown - (late or timedelta(minutes=self._chance.randrange(40)))
        article = self._article(site, kind, published)
        yield Printed(article, shown)
        if site != "eocr" and kind == "event" and not late and self._chance.random() < COPIED / 3:
            again = shown + timedelta(hours=self._chance.uniform(1, 60))
            yield Printed(self._copy(article, again), again)

    def _article(self, site: str, kind: str, published: datetime) -> WebArticle:
        form = self._chance.choice(_forms()[kind, "ar" if site in ("elaph", "mc_doualiya") else ""])
        language = form["language"]
        city, town = next(self._places[form["title"]])
        slots = {
            "city": city,
            "town": town,
            "age": self._chance.randrange(21, 69),
            "number": self._chance.randrange(3, 96),
        }
        self._number += 1
        return WebArticle(
            id=f"{site}-{self._number}",
            site=site,
            number=self._number,
            slug=f"khabar-{self._number}",
            section=self._chance.choice(SECTIONS[site]),
            language=language,
            title=form["title"].format(**slots),
            paragraphs=(form["lead"].format(**slots), *self._rest(language)),
            published=published.astimezone(ZONES[site]).replace(second=0, microsecond=0),
            relevance="relevant" if kind == "event" else "irrelevant",
        )

    def _rest(self, language: str) -> Iterator[str]:
        for _ in range(_PARAGRAPHS):
            words = self._urns[language].draw(3 * _SENTENCE)
            parts = (words[at : at + _SENTENCE] for at in range(0, len(words), _SENTENCE))
            yield " ".join(f"{' '.join(part)}." for part in parts)

    def _copy(self, of: WebArticle, published: datetime) -> WebArticle:
        self._number += 1
        return replace(
            of,
            id=f"eocr-{self._number}",
            site="eocr",
            number=self._number,
            slug=f"khabar-{self._number}",
            section="reports",
            origin=HOMES[of.site].rpartition("/")[2].removeprefix("www."),
            published=published.astimezone(ZONES["eocr"]).replace(second=0, microsecond=0),
            wire_group=of.id,
        )


def _rounds(language: str, chance: random.Random) -> Iterator[tuple[str, str]]:
    """A city and a town each time; what is told in one form of the same two is months apart."""
    while True:
        cities, towns = CITIES[language].split(), TOWNS[language].split()
        chance.shuffle(cities)
        chance.shuffle(towns)
        yield from zip(cities, towns, strict=False)


@cache
def _forms() -> Mapping[tuple[str, str], tuple[Mapping[str, str], ...]]:
    """By kind and language; an empty language: any."""
    read = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {
        (kind, language): tuple(each for each in read[kind] if language in ("", each["language"]))
        for kind in read
        for language in ("", "ar", "fr")
    }
