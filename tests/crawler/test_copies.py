"""Copies: shingles, bands, containment."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.stories.copies import bands, overlap, shingles

COMMUNIQUE = (
    "ترأس المفتش العام للقوات المسلحة الملكية ورئيس أركان الجيوش الفرنسية بالرباط أشغال الدورة الخامسة للجنة "
    "المشتركة.\nوأشاد المسؤولان بحصيلة أنشطة السنة الجارية وصادقا على خطة التعاون المقبلة التي تهم التكوين "
    "والتمارين البرية والجوية.\nوعقب التوقيع على المحضر زار الوفد الفرنسي قاعدة جوية قرب المدينة."
)
VOWELLED = COMMUNIQUE.replace("ترأس", "تَرَأَّسَ").replace("القوات", "القُوَّات").replace("الجيوش", "الجُيـــوش")
OWN_ACCOUNT = (
    "احتضنت العاصمة المغربية لقاء عسكريا رفيعا جمع قادة الجيشين، خُصص لتقييم ما أنجز هذا العام. "
    "وقال مصدر مطلع إن الجانبين يريدان تمارين أكثر في الصحراء، وإن برنامج العام القادم سيعلن لاحقا "
    "بعد مصادقة الوزيرين عليه."
)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(COMMUNIQUE, id="the same text"),
        pytest.param(VOWELLED, id="with harakat and tatweel"),
        pytest.param(COMMUNIQUE.split("\n")[0] + "\n" + COMMUNIQUE.split("\n")[2], id="cut in the middle"),
        pytest.param("\n".join(reversed(COMMUNIQUE.split("\n"))), id="paragraphs in another order"),
        pytest.param(f"{OWN_ACCOUNT}\n{COMMUNIQUE}", id="under an own lead"),
    ],
)
def test_an_edited_copy_is_a_copy(other: str) -> None:
    assert overlap(shingles(COMMUNIQUE), shingles(other)).copies


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(OWN_ACCOUNT, id="told independently"),
        pytest.param("", id="no text"),
        pytest.param("المفتش العام للقوات المسلحة الملكية", id="too short to say"),
    ],
)
def test_what_is_told_in_other_words_is_no_copy(other: str) -> None:
    assert not overlap(shingles(COMMUNIQUE), shingles(other)).copies


def test_near_copies_share_a_band_and_others_share_none() -> None:
    assert set(bands(COMMUNIQUE)) & set(bands(VOWELLED))
    assert not set(bands(COMMUNIQUE)) & set(bands(OWN_ACCOUNT))


def test_bands_are_the_same_on_every_machine_and_version() -> None:
    assert bands("one two three four five six")[:2] == (-4170266791683231638, 8772504210321074037)


def test_a_text_without_words_has_no_bands() -> None:
    assert bands(" … ") == ()


@given(st.text(), st.text())
def test_overlap_is_symmetric_and_bands_fit_a_64_bit_column(one: str, other: str) -> None:
    assert overlap(shingles(one), shingles(other)) == overlap(shingles(other), shingles(one))
    assert all(-(2**63) <= band < 2**63 for band in bands(one))
