"""The cheap look never rejects what the full way would keep, however the page is written."""

import json
from collections.abc import Callable
from html import escape
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.cheap_look import missing_sides
from crawler.relevance import judge
from crawler.rules import Rules, load_rules
from tests.factories import article, link, page

ROWS = tuple(
    row
    for name in ("topic", "corpus")
    for line in (Path(__file__).parents[1] / "quality" / f"{name}.jsonl").read_text("utf-8").splitlines()
    for row in (json.loads(line),)
    if row.get("label") == "relevant"
)
RULES = load_rules()


@pytest.fixture(scope="module")
def rules() -> Rules:
    return RULES


def html(text: str) -> bytes:
    paragraphs = "".join(f"<p>{line}</p>" for line in text.split("\n"))
    return f"<html><body><article>{paragraphs}</article></body></html>".encode()


def numbered(text: str) -> str:
    return "".join(f"&#{ord(each)};" if each.isalpha() else each for each in text)


def hexed(text: str) -> str:
    return "".join(f"&#x{ord(each):x};" if not each.isascii() else each for each in text)


def tagged(text: str) -> str:
    return " ".join(f"{word[:2]}<b class='x'>{word[2:3]}</b>{word[3:]}" for word in text.split(" "))


def commented(text: str) -> str:
    return " ".join(f"{word[:3]}<!-- more -->{word[3:]}" for word in text.split(" "))


def vowelled(text: str) -> str:
    return "".join(f"{each}\u064e" if "\u0621" <= each <= "\u064a" else each for each in text)


def stretched(text: str) -> str:
    return " ".join(f"{word[:2]}\u0640{word[2:]}" if word > "\u0600" else word for word in text.split(" "))


def scripted(text: str) -> str:
    return f'<script type="application/ld+json">{json.dumps({"articleBody": text})}</script>'


def described(text: str) -> str:
    return f'<meta property="og:description" content="{text.replace(chr(34), "&quot;")}">'


FORMS: tuple[Callable[[str], str], ...] = (
    str,
    numbered,
    hexed,
    tagged,
    commented,
    vowelled,
    stretched,
    str.upper,
    scripted,
    described,
)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(ROWS), st.sampled_from(FORMS))
def test_no_page_is_rejected_whose_text_would_be_kept(
    row: dict[str, str], form: Callable[[str], str]
) -> None:
    text = f"{row['title']}\n{row['text']}"
    if form is str.upper and not judge(article(title=text.upper(), text=""), RULES)[0].keeps:
        return
    if judge(article(title=row["title"], text=row["text"]), RULES)[0].keeps:
        assert missing_sides(page(body=html(form(text))), RULES) == ()


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from([*" <>&;#_-'\"/\\.", "Maroc", "فرنسا", "police", "<b>", "</b>", "&amp;"])))
def test_whatever_judge_finds_in_a_page_the_cheap_look_finds(pieces: list[str]) -> None:
    text = "".join(pieces)
    (found,) = judge(article(title="", text=text), RULES)
    missing = missing_sides(page(body=html(escape(text))), RULES)
    assert all(set(each.missing) <= set(found.missing) for each in missing)


def test_a_page_in_an_arabic_charset_is_read(rules: Rules) -> None:
    text = "<html><head><meta charset=windows-1256></head><p>الشرطة المغربية والقضاء الفرنسي</p></html>"
    other = page(body=text.encode("cp1256"), headers=())
    assert missing_sides(other, rules) == ()


def test_what_the_entry_said_counts(rules: Rules) -> None:
    about = link(title="Maroc : extradition vers la France")
    assert missing_sides(page(link=about), rules) == ()


def test_the_sides_without_a_trace_are_named(rules: Rules) -> None:
    (found,) = missing_sides(page(body=html("La police de Casablanca enquête.")), rules)
    assert found.missing == ("france",)
    assert not found.keeps
    assert found.why == "no trace of france anywhere in the page"


def test_scripts_and_styles_are_no_trace(rules: Rules) -> None:
    body = b"<script>var maroc = 'France';</script><style>.police{}</style><p>La pluie.</p>"
    (found,) = missing_sides(page(body=body), rules)
    assert found.missing == ("france", "morocco", "security")
