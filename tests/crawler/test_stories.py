"""Stories: what belongs together, what does not, and in whatever order it comes."""

import json
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.entities import Names
from crawler.rules import load_entities
from crawler.stories import account, group, place
from storage.model import Account, Neighbours, Reason, StoryPlan, Tie
from storage.model.reasons import ALONE
from tests.factories import article

NAMES = Names(load_entities())
DAY = datetime(2026, 6, 4, 12, tzinfo=UTC)
VISIT = (
    "Le ministre français de l'Intérieur, Laurent Nuñez, a été reçu jeudi à Rabat par son homologue "
    "Abdelouafi Laftit. Les deux hommes ont parlé des laissez-passer consulaires et de la sécurité de la "
    "Coupe du monde."
)
ARREST = (
    "La police judiciaire de Marrakech a arrêté mardi un ressortissant français, âgé de 38 ans, visé par une "
    "notice rouge d'Interpol à la demande de Paris. Il est soupçonné de meurtre. Le suspect a été placé en "
    "garde à vue dans l'attente de la procédure d'extradition, selon une source sécuritaire."
)


def told(
    key: str, text: str, *, title: str = "", day: int = 0, language: str = "fr", **changes: object
) -> Account:
    """An account told on the given day."""
    reposts = bool(changes.pop("reposts", False))
    told_at = DAY + timedelta(days=day)
    values = {"title": title, "text": text, "language": language, "published": told_at} | changes
    return account(article(key, **values), NAMES, reposts=reposts)


def test_an_account_names_what_it_mentions_in_order_and_no_country() -> None:
    found = told(
        "a", "Reçu à Rabat, Laurent Nuñez a vu Abdelouafi Laftit au Maroc.", title="La France à l'écoute"
    )
    assert found.entities == ("rabat", "nunez", "laftit")
    assert found.bands
    assert found.story is None


def test_accounts_of_one_event_in_two_languages_are_one_story_without_copies() -> None:
    arabic = "استقبل وزير الداخلية عبد الوافي لفتيت، الخميس بالرباط، نظيره الفرنسي لوران نونيز في زيارة عمل."
    plans = group([told("a", VISIT), told("b", arabic, language="ar")])
    assert plans == (StoryPlan(story=None, members=("a", "b"), copies={}),)


def test_ministers_of_both_states_of_any_shipped_topic_are_a_pair() -> None:
    spanish = "Marlaska y Laftit han hablado de las pateras."
    french = "Laftit et Marlaska ont discuté des traversées clandestines."
    accounts = [told("a", spanish, language="es"), told("b", french, day=4)]
    assert [plan.members for plan in group(accounts)] == [("a", "b")]


@pytest.mark.parametrize(
    ("text", "changes", "reason"),
    [
        pytest.param(ARREST.replace("38 ans", "41 ans"), {}, "age", id="another age"),
        pytest.param(ARREST.replace("Marrakech", "Tanger"), {}, "city", id="another city"),
        pytest.param(ARREST.replace("meurtre", "trafic de cocaïne"), {}, "charge", id="another charge"),
        pytest.param(ARREST, {"day": 14}, "day", id="a fortnight later, by its weekday"),
    ],
)
def test_two_arrests_that_read_alike_are_two_stories(text: str, changes: dict[str, int], reason: str) -> None:
    first, second = told("a", ARREST), told("b", text, **changes)  # type: ignore[arg-type]
    assert [plan.members for plan in group([first, second])] == [("a",), ("b",)]
    placed = place(second, Neighbours(accounts=(replace(first, story=1),)))
    (why,) = placed.why
    assert (why.kind, why.other) == ("other event", "a")
    assert why.why.startswith(reason)
    assert placed.apart == {"a": replace(why, other="b")}


def test_one_minister_in_two_countries_in_one_week_is_two_stories() -> None:
    algiers = VISIT.replace("Rabat", "Alger").replace("Abdelouafi Laftit", "Saïd Sayoud")
    assert len(group([told("a", VISIT), told("b", algiers, day=-3)])) == 2


def test_one_host_receives_two_guests_in_one_week_and_each_visit_is_a_story() -> None:
    police = (
        "Abdellatif Hammouchi a reçu lundi à Rabat Louis Laugier, directeur général de la police nationale. "
        "Ils ont parlé des fugitifs et du narcotrafic."
    )
    intelligence = (
        "Abdellatif Hammouchi a reçu mercredi à Rabat Céline Berthon, directrice de la DGSI. "
        "Ils ont parlé du Sahel."
    )
    arabic = "استقبل عبد اللطيف حموشي، الاثنين بالرباط، لوي لوجيي المدير العام للشرطة الوطنية الفرنسية."
    plans = group(
        [
            told("a", police, title="Laugier chez Hammouchi"),
            told("b", intelligence, title="Berthon chez Hammouchi", day=2),
            told("c", arabic, title="حموشي يستقبل لوي لوجيي", language="ar"),
        ]
    )
    assert [plan.members for plan in plans] == [("a", "c"), ("b",)]


@pytest.mark.parametrize("city", ["Fès", "Salé", "Taza", "Tanger"])
def test_two_arrests_in_two_cities_are_two_stories_however_the_city_is_written(city: str) -> None:
    assert len(group([told("a", ARREST), told("b", ARREST.replace("Marrakech", city))])) == 2


@pytest.mark.parametrize(
    "title",
    [
        "Feu vert à l'extradition de Sofiane Hambli",
        "La justice marocaine donne un avis favorable à l'extradition de Hambli",
        "Moroccan court approves the extradition of Hambli",
        "القضاء المغربي يوافق على تسليم هامبلي إلى فرنسا",
        "Marruecos autoriza la extradición de Hambli",
    ],
)
def test_a_courts_yes_is_a_story_of_its_own(title: str) -> None:
    case = "Sofiane Hambli, arrêté début mai à Casablanca, est réclamé par Paris pour trafic de drogue."
    assert (
        len(group([told("a", case, title="Hambli arrêté au Maroc"), told("b", case, title=title, day=5)]))
        == 2
    )


def test_a_text_that_recalls_an_event_further_down_is_not_of_it() -> None:
    plot = (
        "Deux hommes soupçonnés de préparer une attaque contre une église ont été arrêtés vendredi à Lille "
        "par la DGSI. La DGST marocaine avait donné l'alerte. Laurent Nuñez, reçu la veille à Rabat par "
        "Abdelouafi Laftit, a salué cette coopération."
    )
    assert len(group([told("a", VISIT), told("b", plot, title="Attentat déjoué à Lille", day=1)])) == 2


@pytest.mark.parametrize("title", ["Revue de presse", "أبرز عناوين الصحف", "Press review"])
def test_a_round_up_belongs_to_no_event(title: str) -> None:
    round_up = "La presse commente la visite de Laurent Nuñez à Abdelouafi Laftit, jeudi à Rabat."
    assert len(group([told("a", VISIT), told("b", round_up, title=title)])) == 2


def test_a_list_of_headlines_names_nothing() -> None:
    items = "Laftit reçoit Nuñez    Hammouchi à Rabat    La DGSI recrute    Le prix du blé monte"
    assert told("a", f"{VISIT}\n{items}").entities == told("a", VISIT).entities


def test_two_texts_of_one_template_are_no_copies_if_they_are_of_other_people() -> None:
    medal = (
        "L'ambassadeur de France à Rabat a remis vendredi les insignes de commandeur de la Légion d'honneur "
        "au général Mohamed Haramou, lors d'une cérémonie à la résidence."
    )
    plans = group([told("a", medal), told("b", medal.replace("Mohamed Haramou", "Mohammed Berrid"), day=9)])
    assert [plan.copies for plan in plans] == [{}, {}]


def test_two_texts_of_one_template_are_no_copies_if_they_name_other_days() -> None:
    visit = (
        "Abdellatif Hammouchi a reçu ce {} 2026 à Rabat un responsable français de la sécurité, en visite de "
        "travail dans le Royaume avec une délégation de haut niveau. L'entretien a permis de passer en revue "
        "la coopération bilatérale et les moyens de la renforcer, indique un communiqué."
    )
    first, second = told("a", visit.format("mardi 2 juin")), told("b", visit.format("jeudi 4 juin"), day=2)
    assert [plan.members for plan in group([first, second])] == [("a",), ("b",)]
    copied = told("c", visit.format("mardi 2 juin"), day=2)
    assert [plan.copies for plan in group([first, copied])] == [{"c": "a"}]


ATTACK = (
    "Une attaque au couteau a fait {} blessés devant la gare de Mulhouse. L'assaillant, signalé en février "
    "par les services marocains à leurs homologues français, a été maîtrisé par des passants. Le parquet "
    "national antiterroriste s'est saisi de l'enquête et le quartier a été bouclé."
)


def test_figures_corrected_within_a_day_are_of_one_event_but_no_copy_and_later_of_another() -> None:
    first, corrected = told("a", ATTACK.format("au moins trois")), told("b", ATTACK.format("cinq"), day=1)
    assert group([first, corrected]) == (StoryPlan(story=None, members=("a", "b"), copies={}),)
    later = told("c", ATTACK.format("cinq"), day=9)
    assert [plan.members for plan in group([first, later])] == [("a",), ("c",)]
    (why,) = place(later, Neighbours(accounts=(replace(first, story=1),))).why
    assert why.told(str) == "other event: a: template: number 3 / 5"


def test_an_account_tells_of_no_day_after_its_publication_unless_it_announces_it() -> None:
    before = (
        "Laurent Nuñez a été reçu à Rabat par Abdelouafi Laftit pour parler de laissez-passer consulaires."
    )
    after = "Laurent Nuñez a parlé lundi à Rabat de laissez-passer consulaires avec Abdelouafi Laftit."
    announced = before.replace("a été reçu", "sera reçu la semaine prochaine")
    assert (
        len(group([told("a", before), told("b", after, day=4)])) == 2
    )  # of Monday; the other is of Thursday
    assert len(group([told("a", before), told("b", after, day=1)])) == 1  # the Monday before
    assert len(group([told("a", announced), told("b", after, day=4)])) == 1
    assert len(group([told("a", after), told("b", after, day=20)])) == 1


def test_sessions_of_another_number_are_two_stories_in_any_language() -> None:
    french = "La 23e commission militaire mixte s'est tenue à Rabat, coprésidée par Berrid et Fabien Mandon."
    arabic = "انعقد بالرباط الاجتماع {} للجنة العسكرية المشتركة برئاسة محمد بريظ وفابيان ماندون."
    same, other = arabic.format("الثالث والعشرون"), arabic.format("الثاني والعشرون")
    assert len(group([told("a", french), told("b", same, language="ar")])) == 1
    assert len(group([told("a", french), told("b", other, language="ar")])) == 2


def test_the_day_on_which_a_source_speaks_is_not_that_of_the_arrest() -> None:
    later = (
        "Un Français de 38 ans, visé par une notice rouge d'Interpol, a été arrêté à Marrakech, a indiqué "
        "jeudi une source sécuritaire. L'homme est soupçonné de meurtre et attend son extradition vers Paris."
    )
    assert len(group([told("a", ARREST), told("b", later)])) == 1


def test_the_stages_of_a_case_are_stories_of_their_own() -> None:
    case = "Sofiane Hambli, arrêté début mai à Casablanca, est réclamé par Paris pour trafic de drogue."
    titles = (
        "Hambli arrêté au Maroc",
        "Hambli accepte d'être extradé",
        "Hambli a été extradé vers la France",
    )
    accounts = [told(f"k{at}", case, title=title, day=at * 6) for at, title in enumerate(titles)]
    assert len(group(accounts)) == 3


def test_an_event_older_than_three_weeks_takes_no_more_accounts_but_copies() -> None:
    own = "Laurent Nuñez et Abdelouafi Laftit se sont entretenus à Rabat des laissez-passer consulaires."
    assert len(group([told("a", VISIT), told("b", own, day=21)])) == 1
    assert len(group([told("a", VISIT), told("b", own, day=22)])) == 2
    assert len(group([told("a", VISIT), told("b", VISIT, day=200)])) == 1


@pytest.mark.parametrize(
    ("accounts", "head"),
    [
        pytest.param([{}, {"source": "map", "day": 1, "reposts": False}], "k1", id="an agency's own text"),
        pytest.param([{"reposts": True}, {"day": 1}], "k1", id="no re-poster"),
        pytest.param([{"day": 1}, {}], "k1", id="the earliest"),
        pytest.param([{}, {"text": f"{VISIT} Une réunion de suivi est prévue."}], "k1", id="the longest"),
    ],
)
def test_the_head_of_copies_is(accounts: list[dict[str, object]], head: str) -> None:
    made = [told(f"k{at}", **({"text": VISIT} | changes)) for at, changes in enumerate(accounts)]  # type: ignore[arg-type]
    (plan,) = group(made)
    assert set(plan.copies.values()) == {head}


def test_of_two_stories_that_meet_the_older_id_goes_on() -> None:
    known = (replace(told("a", VISIT), story=7), replace(told("b", VISIT), story=3))
    placed = place(told("c", VISIT), Neighbours(accounts=known, seen=5))
    assert [(plan.story, plan.members) for plan in placed.stories] == [(3, ("a", "b", "c"))]
    assert placed.account.story == 3
    assert placed.account.copy_of == "a"
    assert placed.seen == 5


def test_an_article_whose_text_was_changed_leaves_its_story_and_the_story_keeps_its_id() -> None:
    known = (
        replace(told("a", VISIT), story=7),
        replace(told("b", VISIT), story=7),
        replace(told("c", VISIT), story=7),
    )
    placed = place(told("c", ARREST), Neighbours(accounts=known))
    assert [(plan.story, plan.members) for plan in placed.stories] == [(7, ("a", "b")), (None, ("c",))]


def test_stories_the_newcomer_does_not_belong_to_are_left_as_they_are() -> None:
    by_hand = (replace(told("a", ARREST), story=1), replace(told("b", VISIT), story=1))
    placed = place(
        told("c", VISIT.replace("Rabat", "Alger").replace("Abdelouafi Laftit", "X")),
        Neighbours(accounts=by_hand),
    )
    assert [plan.members for plan in placed.stories] == [("c",)]


def test_a_placement_says_why() -> None:
    known = (replace(told("a", VISIT), story=1),)
    (why,) = place(told("b", VISIT), Neighbours(accounts=known)).why
    assert why == Reason(kind="copy", other="a", why="35 shingles shared, 100% of the shorter text")
    own = "Laurent Nuñez et Abdelouafi Laftit se sont entretenus à Rabat."
    (why,) = place(told("b", own), Neighbours(accounts=known)).why
    assert (why.kind, why.other) == ("same event", "a")
    assert "both name laftit; both name nunez" in why.why
    assert place(told("b", ARREST), Neighbours()).why == (ALONE,)


def test_a_head_says_how_many_copies_it_has_and_a_copy_of_what_it_is_one() -> None:
    (plan,) = group([told(key, VISIT) for key in ("a", "b", "c")])
    assert plan.why["a"] == (Reason(kind="head", why="2 copies"),)
    assert [(each.kind, each.other) for key in "bc" for each in plan.why[key]] == [("copy", "a")] * 2


def test_the_link_across_which_two_clusters_became_one_is_told_at_both_its_ends() -> None:
    arabic = "استقبل وزير الداخلية عبد الوافي لفتيت، الخميس بالرباط، نظيره الفرنسي لوران نونيز في زيارة عمل."
    copies = [told(key, arabic, language="ar") for key in ("c", "d")]
    (plan,) = group([told("a", VISIT), told("b", VISIT), *copies])
    across = [(key, why.other) for key, said in plan.why.items() for why in said if why.kind == "same event"]
    assert len(across) == 2
    ((one, other),) = {tuple(sorted(pair)) for pair in across}
    assert (one in "ab", other in "cd") == (True, True)


def test_what_a_third_account_keeps_apart_says_which_and_why() -> None:
    bare = ARREST.replace(", âgé de 38 ans,", "")
    accounts = [told("a", ARREST), told("b", bare), told("c", ARREST.replace("38 ans", "41 ans"))]
    plans = group(accounts)
    assert [plan.members for plan in plans] == [("a", "b"), ("c",)]
    said = {key: why for plan in plans for key, why in plan.why.items()}
    (apart,) = (why for why in said["b"] if why.kind == "kept apart")
    assert apart == Reason(kind="kept apart", other="c", why="age 38 / 41", between=("a", "c"))
    assert replace(apart, other="b") in said["c"]
    names = {"a": "1", "c": "3"}
    assert apart.told(lambda key: names[key]) == "kept apart: 3: age 38 / 41 of 1 and 3"


def test_stories_that_have_too_little_in_common_say_how_little() -> None:
    refused = [why for plan in group(JUDGED) for said in plan.why.values() for why in said]
    little = [why for why in refused if why.kind == "kept apart" and not why.between]
    assert little
    assert all(re.search(r"too little in common, -?0\.\d\d of 0\.7", why.why) for why in little)


def test_of_many_other_events_few_are_told_and_of_each_cause_one() -> None:
    accounts = [told("new", ARREST), *(told(f"k{at}", ARREST.replace("38", "41")) for at in range(3))]
    accounts += [told(f"n{at}", ARREST.replace("38", str(42 + at))) for at in range(12)]
    said = next(plan.why["new"] for plan in group(accounts) if "new" in plan.members)
    assert len(said) == 10
    assert [why.other for why in said if why.why == "age 38 / 41"] == ["k0"]


def test_a_key_too_long_for_an_index_is_shortened_before_anything_is_compared() -> None:
    key = "example.ma/" + "x" * 700
    known = replace(told(key, VISIT), story=1)
    assert len(known.article.key) == 600
    placed = place(told(key, VISIT), Neighbours(accounts=(known,)))
    assert [plan.members for plan in placed.stories] == [(known.article.key,)]
    assert placed.why == (ALONE,)


def test_who_writes_what_others_take_over_is_known_by_data() -> None:
    (plan,) = group([told("a", VISIT, source="hespress"), told("b", VISIT, source="mapexpress", day=1)])
    assert plan.copies == {"a": "b"}


def test_an_article_without_date_or_text_is_a_story() -> None:
    assert len(group([told("a", "", published=None), told("b", VISIT, published=None)])) == 2


JUDGED = tuple(
    told(
        row["id"],
        row["text"],
        title=row["title"],
        language=row["lang"],
        published=datetime.fromisoformat(day),
    )
    for row in map(
        json.loads, (Path(__file__).parents[1] / "quality" / "stories.jsonl").read_text().splitlines()
    )
    for day in [f"{row['date']}T12:00:00+00:00"]
)


def partition(plans: Iterable[StoryPlan]) -> set[tuple[tuple[str, ...], frozenset[tuple[str, str]]]]:
    return {(plan.members, frozenset(plan.copies.items())) for plan in plans}


def test_what_an_analyst_has_joined_is_one_story_though_a_slot_differs() -> None:
    other = told("b", ARREST.replace("38 ans", "41 ans"))
    assert len(group([told("a", ARREST), other])) == 2
    (plan,) = group([told("a", ARREST), other], ties=[tie("a", "b", together=True)])
    assert plan.members == ("a", "b")


def test_a_further_account_joins_what_an_analyst_has_joined_if_it_fits_one_of_them() -> None:
    accounts = [told("a", ARREST), told("b", ARREST.replace("38 ans", "41 ans")), told("c", ARREST, day=1)]
    (plan,) = group(accounts, ties=[tie("a", "b", together=True)])
    assert plan.members == ("a", "b", "c")


def test_what_an_analyst_has_split_stays_apart_even_copies() -> None:
    accounts = [told(key, VISIT) for key in ("a", "b", "c")]
    plans = group(accounts, ties=[tie("a", "b", together=False), tie("b", "c", together=False)])
    assert [plan.members for plan in plans] == [("a", "c"), ("b",)]
    placed = place(
        told("b", VISIT),
        Neighbours(accounts=(replace(accounts[0], story=1),), ties=(tie("a", "b", together=False),)),
    )
    assert placed.why == (Reason(kind="other event", other="a", why="split by hand: another visit"),)


def tie(one: str, other: str, *, together: bool) -> Tie:
    return Tie(one=one, other=other, together=together, made=DAY, why="another visit")


@pytest.mark.parametrize(
    ("title", "text", "cases"),
    [
        pytest.param("Hambli arrêté au Maroc", "Paris le réclame.", ("hambli",), id="of somebody we know"),
        pytest.param(
            "Nuñez reçu par Laftit", "Les deux ministres se sont vus à Rabat.", (), id="of ministers: none"
        ),
        pytest.param(
            "Un fugitif arrêté à Tanger", "Il s'agit de Kévin Doumergat.", ("name:dmrgt",), id="of a name"
        ),
        pytest.param("Colloque à Rabat", "Kévin Doumergat y a pris la parole.", (), id="of a speaker: none"),
    ],
)
def test_an_account_says_of_which_case_it_is(title: str, text: str, cases: tuple[str, ...]) -> None:
    found = told("a", text, title=title).cases
    assert {*cases} <= {*found}
    assert bool(found) == bool(cases)
