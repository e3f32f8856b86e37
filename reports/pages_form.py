"""What somebody asks for on the sign-up page. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from math import isfinite

from reports.bidi import FSI, PDI, without_marks
from reports.wording import LANGUAGES
from storage.address import email_address
from storage.errors import InputError
from storage.model import Schedule, Series
from storage.query import parse_query

LONGEST_QUERY = 300  # characters
MOST_POINTS = 1000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """An address with the series it is to get, and how."""

    address: str
    series: Series
    language: str
    empty: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """What is wrong with a field: the key of a text, and what it is about."""

    key: str
    about: str = ""


def read_wish(fields: Mapping[str, str], topics: Collection[str], now: datetime) -> Wish | dict[str, Mistake]:
    """The wish of a filled-in form; or the mistakes, by field."""
    query = without_marks(" ".join(fields.get("query", "").split()))
    points = _points(fields.get("minimum", ""))
    mistakes = _mistakes(fields, topics) | _of_query(query, now)
    if points is None:
        mistakes["minimum"] = Mistake(key="wrong_minimum")
    if mistakes or points is None:
        return mistakes
    series = Series(topic=fields["topic"], schedule=Schedule(fields["schedule"]), query=query, minimum=points)
    return Wish(
        address=email_address(fields["address"]),
        series=series,
        language=fields["language"],
        empty="empty" in fields,
    )


def _mistakes(fields: Mapping[str, str], topics: Collection[str]) -> dict[str, Mistake]:
    known = {"language": LANGUAGES, "schedule": tuple(Schedule), "topic": topics}
    found = {
        name: Mistake(key="wrong_choice") for name, choice in known.items() if fields.get(name) not in choice
    }
    try:
        email_address(fields.get("address", ""))
    except InputError:
        found["address"] = Mistake(key="wrong_address")
    return found


def _of_query(query: str, now: datetime) -> dict[str, Mistake]:
    if len(query) > LONGEST_QUERY:
        return {"query": Mistake(key="long_query")}
    unclear = [f"{FSI}{each}{PDI}" for each in parse_query(query, now=now).not_understood]
    return {"query": Mistake(key="wrong_query", about=" · ".join(unclear))} if unclear else {}


def _points(text: str) -> float | None:
    """The number, 0 for none; None for what is no number of points."""
    try:
        points = float(text.strip().replace(",", ".").replace("٫", ".") or 0)
    except ValueError:
        return None
    return points if isfinite(points) and 0 <= points <= MOST_POINTS else None
