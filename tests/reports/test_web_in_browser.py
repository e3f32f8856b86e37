"""The pages as a person uses them: clicks in Chromium, on a telephone, in Arabic and in the dark."""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page

from storage.archive import Archive
from storage.model import Series, SubscriberState
from tests.factories import NOW
from tests.reports.filled import fill, issue, shown
from tests.reports.test_digest_in_browser import CONTRASTS, browser  # noqa: F401 a fixture
from tests.reports.week import TOPIC

PATHS = ("/", f"/issues/{TOPIC.id}/2026-W47", "/stories/1", "/subscribe", "/nothing")


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:  # noqa: F811
    """A telephone held upright, of somebody who reads Arabic, with JavaScript switched off."""
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, locale="ar-MA", java_script_enabled=False
    )
    page = context.new_page()
    yield page
    context.close()


@pytest.fixture(scope="module")
def week(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The pages of the invented week, and the token of somebody who was asked."""
    folder = tmp_path_factory.mktemp("week")
    with Archive(f"sqlite:///{folder / 'rasid.db'}") as archive:
        archive.create()
        fill(archive, folder)
        archive.posting.store_issue(issue())
        archive.subscribing.ask("amina@example.org", Series(topic=TOPIC.id, query="طنجة"), "ar", NOW)
        with shown(archive, snapshots=folder) as url:
            yield url, archive.subscribing.all()[0].token


def test_somebody_subscribes_confirms_and_leaves_by_clicks(archive: Archive, page: Page) -> None:
    with shown(archive) as url:
        page.goto(url)
        page.click("nav >> text=اشتراك")
        assert page.locator("html").get_attribute("dir") == "rtl"
        page.fill("#address", "amina@example.org")
        page.select_option("#schedule", label="كل يوم")
        page.fill("#query", "since:whenever")
        page.click("text=إرسال الطلب")
        assert page.locator("#wrong-query").inner_text() == "لم يُفهم: \u2068since:whenever\u2069"
        page.fill("#query", "طنجة")
        page.click("text=إرسال الطلب")
        assert page.locator("h1").inner_text() == "راجعوا بريدكم"
        (asked,) = archive.subscribing.all()
        assert (asked.state, asked.language) == (SubscriberState.PENDING, "ar")

        page.goto(f"{url}/confirm/{asked.token}")
        assert page.locator("dd >> text=amina@example.org").count() == 1
        page.click("text=نعم، أؤكد اشتراكي")
        assert page.locator("h1").inner_text() == "تم تأكيد الاشتراك"
        assert archive.subscribing.all()[0].state is SubscriberState.ACTIVE

        page.goto(f"{url}/unsubscribe/{asked.token}")
        page.click("text=نعم، ألغوا اشتراكي")
        assert page.locator("h1").inner_text() == "أُلغي الاشتراك"
        assert archive.subscribing.all() == ()


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
@pytest.mark.parametrize("light", ["light", "dark"])
def test_every_page_fits_stands_out_and_asks_nobody_else(
    browser: Browser,  # noqa: F811
    week: tuple[str, str],
    language: str,
    light: Literal["light", "dark"],
) -> None:
    url, token = week
    page = browser.new_page(viewport={"width": 390, "height": 844}, color_scheme=light)
    asked, said = list[str](), list[str]()
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    for path in (*PATHS, f"/confirm/{token}", f"/unsubscribe/{token}"):
        page.goto(f"{url}{path}?language={language}")
        assert page.evaluate("document.documentElement.scrollWidth") == 390, path
        assert page.evaluate("getComputedStyle(document.body).direction") == (
            "rtl" if language == "ar" else "ltr"
        )
        assert [each for each in page.evaluate(CONTRASTS) if each[1] < 4.5] == [], path
        ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (max(map(int, ground[4:-1].split(","))) < 60) == (light == "dark"), path
    page.close()
    assert [each for each in asked if not each.startswith((url, "data:"))] == []
    assert [each for each in said if "404" not in each] == []  # no policy was broken
