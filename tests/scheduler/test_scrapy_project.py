"""Scrapy's own command in this project."""

import os
from pathlib import Path

import pytest
from scrapy.cmdline import execute

from storage.archive import Archive
from tests.commands import Done, run_to_end
from tests.web import serve

ROOT = Path(__file__).parents[2]


def scrapy(config: Path, *arguments: str) -> Done:
    environment = os.environ | {"RASID_CONFIG": str(config)}
    return run_to_end(execute, ["scrapy", *arguments], ROOT, environment)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "rasid.toml"
    path.write_text('[database]\nurl = "sqlite:///archive.db"\n', encoding="utf-8")
    return path


def test_scrapy_lists_one_spider_a_source_and_touches_no_archive(config: Path) -> None:
    done = scrapy(config, "list")
    assert {"elaph", "eocr", "machahid24", "mc_doualiya"} <= set(done.out.split())
    assert not (config.parent / "archive.db").exists()


def test_scrapy_crawls_a_source_into_the_archive(config: Path) -> None:
    with serve() as web:
        with config.open("a", encoding="utf-8") as file:
            file.write(f'[crawl]\nroute = "{web.url}"\ndelay = 0\n')
        done = scrapy(config, "crawl", "eocr")
        assert done.exit_code == 0, done.err
        assert {seen.host for seen in web.requests} == {"eocr.eu"}
    with Archive(f"sqlite:///{config.parent / 'archive.db'}") as archive:
        (health,) = (each for each in archive.health() if each.source == "eocr")
    assert health.last_crawl is not None
    assert health.last_crawl.relevant > 0


def test_scrapy_waits_for_no_other_crawl_on_the_host_but_says_so(config: Path) -> None:
    with config.open("a", encoding="utf-8") as file:
        file.write('[crawl]\nroute = "http://127.0.0.1:9"\n')
    with Archive(f"sqlite:///{config.parent / 'archive.db'}") as archive, archive.access.turn(["eocr.eu"]):
        done = scrapy(config, "crawl", "eocr")
    assert done.exit_code == 1
    assert done.err.splitlines()[-1] == "eocr: another crawl of it is under way; try again later"


@pytest.mark.parametrize(
    ("text", "arguments", "line"),
    [
        ("", ["crawl", "nosuch"], "nosuch: no such source; see `scrapy list`"),
        ("[crawl]\ncolour = 1\n", ["list"], "[crawl] colour: no such setting"),
    ],
)
def test_what_is_wrong_is_one_line(config: Path, text: str, arguments: list[str], line: str) -> None:
    with config.open("a", encoding="utf-8") as file:
        file.write(text)
    done = scrapy(config, *arguments)
    assert done.exit_code == 1
    assert line in done.err.splitlines()[-1]
    assert "Traceback" not in done.err
