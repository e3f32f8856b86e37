"""`make demo`: the README's first promise."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.timeout(300)
def test_the_demo_crawls_twice_writes_the_digest_and_searches(tmp_path: Path) -> None:
    (tmp_path / "tests").symlink_to(ROOT / "tests")
    done = subprocess.run(
        [sys.executable, "-m", "tests.web.demo"],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        timeout=280,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    for language in ("ar", "fr", "en"):
        written = {path.suffix for path in (tmp_path / "demo" / "digest" / language).iterdir()}
        assert written == {".eml", ".html", ".txt"}
    assert len(list((tmp_path / "demo" / "outbox").glob("*.eml"))) == 3
    first, second = (line for line in done.stdout.splitlines() if "requests (robots.txt apart)" in line)
    assert "0 of them conditional" in first
    asked, conditional = (int(word) for word in second.replace(",", "").split() if word.isdigit())
    assert 0 < asked == conditional
    assert done.stdout.count("https://") >= 4  # what the searches found
