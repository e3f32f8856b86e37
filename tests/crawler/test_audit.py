"""The recall audit: what others report and the archive lacks, with the reason."""

from typing import Any

from crawler.audit import missed
from storage.model import ArchivedArticle, Heard, Missed, Story, Tip
from tests.factories import NOW, article, source

TITLE = "Tanger : un Français recherché pour trafic arrêté par la police judiciaire"
HESPRESS = source("hespress_fr", name="Hespress")
RFI = source("rfi_fr", name="RFI")


def heard(outcome: str, **changes: Any) -> Heard:
    values = {"key": "k", "source": "rfi_fr", "title": TITLE, "url": "https://rfi.example/k", "reason": ""}
    return Heard(**(values | {"outcome": outcome} | changes))


def tip(**changes: Any) -> Tip:
    values: dict[str, Any] = {"service": "gdelt", "url": "https://rfi.example/k", "key": "k", "title": TITLE}
    return Tip(**(values | {"outlet": "rfi.example", "seen": NOW, "source": "rfi_fr"} | changes))


def story(**changes: Any) -> Story:
    told = article(**({"source": "hespress_fr", "title": TITLE, "language": "fr"} | changes))
    return Story(id=7, articles=(ArchivedArticle(id=1, article=told, recorded=NOW, judgements=(), story=7),))


def audit(**given: Any) -> tuple[Missed, ...]:
    return missed(**({"tips": (), "heard": (), "stories": (), "sources": (HESPRESS, RFI)} | given))


def reasons(**given: Any) -> list[tuple[str, str, str]]:
    return [(each.outlet, each.said_by, each.reason) for each in audit(**given)]


def test_what_a_service_reports_and_no_entry_tells_is_missed() -> None:
    assert reasons(tips=[tip()]) == [("rfi_fr", "gdelt", "in no entry of rfi_fr")]
    elsewhere = tip(source="", outlet="gazette.example")
    assert reasons(tips=[elsewhere]) == [("gazette.example", "gdelt", "no source of ours")]


def test_what_a_service_reports_and_we_rejected_says_which_side_was_missing() -> None:
    rejected = heard("rejected", reason="matches no topic", missing={"t": ("france",)}, title="Autre titre")
    assert reasons(tips=[tip()], heard=[rejected]) == [
        ("rfi_fr", "gdelt", "rejected: matches no topic (no france)")
    ]
    refused = heard("unavailable", reason="HTTP 403", key="another")
    assert reasons(tips=[tip()], heard=[refused]) == [("rfi_fr", "gdelt", "unavailable: HTTP 403")]


def test_what_we_have_from_anyone_is_not_missed() -> None:
    assert audit(tips=[tip()], heard=[heard("accepted")]) == ()
    recast = "Un Français recherché pour trafic arrêté à Tanger par la police marocaine"
    assert audit(tips=[tip(key="x", title=recast)], stories=[story()]) == ()


def test_what_a_source_tells_of_a_story_of_others_is_missed_if_we_rejected_it() -> None:
    rejected = heard("rejected", reason="no trace of the topic", missing={"t": ("morocco", "security")})
    assert reasons(heard=[rejected], stories=[story()]) == [
        ("rfi_fr", "story 7", "rejected: no trace of the topic (no morocco, no security)")
    ]
    assert (
        audit(heard=[heard("rejected", title="Football : le Maroc bat la France")], stories=[story()]) == ()
    )
    assert audit(heard=[heard("accepted")], stories=[story()]) == ()


def test_what_a_source_credits_to_another_of_ours_is_missed_there() -> None:
    assert reasons(stories=[story(origin="RFI")]) == [("rfi_fr", "hespress_fr", "in no entry of rfi_fr")]
    assert audit(stories=[story(origin="AFP")]) == ()


def test_a_headline_is_told_once() -> None:
    assert len(audit(tips=[tip(), tip(service="google_news", url="https://news.example/1", key="n")])) == 1


def test_headlines_that_share_a_few_words_are_of_two_events() -> None:
    other = "Tanger : la police judiciaire lance un appel à témoins pour retrouver une touriste disparue"
    assert len(audit(tips=[tip(key="x", title=other)], stories=[story()])) == 1
    short = "Police à Tanger"
    assert len(audit(tips=[tip(key="x", title=short)], stories=[story()])) == 1
