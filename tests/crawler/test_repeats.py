"""Lines a source repeats: their marks, and what is left of an article without them."""

from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.clean import clean, extract
from crawler.cleaning.repeats import line_marks
from tests.factories import page, source

ODD = "هذا الموقع يشتغل بفضل قرائه الأوفياء"
TEXT = (
    "اتفق وزيرا داخلية المغرب وفرنسا، اليوم الإثنين، على تعزيز تبادل المعلومات بين مصالحهما الأمنية.",
    "وقال الوزيران في ندوة صحفية إن التعاون بين البلدين بلغ مستوى غير مسبوق هذه السنة.",
)


def body(*lines: str) -> bytes:
    text = "".join(f"<p>{line}</p>" for line in lines)
    return f"<html><body><article><h1>اتفاق أمني جديد بين البلدين</h1>{text}</article></body></html>".encode()


def test_a_mark_is_that_of_the_words_however_they_are_written() -> None:
    assert line_marks(["L'État, c'est nous!"]) == line_marks(["l’etat c’est  nous"])
    assert line_marks(["L'État, c'est nous!"]) != line_marks(["L'État, c'est vous!"])


@settings(max_examples=30)
@given(st.lists(st.text(max_size=80), max_size=5))
def test_marks_fit_a_database_and_none_is_zero(lines: list[str]) -> None:
    assert all(-(2**63) <= mark < 2**63 and mark for mark in line_marks(lines))


def test_what_is_very_short_or_long_has_no_mark() -> None:
    assert line_marks(["وأضاف قائلا:", "كلمة " * 81, ""]) == frozenset()


def test_an_article_is_without_the_lines_its_source_repeats() -> None:
    told = page(body=body(TEXT[0], ODD, TEXT[1]))
    found = extract(told, source(), line_marks([ODD]))
    assert found is not None
    assert found.text == "\n".join(TEXT)
    assert line_marks([ODD]) <= clean(told, source(), line_marks([ODD])).marks


def test_a_text_is_never_taken_for_repetition_by_the_half() -> None:
    found = extract(page(body=body(*TEXT)), source(), line_marks(TEXT))
    assert found is not None
    assert found.text == "\n".join(TEXT)
