"""Why an article was judged so, for `rasid show`: words of each side, sentences, what speaks against it."""

from collections import Counter
from collections.abc import Iterable, Iterator

from scheduler.cli.output import day, isolated, print_line
from storage.model import Judgement, Mark, Match

_MOST = 6  # words of a side, and words that do not count


def print_evidence(judgement: Judgement, mark: Mark | None = None) -> None:
    """One judgement: verdict, score and the mark that outweighs it, then the evidence, strongest first."""
    ruled = f" (by the rules: {judgement.ruled.value})" if judgement.ruled else ""
    print_line(f"        {judgement.topic}: {judgement.relevance.value} {judgement.score:.2f}{ruled}")
    if mark is not None:
        why = f": {isolated(mark.why)}" if mark.why else ""
        print_line(f"          marked {mark.relevance.value} {day(mark.made)} UTC{why}")
    if judgement.why:
        print_line(f"          why: {isolated(judgement.why)}")
    for line in _lines(judgement):
        print_line(f"          {line}")


def _lines(judgement: Judgement) -> Iterator[str]:
    counted = [match for match in judgement.matches if not match.suppressed]
    for side in dict.fromkeys(match.side for match in counted):
        yield f"{side}: {_listed(_told(each) for each in counted if each.side == side)}"
    for side in judgement.missing:
        yield f"{side}: nothing"
    for quote in judgement.quotes:
        yield f"sentence {quote.score:.2f} ({quote.where}): {isolated(quote.text)}"
    for doubt in judgement.doubts:
        yield f"against it: {doubt.told(isolated)}; leaves {doubt.left:.2f}"
    suppressed = [match for match in judgement.matches if match.suppressed]
    for why in dict.fromkeys(match.suppressed for match in suppressed):
        words = _listed(isolated(each.text) for each in suppressed if each.suppressed == why)
        yield f"not counted, {why}: {words}"


def _told(match: Match) -> str:
    """The words and where they stand; of names that meet another, what the meeting means."""
    met = match.term if match.entity and match.term != match.text else ""
    about = ", ".join(filter(None, (match.where, match.role, met)))
    return f"{isolated(match.text)} ({about})"


def _listed(texts: Iterable[str]) -> str:
    """Each once, with how often it stands there; those beyond the limit as a number."""
    found = Counter(texts)
    shown = [f"{text} ×{times}" if times > 1 else text for text, times in list(found.items())[:_MOST]]
    more = len(found) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")
