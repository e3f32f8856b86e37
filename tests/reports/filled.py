"""The invented week (week.toml) in an archive, with its stored pages and its issue, and the pages of that."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from reports.links import Site
from reports.render import render
from reports.web import application
from reports.web_server import serving
from storage.archive import Archive
from storage.model import Account, Issue, Placement, Series, Story, StoryPlan
from storage.warc import WarcFolder
from tests import factories
from tests.reports.week import ENTITIES, PERIOD, SOURCES, TOPIC, ZONE, relevant, week

BASE = "https://rasid.example"
SITE = Site(base_url=BASE, snapshots=True)


@contextmanager
def shown(archive: Archive, **changes: Any) -> Iterator[str]:
    """The URL of the pages of an archive, at a free port, open to sign-up."""
    given: dict[str, Any] = {"site": SITE, "topics": (TOPIC,), "zone": ZONE, "sign_up": True}
    with serving(application(archive, **(given | changes)), "127.0.0.1", 0) as url:
        yield url


def load_names(archive: Archive) -> None:
    """The sources, the topic and the entities of the week."""
    archive.load_catalogue(SOURCES, (TOPIC,), ENTITIES)


def fill(archive: Archive, folder: Path) -> tuple[int, ...]:
    """Record the week's stories, each page kept in the folder; the ids of the stories."""
    load_names(archive)
    pages = WarcFolder(folder)
    return tuple(record(archive, story, pages) for story in relevant())


def record(archive: Archive, story: Story, pages: WarcFolder) -> int:
    """Record the articles of a story one by one; its id in the archive."""
    keys = {each.id: each.article.key for each in story.articles}
    heads = {each.article.key: keys[each.copy_of] for each in story.articles if each.copy_of in keys}
    number, members = None, list[str]()
    for each in story.articles:
        members.append(each.article.key)
        told = Account(article=each.article, moment=each.when, entities=each.entities)
        copies = {key: head for key, head in heads.items() if {key, head} <= set(members)}
        plan = StoryPlan(story=number, members=tuple(members), copies=copies)
        seen = archive.neighbours(told).seen
        link = factories.link(each.article.key, source=each.article.source)
        page = factories.page(link=link, fetched=each.recorded, body=f"<p>{each.id}</p>".encode())
        verdict = factories.accepted(
            told, judgements=each.judgements, placement=Placement(account=told, stories=(plan,), seen=seen)
        )
        recorded = archive.record(replace(page, kept=pages.keep(page)), verdict)
        assert recorded is not None
        number = archive.article(recorded).story
    assert number is not None
    return number


def issue(**changes: Any) -> Issue:
    """The week's issue, as it is mailed in three languages."""
    digest = week()
    values: dict[str, Any] = {
        "since": PERIOD.since,
        "until": PERIOD.until,
        "created": PERIOD.until,
        "stories": digest.stories,
        "series": Series(topic=TOPIC.id),
        "editions": tuple(render(digest, each, site=SITE) for each in ("ar", "fr", "en")),
    }
    return factories.issue(**({"name": PERIOD.name} | values | changes))
