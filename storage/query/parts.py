"""The one form a question has, however it was typed. Pure."""

from collections.abc import Sequence

from storage.model import Either, Every, Filter, Not, Part


def every(parts: Sequence[Part]) -> Part:
    """All of the parts; one part is itself."""
    return parts[0] if len(parts) == 1 else Every(tuple(parts))


def either(one: Part, other: Part) -> Part:
    """One of the two, or of those an Either is made of; two filters of a field are one with all values."""
    parts = one.parts if isinstance(one, Either) else (one,)
    for part in other.parts if isinstance(other, Either) else (other,):
        parts = added(parts, part)
    return parts[0] if len(parts) == 1 else Either(parts)


def without(part: Part) -> Part:
    """All that does not answer the part; done twice, the part itself."""
    return part.part if isinstance(part, Not) else Not(part)


def added(parts: tuple[Part, ...], part: Part) -> tuple[Part, ...]:
    """The parts and one more; a filter is made one with the last of its field, if there is one."""
    if isinstance(part, Filter):
        for at, other in reversed(list(enumerate(parts))):
            if isinstance(other, Filter) and other.field == part.field:
                values = dict.fromkeys((*other.values, *part.values))
                return (*parts[:at], Filter(field=part.field, values=tuple(values)), *parts[at + 1 :])
    return (*parts, part)
