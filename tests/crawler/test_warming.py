"""What a first page costs is paid beforehand; rules are kept while no file has changed."""

import os
from pathlib import Path

import pytest

from crawler import warming
from crawler.clean import extract
from crawler.rules import kept_rules
from crawler.warming import warm
from storage.errors import CatalogueError


def test_the_pages_that_warm_are_articles_that_are_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    warm(kept_rules())
    for language, words in warming._WORDS.items():
        assert extract(warming._page(words), warming._source(language)) is not None, language


def test_rules_are_kept_until_a_file_changes(tmp_path: Path) -> None:
    (tmp_path / "topics").mkdir()
    rules = kept_rules(tmp_path)
    assert kept_rules(tmp_path) is rules
    own = tmp_path / "topics" / "own.toml"
    own.write_text("labels = 1\n", encoding="utf-8")
    with pytest.raises(CatalogueError):
        kept_rules(tmp_path)
    own.unlink()
    assert kept_rules(tmp_path) == rules
    assert os.listdir(tmp_path / "topics") == []  # noqa: PTH208
