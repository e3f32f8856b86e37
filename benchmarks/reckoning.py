"""Whether a simulated year was told: each article in the one digest it belongs into, each mail once."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

from lxml import html
from lxml.etree import _Element

from benchmarks.almanac import Almanac
from benchmarks.gazette import Printed
from crawler.urls import url_key
from storage.archive import Archive
from storage.model import ArchivedArticle, Issue, Relevance
from tests.mailbox import Mail

OLDEST = timedelta(days=8)  # of an article when its digest goes out
REACHED = timedelta(days=7)  # in which every site is crawled, whatever happens
SLACK = timedelta(hours=1)  # a week with a clock change in it is that much longer, or shorter
Homes = Mapping[
    int, int
]  # article -> its story when an issue was stored; stories are merged and parted later
_EVER = datetime(2000, 1, 1, tzinfo=UTC)
_ON_TIME = timedelta(minutes=2)


@dataclass(slots=True)
class Reckoning:
    """The counts of a year, and a line for each breach."""

    counts: Counter[str] = field(default_factory=Counter)
    breaches: list[str] = field(default_factory=list)


def reckon(
    archive: Archive,
    plan: Almanac,
    printed: Iterable[Printed],
    seen: Mapping[str, datetime],  # id of an article -> begin of the first crawl that could see it
    homes: Mapping[str, Homes],  # by issue
    mails: Iterable[Mail],
    readers: Iterable[str],
) -> Reckoning:
    """Compare what is stored and was mailed with what the calendar alone says."""
    found = Reckoning()
    issues = sorted(archive.posting.issues(), key=lambda each: each.until)
    issues = [archive.posting.issue(each.series.id, each.name) for each in issues]
    found.breaches += _weeks(issues, plan)
    found.breaches += _mails(issues, mails, tuple(readers), found.counts)
    links = {issue.name: _links(issue) for issue in issues}
    for each in printed:
        found.breaches += _article(
            each, seen.get(each.article.id), archive, issues, links, homes, found.counts
        )
    found.counts["issues"] = len(issues)
    return found


def homes_of(archive: Archive, issue: Issue) -> Homes:
    """The stories of what was recorded in the period of an issue, as they are now."""
    told = archive.stories_between(
        issue.since, issue.until, published_after=_EVER, relevance=Relevance.RELEVANT
    )
    return {each.id: story.id for story in told for each in story.articles}


def _weeks(issues: list[Issue], plan: Almanac) -> Iterator[str]:
    """Every week has its issue, which begins where the last one ended and ends on Monday at seven."""
    due = list(plan.cut_offs())
    begins = [due[0] - timedelta(days=7), *due]
    known = {issue.until: issue for issue in issues}
    for since, until in zip(begins, due, strict=False):
        issue = known.pop(until, None)
        if issue is None:
            yield f"{until:%Y-%m-%d}: no issue ends at {until.astimezone(plan.zone)}"
            continue
        if issue.since != since and until != due[0]:
            yield f"{issue.name}: begins at {issue.since}, and the last one ended at {since}"
        alive = [life for life in plan.lives if life.end > until]
        begun = max(until, alive[0].begin)
        if not begun <= issue.created < begun + _ON_TIME:
            yield f"{issue.name}: stored at {issue.created}, and was due at {begun}"
    yield from (f"{name.name}: ends at {name.until.astimezone(plan.zone)}" for name in known.values())


def _mails(
    issues: list[Issue], mails: Iterable[Mail], readers: tuple[str, ...], counts: Counter[str]
) -> Iterator[str]:
    """Each reader has each issue once: by Message-ID, which issue and address make."""
    got = Counter((mail.to, mail.message["Message-ID"]) for mail in mails)
    counts["mails"] = got.total()
    for (to, name), times in got.items():
        if times > 1:
            yield f"{to}: has {name} {times} times"
    for to in readers:
        number = len({name for reader, name in got if reader == to})
        if number != len(issues):
            yield f"{to}: has {number} mails of {len(issues)} issues"


def _links(issue: Issue) -> frozenset[str]:
    """What an issue leads to, but for what had been told before."""
    edition = next(each for each in issue.editions if each.language == "en")
    links = tuple(html.document_fromstring(edition.html).iter("a"))
    return frozenset(unquote(each.get("href", "")) for each in links if not _is_origin(each.getparent()))


def _is_origin(around: _Element | None) -> bool:
    return around is not None and around.get("class") == "origin"


def _article(
    printed: Printed,
    seen: datetime | None,
    archive: Archive,
    issues: list[Issue],
    links: Mapping[str, frozenset[str]],
    homes: Mapping[str, Homes],
    counts: Counter[str],
) -> Iterator[str]:
    url = unquote(printed.article.url)
    told = [issue.name for issue in issues if url in links[issue.name]]
    issue = next((each for each in issues if seen and each.since <= seen < each.until), None)
    if issue is None or not printed.is_relevant:
        counts["not reached" if printed.is_relevant else "irrelevant"] += 1
        if told:
            yield f"{url}: told in {', '.join(told)}, and should not be"
        if seen is None and printed.shown + REACHED < issues[-1].until:
            yield f"{url}: its site has not been crawled for {REACHED.days} days"
        return
    age = issue.until - printed.article.published
    if age > OLDEST + SLACK:
        counts["too old"] += 1
        if told:
            yield f"{url}: told in {told}, {age.days} days old"
    elif told == [issue.name]:
        counts["told"] += 1
    elif not told and age > OLDEST - SLACK:
        counts["too old"] += 1
    elif not told and (why := _folded(url, archive, issue, homes[issue.name])):
        counts[why] += 1
    else:
        yield f"{url}: told in {told or 'no issue'}, belongs into {issue.name}; {_state(url, archive)}"


def _folded(url: str, archive: Archive, issue: Issue, homes: Homes) -> str:
    """Whether its story is told there under the link of another account, and why."""
    found = _recorded(url, archive)
    if found is None:
        return ""
    if homes.get(found.id) not in issue.told or not issue.since <= found.recorded < issue.until:
        return ""
    return "as a copy" if found.copy_of or found.reposts else "as another account"


def _state(url: str, archive: Archive) -> str:
    found = _recorded(url, archive)
    if found is None:
        return "not recorded"
    judged = ", ".join(f"{each.topic} {each.relevance}" for each in found.judgements)
    return f"recorded {found.recorded:%Y-%m-%d %H:%M}, story {found.story}, {judged}"


def _recorded(url: str, archive: Archive) -> ArchivedArticle | None:
    key = url_key(url)
    number = archive.numbers([key]).get(key)
    return archive.article(number) if number else None
