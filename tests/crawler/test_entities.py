"""Names in texts of four languages."""

from datetime import date
from itertools import pairwise

import pytest

from crawler.entities import Names, find_entities
from crawler.rules import load_entities
from tests.factories import entity


@pytest.fixture(scope="module")
def names() -> Names:
    return Names(load_entities())


SPELLINGS = {
    "cazeneuve": "كازنوف كازانوف كازونوف كازينوف Cazeneuve Caseneuve",
    "darmanin": "دارمانان دارمانين درمانان درمانين درامانان Darmanin",
    "retailleau": "روتايو روتايلو ريتايو ريتيللو ريتيليو Retailleau",
    "castaner": "كاستانر كاستانير Castaner",
    "laftit": "لفتيت الفتيت Laftit Leftit Laftite",
    "hammouchi": "حموشي الحموشي حمّوشي Hammouchi Hamouchi",
    "bingui": "بينغي بنغي بانغي بينكي Bingui",
    "iquioussen": "إيكويسن إكويسن اكويسن أكويسن إيكويوسن إكويوسن إيكويسين إيكوسين إكوسين إيكوزين إشوسن",
    "abaaoud": "أباعود أباعوض Abaaoud Abaoud",
    "pegasus": "بيغاسوس پيگاسوس Pegasus",
    "hambli": "Hambli همبلي",
    "lecourtier": "لوكورتييه لوكورتيي Lecourtier",
    "habboub": "Habboub",
    "haramou": "حرمو Haramou",
    "berrid": "بريظ بـــريظ Berrid",
    "dgsn": "DGSN",
    "pnaco": "PNACO Pnaco",
    "dupond-moretti": "دبون-موريتي ديبون-مورتي دوبون-موريتي دوبوند-موريتي Dupond-Moretti",
    "ceuta": "سبتة Ceuta Sebta",
    "melilla": "مليلية مليلة Melilla",
    "albares": "ألباريس Albares",
    "gign": "GIGN",
    "dgpn": "DGPN",
    "marseille": "مرسيليا مارسيليا Marseille Marsella",
    "fes": "فاس بفاس Fès Fez",
    "al-hoceima": "الحسيمة Alhucemas",
    "tanger-med": "Tanger-Med",
    "chebec": "Chebec Chebek شيبيك",
}


@pytest.mark.parametrize(
    ("entity_id", "spelling"),
    [(entity_id, each) for entity_id, spellings in SPELLINGS.items() for each in spellings.split()],
)
def test_every_spelling_of_the_press_is_one_name(names: Names, entity_id: str, spelling: str) -> None:
    assert [each.entity for each in find_entities(f"( {spelling} )", names)] == [entity_id]


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        ("المديرية العامة لمراقبة التراب الوطني", ["dgst"]),
        ("المكتب المركزي للتحقيقات القضائية بسلا", ["bcij"]),
        ("L'exercice « Chergui 25 » à Errachidia", ["chergui", "errachidia"]),
        ("du chergui et des rafales", []),
        ("Le RAID est intervenu après un raid", ["fr-raid"]),
        ("Le far west", []),
        ("Elle a séjourné un mois en clinique", []),
        ("Le ministre Séjourné est arrivé", ["sejourne"]),
        ("du chergui qui souffle", []),
        ("Laurent Nuñez, puis Nuñez encore", ["nunez", "nunez"]),
        ("Le joueur Nuñez a marqué", []),
        ("وزير الداخلية نونيز", ["nunez"]),
        ("التوفيق بين العمل والدراسة", []),
        ("وزير الأوقاف أحمد التوفيق", ["toufiq"]),
        ("خلية تابعة لوزارة الداخلية", []),
        ("ministre français de l'Intérieur", ["fr-interior-minister"]),
        ("la BRI de la police parisienne", ["bri"]),
        ("Le procureur François Molins ; M. Molins", ["molins", "molins"]),
        ("Le vin de Molins se vend bien", []),
        ("le procureur antiterroriste Ricard", ["pnat", "ricard"]),
        ("Un verre de Ricard en terrasse", []),
        ("Heitz a marqué deux buts", []),
        ("Bruno Le Roux, puis Le Roux à Rabat", ["leroux", "leroux", "rabat"]),
        ("Le Roux et fils, restaurateurs", []),
        ("Manuel Valls, puis Valls", ["valls", "valls"]),
        ("Valls d'Andorre sous la neige", []),
        ("Édouard Philippe à Paris", ["philippe", "paris"]),
        ("Philippe a gagné la course", []),
        ("La ministre Catherine Colonna, puis Mme Colonna", ["colonna", "colonna"]),
        ("Mme Colonna chante Verdi", []),
        ("Barrot, auteur de bandes dessinées", []),
        ("Attal, le gardien de but, est blessé", []),
        ("La borne de recharge est en panne", []),
        ("Le Premier ministre Élisabeth Borne, puis Borne", ["borne", "borne"]),
        ("En Hollande, les tulipes fleurissent", ["netherlands"]),
        ("François Hollande, puis Hollande", ["hollande", "hollande"]),
        ("Ouahbi a retenu vingt-six joueurs", []),
        ("Mohamed Ouahbi, sélectionneur", ["ouahbi-coach"]),
        ("le ministre de la Justice Ouahbi", ["ouahbi"]),
        ("يوسف وهبي ممثل مشهور", []),
        ("وزير العدل وهبي في باريس", ["ouahbi", "paris"]),
        ("Le maire de Nice condamne l'attaque", ["nice"]),
        ("police officers in Nice, France", ["nice", "france"]),
        ("Nice to meet you", []),
        ("هجوم نيس قبل أعوام", ["nice"]),
        ("الشاعر بنيس ألقى قصيدة", []),
        ("كنيس في فرنسا", ["france"]),
        ("Une enquête à Tours, en Indre-et-Loire", ["tours"]),
        ("les tours de la cité", []),
        ("Un réseau démantelé à Salé", ["sale"]),
        ("une tourte salée au fromage", []),
        ("Un navire dans le port de Sète", ["sete"]),
        ("La Corse sous la pluie", ["corsica"]),
        ("L'affaire se corse", []),
        ("Des rennes tirent le traîneau", []),
        ("هاجمه بفأس حاد", []),
        ("ولاية أمن فاس", ["fes"]),
        ("وقع الحادث ليل الأحد", []),
        ("شرطة مدينة ليل", ["lille"]),
        ("كان الاجتماع مع الشرطة الفرنسية مثمرا", ["fr-police"]),
        ("ارتفع سعر البطاطا", []),
        ("المدينة الجديدة في المغرب", ["morocco"]),
        ("بمدينة الجديدة", ["el-jadida"]),
        ("لمجرد أنه تأخر", []),
        ("الفنان سعد لمجرد", ["lamjarred"]),
        ("عاد من عمرة رمضان", []),
        ("محمد عمرة، فر عمرة من السجن", ["amra", "amra"]),
        ("La mouche du coche", []),
        ("Le chat dort sur le canapé", []),
        ("le narcotrafiquant dit « Le Chat »", ["bingui"]),
        ("وصل القط إلى البيت", []),
        ("بارون المخدرات الملقب القط", ["bingui"]),
        ("نصبت الخيام في المخيم", []),
        ("مدير البسيج عبد الحق الخيام", ["bcij", "khiame"]),
        ("ارتفعت أسعار حبوب القمح", []),
        ("العنصر البشري أهم", []),
        ("وزير الداخلية العنصر", ["laenser"]),
        ("منصوري لاعب وسط", []),
        ("اشترى برتون لوحة", []),
        ("Elle nage à la piscine municipale", []),
        ("les espions de la piscine", ["dgse"]),
        ("Une bague de la place Vendôme", []),
        ("le ministre, place Vendôme", ["fr-justice-minister"]),
        ("À Beauvau, on salue l'accord", ["fr-interior-minister"]),
        ("قصر الإليزيه يعلن", ["fr-president"]),
        ("Jordan Bardella au Maroc", ["bardella", "morocco"]),
        ("the army of Jordan", ["jordan"]),
        ("la grenade a été désamorcée", []),
        ("Home office is here to stay", []),
        ("le directeur général de la police nationale du Sénégal", ["senegal"]),
        ("المديرية العامة للأمن الوطني الجزائرية", ["dz-dgsn"]),
        ("وزير الداخلية الإسباني مارلاسكا", ["es-interior-minister", "marlaska"]),
        ("La Guardia Civil cerca de Ceuta", ["guardia-civil", "ceuta"]),
        ("Amir DZ, une demande d'extradition", ["amir-dz"]),
    ],
)
def test_a_name_counts_where_it_is_meant(names: Names, text: str, entities: list[str]) -> None:
    assert [each.entity for each in find_entities(text, names)] == entities


def test_a_mention_says_where_and_how_it_is_written(names: Names) -> None:
    text = "استقبل والحَمُّوشي ضيفه"
    (found,) = find_entities(text, names)
    assert text[found.start : found.end] == found.text == "والحَمُّوشي"


def test_mentions_come_in_order_and_never_overlap(names: Names) -> None:
    found = find_entities("عبد الوافي لفتيت ولوران نونيز بالرباط، ثم باريس", names)
    assert [each.entity for each in found] == ["laftit", "nunez", "rabat", "paris"]
    assert all(first.end <= second.start for first, second in pairwise(found))


def test_a_weak_name_counts_once_the_full_name_is_in_the_text() -> None:
    known = Names([entity("veaux", names=("Frédéric Veaux", "Veaux"), weak=("Veaux",))])
    assert find_entities("M. Veaux", known) == ()
    assert len(find_entities("Frédéric Veaux est venu. M. Veaux est reparti.", known)) == 2


@pytest.mark.parametrize(
    ("person", "day", "offices"),
    [
        ("nunez", date(2018, 3, 1), ("dgsi",)),
        ("nunez", date(2021, 3, 1), ("fr-intelligence-coordinator",)),
        ("nunez", date(2024, 7, 26), ("paris-police-prefecture",)),
        ("nunez", date(2026, 2, 1), ("fr-interior-minister",)),
        ("darmanin", date(2020, 10, 16), ("fr-interior-minister",)),
        ("darmanin", date(2024, 11, 1), ()),
        ("darmanin", date(2025, 3, 10), ("fr-justice-minister",)),
        ("dupond-moretti", date(2024, 5, 1), ("fr-justice-minister",)),
        ("lerner", date(2023, 5, 1), ("dgsi",)),
        ("lerner", date(2025, 5, 1), ("dgse",)),
        ("veaux", date(2024, 6, 1), ("dgpn",)),
        ("laugier", date(2025, 6, 24), ("dgpn",)),
        ("hammouchi", date(2011, 1, 1), ("dgst",)),
        ("hammouchi", date(2025, 6, 24), ("dgst", "dgsn")),
        ("draiss", date(2008, 1, 1), ("dgsn",)),
        ("draiss", date(2015, 1, 1), ("ma-interior-minister",)),
        ("khiame", date(2019, 1, 1), ("bcij",)),
        ("habboub", date(2024, 1, 1), ("bcij",)),
        ("berrid", date(2025, 12, 1), ("ma-army",)),
        ("mandon", date(2025, 12, 1), ("fr-army",)),
        ("benmoussa", date(2014, 2, 20), ("ma-embassy",)),
        ("cazeneuve", date(2017, 1, 1), ("fr-prime-minister",)),
        ("molins", date(2015, 11, 14), ("paris-prosecutor",)),
        ("marlaska", date(2026, 1, 1), ("es-interior-minister",)),
    ],
)
def test_a_person_holds_the_offices_of_the_day(
    names: Names, person: str, day: date, offices: tuple[str, ...]
) -> None:
    assert names.offices(person, day) == offices


@pytest.mark.parametrize(
    "office",
    [
        *("fr-interior-minister", "fr-justice-minister", "fr-armies-minister", "fr-foreign-minister"),
        *("ma-interior-minister", "ma-justice-minister", "ma-foreign-minister", "ma-habous-minister"),
        *("fr-president", "fr-prime-minister", "ma-king", "ma-head-of-government"),
        *("dgsi", "dgse", "dgpn", "paris-police-prefecture", "fr-army", "dgst", "dgsn", "dged", "ma-army"),
        *("ma-gendarmerie", "es-interior-minister", "es-prime-minister"),
    ],
)
def test_at_any_time_of_these_years_somebody_holds_each_great_office(names: Names, office: str) -> None:
    years = range(2008, 2025)
    held = {
        year
        for year in years
        for person in names.entities
        if office in names.offices(person, date(year, 4, 15))
    }
    assert held == set(years)


def test_a_sole_office_is_held_by_one_person_a_day(names: Names) -> None:
    sole = (
        "fr-interior-minister",
        "fr-justice-minister",
        "fr-president",
        "fr-prime-minister",
        "dgsi",
        "dgse",
    )
    days = [date(year, month, 20) for year in range(2007, 2027) for month in range(1, 13)]
    crowded = [
        (office, day)
        for office in (*sole, "dgpn", "paris-police-prefecture", "dgst", "dgsn", "bcij", "pnat")
        for day in days
        if sum(office in names.offices(person, day) for person in names.entities) > 1
    ]
    assert crowded == []


def test_a_weak_name_alone_is_nobody(names: Names) -> None:
    weak = [(each.id, name) for each in names.entities.values() for name in each.weak]
    alone = [
        (entity_id, name)
        for entity_id, name in weak
        if entity_id in {m.entity for m in find_entities(name, names)}
    ]
    assert alone == []


def test_every_label_and_name_is_found_as_its_own(names: Names) -> None:
    certain = [(each.id, name) for each in names.entities.values() for name in {*each.names} - {*each.weak}]
    lost = [
        (entity_id, name)
        for entity_id, name in certain
        if entity_id not in {m.entity for m in find_entities(name, names)}
    ]
    assert lost == []


@pytest.mark.parametrize("text", ["le Vieux\nPort", "Il est vieux. Port Lyautey est loin.", "Vieux… Port"])
def test_a_name_never_goes_on_in_the_next_line_or_sentence(text: str) -> None:
    known = Names([entity("port", kind="service", names=("Vieux Port",))])
    assert find_entities(text, known) == ()
    assert len(find_entities("le Vieux Port", known)) == 1
