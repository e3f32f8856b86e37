"""`rasid show` and `rasid judge` tell why an article is judged as it is."""

import json
from pathlib import Path

import pytest

from crawler.relevance import judge
from crawler.rules import load_rules
from storage.archive import Archive
from storage.model import Accepted, Placement, StoryPlan
from tests import factories as make
from tests.commands import Home

TITLE = "Laurent Nuñez à Rabat : la coopération policière au menu"
TEXT = (
    "Le ministre français de l'Intérieur a rencontré Abdelouafi Laftit. "
    "Un touriste espagnol et la sécurité alimentaire ont aussi été évoqués."
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Article 1 is judged by the shipped rules."""
    home = Home(tmp_path_factory.mktemp("evidence"))
    home.configure("")
    article = make.article(title=TITLE, text=TEXT, language="fr")
    placement = Placement(
        account=make.account(article), stories=(StoryPlan(story=None, members=(article.key,)),)
    )
    with Archive(f"sqlite:///{home.folder / 'rasid.db'}") as archive:
        archive.create()
        judgements = judge(article, load_rules())
        archive.record(make.page(), Accepted(article=article, judgements=judgements, placement=placement))
    return home


def test_show_tells_the_words_of_each_side_and_where_they_stand(home: Home) -> None:
    lines = [line.strip() for line in home.rasid("show", "1").out.splitlines()]
    sides = {line.partition(": ")[0]: line for line in lines}
    assert "\u2068Laurent Nuñez\u2069 (title)" in sides["france"]
    assert "\u2068Abdelouafi Laftit\u2069 (lead)" in sides["morocco"]
    assert "\u2068coopération policière\u2069 (title)" in sides["security"]


def test_show_tells_the_sentences_best_first_and_what_does_not_count(home: Home) -> None:
    out = home.rasid("show", "1").out
    sentences = [line for line in out.splitlines() if line.strip().startswith("sentence")]
    scores = [float(line.split()[1]) for line in sentences]
    assert scores == sorted(scores, reverse=True)
    assert TITLE in sentences[0]
    assert "not counted, security of another kind: \u2068sécurité\u2069" in out


def test_the_evidence_of_show_and_judge_is_the_same(home: Home) -> None:
    (shown,) = home.rasid("show", "1", "--json").json["judgements"]
    row = {"id": "x", "title": TITLE, "text": TEXT, "lang": "fr", "date": "2026-11-17"}
    (judged,) = home.rasid("judge", stdin=json.dumps(row, ensure_ascii=False) + "\n").rows
    for name in ("why", "missing", "matches", "quotes", "doubts"):
        assert judged["evidence"][name] == shown[name]
    assert shown["quotes"][0]["text"] == TITLE


def test_what_makes_an_article_doubtful_is_told(home: Home) -> None:
    row = {"id": "x", "title": "Agadir : un touriste français agressé", "text": "La police enquête."}
    (judged,) = home.rasid("judge", stdin=json.dumps(row, ensure_ascii=False) + "\n").rows
    (doubt,) = judged["evidence"]["doubts"]
    assert (doubt["kind"], doubt["side"], doubt["role"]) == ("role", "france", "nationality")
    assert "france is named as nationality only" in judged["evidence"]["why"]


def test_a_mark_is_told_with_its_reason_and_day(home: Home) -> None:
    home.rasid("topics", "mark", "1", "irrelevant", "--why", "une visite de courtoisie")
    (line,) = [line for line in home.rasid("show", "1").out.splitlines() if "marked" in line]
    assert "marked irrelevant 2" in line
    assert "\u2068une visite de courtoisie\u2069" in line
    shown = home.rasid("show", "1", "--json").json
    assert [each["why"] for each in shown["marks"]] == ["une visite de courtoisie"]
    home.rasid("topics", "unmark", "1")
    assert home.rasid("show", "1", "--json").json["marks"] == []


def test_a_score_that_is_lifted_for_its_matter_is_told(home: Home, tmp_path: Path) -> None:
    text = "Le BCIJ a arrêté cinq hommes à Salé. Ils avaient des armes. Le parquet les entendra lundi. "
    text += "L'un avait vécu en France dix ans avant."
    row = {
        "id": "x",
        "lang": "fr",
        "label": "irrelevant",
        "title": "Une cellule terroriste démantelée",
        "text": text,
    }
    cases = tmp_path / "cases.jsonl"
    cases.write_text(json.dumps(row, ensure_ascii=False) + "\n", encoding="utf-8")
    assert "score 0.30 for its matter" in home.rasid("topics", "evaluate", str(cases)).out
