"""The counts of a crawl."""

from crawler.fetching.tally import Tally
from storage.model import Unavailable
from tests.factories import NOW


def test_links_left_for_the_next_crawl_are_new_then_and_not_now() -> None:
    tally = Tally(source="example", started=NOW, new=300, fetched=20)
    tally.count(Unavailable(reason="timeout", again=True, kind="timeout"), "https://example.ma/news/1")
    report = tally.report(finished=NOW, requests=22)
    assert (report.new, report.errors) == (21, {"timeout": 1})
