"""A crawl child that dies, hangs, freezes or swells takes down no more than its own crawl."""

import multiprocessing
import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.limits import Batch
from scheduler import jobs
from scheduler.children import Child
from scheduler.crawling import bounds_of, crawl_child
from scheduler.limits import limits_of
from scheduler.settings import Crawl, Log, Settings
from storage.archive import Archive
from storage.errors import InputError
from storage.model import CrawlReport
from tests.children import forkserver
from tests.conftest import _ask
from tests.scheduler.hostile import BOUNDS, ENDLESS, SWELLING, Ground, Run, children
from tests.waiting import until
from tests.web import serve


@pytest.fixture
def ground(tmp_path: Path) -> Iterator[Ground]:
    with serve() as web:
        ground = Ground(tmp_path / "place", web)
        yield ground
        for run in ground.runs:
            run.break_off()


def never() -> bool:
    return False


def test_a_crawl_that_takes_too_long_ends_by_itself_and_leaves_the_rest(ground: Ground) -> None:
    ground.site("slow", pages=30)
    ground.crawl = {"deadline": 4, "delay": 1}
    told: list[CrawlReport] = []
    (report,) = jobs.crawl(
        ground.settings, ground.sources("slow"), tell=told.append, now=datetime.now(UTC), stopping=never
    )
    assert told == [report] == [ground.last_crawl("slow")]
    assert report.outcome == "late"
    assert report.found > report.fetched > 0


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGSTOP])
def test_when_a_child_dies_or_freezes_those_that_had_begun_are_crawled_again_each_alone(
    ground: Ground, number: signal.Signals, caplog: pytest.LogCaptureFixture
) -> None:
    """Of four sources one is done, two are at work, and one waits for a place."""
    ground.crawl = {"sources_at_once": 2}
    for name in ("a_quick", "b_slow", "c_slow", "d_waits"):
        ground.site(name, delay=60 if "slow" in name else 0)
    run = Run(ground, ground.sources(), replace(BOUNDS, silence=20))
    ground.until_in_flight("b_slow", "c_slow")
    (child,) = children()
    for name in ("b_slow", "c_slow"):
        ground.slow_feed(name, 4)
    os.kill(child, number)
    until(lambda: len(children()) == 2)
    assert child not in children()
    reports = run.end()
    assert [report.source for report in run.told][:1] == ["a_quick"]
    assert {report.source for report in run.told} == {"a_quick", "b_slow", "c_slow"}
    assert {reports[name].outcome for name in ("a_quick", "b_slow", "c_slow")} == {"done"}
    assert ground.last_crawl("b_slow") == reports["b_slow"]
    assert ground.last_crawl("d_waits") is None
    (problem,) = reports["d_waits"].problems
    why = "died of SIGSEGV" if number == signal.SIGSEGV else "gave no sign of life for 20 s"
    assert str(problem) == f"d_waits: crawl: not begun, for its process {why}"
    assert caplog.messages == [f'crawl killed sources=b_slow,c_slow error="{why}"']


def test_a_source_that_brings_down_its_own_child_too_is_told_as_killed(ground: Ground) -> None:
    """The page that hung first is not asked for again; the next one hangs as well."""
    ground.site("stuck", pages=2, body=f"<p>{'a' * 60}</p>", head=ENDLESS)
    ground.site("sound")
    run = Run(ground, ground.sources(), replace(BOUNDS, silence=20))
    reports = run.end()
    assert reports["sound"].outcome == "done"
    assert reports["stuck"].outcome == "killed"
    assert ground.last_crawl("stuck") == reports["stuck"] == run.told[-1]
    assert len(run.told) == 2
    assert [str(each) for each in reports["stuck"].problems] == [
        "stuck: crawl: alone in its process it gave no sign of life for 20 s; "
        "what it had in hand is tried again in an hour, the rest at its next turn"
    ]
    assert [seen.path for seen in ground.web.asked("stuck.test") if "news" in seen.path] == [
        "/news/2",
        "/news/1",
    ]


def test_a_child_that_holds_too_much_memory_is_ended_and_its_source_found(
    ground: Ground, caplog: pytest.LogCaptureFixture
) -> None:
    ground.site("fat", pages=2, body=f"<p>{'a' * 150_000}</p>", head=SWELLING)
    ground.site("sound")
    run = Run(ground, ground.sources(), replace(BOUNDS, memory=400, grace=2))
    reports = run.end()
    assert reports["sound"].outcome == "done"
    assert reports["fat"].outcome == "killed"
    assert "alone in its process it held more than 400 MB ([crawl] memory)" in str(reports["fat"].problems)
    assert len(caplog.messages) == 2  # one of each child
    assert all("held more than 400 MB" in line for line in caplog.messages)


def test_where_nothing_has_begun_nothing_is_recorded(ground: Ground) -> None:
    """A limit that no crawl can keep to blames no source."""
    ground.site("one")
    ground.site("two")
    run = Run(ground, ground.sources(), replace(BOUNDS, memory=20))
    reports = run.end()
    assert run.told == []
    assert {report.outcome for report in reports.values()} == {"stopped"}
    assert "not begun, for its process held more than 20 MB" in str(reports["one"].problems)
    assert ground.last_crawl("one") is None


def test_a_source_that_comes_to_no_end_is_ended_though_its_child_is_alive(ground: Ground) -> None:
    """It would finish the page in hand when asked to stop, after ten seconds; that is no report of it."""
    ground.site("endless")
    ground.slow_feed("endless", 90)
    ground.site("sound")
    run = Run(ground, ground.sources(), replace(BOUNDS, patience=12))
    reports = run.end()
    assert reports["sound"].outcome == "done"
    assert [report.source for report in run.told] == ["sound", "endless"]
    assert reports["endless"] == ground.last_crawl("endless")
    assert "alone in its process it came to no end by [crawl] deadline (endless)" in str(
        reports["endless"].problems
    )


def test_a_child_of_one_source_was_alone_already(ground: Ground) -> None:
    ground.site("slow", delay=60)
    run = Run(ground, ground.sources())
    ground.until_in_flight("slow")
    os.kill(children()[0], signal.SIGKILL)
    report = run.end()["slow"]
    assert run.told == [report] == [ground.last_crawl("slow")]
    assert report.outcome == "killed"
    assert "was killed (SIGKILL), which a system short of memory does" in str(report.problems)


def test_who_is_stopped_is_no_suspect(ground: Ground) -> None:
    ground.crawl = {"sources_at_once": 1}
    ground.site("a_slow", delay=60)
    ground.site("b_waits")
    run = Run(ground, ground.sources())
    ground.until_in_flight("a_slow")
    run.stop.set()
    reports = run.end(25)
    assert {report.outcome for report in reports.values()} == {"stopped"}
    assert run.told == [reports["a_slow"]]
    assert ground.last_crawl("b_waits") is None
    assert not reports["b_waits"].problems


def test_a_child_that_is_told_to_stop_by_others_leaves_its_sources_untouched(ground: Ground) -> None:
    """Also before it has begun to crawl."""
    ground.site("slow", delay=60)
    run = Run(ground, ground.sources())
    until(lambda: bool(children()))
    os.kill(children()[0], signal.SIGTERM)
    assert run.end(25)["slow"].outcome == "stopped"
    assert len(run.told) == (ground.last_crawl("slow") is not None)


def test_crawls_of_several_threads_do_not_disturb_each_other(ground: Ground) -> None:
    names = [f"site{number}" for number in range(4)]
    for name in names:
        ground.site(name, delay=1)
    runs = [Run(ground, ground.sources(name)) for name in names]
    for name, run in zip(names, runs, strict=True):
        assert run.end()[name].outcome == "done"
        assert [report.source for report in run.told] == [name]
    assert multiprocessing.active_children() == []


def batch(ground: Ground, *names: str) -> Batch:
    return Batch(
        archive_url=ground.place.archive_url,
        directory=ground.folder,
        sources=names,
        limits=limits_of(ground.settings),
    )


@pytest.mark.parametrize(("stopped", "exit_code"), [(False, 0), (True, 3)])
def test_how_a_crawl_child_exits_says_whether_all_was_done(
    ground: Ground, stopped: bool, exit_code: int
) -> None:
    ground.site("site", pages=3, delay=1)
    child = Child(crawl_child, batch(ground, "site"), name="rasid-crawl", log=Log(), context=forkserver())
    if stopped:
        ground.until_in_flight("site", page=3)
        os.kill(children()[0], signal.SIGTERM)
    child.listen(lambda _: None, bounds=BOUNDS, wrong=lambda _: "", stopping=never)
    assert child.exit == exit_code


def test_an_error_of_the_child_is_raised(ground: Ground) -> None:
    ground.site("site")
    site = ground.sources()
    (ground.folder / "sources" / "site.toml").unlink()
    with pytest.raises(InputError, match=r"site: no such source"):
        jobs.crawl(ground.settings, site, tell=print, now=datetime.now(UTC), stopping=never)


def test_a_source_has_a_tenth_more_than_its_deadline_to_come_to_an_end() -> None:
    bounds = bounds_of(Settings(crawl=Crawl(deadline=100, memory=300)))
    assert bounds.patience == pytest.approx(125)
    assert bounds.memory == 300
    assert (bounds.silence, bounds.grace) == (120, 15)


def test_a_crawl_that_lost_its_turn_leaves_the_hosts_to_others(ground: Ground, postgresql_url: str) -> None:
    """Its connection was ended: another process may have the hosts by now."""
    ground.place.archive_url = postgresql_url
    ground.crawl = {"delay": 60}
    ground.site("lost", pages=3)
    run = Run(ground, ground.sources())
    until(lambda: bool(ground.web.asked("lost.test", robots=True)))
    database = postgresql_url.rpartition("/")[2]
    held = "pg_locks JOIN pg_database ON pg_database.oid = database WHERE locktype = 'advisory'"
    _ask(f"SELECT pg_terminate_backend(pid) FROM {held} AND datname = '{database}'")  # noqa: S608 our own
    (report,) = run.end(40).values()
    assert report.outcome == "stopped"
    with Archive(postgresql_url) as archive, archive.access.turn(["lost.test"]) as mine:
        assert mine is not None
