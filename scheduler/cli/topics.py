"""Commands about the rules of what is relevant: topics list, check, mark, unmark, evaluate, rejudge."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scheduler.cli.checking import check_rules
from scheduler.cli.judged import (
    mark_row,
    print_evaluation,
    print_mark,
    print_marked,
    print_unmarked,
    write_evaluation,
)
from scheduler.cli.options import Config, Json, TopicId, chosen_topic, finish, open_archive
from scheduler.cli.output import print_line, print_table
from scheduler.cli.rows import Row, numbered_rows, to_article, write_json
from scheduler.loading import load_settings
from scheduler.settings import Settings
from storage.errors import InputError
from storage.model import ArchivedArticle, Link, Mark, Marked, Relevance

if TYPE_CHECKING:
    from crawler.evaluating import Case
    from storage.archive import Archive

_MOST = 2**63 - 1  # what a database counts to
topics = typer.Typer(help="The rules of what is relevant.", no_args_is_help=True)
Target = Annotated[
    str, typer.Argument(metavar="ARTICLE", help="Its number as search prints it, or the URL of any page met.")
]


class Word(StrEnum):
    """What an analyst says of an article."""

    RELEVANT = "relevant"
    IRRELEVANT = "irrelevant"


def _word(text: str) -> Word:
    try:
        return Word(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r}: write relevant or irrelevant") from error


@topics.command("list")
def list_topics(json: Json = False, config: Config = None) -> None:
    """List the topics."""
    from crawler.rules import load_topics

    catalogue = load_settings(config, needed=False).catalogue
    found = load_topics(catalogue.directory, catalogue.topics)
    if json:
        write_json(found)
    else:
        print_table(("id", "name"), ((each.id, each.labels.get("en", "")) for each in found))


@topics.command("check")
def check_topic(
    file: Annotated[Path | None, typer.Argument(metavar="FILE", help="Default: all rules in use.")] = None,
    config: Config = None,
) -> None:
    """Say what a topic or names file contains and what is wrong in it, or whether all rules can be read."""
    check_rules(file, load_settings(config, needed=False).catalogue)


@topics.command()
def mark(
    article: Target,
    relevance: Annotated[Word, typer.Argument(parser=_word, metavar="relevant|irrelevant")],
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="For whoever mends the rules.")] = "",
    topic: TopicId = None,
    config: Config = None,
) -> None:
    """Keep your own judgement of an article, or of a page that was rejected: it outweighs the rules."""
    settings = load_settings(config)
    name = _topic(settings, topic)
    with open_archive(settings) as archive:
        key = _key(archive, article)
        made = Mark(
            topic=name, key=key, relevance=Relevance(relevance.value), made=datetime.now(UTC), why=why.strip()
        )
        marked = archive.judging.mark(made)
        if isinstance(marked.found, ArchivedArticle) and not _is_judged(marked.found, name):
            marked = _judged_first(archive, settings, marked)
        cut_off = archive.posting.last_cut_off(name)
    print_marked(marked, cut_off)


@topics.command()
def unmark(article: Target, topic: TopicId = None, config: Config = None) -> None:
    """Take a mark back: what the rules say counts again."""
    settings = load_settings(config)
    name = _topic(settings, topic)
    with open_archive(settings) as archive:
        found = archive.judging.unmark(name, _key(archive, article))
    print_unmarked(found, name)


@topics.command("marks")
def list_marks(topic: TopicId = None, json: Json = False, config: Config = None) -> None:
    """List what is marked, the first marked first, with what the rules say."""
    settings = load_settings(config)
    name = _topic(settings, topic)
    with open_archive(settings) as archive:
        found = archive.judging.marked(name)
    if json:
        write_json([mark_row(each) for each in found])
        return
    for each in found:
        print_mark(each)
    print_line(f"{len(found)} marked for {name}")


@topics.command()
def evaluate(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="FILE.jsonl", help="Rows with a label; default: what is marked."),
    ] = None,
    topic: TopicId = None,
    json: Json = False,
    config: Config = None,
) -> None:
    """Measure the rules on judged articles: precision, recall, and every miss with its evidence."""
    from crawler.evaluating import evaluate as evaluate_cases
    from crawler.rules import load_rules

    settings = load_settings(config, needed=file is None)
    rules = load_rules(settings.catalogue.directory, settings.catalogue.topics)
    name = chosen_topic(topic, settings, rules.topics)
    problems: list[str] = []
    cases = tuple(_marked_cases(settings, name) if file is None else _cases(file, problems.append))
    found = evaluate_cases(cases, rules, name)
    if json:
        write_evaluation(found, name)
    else:
        print_evaluation(found, name, str(file or ""))
    finish(problems)


def _topic(settings: Settings, topic: str | None) -> str:
    from crawler.rules import load_topics

    return chosen_topic(topic, settings, load_topics(settings.catalogue.directory, settings.catalogue.topics))


def _key(archive: "Archive", target: str) -> str:
    """The key of what is meant. Raises NotFound for a number the archive does not have."""
    from crawler.urls import url_key

    if target.isdecimal() and 1 <= int(target[:20]) <= _MOST:
        return archive.article(int(target)).article.key
    if not target.startswith(("http://", "https://")):
        raise typer.BadParameter(f"{target}: give the number of an article, or the URL of a page")
    return url_key(target)


def _is_judged(found: ArchivedArticle, topic: str) -> bool:
    return any(each.topic == topic for each in found.judgements)


def _judged_first(archive: "Archive", settings: Settings, marked: Marked) -> Marked:
    """The mark of an article that is older than the topic, once the rules have judged it."""
    from crawler.rejudging import judged_anew
    from crawler.rules import load_rules

    assert isinstance(marked.found, ArchivedArticle)  # noqa: S101 - the caller has asked
    rules = load_rules(settings.catalogue.directory, settings.catalogue.topics)
    archive.judging.rejudge([judged_anew(marked.found, rules, marked.mark.topic)])
    return Marked(mark=marked.mark, found=archive.article(marked.found.id))


def _cases(file: Path, complain: Callable[[str], None]) -> Iterator["Case"]:
    """The cases of a file: a bad row is told to `complain`, how many have no label on standard error."""
    unlabelled = 0
    for where, row in numbered_rows(file, complain):
        try:
            if row.get("label") is None:
                unlabelled += 1
            else:
                yield _case(row)
        except InputError as error:
            complain(f"{where}: {error}")
    if unlabelled:
        typer.echo(f"{file}: {unlabelled} without a label left out", err=True)


def _case(row: Row) -> "Case":
    from crawler.evaluating import Case

    label, why = row.get("label"), row.get("why") or ""
    if label not in [each.value for each in Relevance]:
        raise InputError(f"{row['id']}: label: must be relevant, borderline or irrelevant (got {label!r})")
    if not isinstance(why, str):
        raise InputError(f"{row['id']}: why: not a text (got {why!r})")
    return Case(article=to_article(row), label=Relevance(label), why=why, name=str(row["id"]))


def _marked_cases(settings: Settings, topic: str) -> Iterator["Case"]:
    """What is marked in the archive: articles, and other pages as far as title and summary tell."""
    from crawler.catalogue import readable_sources
    from crawler.evaluating import Case
    from crawler.examine import by_entry

    languages = {each.id: each.language for each in readable_sources(settings.catalogue.directory)[0]}
    with open_archive(settings) as archive:
        found = archive.judging.marked(topic)
    for each in found:
        match each.found:
            case ArchivedArticle(id=number, article=article):
                name = str(number)
            case page:
                link: Link = page.link
                article, name = by_entry(link, languages.get(link.source, "")), link.url
        yield Case(article=article, label=each.mark.relevance, why=each.mark.why, name=name)
