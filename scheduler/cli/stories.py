"""Commands about stories: what is told of an event, and an analyst's hand in it."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from scheduler.cli.options import MOST, Config, Json, open_archive
from scheduler.cli.output import day, isolated, print_line
from scheduler.cli.rows import article_row, plain, write_json
from scheduler.settings import load_settings
from storage.errors import InputError
from storage.model import ArchivedArticle, Source, Story, Tie

if TYPE_CHECKING:
    from reports.importance import Importance
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
        sources = _sources(archive)
    if json:
        write_json([story_row(each, sources) for each in found])
        return
    for story in found:
        print_line(f"{story.id:>6}  {isolated(story.lead.article.title)}", "bold")
        print_line(f"        {day(story.last)} · {_reach(story)}")


@stories.command("show")
def show_story(story: StoryId, json: Json = False, config: Config = None) -> None:
    """Show one story: headlines, accounts with their copies and what these changed, related stories."""
    with open_archive(load_settings(config)) as archive:
        found = archive.story(story)
        related = [archive.story(each) for each in found.related]
        sources = _sources(archive)
        ties = [each for each in archive.ties.around([found.id]).ties if _is_about(each, found)]
    if json:
        write_json(story_row(found, sources) | {"by_hand": plain(ties)})
        return
    print_line(f"story {found.id}  {isolated(found.lead.article.title)}", "bold")
    for language, headline in list(found.headlines.items())[1:]:
        print_line(f"        {language}  {isolated(headline)}")
    until = f" to {day(found.last)}" if found.last > found.first else ""
    print_line(f"        {day(found.first)}{until} UTC · {_reach(found)}")
    print_line(f"        importance {_explained(_importance(found, sources))}")
    if found.entities:
        print_line(f"        names {', '.join(found.entities)}")
    print_line()
    _print_accounts(found)
    for each in related:
        print_line(f"related {each.id}  {day(each.first)}  {isolated(each.lead.article.title)}")
    for tie in ties:
        print_line(_by_hand(tie))


@stories.command("join")
def join_stories(stories: StoryIds, why: Why = "", json: Json = False, config: Config = None) -> None:
    """Make one story of several, for good: what fits one of them belongs to it."""
    from crawler.stories.by_hand import Said, join

    if len(set(stories)) < 2:
        raise InputError("name two stories or more to join them; see rasid stories list")
    said = Said(now=datetime.now(UTC), why=why)
    with open_archive(load_settings(config)) as archive:
        wanted = {archive.story(each).id for each in stories}
        _told(archive, wanted, lambda held: join(held, wanted, said), json=json)


@stories.command("split")
def split_story(
    story: StoryId, articles: ArticleIds, why: Why = "", json: Json = False, config: Config = None
) -> None:
    """Make another story of some articles of one, for good."""
    from crawler.stories.by_hand import Said, split

    said = Said(now=datetime.now(UTC), why=why)
    with open_archive(load_settings(config)) as archive:
        found = archive.story(story)
        keys = {each.id: each.article.key for each in found.articles}
        for each in articles:
            if each not in keys:
                raise InputError(
                    f"article {each} is not of story {found.id}; see rasid stories show {found.id}"
                )
        leaving = [keys[each] for each in articles]
        _told(archive, {found.id}, lambda held: split(held, found.id, leaving, said), json=json)


@stories.command("release")
def release_stories(stories: StoryIds, json: Json = False, config: Config = None) -> None:
    """Forget what was joined or split by hand of these stories' articles: the rules decide again."""
    from crawler.stories.by_hand import release

    with open_archive(load_settings(config)) as archive:
        wanted = {archive.story(each).id for each in stories}
        _told(archive, wanted, lambda held: release(held, wanted), json=json)


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
    return article_row(each) | {"placed": list(each.placed), "differs": differs}


def _told(archive: "Archive", stories: set[int], decide: Any, *, json: bool) -> None:
    """Rule, and say which stories there are now."""
    from scheduler.ruling import rule

    before = {each.article.key for story in stories for each in archive.story(story).articles}
    homes = rule(archive, sorted(stories), decide)
    now = [archive.story(each) for each in sorted({homes[key] for key in before})]
    if json:
        write_json([story_row(each, _sources(archive)) for each in now])
        return
    for story in now:
        print_line(f"story {story.id}  {isolated(story.lead.article.title)}", "bold")
        print_line(f"        {_reach(story)}")


def _print_accounts(story: Story) -> None:
    from reports.difference import difference

    for each in story.originals:
        _print_account(each, "")
        for copy in story.articles:
            if copy.copy_of == each.id:
                _print_account(copy, f"copy: {difference(copy.article, each.article)}")


def _print_account(each: ArchivedArticle, differs: str) -> None:
    article = each.article
    indent = "    " if differs else ""
    told = f"{day(each.when)} {article.source} {article.language}"
    print_line(f"{indent}{each.id:>8}  {told}  {isolated(article.title)}")
    for line in (differs, *each.placed) if differs else each.placed:
        print_line(f"{indent}          {line}", "dim")


def _by_hand(tie: Tie) -> str:
    said = "are one story" if tie.together else "are two stories"
    why = f": {tie.why}" if tie.why else ""
    return f"by hand, {day(tie.made)} UTC: {tie.one} and {tie.other} {said}{why}"


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


def _sources(archive: "Archive") -> tuple[Source, ...]:
    return archive.sources()


def _is_about(tie: Tie, story: Story) -> bool:
    keys = {each.article.key for each in story.articles}
    return tie.one in keys or tie.other in keys
