"""The pages of an installation: the application and the server of its settings."""

from collections.abc import Iterator
from contextlib import contextmanager
from zoneinfo import ZoneInfo

from fastapi import FastAPI

from crawler.rules import load_topics
from reports.web import application
from reports.web_monitoring import Watched
from reports.web_server import serving
from scheduler.issues import house_series, site
from scheduler.readiness import checks
from scheduler.settings import Settings
from scheduler.workers import queue_lengths
from storage.archive import Archive
from storage.errors import ConfigError


@contextmanager
def pages(settings: Settings, archive: Archive, port: int | None = None) -> Iterator[str]:
    """Show the pages while the block runs, at [web] port unless another is given; their URL.

    Raises ConfigError where nothing can listen there, and for sign-up without [web] base_url.
    """
    wanted = settings.web.port if port is None else port
    with serving(_application(settings, archive), settings.web.host, wanted) as url:
        yield url


def _application(settings: Settings, archive: Archive) -> FastAPI:
    if settings.web.sign_up and not settings.web.base_url:
        raise ConfigError(
            "[web] sign_up: needs base_url, which the mail that asks for confirmation leads to; set it"
        )
    topics = load_topics(settings.catalogue.directory, settings.catalogue.topics)
    chosen = settings.digest
    return application(
        archive,
        site=site(settings),
        topics=sorted(topics, key=lambda each: each.id != chosen.topic),
        zone=ZoneInfo(chosen.timezone),
        language=chosen.language,
        locale=chosen.arabic_months,
        sentences=chosen.sentences,
        sign_up=settings.web.sign_up,
        snapshots=settings.snapshots.directory if settings.web.snapshots else None,
        watched=_watched(settings, archive) if settings.web.monitoring else None,
    )


def _watched(settings: Settings, archive: Archive) -> Watched:
    queued = settings.work.engine == "procrastinate"
    return Watched(
        house=house_series(settings).id,
        checks=checks(settings, archive),
        tasks=(lambda: queue_lengths(settings)) if queued else None,
    )
