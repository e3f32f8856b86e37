"""Workers: what is due is done once, by whoever is free, and never by two on one host."""

import logging
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from psycopg import connect
from psycopg.sql import SQL, Identifier

from scheduler import jobs
from scheduler.doctor import examine
from scheduler.doctor.installation import Installation
from scheduler.settings import Catalogue, Crawl, Database, Digest, Mail, Settings, Work
from scheduler.workers import connected, open_queue, queue, queue_lengths
from scheduler.workers.deferring import REST, Deferring
from scheduler.workers.doing import Doing
from scheduler.workers.groups import locks_of
from scheduler.workers.queue import Queue, TaskFailed
from scheduler.workers.tasks import Task, deliver_task, file_task, walk_task
from scheduler.workers.worker import prepared
from storage.archive import Archive
from storage.errors import ArchiveError, ConfigError
from storage.model import Series, Source
from storage.query import parse_query
from tests import factories as make
from tests.children import child
from tests.commands import SEEDS, Home, one_line
from tests.mailbox import open_mailbox
from tests.waiting import until
from tests.web import Web, serve

SEED = ("machahid24", "eocr", "elaph", "mc_doualiya")


@pytest.fixture
def settings(postgresql_url: str, tmp_path: Path) -> Settings:
    return Settings(
        database=Database(url=postgresql_url),
        catalogue=Catalogue(only=SEED),
        work=Work(engine="procrastinate"),
        digest=Digest(outbox=tmp_path / "outbox"),
    )


@pytest.fixture
def tasks(settings: Settings) -> Queue:
    """The queue, which has to be installed."""
    made = open_queue(settings)
    with Archive(settings.database.url) as archive:
        made.install(archive)
    return made


@pytest.fixture(scope="module")
def web() -> Iterator[Web]:
    with serve() as web:
        web.keep(4)
        yield web


@contextmanager
def working(tasks: Queue, do: Callable[[Task], None], workers: int = 1) -> Iterator[None]:
    """Workers do tasks until the block ends."""
    stop = threading.Event()
    started = [
        threading.Thread(
            target=tasks.work, args=(do,), kwargs={"at_once": 3, "stop": stop, "over": threading.Event()}
        )
        for _ in range(workers)
    ]
    for each in started:
        each.start()
    try:
        yield
    finally:
        stop.set()
        for each in started:
            each.join(30)


@contextmanager
def doing(settings: Settings, tasks: Queue) -> Iterator[Doing]:
    """What a worker does with tasks."""
    with Archive(settings.database.url) as archive:
        yield Doing(
            settings=settings,
            archive=archive,
            queue=tasks,
            sources=jobs.read_catalogue(settings)[0],
            stop=threading.Event(),
            context=prepared(settings.catalogue),
        )


def now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def deferring(settings: Settings, clock: Callable[[], datetime] = now) -> Iterator[Deferring]:
    """What a service does with the queue."""
    with Archive(settings.database.url) as archive:
        sources, _ = jobs.load_catalogue(settings, archive)
        yield Deferring(settings, archive, sources, clock)


@contextmanager
def shut(url: str) -> Iterator[None]:
    """A database that has thrown out everybody and lets nobody in."""
    server, _, name = url.rpartition("/")
    with connect(f"{server}/postgres".replace("+psycopg", ""), autocommit=True) as connection:
        allow = SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
        connection.execute(allow.format(Identifier(name), SQL("false")))
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
        )
        try:
            yield
        finally:
            connection.execute(allow.format(Identifier(name), SQL("true")))


def task(what: str, lock: str = "") -> Task:
    return Task(name="crawl", what=what, lock=lock or f"host {what}.example")


def open_tasks(tasks: Queue) -> int:
    return sum(number for (_, state), number in tasks.lengths().items() if state in ("todo", "doing"))


# who may meet


def source(name: str, *hosts: str) -> Source:
    entries = tuple(make.entry(url=f"https://{host}/feed") for host in hosts)
    return make.source(name, entries=entries)


def test_sources_that_share_hosts_have_one_lock_also_by_others_between_them() -> None:
    locks = locks_of(
        [source("a", "b.example", "c.example"), source("x", "x.example"), source("d", "d.example")]
    )
    assert locks == {"a": "host b.example", "x": "host x.example", "d": "host d.example"}
    bound = locks_of(
        [
            source("z", "z.example"),
            source("b", "b.example", "c.example"),
            source("c", "c.example", "z.example"),
        ]
    )
    assert set(bound.values()) == {"host b.example"}


def test_two_workers_never_do_two_tasks_of_one_lock_and_each_once(tasks: Queue) -> None:
    running: set[str] = set()
    met: list[str] = []
    done: list[str] = []

    def do(each: Task) -> None:
        met.extend([each.what] if each.lock in running else [])
        running.add(each.lock)
        time.sleep(0.1)
        running.remove(each.lock)
        done.append(each.what)

    assert tasks.defer(task(f"{number}", f"host {number % 3}") for number in range(12)) == 12
    with working(tasks, do, workers=2):
        until(lambda: len(done) == 12)
    assert (met, sorted(done)) == ([], sorted(f"{number}" for number in range(12)))


# what waits


def test_a_source_is_put_in_the_queue_once_while_it_waits_or_is_crawled(
    settings: Settings, tasks: Queue
) -> None:
    begun, go = threading.Event(), threading.Event()

    def do(_: Task) -> None:
        begun.set()
        go.wait(30)

    moment = now()
    with deferring(settings, lambda: moment) as service:
        service.crawls()
        service.crawls()
        assert dict(tasks.lengths()) == {
            ("crawl", "todo"): 4,
            ("crawl", "doing"): 0,
            ("crawl", "succeeded"): 0,
            ("crawl", "failed"): 0,
        }
        with working(tasks, do):
            assert begun.wait(30)
            moment += REST
            service.crawls()
            assert open_tasks(tasks) == 4
            go.set()
            until(lambda: open_tasks(tasks) == 0)
        service.crawls()  # nobody has crawled anything
        assert open_tasks(tasks) == 4


def test_a_source_on_whose_hosts_somebody_else_is_has_a_rest_between_two_tasks(
    settings: Settings, tasks: Queue
) -> None:
    """A back-fill by hand may be on them for hours."""
    moment = now()
    chosen = {"catalogue": Catalogue(only=("elaph",)), "crawl": Crawl(route="http://127.0.0.1:9")}
    only = settings.model_copy(update=chosen)
    with (
        deferring(only, lambda: moment) as service,
        doing(only, tasks) as worker,
        worker.archive.access.turn(["elaph.com"]) as mine,
    ):
        assert mine
        service.crawls()
        with working(tasks, worker.do):
            until(lambda: open_tasks(tasks) == 0)
        assert tasks.lengths()["crawl", "succeeded"] == 1
        moment += REST - timedelta(seconds=1)
        service.crawls()
        assert open_tasks(tasks) == 0
        moment += timedelta(seconds=1)
        service.crawls()
        assert open_tasks(tasks) == 1


def test_a_source_that_has_just_had_its_turn_is_left_alone(settings: Settings, tasks: Queue) -> None:
    now = datetime.now(UTC)
    with deferring(settings) as service, doing(settings, tasks) as worker:
        service.crawls()
        for name in SEED:
            worker.archive.record_crawl(make.crawl_report(name, started=now, finished=now))
        with working(tasks, worker.do):  # which looks again
            until(lambda: open_tasks(tasks) == 0)
        service.crawls()
        assert open_tasks(tasks) == 0
        assert all(len(each.crawls) == 1 for each in worker.archive.health(SEED))


def test_a_task_that_waits_already_keeps_no_other_out(tasks: Queue) -> None:
    assert tasks.defer([task("a")]) == 1
    assert tasks.defer([task("a"), task("b")]) == 1
    assert tasks.there() == {"source a", "source b"}


def test_back_fills_are_not_among_what_the_service_looks_at(tasks: Queue) -> None:
    assert tasks.defer([file_task(Path("/a.warc.gz")), task("a"), deliver_task("mails")]) == 3
    assert tasks.there() == {"source a", "deliver mails"}


# what fails, and who dies


def test_a_task_that_fails_is_tried_again_later_and_then_left(
    settings: Settings, tasks: Queue, caplog: pytest.LogCaptureFixture
) -> None:
    missing = file_task(Path("/nowhere.warc.gz"))
    with doing(settings, tasks) as worker:
        tasks.defer([missing])
        with working(tasks, worker.do):
            until(lambda: tasks.lengths()["backfill", "failed"] == 1)
            assert tasks.lengths()["backfill", "todo"] == 1  # in a minute
        last = missing
        while again := last.again():
            assert again.wait > last.wait
            last = again
        caplog.clear()
        with pytest.raises(TaskFailed):
            worker.do(last)
    (record,) = [each for each in caplog.records if each.levelno == logging.ERROR]
    assert record.getMessage() == (
        'task given up task="backfill /nowhere.warc.gz" tries=4 '
        'error="/nowhere.warc.gz: No such file or directory; give WARC files"'
    )


def test_a_retry_that_waits_holds_up_no_other_source_of_its_hosts(tasks: Queue) -> None:
    done: list[str] = []
    again = task("a", "host x").again()
    assert again is not None
    tasks.defer([again, task("b", "host x")])
    with working(tasks, lambda each: done.append(each.what)):
        until(lambda: done == ["b"])
    assert tasks.lengths()["crawl", "todo"] == 1


def begin_and_hang(url: str, begun: Path) -> None:
    connected.BEAT = 0.5

    def do(_: Task) -> None:
        begun.write_text("begun", encoding="utf-8")
        time.sleep(60)

    Queue(url).work(do, at_once=1, stop=threading.Event(), over=threading.Event())


def test_what_a_killed_worker_had_begun_is_done_once_by_another(
    settings: Settings, tasks: Queue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "STALLED", 3.0)
    monkeypatch.setattr(connected, "BEAT", 0.5)  # of who is alive
    begun, done = tmp_path / "begun", list[str]()
    tasks.defer([task("a")])
    worker = child(begin_and_hang, settings.database.url, begun)
    worker.start()
    until(begun.exists)
    assert tasks.rescue() == (0, ())
    worker.kill()
    with deferring(settings) as service, working(tasks, lambda each: done.append(each.what)):
        until(lambda: service.rescue() or done == ["a"], pause=0.3)  # type: ignore[func-returns-value]
        until(lambda: open_tasks(tasks) == 0)
    assert done == ["a"]
    assert tasks.rescue() == (0, ())


def test_a_task_over_which_worker_after_worker_dies_is_left_and_blocks_nothing(
    settings: Settings, tasks: Queue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "STALLED", 1.0)
    monkeypatch.setattr(queue, "MOST_WORKERS", 1)
    tasks.defer([task("a")])
    worker = child(begin_and_hang, settings.database.url, tmp_path / "begun")
    worker.start()
    until((tmp_path / "begun").exists)
    worker.kill()
    lost: list[Task] = []
    until(lambda: bool(lost.extend(tasks.rescue()[1]) or lost), pause=0.3)  # type: ignore[func-returns-value]
    assert [each.what for each in lost] == ["a"]
    assert tasks.lengths()["crawl", "failed"] == 1
    assert tasks.defer([task("a")]) == 1


def test_a_worker_that_loses_the_queue_ends_what_is_under_way_at_once(
    settings: Settings, tasks: Queue, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Before others take it up; and nothing but a line is told of it."""
    monkeypatch.setattr(connected, "BEAT", 0.5)
    begun, over = threading.Event(), threading.Event()
    ended = list[bool]()

    def do(_: Task) -> None:
        begun.set()
        ended.append(over.wait(30))
        until(lambda: "queue lost" in caplog.text)

    def work() -> None:
        with pytest.raises(ArchiveError, match="the queue of tasks: "):
            tasks.work(do, at_once=1, stop=threading.Event(), over=over)

    tasks.defer([task("a")])
    worker = threading.Thread(target=work)
    worker.start()
    assert begun.wait(30)
    with shut(settings.database.url):
        worker.join(60)
    assert ended == [True]
    assert [each.getMessage().partition(" remedy=")[0] for each in caplog.records] == ["queue lost"]
    assert tasks.lengths()["crawl", "doing"] == 1


def test_a_worker_that_was_taken_for_dead_ends_what_is_under_way(
    tasks: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connected, "BEAT", 0.5)
    begun, over, stop = threading.Event(), threading.Event(), threading.Event()
    ended = list[bool]()

    def do(_: Task) -> None:
        begun.set()
        ended.append(over.wait(30))
        stop.set()

    tasks.defer([task("a")])
    worker = threading.Thread(
        target=tasks.work, args=(do,), kwargs={"at_once": 1, "stop": stop, "over": over}
    )
    worker.start()
    assert begun.wait(30)
    monkeypatch.setattr(queue, "STALLED", 0.0)
    tasks.rescue()
    worker.join(60)
    assert (ended, worker.is_alive()) == ([True], False)


# what is done


def test_a_mail_is_sent_once_however_often_its_delivery_is_asked_for(
    settings: Settings, tasks: Queue
) -> None:
    with open_mailbox() as mailbox, Archive(settings.database.url) as archive:
        mail = Mail(host="127.0.0.1", port=mailbox.port, security="none", sender="rasid@example.org")
        mailing = settings.model_copy(update={"mail": mail})
        archive.subscribing.add("amal@example.org", Series(topic=make.TOPIC), "fr", make.NOW)
        assert archive.posting.store_issue(make.issue(editions=(make.edition("fr"),)))
        with deferring(mailing) as service, doing(mailing, tasks) as worker:
            service.deliver("mails")
            service.deliver("mails")
            service.deliver("webhooks")
            service.deliver("questions")
            assert open_tasks(tasks) == 1
            with working(tasks, worker.do, workers=2):
                until(lambda: open_tasks(tasks) == 0)
            service.deliver("mails")
            assert open_tasks(tasks) == 0
            (run,) = archive.running.job_runs()
            assert (run.name, run.failed) == ("deliver mails", 0)
        assert [each.to for each in mailbox.mails] == ["amal@example.org"]


def test_how_a_delivery_went_is_remembered_and_an_empty_one_says_nothing(
    settings: Settings, tasks: Queue
) -> None:
    """Else nobody would be told of a mail server that cannot be used."""
    nobody = Mail(host="127.0.0.1", port=9, security="none", sender="rasid@example.org")
    with doing(settings.model_copy(update={"mail": nobody}), tasks) as worker:
        worker.do(deliver_task("mails"))
        assert worker.archive.running.job_runs() == ()
        worker.archive.subscribing.add("amal@example.org", Series(topic=make.TOPIC), "fr", make.NOW)
        assert worker.archive.posting.store_issue(make.issue(editions=(make.edition("fr"),)))
        with pytest.raises(TaskFailed):
            worker.do(deliver_task("mails"))
        worker.do(deliver_task("mails"))  # none is due, for some minutes
        (run,) = worker.archive.running.job_runs()
    assert (run.name, run.runs, run.failed) == ("deliver mails", 1, 1)
    assert "127.0.0.1:9" in run.error


def test_mails_and_questions_take_turns_and_webhooks_do_not_wait_for_them() -> None:
    assert deliver_task("mails").lock == deliver_task("questions").lock != deliver_task("webhooks").lock


def test_back_fills_are_left_to_workers(settings: Settings, tasks: Queue, web: Web, tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.configure(
        f'{SEEDS}[crawl]\nroute = "{web.url}"\ndelay = 0\n[work]\nengine = "procrastinate"\n'
        f'[database]\nurl = "{settings.database.url}"\n'
    )
    first = home.rasid("backfill", "elaph", "--since", "2000-01-01", "--queue")
    assert (first.exit_code, first.out) == (0, "1 back-fills are left to the workers\n"), first.err
    again = home.rasid("backfill", "elaph", "--since", "2000-01-01", "--queue", "--json")
    assert again.json == {"queued": 0, "waiting": 1}
    crawling = settings.model_copy(update={"crawl": Crawl(route=web.url, delay=0)})
    with doing(crawling, tasks) as worker, working(tasks, worker.do):
        until(lambda: open_tasks(tasks) == 0)
        answer = worker.archive.search(parse_query("source:elaph", now=datetime.now(UTC)))
        wanted = [each for each in web.articles if each.site == "elaph" and each.relevance == "relevant"]
        assert wanted
        assert {each.url for each in wanted} <= {hit.found.article.url for hit in answer.hits}
        assert all(hit.found.backfilled for hit in answer.hits)


def test_a_walk_that_is_ended_goes_on_as_a_task_of_its_own(settings: Settings, tasks: Queue) -> None:
    """A paused site is asked nothing; the rest of the back-fill waits, and nothing is lost."""
    since = datetime(2026, 1, 1, tzinfo=UTC)
    elaph = next(each for each in jobs.read_catalogue(settings)[0] if each.id == "elaph")
    with doing(settings, tasks) as worker, worker.archive.access.turn(["elaph.com"]) as mine:
        assert mine
        crawling = Settings.model_copy(settings, update={"crawl": Crawl(route="http://127.0.0.1:9")})
        with doing(crawling, tasks) as busy:
            busy.do(walk_task(elaph, "host elaph.com", since))
    assert tasks.lengths()["backfill", "todo"] == 1


def test_sigterm_ends_a_crawl_well_and_its_source_is_due_again(
    settings: Settings, tasks: Queue, web: Web, tmp_path: Path
) -> None:
    home = Home(tmp_path)
    home.configure(
        f'[catalogue]\nonly = ["elaph"]\n[crawl]\nroute = "{web.url}"\ndelay = 30\n'
        f'[work]\nengine = "procrastinate"\n[database]\nurl = "{settings.database.url}"\n'
    )
    web.forget()
    only = settings.model_copy(update={"catalogue": Catalogue(only=("elaph",))})
    moment = now()
    with deferring(only, lambda: moment) as service:
        service.crawls()
        worker = home.start("worker", "--at-once", "1")
        try:
            until(lambda: bool(web.asked("elaph.com", robots=True)))
        finally:
            worker.send_signal(signal.SIGTERM)
            _, told = worker.communicate(timeout=60)
        assert worker.returncode == 0, told
        assert tasks.lengths()["crawl", "succeeded"] == 1
        moment += REST
        service.crawls()
        assert tasks.lengths()["crawl", "todo"] == 1


# where there can be no queue


def test_the_engine_needs_postgresql_and_is_refused_in_a_line(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.configure('[crawl]\ncontact = "https://example.org"\n[work]\nengine = "procrastinate"\n')
    queueing = ("backfill", "elaph", "--since", "2026-01-01", "--queue")
    for command in (("service",), ("worker",), queueing, ("backfill", "--warc", "a.warc.gz", "--queue")):
        one_line(home.rasid(*command), '[work] engine = "procrastinate" needs PostgreSQL', "[database] url")
        assert not list(tmp_path.glob("**/*.db*"))
    home.configure('[crawl]\ncontact = "https://example.org"\n')
    one_line(home.rasid("worker"), '[work] engine is "embedded"', 'set it to "procrastinate"')


def test_where_the_extra_is_not_installed_it_is_named(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [each for each in sys.modules if each.partition(".")[0] == "procrastinate"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "procrastinate", None)
    monkeypatch.delitem(sys.modules, "scheduler.workers.queue")
    with pytest.raises(
        ConfigError, match=r"procrastinate is not installed; run: pip install 'rasid\[scale\]'"
    ):
        open_queue(settings)


def test_a_database_out_of_reach_is_told_in_its_own_words_and_soon(settings: Settings, tasks: Queue) -> None:
    began = time.monotonic()
    with (
        shut(settings.database.url),
        pytest.raises(ArchiveError, match=r"is not currently accepting connections; see \[database\] url$"),
    ):
        tasks.there()
    assert time.monotonic() - began < 10


def test_without_a_queue_there_is_nothing_to_count(postgresql_url: str) -> None:
    assert queue_lengths(Settings(database=Database(url=postgresql_url))) == {}


def test_a_worker_without_the_queues_tables_says_what_makes_them(settings: Settings, tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.configure(
        f'{SEEDS}[crawl]\ncontact = "https://example.org"\n[work]\nengine = "procrastinate"\n'
        f'[database]\nurl = "{settings.database.url}"\n'
    )
    one_line(home.rasid("worker"), "the queue of tasks is not there; run: rasid db upgrade")
    assert home.rasid("db", "upgrade").exit_code == 0
    assert queue_lengths(settings) == {}
    open_queue(settings).defer([task("a")])
    assert home.rasid("db", "upgrade").exit_code == 0  # and nothing is lost
    assert queue_lengths(settings)["crawl", "todo"] == 1


def test_a_queue_of_an_older_library_is_brought_to_this_one(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, steps = open_queue(settings), queue._steps()
    with Archive(settings.database.url) as archive:
        with monkeypatch.context() as older:
            older.setattr(queue, "_steps", lambda: steps[:-3])
            archive.rooms.make(queue.ROOM)
            made._ask(lambda app: queue._run(app, steps[:-3]))
            archive.rooms.note(queue.ROOM, steps[-4].name)
            made.check(archive)
        with pytest.raises(
            ArchiveError, match="is not of this version of procrastinate; run: rasid db upgrade"
        ):
            made.check(archive)
        made.install(archive)
        made.check(archive)
        assert made.defer([task("a")]) == 1
        archive.rooms.note(queue.ROOM, "99.00.00_01_tomorrow.sql")
        with pytest.raises(ArchiveError, match="the queue is of a newer procrastinate"):
            made.install(archive)


def test_of_two_that_make_the_queue_at_once_one_waits(settings: Settings) -> None:
    problems: list[ArchiveError] = []

    def install() -> None:
        try:
            with Archive(settings.database.url) as archive:
                open_queue(settings).install(archive)
        except ArchiveError as error:
            problems.append(error)

    makers = [threading.Thread(target=install) for _ in range(3)]
    for each in makers:
        each.start()
    for each in makers:
        each.join(60)
    assert problems == []
    assert open_queue(settings).defer([task("a")]) == 1


def test_tables_of_an_unknown_version_are_made_anew_only_where_they_hold_nothing(
    settings: Settings, tasks: Queue
) -> None:
    with Archive(settings.database.url) as archive:
        archive.rooms.note(queue.ROOM, "")
        tasks.install(archive)
        tasks.check(archive)
        tasks.defer([task("a")])
        archive.rooms.note(queue.ROOM, "")
        with pytest.raises(
            ArchiveError, match="the queue holds 1 tasks, and the comment on schema rasid_work "
        ) as told:
            tasks.install(archive)
        assert tasks.there() == {"source a"}
        archive.rooms.note(queue.ROOM, str(told.value).split("'")[1])  # as it says
        tasks.install(archive)
        assert tasks.there() == {"source a"}


def test_the_doctor_looks_at_the_queue_and_who_works(settings: Settings, tmp_path: Path) -> None:
    def said() -> dict[str, str]:
        case = Installation(
            settings, Path("rasid.toml"), clock=lambda: datetime.now(UTC), published=lambda _: None
        )
        [(_, findings)] = examine(case, ["work"])
        return {each.what: f"{each.verdict}: {each.said}" for each in findings}

    assert said() == {"work": "bad: the queue of tasks is not there; run: rasid db upgrade"}
    tasks = open_queue(settings)
    with Archive(settings.database.url) as archive:
        tasks.install(archive)
    tasks.defer([task("a")])
    assert said()["workers"].startswith("bad: none gave a sign of life within a minute")
    assert said()["tasks"] == "good: 1 wait (back-fills and retries too), 0 under way"
    with working(tasks, fail):
        until(lambda: open_tasks(tasks) == 0)
        assert said()["workers"] == "good: 1 gave a sign of life within a minute"
    assert said()["failed"].startswith("note: 1 tries of the last day; see")


def fail(_: Task) -> None:
    raise TaskFailed


def test_backups_know_nothing_of_the_queue(settings: Settings, tasks: Queue, tmp_path: Path) -> None:
    tasks.defer([task("a")])
    with Archive(settings.database.url) as archive:
        backup = archive.keeping.backup(tmp_path / "backup", make.NOW)
        assert not [name for name in backup.rows if "procrastinate" in name]
        archive.keeping.restore(tmp_path / "backup", replace=True)
        assert archive.keeping.findings() == ()
    assert tasks.lengths()["crawl", "todo"] == 1


def test_what_is_over_is_forgotten_after_a_day(tasks: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    tasks.defer([task("a")])
    with working(tasks, lambda _: None):
        until(lambda: open_tasks(tasks) == 0)
    tasks.forget()
    assert tasks.lengths()["crawl", "succeeded"] == 1
    monkeypatch.setattr(queue, "KEPT", 0)
    tasks.forget()
    assert tasks.lengths() == {}
