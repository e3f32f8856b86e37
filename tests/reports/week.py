"""An invented week of news in Arabic, French and English (week.toml), as the archive would remember it."""

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from reports.contents import Counts, Digest, Period
from reports.digest import build_digest
from storage.model import (
    ArchivedArticle,
    Doubt,
    Earlier,
    Entity,
    Figures,
    Match,
    Relevance,
    Schedule,
    Series,
    Side,
    Source,
    SourceHealth,
    Standing,
    State,
    Status,
    Story,
    Thresholds,
    Topic,
)
from tests import factories

ZONE = ZoneInfo("Africa/Casablanca")
PERIOD = Period(
    name="2026-W47", since=datetime(2026, 11, 16, 6, tzinfo=UTC), until=datetime(2026, 11, 23, 6, tzinfo=UTC)
)
TOPIC = Topic(
    id=factories.TOPIC,
    labels={"ar": "الأمن بين المغرب وفرنسا", "fr": "Sécurité Maroc–France", "en": "Morocco–France security"},
    sides=(
        Side(id="france", labels={"ar": "فرنسا", "fr": "France", "en": "France"}),
        Side(id="morocco", labels={"ar": "المغرب", "fr": "Maroc", "en": "Morocco"}),
        Side(id="security", labels={"ar": "الأمن", "fr": "sécurité", "en": "security"}),
    ),
    thresholds=Thresholds(relevant=0.6, borderline=0.3),
)
_WEEK = tomllib.loads((Path(__file__).parent / "week.toml").read_text(encoding="utf-8"))
SOURCES: tuple[Source, ...] = tuple(
    factories.source(id_, language=language, name=name) for id_, (language, name) in _WEEK["source"].items()
)
ENTITIES: tuple[Entity, ...] = tuple(
    factories.entity(id_, kind=kind, labels={"ar": ar, "fr": fr, "en": en})
    for id_, (kind, ar, fr, en) in _WEEK["entity"].items()
)


def week(**changes: Any) -> Digest:
    """The digest of the invented week: four stories at the top."""
    given: dict[str, Any] = {
        "stories": relevant(),
        "borderline": borderline(),
        "topic": TOPIC,
        "period": PERIOD,
        "zone": ZONE,
        "entities": ENTITIES,
        "sources": SOURCES,
        "health": health(),
        "standings": standings(),
        "counts": Counts(fetched=1204, kept=17),
        "top": 4,
    }
    return build_digest(**(given | changes))


def busy(**changes: Any) -> Digest:
    """A busy week: seventeen stories in four languages, three of them developments; eleven weeks before."""
    given: dict[str, Any] = {
        "stories": (*relevant(), *developing()),
        "earlier": earlier(),
        "before": weeks(9, 11, 4, 0, 7, 12, 8, 15, 10, 6, 13),
        "top": 5,
    }
    return week(**(given | changes))


def alert(**changes: Any) -> Digest:
    """The first story of the week, told at once to those who searched for it."""
    first = relevant()[0]
    period = Period(name="story-1", since=first.first, until=datetime(2026, 11, 18, 12, 40, tzinfo=UTC))
    series = Series(topic=TOPIC.id, schedule=Schedule.INSTANT, query="كوكايين OR cocaïne", minimum=3)
    return week(**({"stories": (first,), "borderline": (), "period": period, "series": series} | changes))


def developing() -> tuple[Story, ...]:
    """The stories of the busy week that the other has not; of some more had been told before."""
    return tuple(
        replace(_story(at, each["article"]), related=tuple(one["story"] for one in each.get("earlier", ())))
        for at, each in enumerate(_WEEK["busy"], 40)
    )


def earlier() -> Mapping[int, tuple[Earlier, ...]]:
    """What had been told before the week, by story."""
    found: dict[int, tuple[Earlier, ...]] = {}
    for one in (one for each in _WEEK["busy"] for one in each.get("earlier", ())):
        when = datetime(2026, 11, one["day"], 10, tzinfo=ZONE)
        told = Earlier(**{name: one[name] for name in ("story", "language", "title", "url")}, when=when)
        found[told.story] = (*found.get(told.story, ()), told)
    return found


def weeks(*stories: int) -> tuple[tuple[date, Figures], ...]:
    """So many stories in each of the weeks before, twice as many accounts."""
    sundays = (date(2026, 11, 15) - timedelta(weeks=back) for back in range(len(stories) - 1, -1, -1))
    return tuple(
        (day, Figures(stories=each, accounts=2 * each)) for day, each in zip(sundays, stories, strict=True)
    )


def relevant() -> tuple[Story, ...]:
    """Seven stories: three languages, copies, long headlines, a headline without body."""
    return tuple(_story(at, each["article"]) for at, each in enumerate(_WEEK["relevant"], 1))


def borderline() -> tuple[Story, ...]:
    """Two stories the rules were not sure of."""
    return tuple(_story(at, each["article"]) for at, each in enumerate(_WEEK["borderline"], 20))


def many(number: int, **changes: Any) -> tuple[Story, ...]:
    """That many stories of one account each, with the first headlines of the invented week in turn."""
    leads = [each["article"][0] for each in _WEEK["relevant"]]
    return tuple(
        _story(100 + at, [leads[at % len(leads)] | {"id": 1000 + at} | changes]) for at in range(number)
    )


def told(story: int, about: Mapping[str, Any]) -> ArchivedArticle:
    """One account, published on `day` November 2026 at 10:00 in Rabat."""
    published = datetime(2026, 11, about.get("day", 17), 10, tzinfo=ZONE)
    source = about.get("source", "naba")
    article = factories.article(
        f"{source}.example/{about['id']}",
        source=source,
        title=about["title"],
        text=about.get("text", ""),
        language=about.get("language") or _WEEK["source"][source][0],
        published=published,
        place=about.get("place", ""),
        status=Status(about.get("status", "full")),
        url=about.get("url", f"https://{source}.example/{about['id']}"),
    )
    is_doubtful = "missing" in about or "doubts" in about
    judgement = factories.judgement(
        Relevance.BORDERLINE if is_doubtful else Relevance.RELEVANT,
        score=0.4 if is_doubtful else 0.9,
        missing=tuple(about.get("missing", ())),
        doubts=tuple(Doubt(left=0.5, **each) for each in about.get("doubts", ())),
        matches=tuple(_match(*each) for each in about.get("evidence", (("security", "الشرطة"),))),
    )
    return ArchivedArticle(
        id=about["id"],
        article=article,
        recorded=published + timedelta(hours=1),
        story=story,
        judgements=(judgement,),
        entities=tuple(about.get("entities", ())),
        copy_of=about.get("copy_of"),
        reposts=about.get("reposts", False),
    )


def _match(side: str, text: str, where: str = "lead") -> Match:
    return Match(side=side, term=text, text=text, where=where, start=0, end=len(text))


def health() -> tuple[SourceHealth, ...]:
    """Three sources that have been crawled and one that has not."""
    crawl = factories.crawl_report(finished=datetime(2026, 11, 23, 5, tzinfo=UTC), found=40)
    crawled = (SourceHealth(source=each, crawls=(crawl,)) for each in ("rif", "mirror", "bawaba"))
    return (*crawled, SourceHealth(source="corniche"))


def standings() -> tuple[Standing, ...]:
    """One source well, one blocked, one failing."""
    states = {"rif": State.HEALTHY, "mirror": State.BLOCKED, "bawaba": State.FAILING}
    return tuple(Standing(source=source, state=state) for source, state in states.items())


def _story(id_: int, articles: list[dict[str, Any]]) -> Story:
    return Story(id=id_, articles=tuple(told(id_, each) for each in articles))
