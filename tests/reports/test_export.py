"""An export opens in a spreadsheet with Arabic intact and nothing to run, and in Parquet with its types."""

import csv
import io
import json
import sys
from datetime import UTC, datetime
from time import process_time
from typing import Any

import pyarrow.parquet as parquet
import pytest

from reports.export import COLUMNS, write_csv, write_jsonl, writer
from storage.errors import InputError


def row(**changes: Any) -> dict[str, Any]:
    told = {
        "id": 1,
        "title": "توقيف",
        "score": 0.5,
        "published": "2026-11-17T18:30:00+01:00",
        "copy_of": None,
    }
    return told | {"authors": ["Zoë", "أحمد"], "backfilled": False} | changes


def table(*rows: dict[str, Any]) -> list[dict[str, str]]:
    target = io.BytesIO()
    assert write_csv(rows, target) == len(rows)
    return list(csv.DictReader(io.StringIO(target.getvalue().decode("utf-8-sig"), newline="")))


def cell(text: str) -> str:
    return table(row(title=text))[0]["title"]


def test_csv_is_utf_8_with_a_mark_and_lines_as_the_standard_has_them() -> None:
    target = io.BytesIO()
    write_csv([row(title='a "b", c')], target)
    content = target.getvalue()
    assert content.startswith(b'\xef\xbb\xbf"id","url","source","title"')
    assert content.count(b"\r\n") == 2
    assert b'"a ""b"", c"' in content


def test_csv_keeps_letters_numbers_dates_and_lists() -> None:
    [told] = table(row())
    assert (told["id"], told["score"], told["title"]) == ("1", "0.5", "توقيف")
    assert (told["published"], told["copy_of"]) == ("2026-11-17 17:30:00", "")
    assert (told["authors"], told["backfilled"]) == ("Zoë; أحمد", "false")
    assert set(told) == set(COLUMNS)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "=1+1",
            "+1",
            "-1",
            "@SUM(A1)",
            "＝1",
            "＋1",
            "－1",
            "＠a",
            "|calc",
            "  =1",
            '"=1',
            "'=1",
            "\u200f=1",
        ),
        *("\t=1", "\r=1", "\n=1", "\u00a0=1", "\ufeff=1", "« =1", "\x00=1", "\u2028=1"),
    ],
)
def test_no_cell_is_a_formula(text: str) -> None:
    told = cell(text)
    assert told[0] == "'"
    assert told.endswith(text[-1])


@pytest.mark.parametrize("between", [";", "; ", ';"', "\t", "\n", "\r\n"])
def test_no_part_of_a_cell_becomes_a_formula_where_another_separator_is_used(between: str) -> None:
    assert "'" in cell(f"a{between}=1")


@pytest.mark.parametrize("text", ["a=b", "1-2", "Maroc – France", "‏مراكش", "a\nb", "https://example.ma/?a=1"])
def test_a_harmless_text_stays_as_it_is(text: str) -> None:
    assert cell(text) == text


def test_control_characters_are_left_out() -> None:
    assert cell("a\x00b\x1bc\x85d\x7f\u2028e\rf") == "abc\nd\ne\nf"


def test_a_cell_is_as_long_as_spreadsheets_take() -> None:
    assert (len(cell("a" * 32_000)), len(cell("a" * 32_001)), cell("a" * 40_000)[-1]) == (32_000, 32_000, "…")


@pytest.mark.parametrize("text", ["\n" * 500_000, " " * 500_000 + "a", "; " * 300_000, '"' * 500_000])
def test_no_text_takes_long(text: str) -> None:
    began = process_time()
    cell(text)
    assert process_time() - began < 5


def test_json_lines_are_one_object_a_line() -> None:
    target = io.BytesIO()
    assert write_jsonl([row(title="a\u2028b\nc"), row(id=2)], target) == 2
    lines = target.getvalue().decode().split("\n")
    assert [json.loads(line)["id"] for line in lines[:-1]] == [1, 2]


def test_parquet_has_types(tmp_path: Any) -> None:
    mark = {"topic": "a", "key": "k", "relevance": "relevant", "made": "2026-11-18T10:00:00+00:00", "why": ""}
    judged = {"topic": "a", "relevance": "relevant", "score": 0.5, "ruled": None, "missing": ["x"], "why": ""}
    full = row(
        marks=[mark],
        judgements=[judged | {"matches": [{"side": "ma"}]}],
        found_by={"a": "b"},
        bands=[-(2**63)],
    )
    with (tmp_path / "a.parquet").open("wb") as target:
        assert writer("parquet")((row(id=each) if each else full for each in range(2_500)), target) == 2_500
    file = parquet.ParquetFile(tmp_path / "a.parquet")
    assert file.num_row_groups == 3
    first = file.read_row_group(0).slice(0, 1).to_pylist()[0]
    assert first["published"] == datetime(2026, 11, 17, 17, 30, tzinfo=UTC)
    assert (first["authors"], first["copy_of"], first["bands"]) == (["Zoë", "أحمد"], None, [-(2**63)])
    assert first["marks"][0]["made"] == datetime(2026, 11, 18, 10, tzinfo=UTC)
    assert first["judgements"][0]["missing"] == ["x"]
    assert json.loads(first["judgements"][0]["evidence"]) == {"matches": [{"side": "ma"}]}
    assert dict(first["found_by"]) == {"a": "b"}


def test_without_pyarrow_parquet_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("pyarrow", "pyarrow.parquet"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(InputError, match=r"pip install 'rasid\[parquet\]'"):
        writer("parquet")([row()], io.BytesIO())
