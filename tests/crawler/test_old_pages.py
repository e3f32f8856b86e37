"""What a back-fill could not have is no news when a crawl gets it later."""

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crawler.limits import Batch, Limits
from storage.archive import Archive
from tests.crawler.crawling import AGENT, Crawling, Place, feed
from tests.web import serve

HOST = "site.test"
TEXT = (
    "<p>Moroccan police in Tangier arrested two suspects whom French judges want under a red notice,"
    " the national security directorate said in a statement.</p><p>Both will be handed over to France, where"
    " a court in Paris wants them for drug trafficking and money laundering.</p>"
)
TITLE = "Moroccan and French police arrest two suspects"


def test_a_page_that_failed_in_a_back_fill_is_recorded_as_old_by_the_next_crawl(tmp_path: Path) -> None:
    with serve() as web:
        place = Place(tmp_path / "place", web.url)
        place.write("site", HOST)
        web.answer(HOST, "/robots.txt", status=404)
        web.answer(HOST, "/feed", body=feed("/news/1"), headers={"Content-Type": "text/xml"})
        web.answer(HOST, "/news/1", status=500)
        limits = Limits(user_agent=AGENT, route=web.url, delay=0.0)
        since = datetime.now(UTC) - timedelta(days=60)
        url = place.archive_url
        Crawling(
            Batch(archive_url=url, sources=("site",), limits=limits, directory=place.folder, since=since)
        ).reports()
        with sqlite3.connect(place.folder / "archive.db") as database:
            due = f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S.%f}"
            assert database.execute("UPDATE pages SET due = ? WHERE due > ?", (due, due)).rowcount == 1
        web.relent(HOST, "/news/1")
        body = f"<html lang='en'><title>{TITLE}</title><article><h1>{TITLE}</h1>{TEXT}</article></html>"
        web.answer(HOST, "/news/1", body=body)
        assert place.crawl("site")["site"].relevant == 1
        with Archive(url) as archive:
            assert [each.backfilled for story in archive.stories() for each in story.articles] == [True]
