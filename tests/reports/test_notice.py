"""The operator's mail: plain text, one for all, the same standings the same mail."""

from datetime import timedelta

from reports.notice import notice
from storage.model import Standing, State
from tests.factories import NOW

BLOCKED = Standing(source="naba", state=State.BLOCKED, since=NOW, why="HTTP 403", crawls=3)
LONG = "https://example.ma/feed: " + "a word " * 40
BROKEN = Standing(source="rif", state=State.BROKEN, since=NOW, why=LONG, crawls=5)
WELL = Standing(source="phare", state=State.HEALTHY, since=NOW, crawls=2)
NAMES = {"naba": "نبأ", "rif": "Le Quotidien du Rif"}


def mail(*standings: Standing, later: timedelta = timedelta(0)) -> tuple[str, str, str]:
    """Subject, text and Message-ID."""
    given = notice(standings, NAMES, sender="rasid@example.org", operator="amal@example.org", now=NOW + later)
    assert (given["Auto-Submitted"], given.get_content_type()) == ("auto-generated", "text/plain")
    return given["Subject"], given.get_content().replace("\r\n", "\n"), given["Message-ID"]


def test_trouble_comes_first_with_state_reason_and_remedy() -> None:
    subject, text, _ = mail(WELL, BROKEN, BLOCKED)
    assert subject == "Rasid: 2 sources need a look (naba, rif); 1 source is out of trouble (phare)"
    assert (
        text.index("In trouble:") < text.index("- naba") < text.index("- rif") < text.index("Out of trouble:")
    )
    assert (
        "- naba (\u2068نبأ\u2069): blocked since 2026-11-18 09:00 UTC, 3 crawls\n  HTTP 403\n  Look" in text
    )
    assert "- phare: healthy since" in text
    assert max(map(len, text.splitlines())) <= 80


def test_a_mail_of_many_sources_names_five_of_them_in_its_subject() -> None:
    many = [Standing(source=f"s{number}", state=State.FAILING, since=NOW) for number in range(8)]
    assert mail(*many)[0] == "Rasid: 8 sources need a look (s0, s1, s2, s3, s4 and 3 more)"


def test_the_same_standings_are_the_same_mail_and_others_another() -> None:
    first, again = mail(BLOCKED, WELL)[2], mail(WELL, BLOCKED, later=timedelta(hours=1))[2]
    assert first == again
    assert mail(BLOCKED)[2] != first
