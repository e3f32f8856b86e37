"""build_digest: what stands where, what is quoted, what is folded away."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.contents import Item, Period, Trouble
from storage.model import CrawlReport, Earlier, Figures, Series, SourceHealth, Standing, State, Story
from tests import factories
from tests.reports.week import (
    ENTITIES,
    PERIOD,
    SOURCES,
    ZONE,
    alert,
    borderline,
    busy,
    health,
    many,
    relevant,
    told,
    week,
)

EQUALS = (*relevant(), *many(4))  # four of them weigh the same and were told at the same time
SENTENCES = "La police a agi hier. Deux hommes sont détenus. Selon M. Vidal, ils nient. Le procès suivra."


def story(id_: int, *articles: dict[str, Any]) -> Story:
    """A story of accounts with ids 10 * id_ and up."""
    with_defaults = ({"id": 10 * id_ + at, "title": "t"} | each for at, each in enumerate(articles))
    return Story(id=id_, articles=tuple(told(id_, each) for each in with_defaults))


def order(*stories: Story) -> list[int]:
    return [item.story for item in week(stories=stories, borderline=()).items()]


def shown(**about: Any) -> Item:
    """The one story of a digest, told by one outlet."""
    sentences = about.pop("sentences", 2)
    return next(week(stories=[story(1, about)], borderline=(), sentences=sentences).items())


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param([{}, {"source": "daffatan"}], [{}], id="two outlets before one"),
        pytest.param(
            [{}, {"source": "daffatan"}], [{}, {"source": "daffatan", "copy_of": 20}], id="own before copied"
        ),
        pytest.param([{}, {"source": "daffatan", "copy_of": 10}], [{}], id="copied before alone"),
        pytest.param(
            [{}, {"source": "rif"}], [{}, {"source": "daffatan"}], id="two languages before two outlets"
        ),
        pytest.param([{}], [{"missing": ["france"]}], id="surer before less sure"),
        pytest.param([{"day": 19}], [{"day": 18}], id="later before earlier"),
    ],
)
def test_the_more_important_story_comes_first(
    first: list[dict[str, Any]], second: list[dict[str, Any]]
) -> None:
    assert order(story(2, *second), story(1, *first)) == [1, 2]


def test_the_most_important_stories_are_at_the_top_and_only_they_have_an_extract() -> None:
    digest = week(top=2)
    assert [item.story for item in digest.top] == [1, 6]
    assert [len(digest.top), len(digest.further), digest.stories] == [2, 5, 7]
    assert any(headline.extract for item in digest.top for headline in item.headlines)
    assert not any(headline.extract for item in digest.further for headline in item.headlines)


@given(
    st.permutations(EQUALS),
    st.permutations(borderline()),
    st.permutations(health()),
    st.permutations(SOURCES),
    st.permutations(ENTITIES),
)
@settings(max_examples=40, deadline=None)
def test_the_digest_is_the_same_whatever_the_order_of_what_it_is_made_from(
    stories: list[Any], unsure: list[Any], states: list[Any], sources: list[Any], entities: list[Any]
) -> None:
    shuffled = week(stories=stories, borderline=unsure, health=states, sources=sources, entities=entities)
    assert shuffled == week(stories=EQUALS)


def test_sources_of_one_name_stand_in_the_same_order_whatever_the_order_of_their_health() -> None:
    sources = [
        factories.source("fr", name="Le Phare", language="fr"),
        factories.source("ar", name="Le Phare"),
    ]
    states = [SourceHealth(source="fr"), SourceHealth(source="ar")]
    there = week(sources=sources, health=states).silences
    assert there == week(sources=sources, health=states[::-1]).silences
    assert [each.language for each in there] == ["ar", "fr"]


@pytest.mark.parametrize(
    ("sentences", "quoted"),
    [
        (0, ""),
        (1, "La police a agi hier."),
        (2, "La police a agi hier. Deux hommes sont détenus."),
        (3, "La police a agi hier. Deux hommes sont détenus. Selon M. Vidal, ils nient."),
    ],
)
def test_an_extract_has_as_many_sentences_as_asked_for(sentences: int, quoted: str) -> None:
    assert shown(text=SENTENCES, sentences=sentences).headlines[0].extract == quoted


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("أوقفت الشرطة رجلا. وهل اعترف؟ لا أحد يعلم.", "أوقفت الشرطة رجلا. وهل اعترف؟"),
        ("Fin du titre\nLe texte suit. Encore.", "Fin du titre Le texte suit."),
        ("Il nie. M. Vidal se tait. Fin.", "Il nie. M. Vidal se tait."),
        ("Le n° 3 de l’art. 12 du code. J. Dupont nie. Fin.", "Le n° 3 de l’art. 12 du code. J. Dupont nie."),
        ("1.4 tonnes saisies. « Un record. » Le procureur parle.", "1.4 tonnes saisies. « Un record. »"),
    ],
)
def test_a_sentence_ends_where_a_reader_would_end_it(text: str, quoted: str) -> None:
    assert shown(text=text).headlines[0].extract == quoted


@given(st.lists(st.text("abcéàشرطة", min_size=1, max_size=30), min_size=1, max_size=200), st.integers(0, 3))
@settings(max_examples=100, deadline=None)
def test_an_extract_is_never_long_and_never_cut_inside_a_word(words: list[str], sentences: int) -> None:
    extract = shown(text=" ".join(words), sentences=sentences).headlines[0].extract
    assert len(extract) <= 320
    kept = extract.removesuffix("…").split()
    assert kept == words[: len(kept)]
    assert not sentences or extract.endswith("…") == (len(kept) < len(words))


def test_a_long_headline_is_shortened_at_a_word_and_stands_on_one_line() -> None:
    title = shown(title="  Un\n long\ttitre " + "vraiment " * 600).headlines[0].title
    assert title.startswith("Un long titre vraiment")
    assert title.endswith(" vraiment…")
    assert len(title) <= 220


def test_copies_are_folded_into_a_number() -> None:
    first = week().top[0]
    assert [each.source for each in first.tellings] == [
        "Le Quotidien du Rif",
        "صحيفة الضفتين",
        "The Strait Review",
    ]
    assert (first.more, first.copies) == (0, 3)
    assert (first.importance.originals, first.importance.copies) == (3, 3)


def test_a_story_told_by_many_outlets_names_six_of_them() -> None:
    many = [{"source": f"outlet{at}", "language": "fr"} for at in range(9)]
    (item,) = week(stories=[story(1, *many)], borderline=()).items()
    assert [each.source for each in item.tellings] == [f"outlet{at}" for at in range(6)]
    assert (item.more, item.copies) == (3, 0)


OWN, OTHER = {"source": "rif"}, {"source": "daffatan"}
REPOST, COPY = {"source": "portal", "reposts": True}, {"source": "mirror", "copy_of": 10}


@pytest.mark.parametrize(
    ("articles", "named", "copied", "folded"),
    [
        pytest.param([REPOST, OWN, COPY], ["Le Quotidien du Rif"], [], 2, id="beside an own account"),
        pytest.param([{**OWN, "status": "headline_only"}, REPOST], ["Le Quotidien du Rif"], [], 1, id="lead"),
        pytest.param([REPOST], [], ["بوابة الأخبار"], 0, id="nothing but a re-post"),
        pytest.param([{**COPY, "copy_of": 5}, REPOST], [], ["بوابة الأخبار"], 1, id="copied and re-posted"),
        pytest.param([OWN, {**COPY, "source": "rif"}], ["Le Quotidien du Rif"], [], 0, id="its own copy"),
    ],
)
def test_copies_and_reposts_never_stand_as_accounts_of_their_own(
    articles: list[dict[str, Any]], named: list[str], copied: list[str], folded: int
) -> None:
    (item,) = week(stories=[story(1, *articles)], borderline=()).items()
    assert [each.source for each in item.tellings if not each.copied] == named
    assert [each.source for each in item.tellings if each.copied] == copied
    assert (item.more, item.copies) == (0, folded)


def test_what_goes_on_from_earlier_stories_stands_apart_unless_it_is_at_the_top() -> None:
    digest = busy()
    assert [[origin.story for origin in item.origins] for item in digest.top[:2]] == [[12], []]
    assert [item.story for item in digest.developments] == [43, 42]
    assert [item for item in digest.further if item.origins] == []
    assert digest.stories == len(list(digest.items())) == 17


def test_two_of_the_stories_it_goes_on_from_are_named_the_newest_first() -> None:
    item = busy().developments[0]
    assert [(origin.story, origin.day) for origin in item.origins] == [
        (15, date(2026, 11, 14)),
        (16, date(2026, 11, 3)),
    ]


def test_a_story_goes_on_from_what_had_been_told_of_itself() -> None:
    before = Earlier(
        story=7, language="fr", title="  Un\n" + "a " * 99, url="javascript:x", when=PERIOD.since
    )
    (item,) = week(stories=[story(7, {})], borderline=(), earlier={7: (before,)}).items()
    (origin,) = item.origins
    (_, title, url) = origin.headlines[0]
    assert title.startswith("Un a a")
    assert (len(title) <= 120, url) == (True, "")


def test_its_own_figures_stand_beside_those_of_the_periods_before() -> None:
    compared = busy().compared
    assert compared is not None
    assert compared.now == Figures(stories=17, accounts=31)
    assert [each.stories for _, each in compared.before] == [9, 11, 4, 0, 7, 12, 8, 15, 10, 6, 13]
    assert week(before=()).compared is None


def test_a_series_tells_what_is_important_enough_for_it() -> None:
    every = [item.importance.weight for item in week().items()]
    series = Series(topic=factories.TOPIC, minimum=sorted(every)[-2])
    assert [item.importance.weight for item in week(series=series).items()] == sorted(every)[:-3:-1]


def test_an_alert_names_every_outlet_and_says_who_copied() -> None:
    (item,) = alert().items()
    assert [each.copied for each in item.tellings] == [False] * 3 + [True] * 3
    assert (item.more, item.copies) == (0, 0)


@pytest.mark.parametrize(
    ("since", "until", "days"),
    [
        pytest.param("2026-11-21T07:00", "2026-11-22T07:00", (21, 21), id="in the morning"),
        pytest.param("2026-11-21T20:00", "2026-11-22T20:00", (22, 22), id="in the evening"),
        pytest.param("2026-11-19T07:00", "2026-11-22T07:00", (19, 21), id="after days without service"),
        pytest.param("2026-11-22T07:00", "2026-11-22T09:00", (22, 22), id="after two hours"),
    ],
)
def test_a_daily_issue_is_of_the_day_it_covers_most_of(since: str, until: str, days: tuple[int, int]) -> None:
    begin, end = (datetime.fromisoformat(each).replace(tzinfo=ZONE) for each in (since, until))
    found = Period(name="2026-11-22", since=begin, until=end).days(ZONE)
    assert (found[0].day, found[1].day) == days


def test_a_story_has_one_headline_a_language_the_leads_first() -> None:
    first = week().top[0]
    assert [each.language for each in first.headlines] == ["fr", "ar", "en"]
    assert first.headlines[1].title == "توقيف أحد عشر شخصا بين طنجة ومرسيليا في قضية تهريب دولي للكوكايين"


def test_stories_to_check_stand_apart_with_the_reason() -> None:
    digest = week()
    assert {item.story for item in digest.to_check} == {20, 21}
    assert not {20, 21} & {item.story for item in digest.items()}
    one, other = (item.headlines[0] for item in sorted(digest.to_check, key=lambda item: item.story))
    assert (one.evidence, one.missing, one.doubts) == ((("security", "الشرطة"),), ("france",), ())
    assert dict(other.evidence)["security"] == "résine"
    assert [each.kind for each in other.doubts] == ["role", "rival"]
    assert digest.stories == 7


def test_each_headline_has_the_words_that_decided_for_its_article_the_title_first() -> None:
    french, arabic, _ = week().top[0].headlines
    assert dict(french.evidence) == {
        "france": "Marseille",
        "morocco": "Tanger",
        "security": "enquête commune",
    }
    assert dict(arabic.evidence) == {"security": "الشرطة"}


def test_a_story_both_relevant_and_borderline_is_relevant() -> None:
    assert week(borderline=relevant()).to_check == ()


def test_people_and_services_are_named_countries_and_the_unknown_are_not() -> None:
    item = shown(entities=["morocco", "bennour", "nobody", "dgsn"])
    assert [each.id for each in item.chips] == ["bennour", "dgsn"]


def test_the_people_the_stories_name_most_are_said_once() -> None:
    assert [each.id for each in week().central] == ["bennour", "vasseur"]


def test_an_outlet_the_catalogue_does_not_know_goes_by_its_id() -> None:
    assert shown(source="newcomer", language="fr").tellings[0].source == "newcomer"


def test_a_story_is_dated_in_the_zone_of_the_digest() -> None:
    midnight = factories.article(published=datetime(2026, 11, 17, 23, 30, tzinfo=UTC))
    late = told(1, {"id": 1, "title": "t"})
    late = type(late)(id=1, article=midnight, recorded=late.recorded, judgements=late.judgements, story=1)
    (item,) = week(stories=[Story(id=1, articles=(late,))], borderline=()).items()
    assert (item.first, item.last) == (date(2026, 11, 18), date(2026, 11, 18))


WELL = factories.crawl_report("naba", finished=PERIOD.until - timedelta(hours=1), found=40)
EARLIER = factories.crawl_report("naba", finished=PERIOD.since - timedelta(hours=1), found=40)


@pytest.mark.parametrize(
    ("crawls", "state", "trouble"),
    [
        pytest.param((WELL,), State.HEALTHY, None, id="well"),
        pytest.param((WELL,), State.QUIET, None, id="quiet"),
        pytest.param((WELL,), None, None, id="not judged"),
        pytest.param((), None, Trouble.SILENT, id="never crawled"),
        pytest.param((EARLIER,), State.HEALTHY, Trouble.SILENT, id="not crawled in the period"),
        pytest.param((EARLIER,), State.BLOCKED, Trouble.BLOCKED, id="paused all through the period"),
        pytest.param((WELL,), State.BLOCKED, Trouble.BLOCKED, id="blocked"),
        pytest.param((WELL,), State.FAILING, Trouble.FAILING, id="failing"),
        pytest.param((WELL,), State.BROKEN, Trouble.BROKEN, id="broken"),
    ],
)
def test_a_source_that_gave_nothing_is_named_with_the_trouble(
    crawls: tuple[CrawlReport, ...], state: State | None, trouble: Trouble | None
) -> None:
    standings = [Standing(source="naba", state=state)] if state else []
    digest = week(health=[SourceHealth(source="naba", crawls=crawls)], standings=standings)
    assert [each.trouble for each in digest.silences] == ([trouble] if trouble else [])
    assert digest.watched == 1


def test_sources_in_one_trouble_stand_together() -> None:
    assert [each.trouble for each in week().silences] == [Trouble.BLOCKED, Trouble.FAILING, Trouble.SILENT]


def test_an_empty_week_is_a_digest_too() -> None:
    digest = week(stories=(), borderline=(), health=(), counts=None)
    assert (digest.stories, digest.outlets, digest.languages) == (0, 0, 0)
    assert (digest.top, digest.further, digest.to_check, digest.silences, digest.central) == ((),) * 5


def test_a_matter_is_told_by_its_words_rather_than_by_names() -> None:
    matches = (
        factories.match("Hammouchi", side="security", where="title", entity="hammouchi"),
        factories.match("extradition", side="security", where="lead"),
    )
    account = replace(
        told(1, {"id": 1, "title": "Hammouchi à Paris"}), judgements=(factories.judgement(matches=matches),)
    )
    (headline,) = week(stories=(Story(id=1, articles=(account,)),)).top[0].headlines
    assert dict(headline.evidence) == {"security": "extradition"}
