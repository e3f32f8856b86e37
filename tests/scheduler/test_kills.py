"""Once, not twice, not never: a short soak; `make soak` runs a long one."""

from pathlib import Path

from benchmarks.kills import soak


def test_whoever_is_killed_everybody_has_each_issue_once(archive_url: str, tmp_path: Path) -> None:
    found = soak(archive_url, tmp_path, kills=5, seed=1, readers=30, days=2)
    assert found.is_right, found
    assert found.kills >= 5
    assert found.mails > 30
