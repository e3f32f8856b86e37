"""The shipped topic on judged articles: an invented corpus, and our own cases, hard negatives above all."""

import json
import tomllib
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from crawler.relevance import judge
from crawler.rules import load_rules
from tests.factories import article

HERE = Path(__file__).parent
FLOORS: Mapping[str, Mapping[str, float]] = tomllib.loads((HERE / "floors.toml").read_text())["topic"]
Counts = Counter[tuple[str, str, str]]  # (language, as labelled, as judged) -> articles


@pytest.fixture(scope="module")
def counts() -> dict[str, Counts]:
    """How each file's articles are judged."""
    return {name: judged(HERE / f"{name}.jsonl") for name in FLOORS}


def judged(path: Path) -> Counts:
    rules = load_rules()
    rows = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    found: Counts = Counter()
    for row in (each for each in rows if "label" in each):
        text = article(row["id"], title=row["title"], text=row["text"], language=row["lang"])
        found[row["lang"], row["label"], judge(text, rules)[0].relevance.value] += 1
    return found


def measures(counts: Counts, language: str = "") -> dict[str, Any]:
    """Precision and recall of relevant against irrelevant; a relevant article called borderline is half."""
    of = Counter[tuple[str, str]]()
    for (spoken, label, verdict), number in counts.items():
        if language in ("", spoken):
            of[label, verdict] += number
    right, half = of["relevant", "relevant"], of["relevant", "borderline"]
    wrong, missed = of["irrelevant", "relevant"], of["relevant", "irrelevant"]
    return {
        "precision": right / max(1, right + wrong),
        "recall": (right + half / 2) / max(1, right + half + missed),
        "borderline_called_relevant": of["borderline", "relevant"],
    }


@pytest.mark.parametrize("name", sorted(FLOORS))
def test_judging_is_as_good_as_its_floor(name: str, counts: dict[str, Counts]) -> None:
    found = measures(counts[name])
    floor = FLOORS[name]
    assert found["precision"] >= floor["precision"]
    assert found["recall"] >= floor["recall"]
    assert found["borderline_called_relevant"] <= floor["borderline_called_relevant"]


@pytest.mark.parametrize(("language", "least"), [("ar", 0.95), ("fr", 0.95), ("en", 0.90)])
def test_no_language_is_left_behind(language: str, least: float, counts: dict[str, Counts]) -> None:
    found = measures(counts["corpus"], language)
    assert min(found["precision"], found["recall"]) >= least
