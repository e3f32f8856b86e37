"""Commands that ask the rules about texts, without archive and network: judge, group, examine, dates."""

import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated, Any

import typer

from scheduler.cli.options import Config, TopicId, chosen_topic, finish
from scheduler.cli.rows import Row, open_beside, plain, read_rows, to_article, write_json, write_rows
from scheduler.loading import load_settings
from storage.errors import InputError, RasidError
from storage.model import Judgement, Link, Page, Source

if TYPE_CHECKING:
    from crawler.rules import Rules

Rows = Annotated[Path | None, typer.Argument(metavar="FILE.jsonl", help="Default: standard input.")]


def judge(file: Rows = None, topic: TopicId = None, config: Config = None) -> None:
    """Judge articles: JSON Lines in, `id,verdict,score,evidence` out."""
    from crawler.relevance import judge as judge_article

    rules, topic = _rules(config, topic)
    problems: list[str] = []
    for row in read_rows(file, problems.append):
        try:
            judgements = judge_article(to_article(row), rules)
            write_json({"id": row["id"], **_verdict(judgements, topic)}, indent=None)
        except InputError as error:
            problems.append(str(error))
    finish(problems)


def group(file: Rows = None, config: Config = None) -> None:
    """Group articles into stories: JSON Lines in, `id,story,copy_of,why` out."""
    from crawler.stories import account
    from crawler.stories import group as group_accounts

    rules, _ = _rules(config, None)
    problems: list[str] = []
    accounts = []
    known: set[str] = set()
    for row in read_rows(file, problems.append):
        if str(row["id"]) in known:
            problems.append(f"{row['id']}: there twice; the second is left out")
            continue
        known.add(str(row["id"]))
        try:
            accounts.append(account(to_article(row), rules.names))
        except InputError as error:
            problems.append(str(error))
    write_rows(
        {
            "id": key,
            "story": story.members[0],
            "copy_of": story.copies.get(key),
            "why": plain(story.why[key]),
        }
        for story in group_accounts(accounts)
        for key in story.members
    )
    finish(problems)


def examine(
    page: Annotated[Path | None, typer.Argument(metavar="PAGE.html", help="One saved page.")] = None,
    source: Annotated[str | None, typer.Option("--source", help="Whose page it is.")] = None,
    url: Annotated[str | None, typer.Option("--url", help="Where it was.")] = None,
    batch: Annotated[
        Path | None, typer.Option("--batch", metavar="FILE.jsonl", help="Rows of id,url,path[,source].")
    ] = None,
    topic: TopicId = None,
    config: Config = None,
) -> None:
    """Show what the crawler would make of saved pages."""
    if (page is None) == (batch is None) or (page is not None and url is None):
        raise typer.BadParameter("give PAGE.html with --url, or --batch FILE.jsonl")
    problems: list[str] = []
    examiner = _Examiner(config, topic)
    if batch is None:
        row: Row = {"id": url, "url": url, "path": str(page), "source": source}
        write_json(examiner.examine(row, None))
        return
    for row in read_rows(batch, problems.append):
        try:
            write_json(examiner.examine(row, batch), indent=None)
        except RasidError as error:
            problems.append(str(error))
            write_json({"id": row["id"], **_NOTHING, "why": str(error)}, indent=None)
    finish(problems)


def dates(
    file: Annotated[Path | None, typer.Argument(metavar="FILE", help="Default: standard input.")] = None,
    now: Annotated[str | None, typer.Option(help="What relative dates refer to (ISO 8601).")] = None,
    language: Annotated[str, typer.Option(help="Of the texts, where known.")] = "",
    config: Config = None,
) -> None:
    """Read date texts, one a line: ISO out, or an empty line where none can be read."""
    load_settings(config, needed=False)
    moment = _now(now)
    try:
        text = file.read_text(encoding="utf-8") if file else sys.stdin.read()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{file or 'standard input'}: {error}") from error
    for line in text.removesuffix("\n").split("\n") if text else ():
        typer.echo(_iso(line, moment, language))


_NOTHING: Row = {  # what `examine` says of a page without an article
    "text": "",
    "title": "",
    "authors": [],
    "published": None,
    "modified": None,
    "language": "",
    "verdict": None,
    "cheap_look": None,
    "ms": None,
}


class _Examiner:
    """Cleaning and judging of saved pages, the rules read once."""

    def __init__(self, config: Path | None, topic: str | None) -> None:
        from crawler.catalogue import load_sources

        settings = load_settings(config, needed=False)
        self.sources = {source.id: source for source in load_sources(settings.catalogue.directory)}
        self.rules, self.topic = _rules(config, topic)
        self.now = datetime.now(UTC)

    def examine(self, row: Row, batch: Path | None) -> dict[str, Any]:
        """One row of `rasid examine`; `ms` is the cleaning alone."""
        from crawler.cheap_look import missing_sides
        from crawler.clean import extract
        from crawler.relevance import judge as judge_article

        page = self._page(row, batch)
        began = perf_counter()
        article = extract(page, self._source(row))
        ms = round((perf_counter() - began) * 1000, 2)
        cheap_look = {"missing": missing_sides(page, self.rules)}
        if article is None:
            nothing = {**_NOTHING, "why": "no article text", "cheap_look": plain(cheap_look), "ms": ms}
            return {"id": row["id"], **nothing}
        verdict = _verdict(judge_article(article, self.rules), self.topic)
        return {"id": row["id"], **plain(article), **verdict, "cheap_look": plain(cheap_look), "ms": ms}

    def _source(self, row: Row) -> Source | None:
        name = row.get("source")
        if name is not None and (not isinstance(name, str) or name not in self.sources):
            raise InputError(f"{name}: no such source; see `rasid sources list`")
        return self.sources[name] if name is not None else None

    def _page(self, row: Row, batch: Path | None) -> Page:
        path, url = row.get("path"), row.get("url") or ""
        if not isinstance(path, str) or not isinstance(url, str):
            raise InputError(f"{row['id']}: a row has texts as id, url and path")
        link = Link(url=url, key=url, source=row.get("source") or "")
        body = open_beside(batch, path)
        return Page(link=link, url=url, status=200, body=body, fetched=self.now)


def _rules(config: Path | None, topic: str | None) -> "tuple[Rules, str]":
    from crawler.rules import load_rules

    settings = load_settings(config, needed=False)
    rules = load_rules(settings.catalogue.directory, settings.catalogue.topics)
    return rules, chosen_topic(topic, settings, rules.topics)


def _verdict(judgements: tuple[Judgement, ...], topic: str) -> dict[str, Any]:
    found = next(judgement for judgement in judgements if judgement.topic == topic)
    names = ("why", "missing", "matches", "quotes", "doubts")
    evidence = {name: getattr(found, name) for name in names}
    return {"verdict": found.relevance.value, "score": found.score, "evidence": plain(evidence)}


def _iso(line: str, now: datetime, language: str) -> str:
    """The date of a line in ISO 8601: without an offset where the text leaves open which clock it means."""
    from crawler.dates import read_date

    found = read_date(line, now=now, zone=UTC, language=language)
    if isinstance(found, datetime):
        elsewhere = read_date(line, now=now, zone=timezone(timedelta(hours=1)), language=language)
        found = found if found == elsewhere else found.replace(tzinfo=None)
    return found.isoformat() if found else ""


def _now(text: str | None) -> datetime:
    try:
        moment = datetime.fromisoformat(text) if text else datetime.now(UTC)
    except ValueError as error:
        raise InputError(f"--now {text}: not an ISO 8601 time such as 2026-11-20T12:00+00:00") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
