"""The shipped topics on judged articles: an invented corpus, and our own cases, hard negatives above all."""

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from crawler.evaluating import Case, Evaluation, evaluate
from crawler.rules import Rules, load_rules
from scheduler.cli.rows import to_article
from storage.model import Relevance
from tests.factories import TOPIC

HERE = Path(__file__).parent
FLOORS: Mapping[str, Mapping[str, Any]] = tomllib.loads((HERE / "floors.toml").read_text())["topic"]


@pytest.fixture(scope="module")
def rules() -> Rules:
    """Of every topic a file here is of, those that ship disabled too."""
    return load_rules(None, {topic_of(name) for name in FLOORS})


def topic_of(name: str) -> str:
    """The topic that the cases of a file are judged to."""
    return str(FLOORS[name].get("topic", TOPIC))


def evaluation(name: str, rules: Rules, language: str = "") -> Evaluation:
    """How the articles of a file are judged."""
    rows = map(json.loads, (HERE / f"{name}.jsonl").read_text(encoding="utf-8").splitlines())
    wanted = (row for row in rows if "label" in row and language in ("", row["lang"]))
    cases = (Case(article=to_article(row), label=Relevance(row["label"])) for row in wanted)
    topic = topic_of(name)
    alone = Rules(tuple(each for each in rules.topics if each.id == topic), rules.names)
    return evaluate(cases, alone, topic)


@pytest.mark.parametrize("name", sorted(FLOORS))
def test_judging_is_as_good_as_its_floor(name: str, rules: Rules) -> None:
    found = evaluation(name, rules)
    floor = FLOORS[name]
    assert (found.precision or 0) >= floor["precision"]
    assert (found.recall or 0) >= floor["recall"]
    assert found.unsure_called_relevant <= floor["borderline_called_relevant"]


@pytest.mark.parametrize(
    ("name", "language", "precision", "recall"),
    [
        *[("corpus", language, 0.95, 0.95) for language in ("ar", "fr", "en")],
        *[("press", language, 0.94, 0.93) for language in ("ar", "fr", "en")],
        ("press", "es", 1.0, 0.93),
    ],
)
def test_no_language_is_left_behind(
    name: str, language: str, precision: float, recall: float, rules: Rules
) -> None:
    found = evaluation(name, rules, language)
    assert (found.precision or 0) >= precision
    assert (found.recall or 0) >= recall
