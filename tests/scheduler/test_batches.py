"""The crawls a service has under way: several children at once, none of which the others wait for."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from scheduler import batches as batches_module
from scheduler.batches import Batches
from scheduler.timetable import Job, jobs_of
from storage.archive import Archive
from storage.errors import RasidError
from storage.model import Source
from tests.children import forkserver
from tests.scheduler.hostile import Ground, children
from tests.waiting import until
from tests.web import serve

Start = Callable[[], Batches]


@pytest.fixture
def ground(tmp_path: Path) -> Iterator[Ground]:
    with serve() as web:
        yield Ground(tmp_path / "place", web)


@pytest.fixture
def over() -> threading.Event:
    return threading.Event()


@pytest.fixture
def start(ground: Ground, over: threading.Event) -> Iterator[Start]:
    made: list[Batches] = []

    def starting() -> Batches:
        made.append(Batches(ground.settings, over.is_set, forkserver()))
        return made[-1]

    yield starting
    over.set()
    for batches in made:
        batches.wait()
    assert children() == []


def now() -> datetime:
    return datetime.now(UTC)


def ids(sources: tuple[Source, ...]) -> list[str]:
    return [source.id for source in sources]


def test_who_is_done_is_free_while_another_batch_is_slow(ground: Ground, start: Start) -> None:
    ground.crawl = {"processes": 2}
    ground.site("slow", delay=60)
    for name in ("one", "two"):
        ground.site(name)
    slow, one, two = ground.sources("slow", "one", "two")
    batches = start()
    batches.send([slow], now())
    ground.until_in_flight("slow")
    for _ in range(2):  # and its next turn
        batches.send([one], now())
        assert batches.free([slow, one, two]) == ()  # two children are at work
        until(lambda: ids(batches.free([slow, one, two])) == ["one", "two"])
    assert len(ground.web.asked("one.test")) == 3  # feed, page, feed
    assert ground.last_crawl("slow") is None


def test_a_source_of_a_child_that_has_more_to_do_is_free_when_it_is_done(
    ground: Ground, start: Start
) -> None:
    ground.site("slow", delay=60)
    ground.site("quick")
    sources = ground.sources("slow", "quick")
    batches = start()
    batches.send(sources, now())
    assert batches.free(sources) == ()
    until(lambda: ids(batches.free(sources)) == ["quick"])
    assert len(children()) == 1


def test_a_source_waits_for_the_one_that_is_on_its_host(ground: Ground, start: Start) -> None:
    ground.site("slow", delay=60)
    ground.place.write("sister", "www.slow.test")
    ground.site("other")
    slow, sister, other = ground.sources("slow", "sister", "other")
    batches = start()
    batches.send([slow], now())
    assert ids(batches.free([slow, sister, other])) == ["other"]


def test_what_had_not_begun_in_a_child_that_died_need_not_wait_for_the_suspects(
    ground: Ground, start: Start
) -> None:
    ground.crawl = {"sources_at_once": 2}
    for name in ("a_slow", "b_slow", "c_waits"):
        ground.site(name, delay=60)
    sources = ground.sources()
    batches = start()
    batches.send(sources, now())
    ground.until_in_flight("a_slow", "b_slow")
    for name in ("a_slow", "b_slow"):
        ground.slow_feed(name, 60)
    os.kill(children()[0], signal.SIGKILL)
    until(lambda: ids(batches.free(sources)) == ["c_waits"])


def test_at_the_end_all_children_are_asked_to_stop_and_waited_for(
    ground: Ground, start: Start, over: threading.Event
) -> None:
    ground.crawl = {"delay": 60}  # what waits for its turn is not waited for
    for name in ("one", "two", "three"):
        ground.site(name)
    batches = start()
    for source in ground.sources():
        batches.send([source], now())
    until(lambda: len(ground.web.asked(robots=True)) == 3)
    assert len(children()) == 3
    over.set()
    started = time.monotonic()
    batches.wait()
    assert time.monotonic() - started < 12
    assert children() == []
    for name in ("one", "two", "three"):
        report = ground.last_crawl(name)
        assert report is not None
        assert report.outcome == "stopped"
    assert batches.free(ground.sources()) == ()


def test_what_goes_wrong_with_a_batch_is_one_line_and_the_end_of_it(
    ground: Ground, start: Start, caplog: pytest.LogCaptureFixture
) -> None:
    ground.site("site")
    sources = ground.sources()
    (ground.folder / "sources" / "site.toml").unlink()
    batches = start()
    batches.send(sources, now())
    batches.wait()
    assert len(caplog.messages) == 1
    assert caplog.messages[0].startswith('crawl broke off sources=site error="site: no such source')
    with pytest.raises(RasidError, match="crawls break off: site: no such source"):
        batches.complain()


def test_after_a_batch_that_broke_off_nothing_is_sent_out_for_a_while(
    ground: Ground, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches_module, "REST", 2.0)
    ground.site("site")
    sources, file = ground.sources(), ground.folder / "sources" / "site.toml"
    content = file.read_text(encoding="utf-8")
    file.unlink()
    batches = start()
    batches.send(sources, now())
    batches.wait()
    assert batches.free(sources) == ()
    file.write_text(content, encoding="utf-8")
    until(lambda: ids(batches.free(sources)) == ["site"])
    batches.send(sources, now())
    batches.wait()
    batches.complain()  # of nothing any more


def test_a_source_on_whose_host_somebody_else_is_has_a_rest(
    ground: Ground, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    ground.site("site")
    ground.site("other")
    sources = ground.sources("site", "other")
    batches = start()
    with Archive(ground.place.archive_url) as archive, archive.access.turn(["site.test"]) as mine:
        assert mine
        batches.send(sources, now())
        batches.wait()
    assert not ground.web.asked("site.test", robots=True)
    assert ids(batches.free(sources)) == ["other"]
    monkeypatch.setattr(batches_module, "monotonic", lambda: time.monotonic() + batches_module.BUSY)
    assert ids(batches.free(sources)) == ["site", "other"]


def test_the_rest_is_longer_each_time_and_over_with_a_crawl(
    ground: Ground, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    ground.site("site")
    sources, late = ground.sources("site"), 0.0
    monkeypatch.setattr(batches_module, "monotonic", lambda: time.monotonic() + late)
    batches = start()
    with Archive(ground.place.archive_url) as archive, archive.access.turn(["site.test"]) as mine:
        assert mine
        for rest in (batches_module.BUSY, 2 * batches_module.BUSY):
            batches.send(sources, now())
            batches.wait()
            late += rest - 15
            assert batches.free(sources) == ()
            late += 15
            assert ids(batches.free(sources)) == ["site"]
    batches.send(sources, now())
    batches.wait()
    assert ids(batches.free(sources)) == ["site"]


def test_the_timetable_sends_out_what_is_due_and_does_not_wait_for_it(
    ground: Ground, start: Start, over: threading.Event
) -> None:
    ground.site("slow", delay=60)
    ground.site("quick")
    sources = ground.sources("slow", "quick")
    with Archive(ground.place.archive_url) as archive:
        moment = now()

        def minute() -> None:
            crawling(ground, archive, sources, batches, over, lambda: moment).work()

        batches = start()
        minute()
        assert batches.free(sources) == ()
        until(lambda: ground.last_crawl("quick") is not None)
        until(lambda: ids(batches.free(sources)) == ["quick"])
        minute()  # nobody is due: the one is being crawled, the other has just been
        assert ids(batches.free(sources)) == ["quick"]
        moment += timedelta(days=1)
        minute()
        until(lambda: len(ground.web.asked("quick.test")) == 3)
        assert len(ground.web.asked("slow.test")) == 1  # its feed; the page is not answered yet


def crawling(
    ground: Ground,
    archive: Archive,
    sources: tuple[Source, ...],
    batches: Batches,
    over: threading.Event,
    clock: Callable[[], datetime],
) -> Job:
    """The timetable's job that crawls."""
    jobs = jobs_of(ground.settings, archive, sources, batches, over, clock)
    return next(job for job in jobs if job.name == "crawl")
