"""What a probe says, for people: blocks that fit 80 columns, texts of pages isolated (UAX 9)."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from crawler.probing.told import ArticleSeen, Check, EntrySeen, Proposal, RobotsSeen, State
from scheduler.cli.output import day, isolated, print_line, print_table, readable
from storage.model import Article
from storage.text import words

_SHOWN = 10  # words of a text, at its beginning and at its end
_FIRST_LINES = 2  # of an article that is proposed


def print_check(check: Check) -> None:
    """All that was seen of one source."""
    print_line(f"{check.source}: {check.finding}", "bold")
    for robots in check.robots:
        print_line(f"  robots.txt: {robots.url}")
        print_line(f"    {_robots(robots)}")
    for entry in check.entries:
        print_line(f"  {entry.kind.value}: {isolated(readable(entry.url))}")
        print_line(f"    {_entry(entry)}")
    if check.article:
        _print_article(check.article)
    print_line()


def print_checks(checks: Sequence[Check]) -> None:
    """A row a source."""
    print_table(
        ("source", "entries", "links", "articles", "newest", "finding"),
        (
            (
                check.source,
                f"{sum(entry.state is State.OK for entry in check.entries)} of {len(check.entries)}",
                sum(entry.links for entry in check.entries),
                sum(entry.articles for entry in check.entries),
                _newest(check),
                check.finding,
            )
            for check in checks
        ),
    )


def print_proposal(proposal: Proposal) -> None:
    """The articles as they would be kept, what to look at, and the file."""
    for seen in proposal.articles:
        print_line()
        print_line(f"  {isolated(seen.article.title if seen.article else readable(seen.url))}", "bold")
        if seen.article:
            print_line(f"  {_moment(seen.article.published)} · {_authors(seen.article)}")
            for line in seen.article.text.split("\n")[:_FIRST_LINES]:
                print_line(f"  {isolated(line)}")
        else:
            print_line(f"  {seen.why}")
    print_line()
    for note in proposal.notes:
        print_line(f"note: {isolated(readable(note))}")
    print_line()
    print_line(proposal.text)


def _robots(robots: RobotsSeen) -> str:
    rules = f"HTTP {robots.status}" + ("" if robots.status < 300 else ": there are no rules")
    return f"{rules} · {robots.delay:g} s between requests · {len(robots.sitemaps)} sitemaps named"


def _entry(entry: EntrySeen) -> str:
    if entry.state is not State.OK:
        absent = "not there, which is no problem while another entry works"
        return absent if entry.state is State.ABSENT else f"{entry.state.value}: {entry.why}"
    again = {True: "yes", False: "no", None: "gives no validator"}[entry.conditional]
    newest = f" · newest {day(entry.newest)}" if entry.newest else ""
    return (
        f"HTTP {entry.status} · {entry.links} links, {entry.articles} of them articles{newest}"
        f" · conditional requests: {again}"
    )


def _print_article(seen: ArticleSeen) -> None:
    print_line(f"  article: {isolated(readable(seen.url))}")
    asked, answered = readable(seen.url), readable(seen.answered)  # one address may be escaped in two ways
    moved = f" · redirected to {isolated(answered)}" if answered != asked else ""
    print_line(f"    HTTP {seen.status or 'none'}{moved}")
    if seen.why:
        print_line(f"    {seen.state.value}: {seen.why}")
    if not seen.article:
        return
    for name, value, by in _fields(seen.article):
        print_line(f"    {name + ':':<10} {value}{f' ({by})' if by else ''}")
    missing = ", ".join(side for look in seen.cheap_look for side in look.missing)
    print_line(f"    cheap look: {f'no trace of {missing}' if missing else 'could matter'}")
    for judgement in seen.judgements:
        print_line(
            f"    judged: {judgement.relevance.value}, score {judgement.score:.2f} ({judgement.topic})"
        )


def _fields(article: Article) -> Iterator[tuple[str, str, str]]:
    """Name, value and what gave it."""
    by = article.found_by
    yield "title", isolated(article.title) if article.title else "none", by.get("title", "")
    yield "authors", _authors(article), by.get("authors", "")
    yield "published", _moment(article.published), by.get("published", "")
    yield "section", isolated(article.section) if article.section else "none", by.get("section", "")
    yield "language", article.language, ""
    found = article.text.split()
    yield "text", f"{len(words(article.text))} words", by.get("text", "")
    yield "begins", isolated(" ".join(found[:_SHOWN])), ""
    yield "ends", isolated(" ".join(found[-_SHOWN:])), ""
    if article.rights:
        yield "rights", ", ".join(article.rights), ""


def _authors(article: Article) -> str:
    return isolated(", ".join(article.authors)) if article.authors else "no author"


def _moment(moment: datetime | None) -> str:
    return f"{day(moment)} {moment:%z}" if moment else "no date"


def _newest(check: Check) -> str:
    dates = [entry.newest for entry in check.entries if entry.newest]
    return day(max(dates)) if dates else ""
