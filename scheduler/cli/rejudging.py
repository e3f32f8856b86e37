"""The command that applies changed rules to the archive: topics rejudge."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from scheduler.cli.options import Config, Json, chosen_topic, finish, open_archive, past
from scheduler.cli.output import isolated, print_line, print_table, readable
from scheduler.cli.rows import plain, write_json
from scheduler.loading import load_settings
from storage.model import Judgement, LostPage, Relevance, Source

if TYPE_CHECKING:
    from crawler.rejudging import Change
    from scheduler.rejudging import Another, Outcome


def rejudge(
    topic: Annotated[str | None, typer.Option("--topic", help="Its id; default: all.")] = None,
    since: Annotated[
        str | None, typer.Option("--since", metavar="DATE|7d", help="Only what was recorded since.")
    ] = None,
    apply: Annotated[bool, typer.Option("--apply", help="Do it, not only report it.")] = False,
    fetch: Annotated[
        str | None,
        typer.Option("--fetch", metavar="7d|DATE", help="Fetch again whatever was rejected since."),
    ] = None,
    json: Json = False,
    config: Config = None,
) -> None:
    """Apply changed rules to the archive, or report what they would change."""
    from crawler.rules import load_rules
    from scheduler import jobs
    from scheduler.rejudging import Asked
    from scheduler.rejudging import rejudge as rejudge_all

    settings, now = load_settings(config), datetime.now(UTC)
    asked_for = {"since": past(since, now, "--since"), "fetch": past(fetch, now, "--fetch")}
    sources, problems = jobs.read_catalogue(settings)
    rules = load_rules(settings.catalogue.directory, settings.catalogue.topics)
    asked = Asked(
        now=now,
        topic=chosen_topic(topic, settings, rules.topics) if topic is not None else None,
        apply=apply,
        **asked_for,
    )
    told: list[dict[str, Any]] = []
    with open_archive(settings) as archive:
        known = {each.id: each for each in sources}
        tell = (lambda each: told.append(_row(each))) if json else _print
        outcome = rejudge_all(archive, rules, known, asked, tell)
    if json:
        write_json({"applied": apply, **_totals(outcome), "found": told})
    else:
        _print_totals(outcome, known, applied=apply)
    finish(problems)


def _print(found: "Change | Another") -> None:
    """An article that moves, or a rejected page that may be kept; of new and old topics only what matters."""
    from crawler.rejudging import Change

    if isinstance(found, Change):
        _print_change(found)
    elif found.judgement is not None:
        _print_page(found.page, found.judgement)


def _print_change(change: "Change") -> None:
    before, after = change.relevance
    judgement = change.after
    if judgement is None or (before is None and not judgement.keeps):
        return
    print_line(f"{change.found.id:>6}  {isolated(change.found.article.title)}", "bold")
    print_line(f"        {change.topic}: {_word(before)} → {_word(after)} {judgement.score:.2f}")
    print_line(f"        {isolated(judgement.why)}")


def _print_page(page: LostPage, judgement: Judgement) -> None:
    day = f" on {page.decided:%Y-%m-%d}" if page.decided else ""
    print_line(f"     –  {isolated(page.link.title or readable(page.link.url))}", "bold")
    print_line(f"        {page.link.source}: rejected{day} ({page.reason})")
    told = f"{judgement.relevance.value} {judgement.score:.2f} by title and summary: to be fetched again"
    print_line(f"        {judgement.topic}: {told}")
    print_line(f"        {isolated(judgement.why)}")


def _print_totals(outcome: "Outcome", sources: dict[str, Source], *, applied: bool) -> None:
    moved = sorted(outcome.moved.items(), key=lambda item: tuple(map(str, item[0])))
    if moved:
        rows = ((topic, _word(before), _word(after), number) for (topic, before, after), number in moved)
        print_table(("topic", "from", "to", "articles"), rows)
    fetched = sorted(outcome.again.keys() | outcome.lately.keys())
    if fetched:
        pages = ((_name(each, sources), outcome.again[each], outcome.lately[each]) for each in fetched)
        print_table(("to be fetched again", "may be kept", "rejected lately"), pages)
    print_line(
        f"{outcome.articles} articles and {outcome.pages} rejected pages looked at;"
        f" {outcome.moved.total()} judgements change, {outcome.otherwise} in score or evidence only"
    )
    print_line("applied" if applied else "nothing is written; to do it, add --apply")


def _name(source: str, sources: dict[str, Source]) -> str:
    return source if sources[source].enabled else f"{source} (not crawled)"


def _word(relevance: Relevance | None) -> str:
    return relevance.value if relevance else "–"


def _totals(outcome: "Outcome") -> dict[str, Any]:
    moved = [
        {"topic": topic, "from": plain(before), "to": plain(after), "articles": number}
        for (topic, before, after), number in outcome.moved.items()
    ]
    return {
        "articles": outcome.articles,
        "moved": moved,
        "otherwise": outcome.otherwise,
        "pages": outcome.pages,
        "may_be_kept": dict(outcome.again),
        "rejected_lately": dict(outcome.lately),
    }


def _row(found: "Change | Another") -> dict[str, Any]:
    from crawler.rejudging import Change

    if not isinstance(found, Change):
        link = found.page.link
        named: dict[str, Any] = {"id": None, "url": link.url, "source": link.source, "title": link.title}
        return {**named, "rejected": found.page.reason, **_judged(found.judgement)}
    article, (before, after) = found.found.article, found.relevance
    named = {"id": found.found.id, "url": article.url, "source": article.source, "title": article.title}
    moves = {"topic": found.topic, "from": plain(before), "to": plain(after)}
    return {**named, **moves, **_judged(found.after)}


def _judged(judgement: Judgement | None) -> dict[str, Any]:
    if judgement is None:
        return {"score": None, "why": ""}
    return {"topic": judgement.topic, "score": judgement.score, "why": judgement.why}
