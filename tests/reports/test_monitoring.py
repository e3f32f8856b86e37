"""/metrics and /readyz over HTTP: figures of a real archive on both databases, in whatever state it is."""

import json
import re
import threading
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest
from prometheus_client.core import Metric
from prometheus_client.openmetrics.parser import text_string_to_metric_families as open_families
from prometheus_client.parser import text_string_to_metric_families

from reports.readiness import Check
from reports.web_monitoring import Watched
from storage.archive import Archive
from storage.model import (
    Heartbeat,
    Rejected,
    Schedule,
    Series,
    Standing,
    State,
    Unavailable,
    Verdict,
)
from tests import factories as make
from tests.factories import NOW
from tests.reports.asking import Answer, ask
from tests.reports.filled import shown
from tests.storage.test_reading import plans

SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
HOUSE, DAILY = Series(topic=make.TOPIC), Series(topic=make.TOPIC, schedule=Schedule.DAILY)
ALERTS = Series(topic=make.TOPIC, schedule=Schedule.INSTANT, query="somebody's question")
SMALL = {
    "sources",
    "crawl_totals",
    "job_runs",
    "heartbeats",
    "subscribers",
    "alembic_version",
    "sqlite_master",
}
SECRETS = ("amal@example.org", "somebody's", "/news/", "example.ma")
VERDICTS: tuple[Verdict, ...] = (
    Unavailable(reason="server error", again=True),
    Rejected(reason="matches no topic"),
)
Figures = Mapping[tuple[str, tuple[tuple[str, str], ...]], float]


class Clock:
    """Where the hands are put."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> Any:
        return self.now


def watched(**changes: Any) -> Watched:
    given: dict[str, Any] = {"house": HOUSE.id, "checks": {}}
    return Watched(**(given | changes))


def figures(answer: Answer) -> Figures:
    assert answer.status == 200
    families = families_of(answer.body)
    return {(s.name, tuple(sorted(s.labels.items()))): s.value for each in families for s in each.samples}


def families_of(body: bytes) -> tuple[Metric, ...]:
    return tuple(text_string_to_metric_families(body.decode()))


def of(found: Figures, name: str, /, **labels: str) -> float | None:
    return found.get((f"rasid_{name}", tuple(sorted(labels.items()))))


def fill(archive: Archive) -> None:
    """Sources one to four, of which each has had something else."""
    sources = [make.source(name, enabled=name != "four") for name in ("one", "two", "three", "four")]
    archive.load_catalogue(sources, (make.topic(),), ())
    for outcome, relevant in (("done", 2), ("done", 0), ("killed", 0)):
        archive.record_crawl(
            make.crawl_report(
                "one",
                outcome=outcome,
                relevant=relevant,
                requests=7,
                started=NOW - 3 * SECOND,
                finished=NOW,
                rejected={"matches no topic": 4},
            )
        )
    archive.record_crawl(make.crawl_report("two", started=NOW - 26 * HOUR, finished=NOW - 26 * HOUR))
    archive.watching.note(
        [
            Standing(source="one", state=State.HEALTHY, since=NOW),
            Standing(source="two", state=State.BLOCKED, since=NOW),
            Standing(source="four", state=State.BROKEN, since=NOW),
        ]
    )
    for place, verdict in enumerate(VERDICTS):
        link = make.link(f"example.ma/news/{place + 7}", source="one")
        archive.begin_try(link, NOW - 2 * HOUR)
        archive.record(make.page(link=link, fetched=NOW - 2 * HOUR), verdict, now=NOW - 2 * HOUR)
    number = archive.record(make.page(fetched=NOW - DAY), make.accepted())
    assert number == 1
    subscribe(archive)
    archive.running.record_job("post", NOW - 9 * SECOND, NOW - 4 * SECOND)
    archive.running.record_job("post", NOW - 3 * SECOND, NOW, "mail.example.org: refused")
    archive.running.record_job("backup", NOW - HOUR, NOW)
    archive.running.beat(Heartbeat(role="scheduler", who="host.example.ma:1", since=NOW, beat=NOW))


def subscribe(archive: Archive) -> None:
    for series in (HOUSE, DAILY, ALERTS):
        archive.subscribing.add("amal@example.org", series, "ar", NOW - 9 * DAY)
        archive.posting.store_issue(make.issue("2026-W46", series=series, until=NOW - 8 * DAY))
        archive.posting.store_issue(make.issue("2026-W47", series=series, until=NOW - DAY))
    claimed = archive.posting.claim_delivery(NOW, HOUR)
    assert claimed is not None
    archive.posting.mark_sent(claimed.id, NOW)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def url(archive: Archive, clock: Clock) -> Iterator[str]:
    fill(archive)
    with shown(archive, watched=watched(tasks=lambda: {("crawl", "todo"): 3}), clock=clock) as url:
        yield url


def test_the_figures_are_those_of_the_archive(url: str) -> None:
    found = figures(ask(f"{url}/metrics"))
    assert of(found, "archive_up") == 1
    assert of(found, "crawls_total", source="one", outcome="done") == 2
    assert of(found, "crawls_total", source="one", outcome="killed") == 1
    assert of(found, "pages_total", source="one", verdict="relevant") == 2
    assert of(found, "pages_total", source="one", verdict="rejected") == 12
    assert of(found, "crawl_requests_total", source="one") == 21
    assert of(found, "crawl_seconds_total", source="one") == 9
    assert of(found, "source_state", source="two", state="blocked") == 1
    assert of(found, "source_state", source="two", state="healthy") == 0
    assert of(found, "source_state", source="four", state="broken") is None  # nobody watches it
    assert of(found, "source_last_crawl_timestamp_seconds", source="one") == NOW.timestamp()
    assert of(found, "sources") == 3
    assert of(found, "sources_overdue") == 2  # one was never crawled, one was yesterday
    assert of(found, "retries_due") == 1
    assert of(found, "deliveries", state="waiting") == 5
    assert of(found, "deliveries", state="sent") == 1
    assert of(found, "subscriptions", state="active") == 3
    assert of(found, "job_runs_total", name="post") == 2
    assert of(found, "job_failures_total", name="post") == 1
    assert of(found, "job_seconds_total", name="post") == 8
    assert of(found, "job_failing", name="post") == 1
    last_good = of(found, "job_last_success_timestamp_seconds", name="post")
    assert last_good == (NOW - 9 * SECOND).timestamp()
    assert of(found, "last_backup_timestamp_seconds") == (NOW - HOUR).timestamp()
    for series in (HOUSE, DAILY):
        assert of(found, "last_issue_timestamp_seconds", series=series.id) == (NOW - DAY).timestamp()
    assert of(found, "last_issue_timestamp_seconds", series=ALERTS.id) is None
    assert of(found, "last_article_timestamp_seconds") == (NOW - DAY).timestamp()
    assert of(found, "articles_numbered") == of(found, "stories_numbered") == 1
    assert of(found, "heartbeat_timestamp_seconds", role="scheduler") == NOW.timestamp()
    assert of(found, "tasks", task="crawl", state="todo") == 3


def test_no_address_and_no_question_is_among_them(url: str) -> None:
    text = ask(f"{url}/metrics").body.decode()
    assert [each for each in SECRETS if each in text] == []


def test_both_formats_are_what_they_say_they_are(url: str) -> None:
    plain = ask(f"{url}/metrics")
    assert plain.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    accept = "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5"
    newer = ask(f"{url}/metrics", Accept=accept)
    assert newer.headers["Content-Type"].startswith("application/openmetrics-text; version=1.0.0")
    assert newer.body.endswith(b"# EOF\n")
    told = {each.name for each in open_families(newer.body.decode())}  # type: ignore[no-untyped-call]
    assert told >= {
        "rasid_crawls",
        "process_cpu_seconds",
    }
    assert ask(f"{url}/metrics", method="HEAD").status == 200


def test_names_and_units_follow_the_conventions(url: str) -> None:
    for family in families_of(ask(f"{url}/metrics").body):
        if family.name.startswith("rasid_"):
            assert re.fullmatch(r"rasid_[a-z]+(_[a-z]+)*", family.name)
            assert family.documentation
            assert "timestamp" not in family.name or family.name.endswith("_timestamp_seconds")


def test_the_archive_is_asked_once_in_a_while_however_often_somebody_asks(
    url: str, archive: Archive, clock: Clock
) -> None:
    def done() -> float | None:
        return of(figures(ask(f"{url}/metrics")), "crawls_total", source="one", outcome="done")

    assert done() == 2
    archive.record_crawl(make.crawl_report("one"))
    assert done() == 2
    clock.now += 10 * SECOND
    assert done() == 3
    archive.record_crawl(make.crawl_report("one"))
    clock.now -= HOUR  # a clock that was put back does not keep them for ever
    assert done() == 4


def test_another_process_tells_the_same_after_a_restart(url: str, archive: Archive, clock: Clock) -> None:
    before = figures(ask(f"{url}/metrics"))
    with shown(archive, watched=watched(tasks=lambda: {("crawl", "todo"): 3}), clock=clock) as again:
        after = figures(ask(f"{again}/metrics"))
    ours = {key: value for key, value in before.items() if key[0].startswith("rasid_")}
    assert len(ours) > 50
    assert ours == {key: value for key, value in after.items() if key[0].startswith("rasid_")}


def test_an_archive_out_of_reach_is_a_figure_too(empty_url: str) -> None:
    for address in (empty_url, "postgresql://nobody@127.0.0.1:1/nothing"):
        with Archive(address) as lost, shown(lost, watched=watched()) as url:
            found = figures(ask(f"{url}/metrics"))
        assert of(found, "archive_up") == 0
        assert of(found, "sources") is None
        assert ("process_start_time_seconds", ()) in found


def test_nothing_that_grows_is_counted(sqlite_url: str) -> None:
    """As SQLite says it: a table is searched by index, unless it holds a row a source, job or subscriber."""
    with Archive(sqlite_url) as archive:
        fill(archive)
        with plans() as steps:
            archive.running.gauges(NOW, HOUSE.id)
    scanned = {each.split()[1] for each in steps if each.startswith("SCAN")}
    assert "sources" in scanned
    assert scanned <= SMALL


def test_who_monitors_nothing_is_shown_nothing(archive: Archive) -> None:
    with shown(archive) as url:
        assert [ask(f"{url}/{each}").status for each in ("metrics", "readyz", "healthz")] == [404, 404, 200]


def ready(url: str, query: str = "") -> tuple[int, dict[str, Any]]:
    answer = ask(f"{url}/readyz{query}")
    assert answer.headers.get_content_type() == "application/json"
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.status, json.loads(answer.body)


def test_ready_is_who_passes_every_check_that_is_not_excluded(archive: Archive) -> None:
    well, ill, late = Check(True, "answers"), Check(False, "refused; see its log"), Check(False, "too old")
    checks = {"database": lambda: well, "mail": lambda: ill, "scheduler": lambda: late}
    with shown(archive, watched=watched(checks=checks)) as url:
        status, told = ready(url)
        assert (status, told["ready"]) == (503, False)
        assert told["checks"]["mail"] == {"ready": False, "said": "refused; see its log"}
        assert ready(url, "?exclude=mail")[0] == 503
        assert ready(url, "?exclude=mail&exclude=scheduler") == (
            200,
            {"ready": True, "checks": {"database": {"ready": True, "said": "answers"}}},
        )
        assert ask(f"{url}/readyz?exclude=mail&exclude=scheduler", method="HEAD").status == 200
        assert ask(f"{url}/readyz", method="HEAD").status == 503
        told = {"ready": False, "said": "exclude=post: no such check; there are database, mail, scheduler"}
        assert ready(url, "?exclude=mail&exclude=post&exclude=scheduler") == (400, told)


def test_many_who_ask_at_once_are_all_answered(url: str) -> None:
    answers: list[int] = []
    threads = [
        threading.Thread(target=lambda: answers.append(ask(f"{url}/metrics").status)) for _ in range(20)
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert answers == [200] * 20
