"""The benchmark of neighbours runs from end to end, so that it does not rot unseen."""

import re
from pathlib import Path

import pytest

from benchmarks.neighbours import main


@pytest.mark.timeout(300)
def test_neighbours_are_found_in_a_small_archive_and_a_large_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    small = ("--articles", "300", "--small", "100", "--since", "2026", "--asked", "10")
    main([*small, "--database", "sqlite", "--directory", str(tmp_path)])
    told = re.search(r"sqlite: (\d+) neighbours in [\d.]+ ms", capsys.readouterr().out)
    assert told
    assert int(told[1]) > 0
    assert not list(tmp_path.iterdir()), "files were left"
