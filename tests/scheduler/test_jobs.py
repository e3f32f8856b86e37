"""Whose turn it is, and a crawl child that dies or hangs."""

import multiprocessing
import os
import signal
import threading
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from scheduler import jobs
from scheduler.settings import Catalogue, Crawl, Database, Digest, Settings
from storage.archive import Archive
from storage.errors import ConfigError, InputError
from storage.model import CrawlReport, SourceHealth
from tests import factories as make
from tests.crawler.crawling import Place, feed
from tests.web import serve


def never() -> bool:
    return False


def crawled(ago: timedelta, **changes: Any) -> SourceHealth:
    crawl = make.crawl_report(started=make.NOW - ago, finished=make.NOW - ago)
    return SourceHealth(source="example", crawls=(replace(crawl, **changes),))


@pytest.mark.parametrize(
    ("health", "expected"),
    [
        (None, True),
        (SourceHealth(source="example"), True),
        (crawled(timedelta(0)), False),
        (crawled(timedelta(minutes=60)), True),
        (crawled(timedelta(0), outcome="stopped"), True),
        (replace(crawled(timedelta(days=2)), paused_until=make.NOW + timedelta(hours=1)), False),
        (replace(crawled(timedelta(days=2)), paused_until=make.NOW - timedelta(hours=1)), True),
    ],
    ids=["unknown", "never crawled", "just crawled", "an hour ago", "stopped", "paused", "was paused"],
)
def test_a_source_is_due_when_its_minutes_have_passed(health: SourceHealth | None, expected: bool) -> None:
    found = jobs.due([make.source(poll=60)], [health] if health else [], make.NOW)
    assert bool(found) is expected


def test_a_disabled_source_is_crawled_only_by_name() -> None:
    sources = [make.source("one"), make.source("two", enabled=False)]
    assert [each.id for each in jobs.choose(sources, [])] == ["one"]
    assert [each.id for each in jobs.choose(sources, ["two"])] == ["two"]
    assert not jobs.due(sources[1:], [], make.NOW)


def test_a_digest_of_a_topic_that_is_not_in_use_is_told_before_anything_is_crawled(tmp_path: Path) -> None:
    settings = Settings(
        database=Database(url=f"sqlite:///{tmp_path / 'rasid.db'}"), digest=Digest(topic="gas")
    )
    with Archive(settings.database.url) as archive:
        archive.create()
        with pytest.raises(
            ConfigError, match=r"\[digest\] topic: gas is not in use; there are morocco-france"
        ):
            jobs.load_catalogue(settings, archive)


def test_an_unknown_source_is_named() -> None:
    with pytest.raises(InputError, match=r"^nobody: no such source"):
        jobs.choose([make.source()], ["nobody"])


def crawl_slowly(
    tmp_path: Path, told: list[CrawlReport], *, deadline: int = 60, delay: int = 5
) -> tuple[CrawlReport, ...]:
    """A crawl of elaph that would take minutes, on a replica that answers at once."""
    with serve() as web:
        crawling = Crawl(route=web.url, delay=delay, deadline=deadline)
        settings = Settings(database=Database(url=f"sqlite:///{tmp_path}/rasid.db"), crawl=crawling)
        with Archive(settings.database.url) as archive:
            archive.create()
            sources, _ = jobs.load_catalogue(settings, archive)
            elaph = jobs.choose(sources, ["elaph"])
            reports = jobs.crawl(settings, elaph, tell=told.append, now=make.NOW, stopping=never)
            (health,) = [each for each in archive.health() if each.source == "elaph"]
            assert health.last_crawl == reports[0]
    return reports


def test_a_crawl_that_takes_too_long_ends_by_itself_and_leaves_the_rest(tmp_path: Path) -> None:
    told: list[CrawlReport] = []
    (report,) = crawl_slowly(tmp_path, told, deadline=7, delay=1)
    assert told == [report]
    assert report.outcome == "late"
    assert report.found > report.fetched > 0


def test_a_child_that_hangs_in_a_page_is_killed_and_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pattern of its source file takes for ever and lets nothing else of the process run."""
    monkeypatch.setattr(jobs, "_GRACE", 2)
    place = Place(tmp_path / "rules", "")
    place.write("stuck", "stuck.example")
    with (tmp_path / "rules" / "sources" / "stuck.toml").open("r+", encoding="utf-8") as file:
        content = file.read()
        file.seek(0)
        file.write("drop_lines = ['(a+)+b']\n" + content)
    told: list[CrawlReport] = []
    with serve() as web:
        web.answer("stuck.example", "/feed", body=feed("https://stuck.example/news/1"))
        text = "The French and Moroccan police arrested a terror suspect in Tangier. " * 20
        web.answer("stuck.example", "/news/1", body=f"<h1>Arrest</h1><p>{text}</p><p>{'a' * 60}</p>")
        settings = Settings(
            database=Database(url=f"sqlite:///{tmp_path}/rasid.db"),
            catalogue=Catalogue(directory=tmp_path / "rules"),
            crawl=Crawl(route=web.url, delay=0, deadline=5),
        )
        with Archive(settings.database.url) as archive:
            archive.create()
            sources, _ = jobs.load_catalogue(settings, archive)
            stuck = jobs.choose(sources, ["stuck"])
            (report,) = jobs.crawl(settings, stuck, tell=told.append, now=make.NOW, stopping=never)
    assert told == [report]
    assert report.outcome == "killed"
    assert "[crawl] deadline" in str(report.problems[0])


def test_a_child_that_dies_is_reported(tmp_path: Path) -> None:
    def kill_the_child() -> None:
        while not (children := multiprocessing.active_children()):
            time.sleep(0.1)
        time.sleep(2)
        os.kill(children[0].pid or 0, signal.SIGKILL)

    told: list[CrawlReport] = []
    killer = threading.Thread(target=kill_the_child)
    killer.start()
    (report,) = crawl_slowly(tmp_path, told)
    killer.join()
    assert report.outcome == "killed"
