"""docs/operating.md: every command in it works, in the order of the page."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands import SEEDS, Home
from tests.conftest import _database
from tests.web import Web, serve

PAGE = Path(__file__).parents[1] / "docs" / "operating.md"
BLOCKS = re.findall(r"^```sh\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
COMMANDS = [line for block in BLOCKS for line in block.splitlines() if line.startswith("rasid ")]
TARGET = "postgresql://rasid@db.example.org/rasid"


@pytest.fixture
def web() -> Iterator[Web]:
    with serve() as web:
        web.keep(4)
        yield web


@pytest.fixture
def target(postgresql_server: str) -> Iterator[str]:
    yield from _database(f"{postgresql_server}_operated", "template0")


def test_every_command_of_the_page_works_in_its_order(tmp_path: Path, web: Web, target: str) -> None:
    rest = f'{SEEDS}[crawl]\nroute = "{web.url}"\ndelay = 0\n'
    home = Home(tmp_path)
    home.configure(rest)
    assert len(COMMANDS) > 10
    for line in COMMANDS:
        arguments = shlex.split(line.replace(TARGET, target), comments=True)
        done = home.rasid(*arguments[1:])
        assert done.exit_code == 0 or "crawl" in arguments, f"{line}\n{done.out}\n{done.err}"
        if "move" in arguments:
            home.configure(f'[database]\nurl = "{target}"\n{rest}')
    assert home.rasid("search", "since:2000-01-01", "--json").json["total"] > 0
    assert home.rasid("subscribers", "list", "--json").json[0]["address"] == "you@example.org"
