"""Why articles are where they are, for people: articles go by their numbers."""

from collections.abc import Iterable, Mapping

from scheduler.cli.output import readable
from storage.model import ArchivedArticle, Tie


def keys_named(found: Iterable[ArchivedArticle], ties: Iterable[Tie] = ()) -> set[str]:
    """The keys of all articles that reasons and ties name."""
    named = {key for each in found for reason in each.placed for key in reason.keys}
    return named.union(*({each.one, each.other} for each in ties))


def reason_lines(found: ArchivedArticle, numbers: Mapping[str, int]) -> list[str]:
    """The reasons of an article, one a line."""
    return [each.told(lambda key: called(key, numbers)) for each in found.placed]


def called(key: str, numbers: Mapping[str, int]) -> str:
    """The number of an article; of one that the archive has not, or no more, its address."""
    return str(numbers[key]) if key in numbers else readable(key)
