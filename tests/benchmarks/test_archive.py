"""The benchmark of the archive runs from end to end, so that it does not rot unseen."""

import json
from pathlib import Path

import pytest

from benchmarks.archive import main

SMALL = (
    *("--articles", "300", "--small", "100", "--since", "2026", "--words", "2000"),
    *("--questions", "1", "--database", "sqlite"),
)


@pytest.mark.timeout(300)  # alone it takes seconds; beside other tests a minute
def test_three_hundred_articles_are_imported_and_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main([*SMALL, "--directory", str(tmp_path), "--json", str(tmp_path / "times.json")])
    (outcome,) = json.loads((tmp_path / "times.json").read_text(encoding="utf-8"))
    assert [each["articles"] for each in outcome["filled"]] == [100, 300]
    assert {each["name"] for each in outcome["measured"]} >= {"common word", "two words", "word by date"}
    assert all(each["matches"] > 0 and each["same"] == 1 for each in outcome["measured"])
    assert all(each["many"] > 0 for each in outcome["reads"])
    printed = capsys.readouterr().out
    assert printed.splitlines()[-1].startswith("targets: ")
    assert [file.name for file in tmp_path.iterdir()] == ["times.json"], "files were left"


@pytest.mark.timeout(300)
def test_what_is_kept_is_filled_once_and_asked_again(tmp_path: Path) -> None:
    def run() -> dict[str, list[object]]:
        main([*SMALL, "--directory", str(tmp_path), "--keep", "--json", str(tmp_path / "times.json")])
        (outcome,) = json.loads((tmp_path / "times.json").read_text(encoding="utf-8"))
        return {name: outcome[name] for name in ("filled", "measured")}

    first, second = run(), run()
    assert first["filled"] == second["filled"], "it was imported again"
    assert first["measured"] != second["measured"], "it was not asked again"
