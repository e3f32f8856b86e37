"""Which codes are of countries. Pure."""

from functools import lru_cache
from importlib.resources import files


def is_country(code: str) -> bool:
    """Whether ISO 3166 gives these two letters to a country, as the tz database lists them."""
    return code in _codes()


@lru_cache(maxsize=1)
def _codes() -> frozenset[str]:
    table = files("tzdata").joinpath("zoneinfo", "iso3166.tab").read_text("utf-8")
    return frozenset(line.partition("\t")[0] for line in table.splitlines() if not line.startswith("#"))
