"""Documentation is tested: every command and setting is explained, every link leads somewhere."""

import re
from pathlib import Path
from typing import Any

import pytest
import typer.main

from scheduler.cli import app

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
COMMANDS = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")


def commands(command: Any, name: str) -> list[tuple[str, Any]]:
    inner = getattr(command, "commands", None)
    if inner is None:
        return [(name, command)]
    return [found for each in inner for found in commands(inner[each], f"{name} {each}")]


ALL = commands(typer.main.get_command(app), "rasid")


@pytest.mark.parametrize(("name", "command"), ALL, ids=[name for name, _ in ALL])
def test_every_command_and_option_is_explained(name: str, command: Any) -> None:
    rows = [line for line in COMMANDS.splitlines() if line.startswith(f"| `{name}")]
    assert rows, f"{name} has no row in docs/commands.md"
    for parameter in command.params:
        option = next((each for each in parameter.opts if each.startswith("--")), None)
        if option not in {None, "--config", "--help"}:
            assert any(option in row for row in rows), f"{name} {option}"


@pytest.mark.parametrize(("name", "command"), ALL, ids=[name for name, _ in ALL])
def test_every_command_takes_a_configuration(name: str, command: Any) -> None:
    assert any("--config" in parameter.opts for parameter in command.params), name


def test_no_row_explains_a_command_that_is_not_there() -> None:
    explained = re.findall(r"^\| `(rasid(?: [a-z]+)+)", COMMANDS, re.MULTILINE)
    assert set(explained) <= {name for name, _ in ALL}


@pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(ROOT)) for page in PAGES])
def test_every_link_to_a_file_leads_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    targets = [target.partition("#")[0] for target in re.findall(r"\]\(([^)\s]+)\)", text)]
    for target in targets:
        if target and "://" not in target:
            assert (page.parent / target).exists(), f"{page.name}: {target}"
