"""What is sought is data: no country is named in code that judges or groups."""

import re
from pathlib import Path

import pytest

import crawler

HOME = Path(crawler.__file__).parent
THINKING = sorted(
    path
    for pattern in ("judging/*.py", "stories/*.py", "checking/*.py", "*.py")
    for path in HOME.glob(pattern)
    if path.name != "catalogue.py"  # knows the time zone of each country
)
STATE = re.compile(r"""["'](?:FR|MA|ES)["']|(?i:franc[aeo]|french|maroc|morocc)|فرنس|مغرب""")
LANGUAGES = re.compile(r"\b(?:Arabic|French|English|Spanish)\b(?!-)")  # as languages, in what is explained


@pytest.mark.parametrize("path", THINKING, ids=lambda path: str(path.relative_to(HOME)))
def test_no_state_is_named_in_code(path: Path) -> None:
    code = LANGUAGES.sub("", path.read_text(encoding="utf-8"))
    assert STATE.findall(code) == []
