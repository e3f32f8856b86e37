"""Whether an archive is in order, what it forgets, how it is tidied."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from storage.archive import Archive
from storage.archive.engines import transaction
from storage.errors import ArchiveError
from storage.model import Mark, Rejected, Relevance
from storage.query import parse_query
from storage.tables import pages
from tests import factories as make
from tests.storage.rich import everything, fill

LATER = make.NOW + timedelta(days=40)


@pytest.fixture
def rich(archive: Archive) -> Archive:
    fill(archive)
    return archive


def said(archive: Archive) -> list[str]:
    return [str(each) for each in archive.keeping.findings()]


def spoil(archive: Archive, *statements: str) -> None:
    """Change rows as no command does."""
    with transaction(archive._writer) as connection:
        for statement in statements:
            connection.execute(text(statement))


def test_an_archive_that_is_in_order_has_no_findings(rich: Archive) -> None:
    assert said(rich) == []


@pytest.mark.parametrize(
    ("statements", "found"),
    [
        (
            ("UPDATE articles SET copy_of = id WHERE id = 4",),
            "article 4 is a copy of itself or of an article of another story; put back a backup",
        ),
        (
            ("UPDATE articles SET copy_of = 1 WHERE id = 4",),
            "article 4 is a copy of itself or of an article of another story; put back a backup",
        ),
        (
            ("UPDATE stories SET became = 2 WHERE id = 3",),
            "story 3 became one that is itself merged; put back a backup",
        ),
        (
            ("INSERT INTO stories (id) VALUES (99)",),
            "story 99 has no article and became no other; put back a backup",
        ),
        (
            ("DELETE FROM article_fts WHERE {key} = (SELECT serial FROM articles WHERE id = 5)",),
            "article 5 is not in the search index; run: rasid db reindex",
        ),
    ],
)
def test_what_is_wrong_is_told_with_what_mends_it(
    rich: Archive, archive_url: str, statements: tuple[str, ...], found: str
) -> None:
    key = "rowid" if archive_url.startswith("sqlite") else "serial"
    spoil(rich, *(each.format(key=key) for each in statements))
    [line] = said(rich)
    assert line.startswith(found)


def test_rows_of_no_article_are_told(rich: Archive, archive_url: str) -> None:
    is_sqlite = archive_url.startswith("sqlite")
    off, on = ("PRAGMA foreign_keys = OFF", "PRAGMA foreign_keys = ON")
    if not is_sqlite:
        off, on = ("SET LOCAL session_replication_role = replica", "SELECT 1")
    with rich._writer.connect() as connection:
        if is_sqlite:
            connection.connection.driver_connection.execute(off)  # type: ignore[union-attr]
        with connection.begin():
            if not is_sqlite:
                connection.execute(text(off))
            connection.execute(text("INSERT INTO bands (article, band) VALUES (999, 1)"))
        connection.connection.driver_connection.execute(on)  # type: ignore[union-attr]
    [line] = said(rich)
    assert (
        ("bands: row" in line) if is_sqlite else line.startswith("bands of article 999, which is not there")
    )


def test_many_findings_of_a_kind_are_counted(rich: Archive) -> None:
    for number in range(15):
        about = make.article(f"example.ma/more/{number}")
        rich.record(make.page(about.key), make.accepted(about, seen=8 + number))
    spoil(rich, "DELETE FROM article_fts", "UPDATE articles SET serial = serial + 268435456")
    lines = said(rich)
    assert (
        "article N: its serial is not that of its moment and number: 12 more; run: rasid db reindex" in lines
    )


def test_the_index_is_made_anew_from_the_texts(rich: Archive, archive_url: str) -> None:
    before = everything(archive_url)
    spoil(rich, "DELETE FROM article_fts", "UPDATE articles SET serial = serial + 268435456 WHERE id > 2")
    assert len(said(rich)) > 7
    heard: list[int] = []
    assert rich.keeping.reindex(heard.append) == 7
    assert heard == [7]
    assert said(rich) == []
    assert everything(archive_url) == before


def test_a_damaged_index_is_told(sqlite_url: str) -> None:
    with Archive(sqlite_url) as archive:
        fill(archive)
        spoil(archive, "UPDATE article_fts_data SET block = zeroblob(9) WHERE id > 10")
        assert said(archive) == ["the search index is damaged; run: rasid db reindex"]


def test_a_damaged_file_is_told(sqlite_url: str, tmp_path: Path) -> None:
    with Archive(sqlite_url) as archive:
        fill(archive)
        spoil(archive, "CREATE TABLE victim (a TEXT)", "INSERT INTO victim VALUES (zeroblob(20000))")
        with transaction(archive._reader) as connection:
            page = connection.scalar(text("SELECT rootpage FROM sqlite_master WHERE name = 'ix_bands_band'"))
        archive.keeping.chores()["write-ahead log"]()
    with (tmp_path / "rasid.db").open("r+b") as file:
        file.seek((page - 1) * 4096 + 8)
        file.write(b"\xff" * 60)
    with Archive(sqlite_url) as archive:
        try:
            lines = said(archive)
        except ArchiveError as error:
            lines = [str(error)]
    assert lines
    assert all("damaged" in line and "rasid db restore FILE" in line for line in lines), lines


def test_an_archive_of_another_version_is_not_looked_into(empty_url: str) -> None:
    with Archive(empty_url) as archive, pytest.raises(ArchiveError, match="run: rasid db upgrade"):
        archive.keeping.findings()


def rejected(archive: Archive, key: str, decided: datetime, *aliases: str) -> None:
    link = make.link(key, title="Un titre", summary="Un résumé", published=decided, aliases=aliases)
    verdict = Rejected(
        reason="matches no topic", judgements=(make.judgement(Relevance.IRRELEVANT, missing=("a",)),)
    )
    archive.record(make.page(link=link, fetched=decided), verdict)


def test_what_rejected_pages_said_is_forgotten_but_not_that_they_were(archive: Archive) -> None:
    rejected(archive, "example.ma/old", make.NOW, "example.ma/?p=1")
    rejected(archive, "example.ma/new", LATER)
    assert archive.keeping.forget_rejected(make.NOW) == 0
    assert archive.keeping.forget_rejected(LATER) == 2
    assert archive.keeping.forget_rejected(LATER) == 0
    links = [make.link("example.ma/old"), make.link("example.ma/?p=1"), make.link("example.ma/new")]
    assert archive.due(links, LATER) == ()
    [[left]] = archive.judging.rejected()
    assert (left.link.key, left.link.title) == ("example.ma/new", "Un titre")
    assert [each.key for each in archive.tips.heard(make.NOW)] == ["example.ma/new"]
    with transaction(archive._reader) as connection:
        row = connection.execute(text("SELECT * FROM pages WHERE key = 'example.ma/old'")).one()
    assert (row.title, row.summary, row.url, row.reason) == (
        "",
        "",
        "https://example.ma/old",
        "matches no topic",
    )


def test_a_forgotten_page_can_still_be_marked_and_is_fetched_then(archive: Archive) -> None:
    rejected(archive, "example.ma/old", make.NOW)
    archive.keeping.forget_rejected(LATER)
    wanted = Mark(topic=make.TOPIC, key="example.ma/old", relevance=Relevance.RELEVANT, made=LATER, why="")
    archive.judging.mark(wanted)
    assert [each.url for each in archive.retries("example", LATER)] == ["https://example.ma/old"]
    about = make.article("example.ma/old")
    number = archive.record(make.page(about.key, fetched=LATER), make.accepted(about))
    assert number is not None
    assert archive.judging.marks(["example.ma/old"])[0].relevance is Relevance.RELEVANT


def test_what_is_marked_or_due_is_not_forgotten(archive: Archive) -> None:
    rejected(archive, "example.ma/marked", make.NOW, "example.ma/?p=2")
    rejected(archive, "example.ma/due", make.NOW)
    unwanted = Mark(
        topic=make.TOPIC, key="example.ma/?p=2", relevance=Relevance.IRRELEVANT, made=make.NOW, why=""
    )
    archive.judging.mark(unwanted)
    archive.judging.fetch_again(["example.ma/due"], make.NOW)
    assert archive.keeping.forget_rejected(LATER) == 0


def test_thousands_are_forgotten_some_at_a_time(archive: Archive) -> None:
    rejected(archive, "example.ma/0", make.NOW)
    spoil(
        archive, _MANY.format(columns=", ".join(f'"{each.name}"' for each in pages.c if each.name != "key"))
    )
    assert archive.keeping.forget_rejected(LATER) == 5001
    assert not list(archive.judging.rejected())


_MANY = """
    INSERT INTO pages (key, {columns})
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
    SELECT key || i, {columns} FROM pages, n
"""


def test_every_chore_does_its_work_and_loses_nothing(rich: Archive, archive_url: str) -> None:
    before = everything(archive_url)
    came_to = {name: chore() for name, chore in rich.keeping.chores().items()}
    assert everything(archive_url) == before
    assert rich.search(parse_query("since:2000-01-01", now=make.NOW)).total
    if archive_url.startswith("sqlite"):
        assert came_to["write-ahead log"] == "empty"
        assert Path(archive_url.removeprefix("sqlite:///") + "-wal").stat().st_size == 0
        assert analysed(rich, "SELECT count(*) FROM sqlite_stat1 WHERE tbl = 'articles'")
    else:
        assert came_to["table articles"] == came_to["table article_fts"] == "vacuumed and analysed"
        assert analysed(rich, "SELECT count(last_vacuum) FROM pg_stat_user_tables WHERE relname = 'articles'")


def analysed(archive: Archive, question: str) -> int:
    with transaction(archive._reader) as connection:
        return connection.scalar(text(question)) or 0


def test_the_index_is_merged_a_bounded_piece_at_a_time(sqlite_url: str) -> None:
    with Archive(sqlite_url) as archive:
        for number in range(40):
            about = make.article(f"example.ma/{number}", text=f"كلمة{number} " * 50)
            archive.record(make.page(about.key), make.accepted(about, seen=number))
        segments = "SELECT count(DISTINCT segid) FROM article_fts_idx"
        many = analysed(archive, segments)
        archive.keeping.chores()["search index"]()
        assert analysed(archive, segments) < many
        assert said(archive) == []


def test_a_reader_lets_the_log_be_emptied_next_time(sqlite_url: str) -> None:
    with Archive(sqlite_url) as archive:
        with transaction(archive._reader) as connection:
            connection.execute(text("SELECT count(*) FROM articles"))
            archive.access.pause("example", make.NOW)
            assert archive.keeping.chores()["write-ahead log"]() == "somebody is reading; next time"
        assert archive.keeping.chores()["write-ahead log"]() == "empty"
