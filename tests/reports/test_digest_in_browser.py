"""The digest as Chromium shows it: on a telephone, in the dark, and to eyes that need contrast.

Chromium is that of RASID_TEST_CHROMIUM, by default /usr/bin/chromium. Where there is none these tests are
skipped, loudly, and fail where CI is set.
"""

import os
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from reports.contents import Digest
from reports.links import Site
from reports.render import render
from tests.reports.week import alert, busy, many, week, weeks

CHROMIUM = Path(os.environ.get("RASID_TEST_CHROMIUM", "/usr/bin/chromium"))
LANGUAGES = ("ar", "fr", "en")
SITE = Site(base_url="https://rasid.example.org", snapshots=True)
ENDLESS = {"title": "https://naba.example/" + "x" * 400, "text": "y" * 400, "place": "z" * 60}
READERS = [(language, light) for language in LANGUAGES for light in ("light", "dark")]

# Each text on the page with the contrast it has to what it stands on (WCAG 2.2, relative luminance).
CONTRASTS = """() => {
  const channels = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const linear = (value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  const luminance = (colour) => {
    const [red, green, blue] = channels(colour).map((value) => linear(value / 255));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const ground = (element) => {
    const colour = getComputedStyle(element).backgroundColor;
    const alpha = channels(colour)[3] ?? 1;
    if (alpha === 1) return colour;
    return alpha === 0 && element.parentElement ? ground(element.parentElement) : "rgb(127, 127, 127)";
  };
  const found = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    const words = texts.currentNode.data.trim();
    if (!words || !element.getClientRects().length) continue;
    const pair = [getComputedStyle(element).color, ground(element)].map(luminance).sort((a, b) => b - a);
    found.push([words, (pair[0] + 0.05) / (pair[1] + 0.05)]);
  }
  return found;
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        absent = f"{CHROMIUM}: no Chromium there: set RASID_TEST_CHROMIUM"
        if os.environ.get("CI"):
            pytest.fail(absent)
        pytest.skip(absent)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A telephone held upright."""
    page = browser.new_page(viewport={"width": 390, "height": 844})
    yield page
    page.close()


def show(page: Page, digest: Digest, language: str, light: Literal["light", "dark"] = "light") -> None:
    page.emulate_media(color_scheme=light)
    page.set_content(render(digest, language, site=SITE).html)


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_wider_than_a_telephone_and_nothing_is_fetched(page: Page, language: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    huge = week(stories=many(3, **ENDLESS), top=2, before=weeks(*[88_888] * 11))
    for digest in (week(), busy(), huge, alert(developed=True), week(stories=(), borderline=())):
        for width in (390, 320):
            page.set_viewport_size({"width": width, "height": 844})
            show(page, digest, language)
            assert page.evaluate("document.documentElement.scrollWidth") == width
    assert asked == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_bars_begin_at_the_readers_side_and_are_as_tall_as_their_numbers(page: Page, language: str) -> None:
    show(page, busy(), language)
    boxes = page.eval_on_selector_all(
        ".bar td", "all => all.map(each => each.getBoundingClientRect()).map(b => [b.x, b.height, b.bottom])"
    )
    places = [x for x, _, _ in boxes]
    assert places == sorted(places, reverse=language == "ar")
    assert [round(height) for _, height, _ in boxes] == [30, 36, 13, 1, 23, 40, 26, 49, 33, 20, 43, 56]
    assert len({round(bottom) for _, _, bottom in boxes}) == 1


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("digest", [busy(), alert(), week(stories=(), borderline=())])
def test_headings_follow_each_other_without_a_gap(page: Page, digest: Digest, language: str) -> None:
    show(page, digest, language)
    levels = [
        int(each[1]) for each in page.eval_on_selector_all("h1, h2, h3", "all => all.map(e => e.tagName)")
    ]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


@pytest.mark.parametrize(("language", "towards"), [("ar", "rtl"), ("fr", "ltr"), ("en", "ltr")])
def test_text_runs_as_its_language_does(page: Page, language: str, towards: str) -> None:
    show(page, week(), language)
    computed = "each => [each.lang, getComputedStyle(each).direction]"
    assert page.eval_on_selector("html", computed) == [language, towards]
    headlines = page.eval_on_selector_all("h3", f"all => all.map({computed})")
    assert len(headlines) == 9
    assert all(way == ("rtl" if lang == "ar" else "ltr") for lang, way in headlines)


@pytest.mark.parametrize("language", LANGUAGES)
def test_in_the_dark_the_page_is_dark(page: Page, language: str) -> None:
    grounds = "['body', 'table'].map(each => getComputedStyle(document.querySelector(each)).backgroundColor)"
    show(page, week(), language, "light")
    by_day = page.evaluate(grounds)
    show(page, week(), language, "dark")
    by_night = page.evaluate(grounds)
    for day, night in zip(by_day, by_night, strict=True):
        assert brightness(night) < 60 < 200 < brightness(day)


@pytest.mark.parametrize(("language", "light"), READERS)
def test_every_text_stands_out_from_its_ground(
    page: Page, language: str, light: Literal["light", "dark"]
) -> None:
    for digest, texts in ((busy(), 180), (alert(), 25), (week(stories=(), borderline=()), 9)):
        show(page, digest, language, light)
        contrasts = page.evaluate(CONTRASTS)
        assert len(contrasts) > texts
        assert [(words, contrast) for words, contrast in contrasts if contrast < 4.5] == []


def brightness(colour: str) -> int:
    """The brightest channel of rgb(r, g, b), 0 to 255."""
    return max(int(each) for each in colour.removeprefix("rgb(").removesuffix(")").split(","))
