"""How many articles there were, week by week, as bars. Pure."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from storage.model import Week

_MOST = 30  # bars
_STEPS = (1, 2, 4, 13, 26, 52)  # weeks of a bar
_EIGHTHS = " ▏▎▍▌▋▊▉"


def trend(weeks: Sequence[Week], width: int) -> Iterator[str]:
    """A line a week, of many weeks one line for some; the longest is as wide as what is left of `width`.

    Where weeks are left out stands `…`.
    """
    runs = list(_runs(weeks))
    step = _step(runs)
    bars = [list(_bars(run, step)) for run in runs]
    most = max(1, *(articles for run in bars for _, articles in run))
    for number, run in enumerate(bars):
        if number:
            yield "…"
        names = 8 if step == 1 else 19
        digits = len(f"{most:,}")
        for name, articles in run:
            bar = _bar(articles / most, max(1, width - names - digits - 4))
            yield f"{name:<{names}}  {articles:>{digits},}  {bar}".rstrip()


def _runs(weeks: Sequence[Week]) -> Iterator[list[Week]]:
    """The weeks that follow each other."""
    run: list[Week] = []
    for each in weeks:
        if run and each.monday - run[-1].monday > timedelta(weeks=1):
            yield run
            run = []
        run.append(each)
    if run:
        yield run


def _step(runs: Sequence[Sequence[Week]]) -> int:
    """How many weeks a bar is of, so that there are few."""
    for step in _STEPS:
        if sum(-(-len(run) // step) for run in runs) <= _MOST:
            return step
    return max(_STEPS[-1], -(-sum(map(len, runs)) // _MOST))


def _bars(run: Sequence[Week], step: int) -> Iterator[tuple[str, int]]:
    """The last bar is of whole `step` weeks, the first one of what is left."""
    first = len(run) % step or step
    for end in range(first, len(run) + 1, step):
        some = run[max(0, end - step) : end]
        name = some[0].name if step == 1 else f"{some[0].name} – {some[-1].name}"
        yield name, sum(each.articles for each in some)


def _bar(share: float, width: int) -> str:
    """What there is at all can be seen."""
    eighths = max(round(share * width * 8), 1 if share else 0)
    return "█" * (eighths // 8) + _EIGHTHS[eighths % 8].strip()
