"""What an account says, as far as it helps to tell whether two accounts are of one event. Pure.

Title and lead tell the event; what follows recalls others. So most is read from the title and the first two
sentences, up to one that looks back.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date
from functools import lru_cache
from itertools import combinations

from crawler.judging.sentences import sentences
from crawler.stories.commonplace import common_stems, known_words, officials
from crawler.stories.copies import shingles
from crawler.stories.editions import editions
from crawler.stories.facts import days, figures, hauls, is_telling, weekdays
from crawler.stories.matters import Located, Told, acts, compatible, find_matters, located, named, stages
from crawler.stories.named import Named, proper_names, read_named, skeletons
from crawler.stories.slots import Slots, read_slots
from crawler.stories.wording import told_in
from storage.model import Account
from storage.text import Word, is_arabic, stem, words

_LEAD = 2  # sentences
_NEWS = 2500  # characters; what follows in a long text is background
_TITLE, _OPENING, _BODY = 2.0, 1.5, 1.0


@dataclass(frozen=True, slots=True)
class Telling:
    """One account, read."""

    language: str
    is_arabic: bool  # its letters
    day: date | None  # of publication, or else on which it was first seen
    written: tuple[str, str]  # title, and the text without what is an outlet's own
    shingles: frozenset[int]
    words: Mapping[str, float]  # stem of a word that is not common -> more in title and lead
    subjects: Mapping[str, float]  # what it is about, in words of no language -> more in title and lead
    named: Named
    names: frozenset[str]  # words with a capital inside a sentence, of no entity we know
    skeletons: frozenset[str]  # of these names, in Arabic of all words that are not common
    acts: frozenset[str]  # kinds of event in the title, or else in the first sentence
    forms: frozenset[str]  # kinds of event in title and lead
    compatible: frozenset[str]  # and what they may be called besides
    stages: frozenset[str]  # of a case, as the title says it
    hinted: frozenset[str]  # as the title or else the first sentence says it
    numbers: frozenset[str]  # figures that hardly come by chance
    counts: frozenset[str]  # other figures in title and lead, spelled or not
    days: frozenset[str]  # ISO 8601
    dated: frozenset[date]  # the days that title and lead name
    when: frozenset[date]  # and, where they name none, their weekdays
    happened: frozenset[date]  # these, without those to come and those on which somebody said something
    announces: bool  # what is yet to come
    editions: frozenset[str]  # which of its kind: `23.` commission, exercise `2025`
    haul: frozenset[float]  # kilograms seized
    where: Located
    slots: Slots | None
    cases: frozenset[str]  # what goes on for months: of somebody named seldom, of an operation
    signs: frozenset[str]  # of which two accounts of one event share at least one


def read(account: Account) -> Telling:
    """What an account says; the same for the same title, text, language, moment and entities.

    Where no day of publication is known it counts as of the day on which it was first seen; the days and
    weekdays of its text are not read from there.
    """
    article = account.article
    day = article.published.astimezone(UTC).date() if article.published else None
    told = _read(article.title, article.text or article.title, article.language, day, account.entities)
    if day is None and account.moment is not None:
        return replace(told, day=account.moment.astimezone(UTC).date())
    return told


@lru_cache(maxsize=20_000)
def _read(title: str, text: str, language: str, day: date | None, entities: tuple[str, ...]) -> Telling:
    news, opening = text[:_NEWS], _lead(text)
    head = "\n".join((title, *opening))
    told = [find_matters(title), *map(find_matters, opening)]
    who = read_named(title, head, day, entities)
    named_days = days(f"{title}\n{news}", day)
    figured = figures(news) - {str(each.day) for each in named_days}
    subjects = _subjects(told, find_matters(news))
    forms = acts(told)
    slots = read_slots(title, text, day)
    names = proper_names(news)
    numbers = frozenset(each for each in figured if is_telling(each))
    told_days = frozenset(each.isoformat() for each in named_days)
    return Telling(
        language=language,
        is_arabic=_is_arabic(words(news)),
        day=day,
        written=(title, told_in(text)),
        shingles=shingles(text),
        words=_weights(title, opening, news, language),
        subjects=subjects,
        named=who,
        names=names,
        skeletons=skeletons(names, words(news)),
        acts=acts(told[:1]) or acts(told[1:2]),
        forms=forms,
        compatible=compatible(forms),
        stages=stages(told[:1]),
        hinted=stages(told[:1]) or stages(told[1:2]),
        numbers=numbers,
        counts=frozenset(each for each in figures(head) & figured if not is_telling(each)),
        days=told_days,
        dated=(dated := days(head, day)),
        when=dated or weekdays(head, day),
        happened=frozenset(
            each for each in dated or weekdays(head, day, of_saying=False) if day and each <= day
        ),
        announces="event" in named("ahead", told),
        editions=frozenset().union(*map(editions, (title, *opening))),
        haul=hauls(f"{title}\n{text}") if "seizure" in forms else frozenset(),
        where=located(told, find_matters(text)),
        slots=slots,
        cases=frozenset(_cases(who, proper_names("\n".join(opening)), stages(told))),
        signs=frozenset((*_signs(who, forms, subjects), *names, *numbers, *told_days, *_of_arrest(slots))),
    )


def _lead(text: str) -> list[str]:
    """The first sentences, up to one that looks back."""
    first = [text[each.start : each.end] for each in sentences(text)[:_LEAD]]
    looks_back = (number for number, each in enumerate(first) if _looks_back(each))
    return first[: next(looks_back, _LEAD)]


def _looks_back(sentence: str) -> bool:
    return any(each.matter.kind == "recall" and each.place == 0 for each in find_matters(sentence))


def _is_arabic(text: Sequence[Word]) -> bool:
    return sum(is_arabic(each.text) for each in text) * 2 > len(text)


def _weights(title: str, opening: Iterable[str], news: str, language: str) -> dict[str, float]:
    weighed: dict[str, float] = {}
    for weight, part in ((_TITLE, title), *((_OPENING, each) for each in opening), (_BODY, news)):
        for word in words(part):
            stemmed = stem(word.text, language)
            says_little = stemmed.isdigit() or stemmed in common_stems() or word.text in known_words()
            if len(stemmed) > 1 and not says_little:
                weighed.setdefault(stemmed, weight)
    return weighed


def _subjects(told: Sequence[Sequence[Told]], body: Sequence[Told]) -> dict[str, float]:
    weighed: dict[str, float] = {}
    for weight, part in ((_TITLE, told[:1]), (_OPENING, told[1:]), (_BODY, [body])):
        for kind in ("subject", "form", "charge"):
            weighed |= {name: weight for name in named(kind, part) if name not in weighed}
    return weighed


def _signs(who: Named, forms: Iterable[str], subjects: Mapping[str, float]) -> Iterator[str]:
    """Who is named seldom stands alone; places, services and who is named weekly with what or whom else."""
    told = sorted(name for name, weight in subjects.items() if weight > _BODY)
    topics = (*forms, *map("+".join, combinations(told, 2)))
    yield from who.seldom
    yield from (f"{entity}/{topic}" for entity in who.entities - who.seldom for topic in topics)
    yield from map("&".join, combinations(sorted(who.leading), 2))
    yield from map("+".join, combinations(told, 3))


def _cases(who: Named, names: frozenset[str], staged: frozenset[str]) -> Iterator[str]:
    """Whom and what title and lead name that the field does not name anyway; who has no name in our files,
    where a stage of a case is told, by consonants, which are the same in any script."""
    yield from (who.seldom & who.principals) - officials()
    if staged:
        yield from (f"name:{each}" for each in skeletons(names, ()) if each)


def _of_arrest(slots: Slots | None) -> Iterator[str]:
    if slots:
        yield from (f"aged {age}" for age in slots.age)
        yield from (f"{place}/{what}" for place in slots.city for what in ("arrest", *slots.charge))
        yield from (f"{day}/{what}" for day in slots.day for what in slots.charge)
