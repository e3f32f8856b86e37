"""What the index is asked, before either database's own writing of it. Pure."""

from dataclasses import dataclass

from storage.search.stems import Sequence


@dataclass(frozen=True, slots=True)
class Words:
    """Terms in this order, in one field or in any."""

    terms: Sequence
    field: str = ""  # title or lead; empty: wherever they stand


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag of the article."""

    term: str


@dataclass(frozen=True, slots=True)
class Without:
    """Everything but what it finds."""

    part: "Expression"


@dataclass(frozen=True, slots=True)
class AllOf:
    """What each part finds; never empty."""

    parts: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class OneOf:
    """What any part finds; never empty."""

    parts: tuple["Expression", ...]


Expression = Words | Tag | Without | AllOf | OneOf
