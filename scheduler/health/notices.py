"""What the operator is to be told: once when a source is in trouble, once when it no longer is. Pure."""

from collections.abc import Iterable, Mapping

from storage.model import Standing, State

_WELL_AFTER = 2  # crawls: a source that comes and goes is no news
LOST_AFTER = 2  # notices begun of which nobody knows whether they arrived; no third one


def due_notices(
    standings: Iterable[Standing], known: Mapping[str, Standing], after: int
) -> tuple[Standing, ...]:
    """The standings to tell, all in one mail.

    known: what was noted before, by source. after: crawls in a row in trouble. One trouble that becomes
    another is told again only where the source failed and now refuses us or is no longer understood.
    """
    return tuple(each for each in standings if _is_due(each, known.get(each.source, each), after))


def _is_due(standing: Standing, known: Standing, after: int) -> bool:
    if not standing.state.is_bad:
        return (known.told.is_bad or known.begun > 0) and standing.crawls >= _WELL_AFTER
    worse = known.told is State.FAILING and standing.state is not State.FAILING
    return standing.crawls >= after and (worse or not known.told.is_bad)
