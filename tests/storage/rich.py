"""An archive that holds some of everything, and every row of it to compare."""

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import Connection, create_engine, inspect, text

from storage.archive import Archive, holdings
from storage.archive.engines import transaction
from storage.model import (
    Backfill,
    EntryState,
    Heartbeat,
    Mark,
    Placement,
    Rejected,
    Relevance,
    RobotsFile,
    Series,
    Standing,
    State,
    StoryPlan,
    Tie,
    Tip,
    Unavailable,
)
from storage.tables import revisions, snapshots
from tests import factories as make

ODD = "نص \\N \\. \\t\\x41 'q' \"two\" \t tab\r\n\\\n\0 nul 🕵🏽‍♀️ \u202bRTL\u202c é\udcff ; -- %s :name {x}"


def fill(archive: Archive) -> None:
    """Put some of everything into an empty archive: no table of it is left without a row."""
    archive.load_catalogue((make.source(), make.source("other")), (make.topic(),), (make.entity(),))
    _fill_stories(archive)
    _fill_pages(archive)
    _fill_crawls(archive)
    for number in range(3):
        archive.subscribing.add(f"Reader{number}@example.org", Series(topic=make.TOPIC), "ar", make.NOW)
    archive.subscribing.remove("reader2@example.org")  # whose number is never used again
    archive.posting.store_issue(make.issue(told={1: 12.5}))
    archive.posting.claim_delivery(make.NOW, timedelta(minutes=5))


def everything(url: str) -> Mapping[str, list[tuple[str, ...]]]:
    """Every row of every table as the database has it, in order."""
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            names = (*holdings.tables(connection), "alembic_version")
            return {name: _rows(connection, name) for name in names}
    finally:
        engine.dispose()


def _rows(connection: Connection, name: str) -> list[tuple[str, ...]]:
    columns = [f'"{each["name"]}"' for each in inspect(connection).get_columns(name)]
    if name == holdings.SEARCH and connection.dialect.name == "sqlite":
        columns = ["rowid", *columns]
    rows = connection.execute(text(f'SELECT {", ".join(columns)} FROM "{name}"'))  # noqa: S608 - our names
    return sorted(tuple(map(repr, row)) for row in rows)


def _fill_stories(archive: Archive) -> None:
    texts = [ODD, "\\N", "a\tb", "النص الثاني", "Le texte français, très long. " * 400, "6"]
    for number, words in enumerate(texts):
        about = make.article(
            f"example.ma/news/{number}", text=words, title=f"{ODD} {number}", authors=(ODD, "")
        )
        account = make.account(
            about, entities=("darmanin",), bands=(number - 2**63, number), cases=("hambli", "name:dmrgt")
        )
        assert archive.record(make.page(about.key), make.accepted(account, seen=number)) == number + 1
    _join(archive)
    _tie(archive)
    with transaction(archive._writer) as connection:
        earlier = {"article": 1, "replaced": make.NOW, "title": ODD, "subtitle": "", "text": "\\."}
        connection.execute(revisions.insert(), earlier)
        row = {"article": 5, "taken": make.NOW, "file": "a b.warc.gz", "offset": 2**40, "length": 7}
        connection.execute(snapshots.insert(), row)


def _join(archive: Archive) -> None:
    """Let an article join the first story, and an earlier one be a copy of it; two stories are merged."""
    about = make.article("example.ma/head")
    account = make.account(about)
    members = ("example.ma/news/0", "example.ma/news/1", "example.ma/news/2", about.key)
    plan = StoryPlan(story=1, members=members, copies={"example.ma/news/2": about.key})
    placed = Placement(account=account, stories=(plan,), why=(make.REASON,), seen=6)
    assert archive.record(make.page(about.key), make.accepted(account, placement=placed)) == 7


def _tie(archive: Archive) -> None:
    """Let an analyst say of two articles that they are of two events."""
    held, _ = archive.ties.around([4, 5])
    parted = Tie(one="example.ma/news/3", other="example.ma/news/4", together=False, made=make.NOW, why=ODD)
    plans = [StoryPlan(story=4 + at, members=(f"example.ma/news/{3 + at}",)) for at in range(2)]
    archive.ties.keep([parted], [], plans, held.seen)


def _fill_pages(archive: Archive) -> None:
    archive.record(make.page("example.ma/lost"), Rejected(reason=ODD), rules="abc")
    archive.record(make.page("example.ma/gone"), Unavailable(reason="404"))
    archive.access.postpone([make.link("example.ma/later\\")], make.NOW)
    for key in ("example.ma/news/3", "example.ma/lost"):
        wanted = Mark(topic=make.TOPIC, key=key, relevance=Relevance.RELEVANT, made=make.NOW, why=ODD)
        archive.judging.mark(wanted)
    tip = Tip(service="s", url="https://a.b/", key="a.b", title=ODD, outlet="a.b", seen=make.NOW)
    archive.tips.record([tip], [], make.NOW)


def _fill_crawls(archive: Archive) -> None:
    archive.record_crawl(make.crawl_report())
    archive.running.beat(Heartbeat(role="scheduler", who="here:1", since=make.NOW, beat=make.NOW))
    archive.running.record_job("upkeep", make.NOW, make.NOW + timedelta(seconds=2), ODD)
    archive.remember_entry(EntryState(url="https://example.ma/feed", etag='W/"\\"', fetched=make.NOW))
    archive.access.keep_robots(
        RobotsFile(origin="https://example.ma", status=200, body=ODD, fetched=make.NOW)
    )
    archive.access.pause("other", make.NOW + timedelta(hours=1))
    archive.access.may_fetch("example.ma", 5, make.NOW)
    archive.habits.note("example", frozenset({-(2**63), 5}))
    archive.backfills.remember(Backfill(name="example feed", place=ODD, pages=3), make.NOW)
    archive.watching.note([Standing(source="example", state=State.BROKEN, since=make.NOW, why=ODD)])
    archive.judging.use_rules("abc", make.NOW)
    archive.seal(make.NOW - timedelta(days=1))
