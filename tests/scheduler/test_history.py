"""`rasid show` tells how an article came to be as it is: what was reworded, and its page as fetched."""

import os
import subprocess
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from scheduler import jobs, upkeep
from scheduler.cli.wording import reworded
from scheduler.settings import Database, Retention, Settings, Snapshots
from storage.archive import Archive
from storage.model import Accepted, Placement, Revisit, Sight, SourceHealth, StoryPlan
from storage.warc import WarcFolder
from tests import factories as make
from tests.commands import RASID, Home

PAGE = "<html lang='ar'><p>أوقفت الشرطة المغربية رجلا.</p></html>".encode()
NEW = "أوقفت الشرطة المغربية في طنجة رجلين مطلوبين لدى القضاء الفرنسي.\nوتم ذلك بتعاون مع باريس."


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Article 1 is kept, revised and then removed; article 2 is none of it."""
    home = Home(tmp_path_factory.mktemp("history"))
    home.configure('[snapshots]\ndirectory = "pages"\n')
    folder = WarcFolder(home.folder / "pages")
    with Archive(f"sqlite:///{home.folder / 'rasid.db'}") as archive:
        archive.create()
        page = make.page(body=PAGE)
        archive.record(replace(page, kept=folder.keep(page)), make.accepted())
        archive.record(make.page("example.ma/2"), make.accepted(make.article("example.ma/2"), seen=1))
        revise(archive)
        archive.revisions.saw(visit(), Sight.GONE, make.NOW + timedelta(hours=6))
    return home


def visit() -> Revisit:
    return Revisit(article=1, link=make.link())


def revise(archive: Archive) -> None:
    found = archive.article(1)
    told = replace(found.article, title="الأمن المغربي والفرنسي يوقفان مشتبها بهما", text=NEW)
    plan = StoryPlan(story=found.story, members=(told.key,))
    placed = Placement(account=make.account(told), stories=(plan,), seen=2)
    verdict = Accepted(article=told, judgements=(make.judgement(),), placement=placed)
    archive.revisions.revise(visit(), make.page(fetched=make.NOW + timedelta(hours=1)), verdict)


def test_an_article_says_that_it_was_revised_and_removed(home: Home) -> None:
    done = home.rasid("show", "1")
    assert "revised: 2026-11-18 10:00 UTC; see --revisions" in done.out
    assert "removed: not on its site any more since 2026-11-18 15:00 UTC" in done.out


def test_revisions_show_what_goes_and_what_comes_title_first(home: Home) -> None:
    lines = home.rasid("show", "1", "--revisions").out.splitlines()
    assert lines[1].strip() == "revised 2026-11-18 10:00 UTC"
    title, text = (line.strip() for line in lines[2:])
    assert (
        title
        == "title: \u2067الأمن المغربي والفرنسي يوقفان مشتبها [-\u2068به\u2069-] {+\u2068بهما\u2069+}\u2069"
    )
    assert text.startswith(
        "text: \u2067أوقفت الشرطة المغربية في طنجة [-\u2068رجلا مطلوبا\u2069-] {+\u2068رجلين"
    )
    assert "وتم ذلك" not in text


def test_revisions_are_told_whole_as_json(home: Home) -> None:
    told = home.rasid("show", "1", "--revisions", "--json").json
    assert (told["id"], told["text"]) == (1, NEW)
    [before] = told["revisions"]
    assert before["replaced"] == "2026-11-18T10:00:00+00:00"
    assert (before["title"], before["text"]) == (make.article().title, make.article().text)


def test_a_snapshot_is_the_page_byte_for_byte(home: Home) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("RASID_")}
    done = subprocess.run(
        [RASID, "show", "1", "--snapshot"], cwd=home.folder, env=environment, capture_output=True, check=True
    )
    assert done.stdout == PAGE
    told = home.rasid("show", "1", "--snapshot", "--json").json
    assert (told["url"], told["status"]) == ("https://example.ma/news/1", 200)
    assert (told["taken"], told["offset"]) == ("2026-11-18T09:00:00+00:00", 0)
    assert (home.folder / "pages" / told["file"]).stat().st_size == told["length"]
    assert told["headers"]["content-type"] == "text/html; charset=utf-8"


def test_what_there_is_not_is_told_in_one_line(home: Home) -> None:
    done = home.rasid("show", "2", "--snapshot")
    assert done.exit_code == 1
    assert done.err == "rasid: article 2: no page of it is kept; see [snapshots] in rasid.toml\n"
    assert home.rasid("show", "2", "--snapshot", "--revisions").exit_code == 2


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("a b c", "a x c", "a|-b|+x|c"),
        ("a b", "a b c", "a b|+c"),
        ("a b\nc d", "a b\ne f\nc d", "+e f"),
        ("a b\nc d e", "c d x\ng h", "-a b ¶|c d|-e|+x ¶ g h"),
        ("a  b\n\n c", "a b\nc", ""),
        ("", "a b", "+a b"),
        ("a b", "", "-a b"),
    ],
)
def test_only_what_is_worded_otherwise_is_shown(before: str, after: str, told: str) -> None:
    found = [f"{piece.fate.value}{piece.text}" for place in reworded(before, after) for piece in place]
    assert "|".join(found) == told


def test_a_long_live_page_is_compared_in_moments() -> None:
    before = "\n".join(f"word{n % 700} other{n % 90} of {n}" for n in range(5_000))
    assert reworded(before, f"{before}\nand more") != ()


def test_old_snapshots_are_pruned_where_it_is_set(tmp_path: Path) -> None:
    folder = WarcFolder(tmp_path / "pages")
    with Archive(f"sqlite:///{tmp_path / 'rasid.db'}") as archive:
        archive.create()
        for day in range(3):
            page = make.page(f"example.ma/{day}", fetched=make.NOW + timedelta(days=day))
            told = make.accepted(make.article(f"example.ma/{day}"), seen=day)
            archive.record(replace(page, kept=folder.keep(page)), told)
        now = make.NOW + timedelta(days=3, hours=9)
        for days, left in ((0, 3), (2, 2), (2, 2)):
            settings = Settings(
                database=Database(url="sqlite:///unused"),
                snapshots=Snapshots(directory=folder.folder),
                archive=Retention(keep_snapshots_days=days),
            )
            upkeep.prune_snapshots(settings, archive, now)
            assert len(list(folder.folder.iterdir())) == left
            kept = [each for number in (1, 2, 3) for each in archive.revisions.snapshots(number)]
            assert len(kept) == left


def test_a_source_with_a_visit_due_is_due_as_often_as_it_may_be() -> None:
    source = make.source(poll=60, poll_least=15)
    for minutes, due in ((10, False), (20, True)):
        report = make.crawl_report(started=make.NOW - timedelta(minutes=minutes))
        health = [SourceHealth(source="example", crawls=(report,))]
        assert bool(jobs.due([source], health, make.NOW, frozenset({"example"}))) is due
        assert not jobs.due([source], health, make.NOW, frozenset({"other"}))
        failing = [replace(each, crawls=(replace(report, entries={"down": 1}),)) for each in health]
        assert not jobs.due([source], failing, make.NOW, frozenset({"example"}))
