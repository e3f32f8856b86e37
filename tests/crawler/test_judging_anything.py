"""Whatever a text is, judging answers, and its evidence stands where it says."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.relevance import judge
from crawler.rules import load_rules
from storage.model import Article, Relevance
from tests.factories import article

RULES = load_rules()
(TOPIC,) = [each for each in RULES.topics if each.id == "morocco-france-security"]
PIECES = (
    *("Paris", "الرباط", "DGSN", "Nuñez", "لفتيت", "extradition", "الأمن", "Conseil de sécurité", "Espagne"),
    *(
        "d'origine marocaine",
        "visas",
        "الإرهـ..ـاب",
        ". ",
        "\n",
        "    ",
        " | ",
        "؟ ",
        "\u200f",
        "\u064e",
        "«",
    ),
    *("Rabat (MAP) – ", "\0", "😀", "À lire aussi : ", "10:45"),
)
TEXTS = st.one_of(st.text(max_size=80), st.lists(st.sampled_from(PIECES), max_size=25).map(" ".join))


@settings(max_examples=150, deadline=None)
@given(TEXTS, TEXTS, TEXTS)
def test_evidence_stands_where_it_says_and_decides_as_it_says(title: str, subtitle: str, text: str) -> None:
    told = article(title=title, subtitle=subtitle, text=text)
    found = next(each for each in judge(told, RULES) if each.topic == TOPIC.id)
    for each in (*found.matches, *found.quotes):
        assert field(told, each.where)[each.start : each.end] == each.text
    assert 0 <= found.score <= 1
    assert all(0 <= each.left <= 1 for each in found.doubts)
    assert all(first.score >= second.score for first, second in pairwise(found.quotes))
    assert (found.relevance is Relevance.RELEVANT) == (found.score >= TOPIC.thresholds.relevant)
    assert not (found.missing and found.score)


@settings(max_examples=50, deadline=None)
@given(TEXTS, TEXTS)
def test_harakat_tatweel_and_case_change_no_verdict(title: str, text: str) -> None:
    def drawn(plain: str) -> str:
        return "".join(f"{each}\u0640\u064e" if "\u0628" <= each <= "\u064a" else each for each in plain)

    (plain,) = judge(article(title=title, text=text), RULES)
    (dressed,) = judge(article(title=drawn(title), text=drawn(text)), RULES)
    assert dressed.missing == plain.missing


def field(told: Article, where: str) -> str:
    """The text a place of evidence refers to."""
    return told.title if where == "title" else told.subtitle if where == "subtitle" else told.text
