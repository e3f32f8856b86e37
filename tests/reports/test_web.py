"""The pages that everybody may read, over HTTP, on both databases."""

import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from sqlalchemy import create_engine, text

from reports.bidi import typeset
from reports.extract import LONGEST
from reports.links import Site
from reports.pages import on_the_web, page_words
from reports.web import application
from reports.web_server import serving
from storage.archive import Archive
from storage.errors import ConfigError
from storage.model import Schedule, Series, Sight, Story, StoryPlan
from storage.warc import WarcFolder
from tests import factories
from tests.factories import LEAVE
from tests.reports.asking import Answer, ask
from tests.reports.filled import fill, issue, load_names, record, shown
from tests.reports.week import PERIOD, TOPIC, ZONE, relevant, told

HOSTILE = "</title><script src=//evil.example></script><img src=x onerror=alert(1)>\u202e{{7*7}}"
WEEKLY, DAILY = Series(topic=TOPIC.id), Series(topic=TOPIC.id, schedule=Schedule.DAILY)
PRIVATE = Series(topic=TOPIC.id, query="طنجة")
ISSUE = f"/issues/{TOPIC.id}/2026-W47"
ERRORS = {
    "/nothing": 404,
    "/stories/99": 404,
    "/stories/x": 422,
    "/issues/no/such": 404,
    "/issues?page=0": 422,
}
PAGES = ("/", "/issues", ISSUE, "/stories/1", "/subscribe", "/healthz", "/snapshots/1", *ERRORS)


@pytest.fixture(scope="module")
def url(shared_archive: Archive, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The pages of the invented week."""
    folder = tmp_path_factory.mktemp("snapshots")
    fill(shared_archive, folder)
    shared_archive.posting.store_issue(issue())
    shared_archive.posting.store_issue(issue(name="2026-11-20", series=DAILY, until=PERIOD.until))
    shared_archive.posting.store_issue(issue(name="2026-W47", series=PRIVATE))
    with shown(shared_archive, snapshots=folder) as url:
        yield url


def of(url: str, path: str, language: str = "en", method: str | None = None) -> Answer:
    return ask(f"{url}{path}{'&' if '?' in path else '?'}language={language}", method=method)


def links(answer: Answer) -> list[str]:
    return [each.get("href", "") for each in answer.page.iter("a")]


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_forbids_scripts_frames_and_referrers(url: str, path: str) -> None:
    answer = ask(url + path)
    assert answer.status == ERRORS.get(path, 200)
    told = answer.headers
    assert told["X-Content-Type-Options"] == "nosniff"
    assert told["Referrer-Policy"] == "no-referrer"
    assert told["X-Frame-Options"] == "DENY"
    assert not told["Set-Cookie"]
    assert not told["Server"]
    if told.get_content_type() == "text/html":
        policy = told["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "script-src" not in policy
        assert answer.page.find(".//script") is None
        assert not answer.page.xpath("//img | //iframe | //link[not(@href='data:,')] | //@src | //@onclick")


@pytest.mark.parametrize("path", ["/", ISSUE, "/stories/1", "/subscribe", "/healthz"])
def test_a_page_can_be_asked_for_without_its_body(url: str, path: str) -> None:
    answer = ask(url + path, method="HEAD")
    assert (answer.status, answer.body) == (200, b"")


def test_health_is_the_processs_own_and_needs_no_database() -> None:
    with Archive("postgresql://nobody@127.0.0.1:1/nothing") as lost, shown(lost) as url:
        answer = ask(f"{url}/healthz")
    assert (answer.status, answer.body, answer.headers.get_content_type()) == (200, b"ok", "text/plain")


@pytest.mark.parametrize("path", ["/", "/issues"])
def test_the_issues_that_ask_no_query_are_listed(url: str, path: str) -> None:
    answer = of(url, path)
    listed = [each for each in links(answer) if "/issues/" in each]
    assert listed == [f"/issues/{TOPIC.id}.daily/2026-11-20?language=en", f"{ISSUE}?language=en"]
    assert "16 to 22 November 2026 · weekly · 7 stories · Morocco–France security" in answer.text


def test_issues_are_listed_by_twenties(archive: Archive) -> None:
    for number in range(41):
        end = PERIOD.until + timedelta(days=number)
        archive.posting.store_issue(factories.issue(f"day-{number:02}", since=PERIOD.since, until=end))
    with shown(archive) as url:
        pages = [of(url, f"/issues?page={each}") for each in (1, 2, 3, 4)]
    listed = [[each[-23:-12] for each in links(page) if "day-" in each] for page in pages]
    assert [len(each) for each in listed] == [20, 20, 1, 0]
    assert len({each for some in listed for each in some}) == 41
    turns = [[each.get("rel") for each in page.page.xpath("//a[@rel]")] for page in pages]
    assert turns == [["next"], ["prev", "next"], ["prev"], ["prev"]]


def test_an_archive_without_issues_says_so(archive: Archive) -> None:
    with shown(archive) as url:
        assert "No issue yet" in of(url, "/").text


@pytest.mark.parametrize(("language", "towards"), [("ar", "rtl"), ("fr", "ltr"), ("en", "ltr")])
def test_an_issue_is_shown_as_it_was_mailed_with_a_way_to_its_other_languages(
    url: str, language: str, towards: str
) -> None:
    answer = of(url, ISSUE, language)
    mailed = next(each for each in issue().editions if each.language == language)
    root = answer.page
    assert (root.get("lang"), root.get("dir")) == (language, towards)
    assert answer.headers["Content-Language"] == language
    assert root.findtext(".//title") == mailed.subject
    assert all(each in answer.html for each in ("masthead", "style=", relevant()[0].lead.article.url))
    others = {f"{ISSUE}?language={each}" for each in {"ar", "fr", "en"} - {language}}
    assert set(links(answer)[:3]) == {*others, f"/issues?language={language}"}


def test_the_issue_of_a_query_is_read_by_who_knows_its_address(url: str) -> None:
    answer = of(url, f"/issues/{PRIVATE.id}/2026-W47")
    assert (answer.status, answer.headers["X-Robots-Tag"]) == (200, "noindex")
    assert of(url, ISSUE).headers["X-Robots-Tag"] is None


def test_an_issue_without_the_readers_language_is_shown_in_another(archive: Archive) -> None:
    archive.posting.store_issue(factories.issue())  # in Arabic and French
    with shown(archive) as url:
        assert of(url, ISSUE, "fr").headers["Content-Language"] == "fr"
        assert of(url, ISSUE, "en").headers["Content-Language"] == "ar"


@pytest.mark.parametrize(
    "link",
    [
        f'<p class="x" style="y">You get this. <a style="z" href="{LEAVE}">Stop <b>it</b></a>.</p>',
        f'<td>A<a href="{LEAVE}">Stop it</a></td>',
        f'<p>kept</p><p>Stop: <a href="{LEAVE}" rel="nofollow">here</a></p><p>kept</p>',
    ],
)
def test_what_is_the_readers_own_in_a_mail_is_not_on_the_web(link: str) -> None:
    html = f'<html><head></head><body class="page"><p>before</p>{link}<p>after</p></body></html>'
    mailed = factories.edition("en", html=html)
    shown = on_the_web(mailed, page_words("en"), {"ar": "/x?language=ar"}, "/issues")
    assert LEAVE not in shown
    assert "Stop" not in shown
    assert "<p>before</p>" in shown
    assert "<p>after</p>" in shown
    assert shown.count("kept") == link.count("kept")
    assert 'href="/x?language=ar"' in shown


def test_no_stored_edition_gives_the_readers_own_link_away(archive: Archive) -> None:
    odd = factories.edition("en", html=f"<body>{LEAVE} <a href='{LEAVE}'>x</a></body>")
    archive.posting.store_issue(factories.issue(editions=(odd,)))
    with shown(archive) as url:
        assert "leave.invalid" not in of(url, ISSUE).html


def test_a_story_shows_its_accounts_in_order_of_time_with_their_copies_folded(url: str) -> None:
    story = relevant()[0]
    page = of(url, "/stories/1").page
    heads = page.xpath("//ol[@class='list']/li/h3")
    firsts = sorted(story.originals, key=lambda each: (each.when, each.id))
    assert [each.text_content() for each in heads] == [
        typeset(each.article.title, each.article.language) for each in firsts
    ]
    assert [each.get("lang") for each in heads] == [each.article.language for each in firsts]
    assert [each.find("a").get("href") for each in heads] == [each.article.url for each in firsts]
    folded = page.xpath("//details")
    assert [each.findtext("summary") for each in folded] == ["and 2 copies", "and 1 copy"]
    copied = {each.article.url for each in story.articles if each.copy_of}
    assert {each.get("href") for each in page.xpath("//details//a")} == copied
    assert "First told: 17 November 2026, 10:00" in of(url, "/stories/1").text


@pytest.mark.parametrize(
    ("language", "chip", "headline"),
    [
        ("ar", "المديرية العامة للأمن الوطني", "توقيف"),
        ("fr", "DGSN", "Un réseau"),
        ("en", "DGSN (Moroccan", "Eleven"),
    ],
)
def test_a_story_is_told_in_the_readers_language(url: str, language: str, chip: str, headline: str) -> None:
    page = of(url, "/stories/1", language).page
    chips = [each.text_content() for each in page.xpath("//ul[@class='chips']/li")]
    assert any(each.startswith(chip) for each in chips)
    assert page.findtext(".//h1").startswith(headline)
    assert page.find(".//h1").get("lang") == language
    assert {each.get("lang") for each in page.xpath("//ul[@class='plain']/li")} == {"ar", "fr", "en"} - {
        language
    }


def test_of_an_article_only_a_very_short_extract_is_shown(archive: Archive, tmp_path: Path) -> None:
    long = told(
        1, {"id": 1, "title": "T", "source": "strait", "text": "One is here. Two is here. " + "x " * 900}
    )
    record(archive, Story(id=1, articles=(long,)), WarcFolder(tmp_path))
    with shown(archive, sentences=1) as url:
        assert of(url, "/stories/1").page.find_class("extract")[0].text_content() == "One is here."
    with shown(archive, sentences=3) as url:
        assert len(of(url, "/stories/1").page.find_class("extract")[0].text_content()) <= LONGEST
    with shown(archive, sentences=0) as url:
        assert of(url, "/stories/1").page.find_class("extract") == []


def test_a_merged_story_leads_for_good_to_the_one_it_became(archive: Archive) -> None:
    keep(archive, "one.ma/1")
    keep(archive, "two.ma/2")
    keep(archive, "three.ma/3", StoryPlan(story=2, members=("one.ma/1", "two.ma/2", "three.ma/3")))
    with shown(archive) as url:
        moved = ask(f"{url}/stories/1?language=fr")
        assert (moved.status, moved.headers["Location"]) == (301, "/stories/2?language=fr")
        assert moved.headers["Referrer-Policy"] == "no-referrer"
        assert ask(f"{url}/stories/1").headers["Location"] == "/stories/2"
        assert ask(f"{url}/stories/2").status == 200


def keep(archive: Archive, key: str, *plans: StoryPlan) -> None:
    about = factories.account(factories.article(key))
    stories = plans or (StoryPlan(story=None, members=(key,)),)
    placed = factories.placement(about, stories=stories, seen=archive.neighbours(about).seen)
    archive.record(factories.page(key), factories.accepted(about, placement=placed))


def test_hostile_words_stay_words(archive: Archive, tmp_path: Path) -> None:
    load_names(archive)
    hostile = told(
        1, {"id": 1, "title": HOSTILE, "source": "strait", "text": HOSTILE, "url": "javascript:alert(1)"}
    )
    number = record(archive, Story(id=1, articles=(hostile,)), WarcFolder(tmp_path))
    with shown(archive) as url:
        answer = of(url, f"/stories/{number}")
    page = answer.page
    assert HOSTILE.replace("\u202e", "") in page.find(".//h1").text_content()
    assert page.xpath("//script | //img | //@onerror | //a[starts-with(@href, 'javascript')]") == []
    assert "\u202e" not in answer.html


def test_an_article_that_is_gone_from_its_site_is_marked(archive: Archive, tmp_path: Path) -> None:
    number = fill(archive, tmp_path)[0]
    now = PERIOD.since + timedelta(days=2)
    visit = next(each for each in archive.revisions.due("rif", now) if each.article == 1)
    archive.revisions.saw(visit, Sight.GONE, now)
    with shown(archive) as url:
        assert of(url, f"/stories/{number}").text.count("no longer on its site") == 1


def test_a_stored_page_is_handed_out_as_a_file_and_never_shown(url: str) -> None:
    answer = ask(f"{url}/snapshots/1")
    assert answer.body == b"<p>1</p>"
    assert answer.headers.get_content_type() == "application/octet-stream"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="article-1.html"'
    assert answer.headers["Content-Security-Policy"].startswith("sandbox;")
    assert "/snapshots/1?language=en" in links(of(url, "/stories/1"))
    assert ask(f"{url}/snapshots/999").status == 404


def test_stored_pages_are_shown_to_nobody_unless_that_is_set(archive: Archive, tmp_path: Path) -> None:
    fill(archive, tmp_path)
    with shown(archive) as url:
        assert ask(f"{url}/snapshots/1").status == 404
        assert "/snapshots/" not in of(url, "/stories/1").html


def test_a_page_that_asks_for_no_copies_is_not_handed_out(archive: Archive, tmp_path: Path) -> None:
    story = relevant()[5]
    only = story.articles[0]
    kept = replace(only, article=replace(only.article, rights=("noarchive",)))
    number = record(archive, replace(story, articles=(kept,)), WarcFolder(tmp_path))
    with shown(archive, snapshots=tmp_path) as url:
        assert ask(f"{url}/snapshots/1").status == 404
        assert "/snapshots/" not in of(url, f"/stories/{number}").html


def test_a_stored_page_whose_file_is_gone_is_not_found(archive: Archive, tmp_path: Path) -> None:
    fill(archive, tmp_path)
    for path in tmp_path.iterdir():
        path.unlink()
    with shown(archive, snapshots=tmp_path) as url:
        assert ask(f"{url}/snapshots/1").status == 404


@pytest.mark.parametrize(
    ("query", "accepted", "language"),
    [
        ("", "", "ar"),
        ("", "fr", "fr"),
        ("", "fr-MA;q=0.5, en-GB;q=0.8, de", "en"),
        ("", "de, es", "ar"),
        ("", "en;q=0, fr;q=0.1", "fr"),
        ("", "EN", "en"),
        ("", "fr;q=much, en;q=0.1", "en"),
        ("", "*", "ar"),
        ("?language=fr", "en", "fr"),
        ("?language=xx", "en", "en"),
        ("?language=", "en", "en"),
    ],
)
def test_a_page_is_in_the_language_asked_for_else_the_browsers_else_ours(
    url: str, query: str, accepted: str, language: str
) -> None:
    answer = ask(f"{url}/issues{query}", Accept_Language=accepted)
    assert answer.page.get("lang") == answer.headers["Content-Language"] == language
    assert answer.headers["Vary"] == "Accept-Language"


def test_the_language_of_the_house_is_that_of_the_settings(archive: Archive) -> None:
    with shown(archive, language="fr") as url:
        assert ask(f"{url}/").page.get("lang") == "fr"


def test_arabic_months_are_those_that_are_set(archive: Archive) -> None:
    archive.posting.store_issue(factories.issue())
    with shown(archive, locale="ar_TN") as url:
        assert "نوفمبر" in of(url, "/", "ar").text
    with shown(archive, locale="ar_MA") as url:
        assert "نونبر" in of(url, "/", "ar").text


@pytest.mark.parametrize("path", ["/", "/stories/1", ISSUE, "/nothing"])
def test_no_address_is_taken_from_the_host_header(url: str, path: str) -> None:
    answer = ask(url + path, Host="evil.example", X_Forwarded_Host="evil.example")
    assert "evil.example" not in answer.html
    assert all(each.startswith(("/", "https://")) for each in links(answer))


@pytest.mark.parametrize("path", ["//evil.example/x", "/%2F/evil.example", "/%5Cevil.example", "/\u0627"])
def test_the_links_of_a_page_that_is_not_there_stay_on_this_site(url: str, path: str) -> None:
    answer = ask(url + quote(path, safe="/%"))
    assert answer.status == 404
    assert all(each.startswith("/") and not each.startswith(("//", "/\\")) for each in links(answer))


def test_under_a_path_of_the_base_url_all_links_stand_under_it(archive: Archive) -> None:
    archive.posting.store_issue(factories.issue())
    with shown(archive, site=Site(base_url="https://example.org/rasid")) as url:
        assert all(each.startswith("/rasid/") for each in links(ask(f"{url}/")))


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/issues"), ("DELETE", "/stories/1"), ("PUT", "/subscribe")]
)
def test_a_method_that_a_page_does_not_know_is_refused_in_plain_words(
    url: str, method: str, path: str
) -> None:
    answer = of(url, path, method=method)
    assert answer.status == 405
    assert {*answer.headers["Allow"].split(", ")} == {"GET", "HEAD"}
    assert "This page does not take that" in answer.text


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/nothing", 404, "There is no page here"),
        ("/issues/", 404, "There is no page here"),
        ("/docs", 404, "There is no page here"),
        ("/openapi.json", 404, "There is no page here"),
        ("/stories/0", 422, "This address is not understood"),
        ("/stories/99999999999999999999", 422, "This address is not understood"),
        ("/issues?page=two", 422, "This address is not understood"),
        ("/issues/%00/x", 422, "This address is not understood"),
        ("/issues/%FF/x", 404, "There is no page here"),
    ],
)
def test_what_cannot_be_answered_is_said_in_plain_words(url: str, path: str, status: int, said: str) -> None:
    answer = of(url, path)
    assert (answer.status, answer.page.findtext(".//h1")) == (status, said)
    assert answer.page.xpath("//main//a[@href='/issues?language=en']")


def test_an_archive_out_of_reach_is_a_page_and_one_line_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with Archive("postgresql://nobody@127.0.0.1:1/nothing") as lost, shown(lost) as url:
        for path in ("/", "/stories/1", "/unsubscribe/token", ISSUE):
            answer = of(url, path)
            assert (answer.status, answer.headers["Retry-After"]) == (503, "300")
            assert "The archive is out of reach" in answer.text
            assert "127.0.0.1" not in answer.html
        assert of(url, "/subscribe").status == 200
    said = [each.getMessage() for each in caplog.records]
    assert len(said) == 4
    assert all("no server answers there" in each for each in said)
    assert "token" not in "".join(said)


def test_a_fault_of_ours_is_a_page_that_gives_nothing_away(archive: Archive, archive_url: str) -> None:
    archive.posting.store_issue(factories.issue())
    engine = create_engine(archive_url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as connection:
        connection.execute(text("UPDATE issues SET editions = '[{\"secret\": 1}]'"))
    engine.dispose()
    with shown(archive) as url:
        answer = of(url, ISSUE)
    assert (answer.status, answer.page.findtext(".//h1")) == (500, "Something broke on our side")
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert all(each not in answer.html for each in ("Traceback", "secret", "Edition"))


def test_a_port_that_is_taken_is_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        app = application(Archive("sqlite:////nowhere/x.db"), site=Site(), topics=(), zone=ZONE)
        with pytest.raises(ConfigError) as raised, serving(app, "127.0.0.1", port):
            pass
    assert f"127.0.0.1:{port}: Address already in use" in str(raised.value)


def test_a_server_that_stops_waits_for_no_connection_that_was_kept(archive: Archive) -> None:
    began = time.monotonic()
    with shown(archive) as url:
        host, _, port = url.removeprefix("http://").partition(":")
        kept = socket.create_connection((host, int(port)))
        kept.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        assert kept.recv(4096).startswith(b"HTTP/1.1 200")
        unfinished = socket.create_connection((host, int(port)))
        unfinished.sendall(b"POST /subscribe HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\nadd")
    assert time.monotonic() - began < 10
    for each in (kept, unfinished):
        each.close()
