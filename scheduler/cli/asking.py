"""Commands that ask the archive: search, show."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from scheduler.cli.answers import answer_row, labels_of, print_answer, print_facets, print_rest
from scheduler.cli.evidence import print_evidence
from scheduler.cli.history import print_revisions, write_revisions, write_snapshot
from scheduler.cli.options import MOST, Config, Json, open_archive
from scheduler.cli.output import day, print_hit, print_line
from scheduler.cli.reasons import keys_named, reason_lines
from scheduler.cli.rows import article_row, plain, write_json
from scheduler.loading import load_settings
from storage.model import ArchivedArticle, Mark

if TYPE_CHECKING:
    pass

ArticleId = Annotated[int, typer.Argument(metavar="ARTICLE", min=1, max=MOST, help="As search prints it.")]


def search(
    query: Annotated[
        str, typer.Argument(metavar="QUERY", help='Words, "phrases", -without, OR, field:value.')
    ],
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many articles.")] = 20,
    after: Annotated[
        str, typer.Option(metavar="CURSOR", help="Go on after an earlier answer, which says how.")
    ] = "",
    facets: Annotated[
        bool, typer.Option("--facets", help="Count by source, language, country, entity, topic, week.")
    ] = False,
    json: Json = False,
    config: Config = None,
) -> None:
    """Search the archive, in any of its scripts."""
    from storage.query import parse_query

    settings = load_settings(config)
    asked = parse_query(query, now=datetime.now(ZoneInfo(settings.digest.timezone)))
    with open_archive(settings) as archive:
        answer = archive.search(asked, limit=limit, after=after)
        counted = archive.facets(answer.query) if facets else None
        labels = labels_of(archive, settings.digest.language) if facets and not json else {}
    for part in answer.query.not_understood:
        typer.echo(f"not understood: {part}", err=True)
    if json:
        write_json(answer_row(answer, counted, query))
        return
    print_answer(answer, counted)
    if counted:
        print_facets(counted, labels)
    print_rest(answer, limit=limit, query=query, config=config)


def show(
    article: ArticleId,
    snapshot: Annotated[
        bool, typer.Option("--snapshot", help="Only its page as it was last fetched, byte for byte.")
    ] = False,
    revisions: Annotated[
        bool, typer.Option("--revisions", help="Only what has been worded otherwise since it was recorded.")
    ] = False,
    json: Json = False,
    config: Config = None,
) -> None:
    """Show one article: text, evidence, and what gave each field."""
    if snapshot and revisions:
        raise typer.BadParameter("give --snapshot or --revisions, not both")
    settings = load_settings(config)
    with open_archive(settings) as archive:
        found = archive.article(article)
        earlier = archive.revisions.of(article)
        snapshots = archive.revisions.snapshots(article)
        marks = archive.judging.marks((found.article.key, *found.article.aliases))
        labels = labels_of(archive, settings.digest.language)
        numbers = archive.numbers(keys_named([found]))
    if snapshot:
        write_snapshot(article, snapshots, settings.snapshots.directory, json=json)
    elif revisions:
        (write_revisions if json else print_revisions)(found, earlier)
    elif json:
        _write_article(found, marks)
    else:
        _print_article(found, marks, labels["entity"], numbers)


def _write_article(found: ArchivedArticle, marks: Sequence[Mark]) -> None:
    article = found.article
    names = ("subtitle", "section", "origin", "place", "genre", "rights")
    details = {name: plain(getattr(article, name)) for name in names}
    history = {"revised": plain(found.revised), "removed": plain(found.removed)}
    evidence = {
        "placed": plain(found.placed),
        "judgements": plain(found.judgements),
        "marks": plain(marks),
        "found_by": plain(article.found_by),
    }
    write_json({**article_row(found), **details, **history, **evidence})


def _print_article(
    found: ArchivedArticle, marks: Sequence[Mark], labels: Mapping[str, str], numbers: Mapping[str, int]
) -> None:
    article = found.article
    print_hit(found)
    for name, value in (
        ("subtitle", article.subtitle),
        ("authors", ", ".join(article.authors)),
        ("origin", article.origin),
        ("place", article.place),
        ("copy of", found.copy_of or ""),
        ("revised", f"{day(found.revised)} UTC; see --revisions" if found.revised else ""),
        ("removed", f"not on its site any more since {day(found.removed)} UTC" if found.removed else ""),
        ("entities", ", ".join(labels.get(each) or each for each in found.entities)),
        *(("placed", line) for line in reason_lines(found, numbers)),
    ):
        if value:
            print_line(f"        {name}: {value}")
    marked = {mark.topic: mark for mark in marks}
    for judgement in found.judgements:
        print_evidence(judgement, marked.get(judgement.topic))
    print_line()
    print_line(article.text)
