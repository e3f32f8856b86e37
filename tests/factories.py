"""Values with defaults: a test says only what it is about. All text is invented."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from storage.model import (
    Accepted,
    Account,
    Article,
    CrawlDay,
    CrawlReport,
    Edition,
    Entity,
    Entry,
    EntryKind,
    Issue,
    Judgement,
    Link,
    Match,
    Page,
    Placement,
    Reason,
    Relevance,
    Series,
    Source,
    StoryPlan,
    Topic,
)

NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)  # a Wednesday, in ISO week 2026-W47
RABAT = timezone(timedelta(hours=1))
LEAVE = "https://leave.invalid/"
TOPIC = "morocco-france-security"
REASON = Reason(kind="same event", other="x", why="y")


def article(key: str = "example.ma/news/1", **changes: Any) -> Article:
    """An Arabic article published on 17 November 2026 at 18:30 in Rabat."""
    values: dict[str, Any] = {
        "key": key,
        "url": f"https://{key}",
        "source": "example",
        "title": "الأمن المغربي والفرنسي يوقفان مشتبها به",
        "text": "أوقفت الشرطة المغربية في طنجة رجلا مطلوبا لدى القضاء الفرنسي.\nوتم ذلك بتعاون مع باريس.",
        "language": "ar",
        "published": datetime(2026, 11, 17, 18, 30, tzinfo=RABAT),
    }
    return Article(**(values | changes))


def source(id: str = "example", **changes: Any) -> Source:
    """A Moroccan source in Arabic with one feed."""
    values: dict[str, Any] = {
        "name": "المثال",
        "country": "MA",
        "language": "ar",
        "timezone": "Africa/Casablanca",
        "entries": (entry(),),
        "article_url": r"^https://example\.ma/news/\d+$",
    }
    return Source(id=id, **(values | changes))


def entry(url: str = "https://example.ma/feed", **changes: Any) -> Entry:
    """A feed."""
    return Entry(**({"kind": EntryKind.FEED, "url": url} | changes))


def link(key: str = "example.ma/news/1", **changes: Any) -> Link:
    """A link of which the entry told nothing but the URL."""
    return Link(**({"url": f"https://{key}", "key": key, "source": "example"} | changes))


def page(key: str = "example.ma/news/1", **changes: Any) -> Page:
    """An HTML page fetched at NOW, without redirect."""
    about = changes.pop("link", link(key))
    values: dict[str, Any] = {
        "url": about.url,
        "status": 200,
        "body": b"<html><body><p>.</p></body></html>",
        "fetched": NOW,
        "headers": (("content-type", "text/html; charset=utf-8"),),
    }
    return Page(link=about, **(values | changes))


def match(text: str = "الشرطة", **changes: Any) -> Match:
    """A word of the security side in the body."""
    values: dict[str, Any] = {"side": "security", "term": "شرطة", "where": "body", "start": 6, "end": 12}
    return Match(text=text, **(values | changes))


def judgement(relevance: Relevance = Relevance.RELEVANT, **changes: Any) -> Judgement:
    """Relevant to the shipped topic, with one match."""
    values: dict[str, Any] = {
        "topic": TOPIC,
        "score": 0.9,
        "matches": (match(),),
        "why": "all sides in the lead",
    }
    return Judgement(relevance=relevance, **(values | changes))


def account(of: Article | None = None, **changes: Any) -> Account:
    """An account without entities and bands, not yet in the archive."""
    about = of or article()
    return Account(article=about, **({"moment": about.published} | changes))


def placement(of: Account | None = None, **changes: Any) -> Placement:
    """A new story of its own, decided on an empty archive."""
    about = of or account()
    plan = StoryPlan(story=None, members=(about.article.key,))
    return Placement(account=about, **({"stories": (plan,), "why": (REASON,)} | changes))


def accepted(of: Article | Account | None = None, **changes: Any) -> Accepted:
    """A relevant article that makes a new story; `seen` is the archive's version it was decided on."""
    about = of if isinstance(of, Account) else account(of)
    seen = changes.pop("seen", 0)
    values: dict[str, Any] = {"judgements": (judgement(),), "placement": placement(about, seen=seen)}
    return Accepted(article=about.article, **(values | changes))


def entity(id: str = "darmanin", **changes: Any) -> Entity:
    """A French minister in two scripts."""
    values: dict[str, Any] = {
        "kind": "person",
        "country": "FR",
        "labels": {"ar": "جيرالد دارمانان", "fr": "Gérald Darmanin", "en": "Gérald Darmanin"},
        "names": ("Gérald Darmanin", "Darmanin", "جيرالد دارمانان", "دارمانان"),
    }
    return Entity(id=id, **(values | changes))


def topic(id: str = TOPIC, **changes: Any) -> Topic:
    """The shipped topic's id and labels."""
    labels = {"ar": "الأمن بين المغرب وفرنسا", "fr": "Sécurité Maroc–France", "en": "Morocco–France security"}
    return Topic(**({"id": id, "labels": labels} | changes))


def issue(name: str = "2026-W47", **changes: Any) -> Issue:
    """An issue of the week before NOW, in Arabic and French."""
    values: dict[str, Any] = {
        "series": Series(topic=TOPIC),
        "since": NOW - timedelta(days=7),
        "until": NOW,
        "created": NOW,
        "stories": 1,
        "editions": (edition("ar"), edition("fr")),
    }
    return Issue(name=name, **(values | changes))


def edition(language: str = "ar", **changes: Any) -> Edition:
    """An edition of one line."""
    values = {"subject": "Rasid 2026-W47", "html": "<p>.</p>", "text": ".", "leave": LEAVE}
    return Edition(language=language, **(values | changes))


def crawl_report(source: str = "example", **changes: Any) -> CrawlReport:
    """A crawl of two minutes that ended at NOW and found nothing, though its entry was read."""
    values: dict[str, Any] = {"started": NOW - timedelta(minutes=2), "finished": NOW, "entries": {"read": 1}}
    return CrawlReport(source=source, **(values | changes))


def crawl_day(**changes: Any) -> CrawlDay:
    """The day of NOW with one crawl, an hour before, which found nothing."""
    at = NOW - timedelta(hours=1)
    values: dict[str, Any] = {"day": at.date(), "first": at, "last": at, "crawls": 1, "answered": 1}
    return CrawlDay(**(values | changes))
