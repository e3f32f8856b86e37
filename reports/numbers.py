"""How much was told, beside the periods before: in words, and as bars. Pure."""

from dataclasses import dataclass
from datetime import date

from reports.contents import Compared, Digest
from reports.wording import Wording, capital
from storage.model import Schedule

TALLEST = 56  # pixels of a bar


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """The stories of one period."""

    number: str
    height: int  # pixels; 0 only where nothing was told
    now: bool  # whether it is the digest's own period


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """Stories and accounts beside the period before and the average, and the bars with their words."""

    lines: tuple[str, ...]
    label: str  # what the bars show
    bars: tuple[Bar, ...]  # the oldest first
    first: str  # the periods of the first and the last bar
    last: str
    series: str  # what the bars show, as a sentence


def numbers(digest: Digest, words: Wording) -> Numbers | None:
    """None: there is nothing to compare with, or nothing to tell."""
    compared = digest.compared
    if compared is None or not compared.now.stories:
        return None
    stories = [*(each.stories for _, each in compared.before), compared.now.stories]
    _, last = digest.period.days(digest.zone)
    schedule = digest.series.schedule
    return Numbers(
        lines=_lines(compared, words, schedule),
        label=words.say(f"bars_{schedule.value}"),
        bars=tuple(
            Bar(number=words.number(each), height=_height(each, max(stories)), now=at == len(stories) - 1)
            for at, each in enumerate(stories)
        ),
        first=_named(compared.before[0][0], words, schedule),
        last=_named(last, words, schedule),
        series=words.say(
            "bars_in_words",
            label=words.say(f"bars_{schedule.value}"),
            numbers=f"{words.say('comma')} ".join(map(words.number, stories)),
        ),
    )


def _lines(compared: Compared, words: Wording, schedule: Schedule) -> tuple[str, ...]:
    before = [each for _, each in compared.before]
    told = (
        ("n_stories", compared.now.stories, [each.stories for each in before]),
        ("n_accounts", compared.now.accounts, [each.accounts for each in before]),
    )
    return tuple(
        words.say(
            f"compared_{schedule.value}",
            now=capital(words.count(key, now)),
            before=words.number(past[-1]),
            average=words.number(_average(past)),
        )
        for key, now, past in told
    )


def _average(numbers: list[int]) -> float:
    """Of small numbers one digit behind the point counts."""
    average = sum(numbers) / len(numbers)
    return round(average, 1) if average < 10 else round(average)


def _height(number: int, most: int) -> int:
    return max(3, round(TALLEST * number / most)) if number else 0


def _named(last: date, words: Wording, schedule: Schedule) -> str:
    if schedule is Schedule.WEEKLY:
        return words.say("week", week=last.isocalendar().week)
    return words.day(last)
