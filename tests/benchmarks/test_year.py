"""Three weeks around a clock change, lived through in seconds: every article in one digest, or it is said."""

import os
import subprocess
import sys
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from benchmarks.almanac import almanac
from benchmarks.gazette import year

PARIS = ZoneInfo("Europe/Paris")
LATE = """
import runpy, sys
from datetime import timedelta
import scheduler.issues, scheduler.publishing
scheduler.issues.FRESH = timedelta(days=4)
scheduler.publishing.aside = lambda work, *given, **_: work(*given)
sys.argv = ["year", *sys.argv[1:]]
runpy.run_module("benchmarks.year", run_name="__main__")
"""


def lived(*code: str, weeks: int = 3, database: str = "sqlite") -> subprocess.CompletedProcess[str]:
    """Mid-March 2026: clocks are set forward on the 29th, and there is no service on Monday 23rd at seven."""
    chosen = ["--weeks", str(weeks), "--first", "2026-03-16", "--seed", "11", "--database", database]
    command = [sys.executable, *(code or ("-m", "benchmarks.year")), *chosen]
    home = Path(__file__).parents[2]
    environment = {**os.environ, "PYTHONPATH": str(home)}
    return subprocess.run(
        command, capture_output=True, encoding="utf-8", env=environment, check=False, timeout=110, cwd=home
    )


@pytest.mark.parametrize(("database", "weeks"), [("sqlite", 3), ("postgresql", 1)])
def test_every_article_is_told_in_one_digest(
    database: str, weeks: int, request: pytest.FixtureRequest
) -> None:
    if database == "postgresql":
        request.getfixturevalue("postgresql_server")  # skipped where none answers
    done = lived(database=database, weeks=weeks)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "no breach"), done.stdout + done.stderr
    counts = {line[:22].strip(): line[22:].strip() for line in done.stdout.splitlines()[1:-1]}
    assert (int(counts["issues"]), int(counts["mails"])) == (weeks, 3 * weeks)
    assert int(counts["told"]) > 0
    assert weeks == 1 or all(int(counts[name]) > 0 for name in ("as a copy", "too old"))


def test_a_digest_that_forgets_what_is_late_is_found_out() -> None:
    done = lived("-c", LATE, weeks=2)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "told in no issue" in done.stdout


def test_a_plan_has_every_monday_at_seven_whatever_the_clocks_do() -> None:
    plan = almanac(date(2026, 1, 5), 52, PARIS, seed=1)
    due = [each.astimezone(PARIS) for each in plan.cut_offs()]
    assert len(due) == 52
    assert {(each.weekday(), each.hour, each.minute) for each in due} == {(0, 7, 0)}
    assert {later - each for each, later in pairwise(due)} == {timedelta(days=7)}  # local
    apart = {later.timestamp() - each.timestamp() for each, later in pairwise(due)}
    assert apart == {hours * 3600 for hours in (167, 168, 169)}


def test_a_service_lives_in_pieces_and_crawls_only_while_it_lives() -> None:
    plan = almanac(date(2026, 1, 5), 52, PARIS, seed=1)
    assert all(life.begin < life.end for life in plan.lives)
    assert all(life.end <= later.begin for life, later in pairwise(plan.lives))
    missed = [
        each for each in plan.cut_offs() if not any(life.begin <= each < life.end for life in plan.lives)
    ]
    assert len(missed) >= 4
    assert all(any(life.begin <= each < life.end for life in plan.lives) for each in plan.crawls)
    assert any(
        each == life.begin for life in plan.lives[1:] for each in (before.end for before in plan.lives)
    )


def test_what_is_printed_has_an_address_of_its_own_and_some_of_it_is_shown_late() -> None:
    begin = datetime(2026, 1, 5, tzinfo=PARIS)
    printed = year(begin, 120, seed=3)
    assert len({each.article.url for each in printed}) == len(printed) > 500
    late = [each for each in printed if each.shown - each.article.published > timedelta(days=1)]
    assert 0.03 < len(late) / len(printed) < 0.2
    assert any(each.shown - each.article.published > timedelta(days=8) for each in late)
    assert year(begin, 120, seed=3) == printed
