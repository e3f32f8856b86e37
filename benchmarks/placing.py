"""What it costs to place one more account beside many of its event: python -m benchmarks.placing

Fills an archive on SQLite with copies of one text that each outlet has edited, or with accounts of one event
that each have words of their own, and places further ones as a crawl does: look up the neighbours, read what
hangs together with them, place, record. Milliseconds of processor time, the median.
"""

import random
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from time import process_time

from crawler.entities import Names
from crawler.rules import load_entities
from crawler.stories import account, neighbourhood, place
from storage.archive import Archive
from storage.model import Accepted, Account, Article, Link, Page

_ASKED = 15
_DAY = datetime(2026, 1, 20, 12, tzinfo=UTC)
_NEWS = (
    "Le ministre de l'Intérieur, Abdelouafi Laftit, s'est entretenu mardi à Rabat avec son homologue "
    "français Laurent Nuñez. "
)
_COMMUNIQUE = (
    "Les deux ministres ont évoqué la lutte contre le terrorisme, le trafic de drogue et la migration "
    "irrégulière, a indiqué un communiqué. "
)


def main() -> None:
    """Measure and print a line each."""
    names = Names(load_entities())
    for what, make, many in (
        ("copies", _copy, 150),
        ("copies", _copy, 300),
        ("accounts of their own", _own, 100),
    ):
        made = [account(make(at), names) for at in range(many + _ASKED)]
        with (
            tempfile.TemporaryDirectory() as folder,
            Archive(f"sqlite:///{Path(folder) / 'a.db'}") as archive,
        ):
            archive.upgrade()
            began = process_time()
            for each in made[:many]:
                _settle(archive, each)
            filled = process_time() - began
            found, placed, recorded = _median(_settle(archive, each) for each in made[many:])
            largest = max(len(story.articles) for story in archive.stories(limit=20))
        sys.stdout.write(
            f"{many} {what} recorded one by one in {filled:.1f} s; then one more: neighbours and what hangs "
            f"together {found:.0f} ms, placed {placed:.0f} ms, recorded {recorded:.0f} ms "
            f"(largest story: {largest})\n"
        )


def _settle(archive: Archive, newcomer: Account) -> tuple[float, float, float]:
    """Seconds until found, placed, recorded."""
    times = [process_time()]
    around = neighbourhood(archive)(newcomer)
    times.append(process_time())
    placed = place(newcomer, around)
    times.append(process_time())
    link = Link(url=newcomer.article.url, key=newcomer.article.key, source=newcomer.article.source)
    page = Page(link=link, url=link.url, status=200, body=b"", fetched=_DAY + timedelta(days=1))
    archive.record(page, Accepted(article=newcomer.article, judgements=(), placement=placed))
    times.append(process_time())
    return times[1] - times[0], times[2] - times[1], times[3] - times[2]


def _median(measured: Iterable[tuple[float, ...]]) -> list[float]:
    return [1000 * median(each) for each in zip(*measured, strict=True)]


def _article(number: int, text: str) -> Article:
    key = f"outlet{number}.test/a"
    told = Article(
        key=key, url=f"https://{key}", source=f"outlet{number}", title="", text=text, language="fr"
    )
    return replace(told, title=f"Laftit reçoit Nuñez ({number})", published=_DAY + timedelta(minutes=number))


def _copy(number: int) -> Article:
    return _article(number, f"{_NEWS}{_COMMUNIQUE}Texte {number} de la rédaction numéro {number}.")


def _own(number: int) -> Article:
    said = random.Random(number)
    words = ("".join(said.choices("bcdfglmnprst", k=2) + said.choices("aeiou", k=3)) for _ in range(60))
    return _article(number, f"Abdelouafi Laftit a reçu à Rabat Laurent Nuñez, mardi. {' '.join(words)}.")


if __name__ == "__main__":
    main()
