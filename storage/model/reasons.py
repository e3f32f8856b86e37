"""Why an account is where it is among the stories. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

OTHER_EVENT = "other event"
_MOST = 10  # of other events that an account tells


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One reason why an account is in its story, or not in that of another.

    kind: `head` (it has copies), `copy`, `same event`, `alone`; `kept apart` (it would be of one event with
    the other, but their stories cannot be one), `other event` (it reads like the other, and something
    vetoes). Empty: as an older version said it, in words.
    """

    kind: str
    other: str = ""  # key of the account it is about
    why: str = ""  # what they share, or what stands between them
    between: tuple[str, ...] = ()  # keys of the two for whose sake stories are kept apart

    def told(self, name: Callable[[str], str]) -> str:
        """In a line, each account by its name."""
        of = f" of {' and '.join(map(name, self.between))}" if self.between else ""
        parts = (self.kind, name(self.other) if self.other else "", f"{self.why}{of}")
        return ": ".join(filter(None, parts))

    @property
    def keys(self) -> tuple[str, ...]:
        """Of all accounts that it names."""
        return tuple(filter(None, (self.other, *self.between)))


ALONE = Reason(kind="alone", why="no other account of the event")


def summed(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """Reasons in their order, and then of what other events it is not: of those for one cause the first by
    key, ten at most. Where none is left, that it is alone.

    What is summed up may be summed up again with more, in whatever order: it comes to the same.
    """
    told = [each for each in dict.fromkeys(reasons) if each != ALONE]
    others: dict[str, Reason] = {}
    for each in sorted((each for each in told if each.kind == OTHER_EVENT), key=lambda each: each.other):
        others.setdefault(each.why, each)
    rest = (each for each in told if each.kind != OTHER_EVENT)
    return (*rest, *list(others.values())[:_MOST]) or (ALONE,)


def elsewhere(reasons: Iterable[Reason], keys: Iterable[str]) -> tuple[Reason, ...]:
    """What reasons say of events other than those of these accounts."""
    here = set(keys)
    return tuple(each for each in reasons if each.kind == OTHER_EVENT and each.other not in here)


def without(reasons: Iterable[Reason], key: str) -> tuple[Reason, ...]:
    """Reasons without those why an account is of another event."""
    return tuple(each for each in reasons if (each.kind, each.other) != (OTHER_EVENT, key))


def mirrored(reason: Reason, key: str) -> Reason:
    """What the other account says of this one, whose key it is."""
    return replace(reason, other=key)
