"""What counts as a matter between the sides of the shipped topic, and what does not."""

from datetime import UTC, datetime
from typing import Any

import pytest

from crawler.relevance import judge
from crawler.rules import Rules, load_rules
from storage.model import Judgement, Relevance
from tests.factories import article

RELEVANT, BORDERLINE, IRRELEVANT = Relevance.RELEVANT, Relevance.BORDERLINE, Relevance.IRRELEVANT


@pytest.fixture(scope="module")
def rules() -> Rules:
    return load_rules()


def judged(rules: Rules, title: str, text: str = "", **changes: Any) -> Judgement:
    (found,) = judge(article(title=title, text=text, **changes), rules)
    return found


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Laftit reçoit Nuñez à Rabat", "Les deux ministres ont parlé de narcotrafic."),
        ("تمرين شركي 25", "انطلقت بالراشيدية مناورات القوات المسلحة الملكية والجيش الفرنسي."),
        ("Tanger : arrêté sur notice rouge", "La DGSN a agi à la demande du BCN Paris."),
        ("Hammouchi au siège de la DGSI", "Il a été reçu à Paris."),
        ("France Extradites Suspect to Morocco", "French courts approved the request of Moroccan judges."),
        ("بريظ يستقبل ماندون", "ترأس الجنرالان اللجنة العسكرية المختلطة المغربية الفرنسية."),
    ],
)
def test_a_security_matter_between_both_states_is_relevant(rules: Rules, title: str, text: str) -> None:
    assert judged(rules, title, text).relevance is RELEVANT


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("المغرب وفرنسا: اتفاق حول الأمن الغذائي", "يهم الاتفاق الحبوب والمياه."),
        ("مجلس الأمن: فرنسا تدعم المغرب", "صوت المجلس على القرار."),
        ("Sécurité routière : la NARSA invite des experts français", "Le Maroc veut moins d'accidents."),
        (
            "Sécurité sociale : la convention franco-marocaine s'applique",
            "Les retraités du Maroc en profitent.",
        ),
        ("L'AS FAR reçoit Nice en amical", "Le match aura lieu à Rabat."),
        ("الجيش الملكي يواجه نادي باريس سان جيرمان", "المباراة الودية بالرباط."),
        ("Le BCIJ démantèle une cellule à Tétouan", "L'information a été donnée par Le Monde et l'AFP."),
    ],
)
def test_words_in_another_context_do_not_count(rules: Rules, title: str, text: str) -> None:
    assert judged(rules, title, text).relevance is IRRELEVANT


@pytest.mark.parametrize(
    ("partner", "title"),
    [
        ("DZ", "Nuñez à Alger : la coopération policière reprend avec l'Algérie"),
        ("ES", "Marlaska y Laftit refuerzan la cooperación policial entre España y Marruecos"),
        ("BE", "Hammouchi reçu à Bruxelles par la police belge"),
        ("DE", "حموشي يبحث في برلين التعاون الأمني مع ألمانيا"),
    ],
)
def test_the_same_words_about_another_country_are_not_relevant(
    rules: Rules, partner: str, title: str
) -> None:
    found = judged(rules, title, "Le Maroc et la France étaient cités." if partner == "DZ" else "")
    assert found.relevance is not RELEVANT


def test_a_nationality_alone_makes_no_state_a_party(rules: Rules) -> None:
    found = judged(rules, "Agadir : un touriste français volé", "La police d'Agadir a ouvert une enquête.")
    assert found.relevance is not RELEVANT


def test_what_only_the_end_mentions_is_background(rules: Rules) -> None:
    lead = "Le souverain a présidé la cérémonie. Emmanuel Macron était l'invité du Maroc. Le repas a suivi. "
    story = "Les chanteurs ont défilé. La fanfare a joué. "
    end = "Les deux pays coopèrent aussi contre le terrorisme."
    found = judged(rules, "Macron au Maroc : la fête", lead + story + end)
    assert found.relevance is not RELEVANT


HEADLINES = (
    "توقيف مطلوب دوليا بطنجة\nفرنسا تعلن ميزانية جديدة\nحموشي يستقبل مدير الشرطة الفرنسية\n"
    "باريس والرباط توقعان اتفاقا أمنيا\nأحوال الطقس ليوم غد"
)


@pytest.mark.parametrize("separator", ["\n", "     ", " | ", " - 10:45 "])
def test_a_list_of_headlines_is_not_the_article(rules: Rules, separator: str) -> None:
    found = judged(rules, "آخر الأخبار", HEADLINES.replace("\n", separator))
    assert found.relevance is IRRELEVANT
    assert {each.suppressed for each in found.matches} == {"list of headlines"}


def test_the_article_below_a_list_of_headlines_counts(rules: Rules) -> None:
    text = HEADLINES + "\nاستقبل عبد الوافي لفتيت بالرباط وزير الداخلية الفرنسي لبحث مكافحة الإرهاب."
    assert judged(rules, "لفتيت يستقبل نظيره الفرنسي", text).relevance is RELEVANT


def test_a_line_that_leads_to_another_article_does_not_count(rules: Rules) -> None:
    text = "Le prix du blé monte à Casablanca.\nLire aussi : Hammouchi reçu à Paris par la DGSI."
    assert judged(rules, "Blé", text).relevance is IRRELEVANT


def test_the_evidence_says_what_filled_each_side_and_where(rules: Rules) -> None:
    text = "أوقفت الفرقة الوطنية شخصا بطلب من السلطات القضائية الفرنسية."
    found = judged(rules, "نشرة حمراء", text)
    by_side = {each.side: each for each in found.matches if not each.suppressed}
    assert by_side.keys() == {"france", "morocco", "security"}
    assert by_side["morocco"].entity == "bnpj"
    for each in found.matches:
        whole = "نشرة حمراء" if each.where == "title" else text
        assert whole[each.start : each.end] == each.text
    assert "نشرة حمراء" in found.why


def test_what_was_suppressed_is_evidence_too(rules: Rules) -> None:
    found = judged(rules, "المغرب وفرنسا والأمن الغذائي")
    assert ("الأمن", "security of another kind") in {
        (each.text.removeprefix("و"), each.suppressed) for each in found.matches
    }


def test_the_missing_sides_are_named(rules: Rules) -> None:
    found = judged(rules, "Pluie sur Casablanca", "La police règle la circulation.")
    assert found.missing == ("france",)
    assert found.score == 0.0
    assert found.why == "no france"


def test_the_same_article_is_judged_the_same_every_time(rules: Rules) -> None:
    assert judge(article(), rules) == judge(article(), load_rules())


def test_an_article_without_body_is_judged_by_its_headline(rules: Rules) -> None:
    title = "Extradition : Rabat remet à la France un narcotrafiquant marseillais"
    assert judged(rules, title, "").relevance is RELEVANT


def test_headlines_that_ask_or_exclaim_are_headlines_too(rules: Rules) -> None:
    asked = HEADLINES.replace("فرنسية\n", "فرنسية\nهل يوقف المغرب مطلوبا لفرنسا؟\n")
    assert judged(rules, "آخر الأخبار", asked.replace("\n", "     ")).relevance is IRRELEVANT


def test_a_question_in_an_article_is_the_article(rules: Rules) -> None:
    text = "هل تسلم الرباط باريس المطلوبين؟\nأوقفت الشرطة المغربية مطلوبا للقضاء الفرنسي بطنجة."
    assert judged(rules, "المغرب وفرنسا", text).relevance is RELEVANT


def test_a_state_that_is_one_name_in_a_list_makes_no_matter_of_its_own(rules: Rules) -> None:
    text = "Le chef de la police marocaine a vu ses homologues d'Espagne, de France, d’Allemagne et du Qatar."
    found = judged(rules, "Hammouchi à Vienne pour la lutte antiterroriste", text)
    assert found.relevance is BORDERLINE
    assert [each.kind for each in found.doubts] == ["list"]


def test_another_subject_counts_where_the_sentence_is_not_clearly_of_the_topic(rules: Rules) -> None:
    clear = judged(
        rules, "Réadmission : la France sanctionne le Maroc et réduit les visas", "Le Maroc proteste."
    )
    vague = judged(rules, "Visas : le Maroc et la France en parlent", "La police a été citée.")
    assert [each.kind for each in clear.doubts] == []
    assert "other" in {each.kind for each in vague.doubts}


def test_a_person_counts_by_the_office_held_on_the_day(rules: Rules) -> None:
    def on(year: int) -> Judgement:
        published = datetime(year, 10, 1, tzinfo=UTC)
        return judged(rules, "Gérald Darmanin rencontre Abdelouafi Laftit", published=published)

    assert on(2022).relevance is RELEVANT
    assert on(2026).score < on(2022).score


def test_a_sure_matter_with_a_state_only_by_the_way_is_worth_a_look(rules: Rules) -> None:
    text = "Le BCIJ a arrêté cinq hommes à Salé. Ils avaient des armes. Le parquet les entendra lundi. "
    found = judged(
        rules, "Une cellule terroriste démantelée", text + "L'un avait vécu en France dix ans avant."
    )
    assert found.relevance is BORDERLINE
    assert "for its matter" in found.why
    assert {each.side for each in found.doubts} == {"france"}


def test_a_matter_with_another_partner_is_not(rules: Rules) -> None:
    title = "Madrid : cinq extradés vers l'Espagne par le Maroc"
    text = (
        "La police espagnole et les juges espagnols sont satisfaits. L'Espagne attend dix autres fugitifs. "
    )
    found = judged(rules, title, text + "Le tribunal de Madrid siège lundi. La France avait prêté un avion.")
    assert found.relevance is IRRELEVANT
    assert "rival" in {each.kind for each in found.doubts}


def test_names_that_meet_are_told_once_with_what_it_means(rules: Rules) -> None:
    found = judged(rules, "Laurent Nuñez reçoit Abdelouafi Laftit")
    told = [(each.side, each.text, each.term) for each in found.matches]
    assert ("security", "Abdelouafi Laftit", "the interior ministers of both") in told
    assert len(told) == len(set(told))


@pytest.mark.parametrize(("written", "partner"), [("deux berlines", False), ("Berlin", True)])
def test_a_common_word_is_no_capital_of_a_rival(rules: Rules, written: str, partner: bool) -> None:
    found = judged(
        rules,
        "Toulouse : 400 kilos de cannabis saisis",
        f"Les policiers ont arrêté {written} venues du Maroc.",
    )
    assert any("erlin" in each.text for each in found.doubts) == partner


def test_a_phrase_that_does_not_count_alone_hides_no_surer_word(rules: Rules) -> None:
    title = "La policía de Francia y Marruecos, reunida en Rabat"
    text = "La policía francesa se reunió con la marroquí."
    plain, longer = (
        judged(rules, title.replace("policía", police), text.replace("policía", police), language="es")
        for police in ("policía", "policía científica")
    )
    assert plain.relevance is longer.relevance is RELEVANT


def test_a_place_where_a_report_was_written_is_a_dateline(rules: Rules) -> None:
    text = "PARIS - Le BCIJ a démantelé une cellule terroriste à Salé et saisi des armes."
    found = judged(rules, "Le Maroc démantèle une cellule terroriste", text)
    assert [each.role for each in found.matches if each.text == "PARIS"] == ["dateline"]
    assert found.relevance is not RELEVANT


def test_three_words_of_other_subjects_count_and_no_more(rules: Rules) -> None:
    title = "Maroc–France : festival, football, tourisme, visas, récolte et pluie sous surveillance"
    found = judged(rules, title, "Ils ont aussi parlé de quelques expulsions.")
    assert len([each for each in found.doubts if each.kind == "other"]) == 3
