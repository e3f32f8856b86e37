"""The service itself: one scheduler of an archive, its jobs, the totals of its crawls."""

from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest

from storage.archive import Archive
from storage.errors import ArchiveError
from storage.model import Heartbeat
from tests import factories as make
from tests.conftest import _ask

SECOND = timedelta(seconds=1)


def test_one_scheduler_leads_an_archive_and_another_when_it_has_ended(archive_url: str) -> None:
    with Archive(archive_url) as first, Archive(archive_url) as second:
        with first.running.lead() as holds:
            assert holds is not None
            assert holds()
            with second.running.lead() as also:
                assert also is None
        with second.running.lead() as now:
            assert now is not None
            with first.running.lead() as also:
                assert also is None


def test_an_archive_without_schema_can_be_led(empty_url: str) -> None:
    with Archive(empty_url) as archive, archive.running.lead() as holds:
        assert holds is not None


def test_who_leads_knows_that_the_connection_was_lost(postgresql_url: str) -> None:
    with Archive(postgresql_url) as archive, archive.running.lead() as holds:
        assert holds is not None
        name = postgresql_url.rpartition("/")[2]
        _ask(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")  # noqa: S608
        assert not holds()


def test_a_folder_that_is_not_there_is_told_with_the_remedy() -> None:
    with (
        pytest.raises(ArchiveError, match="there is no directory /no/such; create it"),
        Archive("sqlite:////no/such/rasid.db") as archive,
        archive.running.lead(),
    ):
        pass


def test_the_last_heartbeat_of_a_role_is_kept(archive: Archive) -> None:
    assert archive.running.heartbeat("scheduler") is None
    for who, after in (("here:1", 0), ("there:2", 5)):
        last = Heartbeat(role="scheduler", who=who, since=make.NOW, beat=make.NOW + after * SECOND)
        archive.running.beat(last)
    assert archive.running.heartbeat("scheduler") == last


def test_the_runs_of_a_job_add_up(archive: Archive) -> None:
    archive.running.record_job("post", make.NOW, make.NOW + 2 * SECOND)
    archive.running.record_job("post", make.NOW + 60 * SECOND, make.NOW + 63 * SECOND, "no mail server")
    (run,) = archive.running.job_runs()
    assert (run.name, run.begun, run.error) == ("post", make.NOW + 60 * SECOND, "no mail server")
    assert (run.runs, run.failed, run.seconds, run.good) == (2, 1, 5.0, make.NOW)


def test_jobs_that_are_not_known_are_forgotten(archive: Archive) -> None:
    for name in ("backup", "post", "watch"):
        archive.running.record_job(name, make.NOW, make.NOW)
    archive.running.forget_jobs(["post", "watch", "upkeep"])
    assert [each.name for each in archive.running.job_runs()] == ["post", "watch"]


def test_the_crawls_of_a_source_add_up(archive: Archive) -> None:
    for outcome, relevant in (("done", 2), ("done", 1), ("killed", 0)):
        archive.record_crawl(make.crawl_report(outcome=outcome, relevant=relevant, rejected={"off topic": 4}))
    (totals,) = archive.running.crawl_totals()
    assert totals.outcomes == {"done": 2, "killed": 1}
    assert totals.verdicts == {"relevant": 3, "rejected": 12}


def test_who_has_lost_the_file_takes_no_other_s_away(sqlite_url: str, tmp_path: Path) -> None:
    with (
        Archive(sqlite_url) as first,
        Archive(sqlite_url) as second,
        Archive(sqlite_url) as third,
        ExitStack() as lost,
    ):
        before = lost.enter_context(first.running.lead())
        assert before
        (lock,) = tmp_path.glob("*.lock")
        lock.unlink()
        with second.running.lead() as holds:
            assert holds
            assert not before()
            lost.close()
            assert holds()
            with third.running.lead() as also:
                assert also is None
