"""Commands about stories: what is told of an event, and an analyst's hand in it."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from scheduler.cli.answers import labels_of
from scheduler.cli.options import MOST, Config, Json, open_archive, past, tell_progress
from scheduler.cli.output import day, isolated, print_line
from scheduler.cli.reasons import called, keys_named, reason_lines
from scheduler.cli.rows import article_row, plain, write_json
from scheduler.loading import load_settings
from storage.model import ArchivedArticle, Source, Story, Tie

if TYPE_CHECKING:
    from reports.importance import Importance
    from scheduler.ruling import Decide
    from storage.archive import Archive

Why = Annotated[str, typer.Option("--why", help="Kept with it, and shown.")]
StoryId = Annotated[int, typer.Argument(metavar="STORY", min=1, max=MOST)]
StoryIds = Annotated[list[int], typer.Argument(metavar="STORY...", min=1, max=MOST)]
ArticleIds = Annotated[list[int], typer.Argument(metavar="ARTICLE...", min=1, max=MOST)]
stories = typer.Typer(help="Events, each with all its accounts.", no_args_is_help=True)


@stories.command("list")
def list_stories(
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 20, json: Json = False, config: Config = None
) -> None:
    """List the stories told last."""
    with open_archive(load_settings(config)) as archive:
        found = archive.stories(limit=limit)
        sources = archive.sources()
    if json:
        write_json([story_row(each, sources) for each in found])
        return
    for story in found:
        print_line(f"{story.id:>6}  {isolated(story.lead.article.title)}", "bold")
        print_line(f"        {day(story.last)} · {_reach(story)}")


@stories.command("show")
def show_story(story: StoryId, json: Json = False, config: Config = None) -> None:
    """Show one story: headlines, accounts with their copies and what these changed, related stories."""
    settings = load_settings(config)
    with open_archive(settings) as archive:
        found = archive.story(story)
        labels = labels_of(archive, settings.digest.language)["entity"]
        related = [archive.story(each) for each in found.related]
        sources = archive.sources()
        ties = archive.ties.of(each.article.key for each in found.articles)
        numbers = archive.numbers(keys_named(found.articles, ties))
    if json:
        write_json(story_row(found, sources) | {"by_hand": plain(ties)})
        return
    print_line(f"story {found.id}  {isolated(found.lead.article.title)}", "bold")
    for language, headline in list(found.headlines.items())[1:]:
        print_line(f"        {language}  {isolated(headline)}")
    until = f" to {day(found.last.astimezone(UTC))}" if found.last > found.first else ""
    print_line(f"        {day(found.first.astimezone(UTC))}{until} UTC · {_reach(found)}")
    print_line(f"        importance {_explained(_importance(found, sources))}")
    if found.entities:
        print_line(f"        names {', '.join(labels.get(each) or each for each in found.entities)}")
    print_line()
    _print_accounts(found, numbers)
    for each in related:
        print_line(f"related {each.id}  {day(each.first)}  {isolated(each.lead.article.title)}")
    own = {each.article.key for each in found.articles}
    for line in dict.fromkeys(_by_hand(each, own, numbers) for each in ties):
        print_line(line)


@stories.command("join")
def join_stories(stories: StoryIds, why: Why = "", json: Json = False, config: Config = None) -> None:
    """Make one story of several, for good: what fits one of them belongs to it."""
    from crawler.stories.by_hand import Said, join

    said = Said(now=datetime.now(UTC), why=why)
    with open_archive(load_settings(config)) as archive:
        _rule(archive, stories, lambda held, homes: join(held, homes, said), json=json)


@stories.command("split")
def split_story(
    story: StoryId, articles: ArticleIds, why: Why = "", json: Json = False, config: Config = None
) -> None:
    """Make another story of some articles of one, for good."""
    from crawler.stories.by_hand import Said, split

    said = Said(now=datetime.now(UTC), why=why)
    with open_archive(load_settings(config)) as archive:
        leaving = [archive.article(each).article.key for each in articles]
        _rule(archive, [story], lambda held, homes: split(held, homes[0], leaving, said), json=json)


@stories.command("release")
def release_stories(stories: StoryIds, json: Json = False, config: Config = None) -> None:
    """Forget what was joined or split by hand of these stories' articles: the rules decide again."""
    from crawler.stories.by_hand import release

    with open_archive(load_settings(config)) as archive:
        _rule(archive, stories, release, json=json)


@stories.command("again")
def group_again(
    since: Annotated[
        str | None, typer.Option("--since", metavar="DATE|7d", help="Only what was recorded since.")
    ] = None,
    json: Json = False,
    config: Config = None,
) -> None:
    """Group the archive anew: after an upgrade, or after names have changed. What was said by hand holds."""
    from crawler.rules import load_rules
    from scheduler.regrouping import regroup

    settings = load_settings(config)
    rules = load_rules(settings.catalogue.directory, settings.catalogue.topics)
    recorded = past(since, datetime.now(UTC), "--since")
    with open_archive(settings) as archive:
        outcome = regroup(
            archive, rules, recorded, lambda so_far: tell_progress(f"{so_far.articles} articles", json)
        )
    if json:
        write_json(asdict(outcome))
    else:
        print_line(f"{outcome.articles} articles placed anew; {outcome.moved} are in another story now")


def story_row(story: Story, sources: Iterable[Source]) -> dict[str, Any]:
    """A story as scripts get it."""
    importance = _importance(story, sources)
    return {
        "id": story.id,
        "lead": story.lead.id,
        "headlines": story.headlines,
        "outlets": list(story.outlets),
        "languages": list(story.languages),
        "first": plain(story.first),
        "last": plain(story.last),
        "entities": list(story.entities),
        "related": list(story.related),
        "importance": asdict(importance) | {"weight": importance.weight, "points": importance.points},
        "articles": [_account_row(each, story) for each in story.articles],
    }


def _account_row(each: ArchivedArticle, story: Story) -> dict[str, Any]:
    from reports.difference import difference

    head = next((one for one in story.articles if one.id == each.copy_of), None)
    differs = asdict(difference(each.article, head.article)) if head else None
    return article_row(each) | {"placed": plain(each.placed), "differs": differs}


def _rule(archive: "Archive", named: list[int], decide: "Decide", *, json: bool) -> None:
    """Keep what is decided, and say which stories there are now."""
    from scheduler.ruling import rule

    now = [archive.story(each) for each in rule(archive, named, decide)]
    if json:
        write_json([story_row(each, archive.sources()) for each in now])
        return
    for story in now:
        print_line(f"story {story.id}  {isolated(story.lead.article.title)}", "bold")
        print_line(f"        {_reach(story)}")


def _print_accounts(story: Story, numbers: Mapping[str, int]) -> None:
    from reports.difference import difference

    for each in story.originals:
        _print_account(each, numbers)
        for copy in story.articles:
            if copy.copy_of == each.id:
                _print_account(copy, numbers, f"copy: {difference(copy.article, each.article)}")


def _print_account(each: ArchivedArticle, numbers: Mapping[str, int], differs: str = "") -> None:
    """An account with its reasons."""
    article = each.article
    indent = "    " if differs else ""
    told = f"{day(each.when)} {article.source} {article.language}"
    print_line(f"{indent}{each.id:>8}  {told}  {isolated(article.title)}")
    for line in filter(None, (differs, *reason_lines(each, numbers))):
        print_line(f"{indent}          {line}", "dim")


def _by_hand(tie: Tie, keys: Container[str], numbers: Mapping[str, int]) -> str:
    """What was said of articles of a story, in a line that is the same for all that was said at once."""
    why = f": {tie.why}" if tie.why else ""
    foreign = next((each for each in (tie.one, tie.other) if each not in keys), "")
    said = "joined" if tie.together else f"split, {called(foreign, numbers)} is of another event"
    return f"by hand, {day(tie.made.astimezone(UTC))} UTC: {said}{why}"


def _reach(story: Story) -> str:
    """How far it went."""
    copies = len(story.articles) - len(story.originals)
    told = [_counted(len(story.originals), "account"), _counted(copies, "copy", "copies") if copies else ""]
    outlets = _counted(len(story.outlets), "outlet")
    return f"{', '.join(filter(None, told))} in {outlets} · {' '.join(story.languages)}"


def _counted(number: int, one: str, many: str = "") -> str:
    return f"{number} {one}" if number == 1 else f"{number} {many or one + 's'}"


def _explained(importance: "Importance") -> str:
    points = (f"{name} {value:.1f}" for name, value in importance.points.items() if value)
    return f"{importance.weight:.1f}: {', '.join(points)}"


def _importance(story: Story, sources: Iterable[Source]) -> "Importance":
    from reports.importance import weigh

    return weigh(story, now=datetime.now(UTC), sources={each.id: each for each in sources})
