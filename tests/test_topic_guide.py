"""docs/topics.md: whoever follows it literally gets what it promises."""

import json
import re
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

from crawler.checking.files import check_file
from crawler.checking.phrases import KINDS
from crawler.evaluating import Case, evaluate
from crawler.relevance import judge
from crawler.rules import load_rules
from scheduler.cli.rows import to_article
from storage.model import ROLES, Doubts, Entity, Phrases, Proximity, Relevance, Side, Thresholds, Topic

GUIDE = (Path(__file__).parents[1] / "docs" / "topics.md").read_text(encoding="utf-8")
ID = "algeria-italy-gas"


def blocks(language: str) -> list[str]:
    """What the page shows in one language, in order."""
    return re.findall(rf"^```{language}\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)


FIRST, NAMES, FINISHED, LAFTIT = blocks("toml")
SETTINGS, SEVERAL = blocks("ini")
ROWS = [json.loads(line) for line in blocks("json")[0].splitlines()]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of step 3, as `[catalogue] directory` names it."""
    found = tmp_path / str(tomllib.loads(SETTINGS)["catalogue"]["directory"])
    (found / "topics").mkdir(parents=True)
    (found / "entities").mkdir()
    (found / "entities" / "gas.toml").write_text(NAMES, encoding="utf-8")
    return found


def judged(folder: Path, topic: str) -> dict[str, tuple[str, str]]:
    """The misses of the eight cases: id -> as judged by hand, by the rules."""
    (folder / "topics" / f"{ID}.toml").write_text(topic, encoding="utf-8")
    rules = load_rules(folder, tomllib.loads(SETTINGS)["catalogue"]["topics"])
    cases = [Case(article=to_article(row), label=Relevance(row["label"])) for row in ROWS]
    found = evaluate(cases, rules, ID)
    return {each.case.article.key: (each.case.label, each.judgement.relevance) for each in found.misses}


def test_the_first_version_misses_what_the_page_says(folder: Path) -> None:
    told = re.findall(r"^\| (\w\d) \| (\w+) \| (\w+) \|", GUIDE, re.MULTILINE)
    assert len(told) == 4
    assert judged(folder, FIRST) == {key: (label, ruled) for key, label, ruled in told}


def test_the_finished_file_judges_every_case_right(folder: Path) -> None:
    assert judged(folder, FINISHED) == {}


@pytest.mark.parametrize("topic", [FIRST, FINISHED])
def test_the_files_of_the_page_have_neither_mistakes_nor_warnings(folder: Path, topic: str) -> None:
    path = folder / "topics" / f"{ID}.toml"
    path.write_text(topic, encoding="utf-8")
    for each in (path, folder / "entities" / "gas.toml"):
        checked = check_file(each, folder)
        assert (checked.mistakes, checked.warnings) == ((), ())


def test_the_evidence_of_the_page_is_what_is_told(folder: Path) -> None:
    (folder / "topics" / f"{ID}.toml").write_text(FINISHED, encoding="utf-8")
    (row,) = (row for row in ROWS if row["id"] == "b1")
    (judgement,) = judge(to_article(row), load_rules(folder, [ID]))
    best, _, *doubts = judgement.why.split("; ")
    assert re.search(rf"`{re.escape(best)}; score 0\.\d\d; {re.escape('; '.join(doubts))}`", GUIDE)


def test_the_scores_that_the_page_reckons_are_those_of_the_rules(folder: Path) -> None:
    (folder / "topics" / f"{ID}.toml").write_text(FINISHED, encoding="utf-8")
    rules = load_rules(folder, [ID])
    for key, story in (("a2", GUIDE.partition("Case a2 below")[2]), ("i2", GUIDE.partition("Case i2:")[2])):
        (judgement,) = judge(to_article(next(row for row in ROWS if row["id"] == key)), rules)
        told = [float(each) for each in re.findall(r"0\.\d{3}", story.partition("Case i2:")[0])]
        assert judgement.score in told, key
        assert {quote.score for quote in judgement.quotes} <= set(told), key


def test_what_the_page_says_of_several_topics_can_be_set() -> None:
    topics = tomllib.loads(SEVERAL)["catalogue"]["topics"]
    assert [topic.id for topic in load_rules(None, topics).topics] == topics


def test_every_key_kind_and_role_is_explained() -> None:
    keys = {each.name for kind in (Topic, Side, Phrases, Entity) for each in fields(kind)} - {"all"}
    keys |= {each.name for kind in (Thresholds, Proximity, Doubts) for each in fields(kind)}
    for word in (*keys, *KINDS, *ROLES, "adjective"):
        assert f"`{word}`" in GUIDE, word


@pytest.mark.parametrize("kind", [Thresholds, Proximity, Doubts])
def test_every_default_is_told(kind: type[Thresholds | Proximity | Doubts]) -> None:
    for each in fields(kind):
        assert re.search(rf"`{each.name}` \({each.default}\)|`{each.name}` \({each.default}\):", GUIDE), each


def test_the_name_of_the_page_is_the_shipped_one() -> None:
    shipped = next(each for each in load_rules().names.entities.values() if each.id == "laftit")
    assert set(tomllib.loads(LAFTIT)["laftit"]["names"]) <= set(shipped.names)
