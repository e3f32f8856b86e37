"""What everybody may read: the issues, the stories, the stored pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path
from typing import Annotated

from fastapi import Path as InPath
from fastapi import Query as InQuery
from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from reports.pages import in_language, listed, on_the_web, page_words
from reports.pages_story import Names, show_story
from reports.web_answers import ALWAYS, House, foreign, house_path, language_and_locale, mailed, page
from storage.archive import Archive
from storage.errors import NotFound
from storage.model import ArchivedArticle, Story, Topic
from storage.warc import read_page

ON_A_PAGE = 20  # issues
Number = Annotated[int, InPath(ge=1, le=2**63 - 1)]
Name = Annotated[str, InPath(pattern=r"^[^\x00]{1,200}$")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The pages without anything of one reader in them."""

    archive: Archive
    house: House
    topics: Mapping[str, Topic]
    zone: tzinfo
    sentences: int
    snapshots: Path | None

    def issues(
        self, request: Request, number: Annotated[int, InQuery(alias="page", ge=1, le=10_000)] = 1
    ) -> Response:
        """The issues of the series that ask no query, the newest first."""
        words = page_words(*language_and_locale(self.house, request))
        found = self.archive.posting.public_issues(ON_A_PAGE + 1, (number - 1) * ON_A_PAGE)
        shown = {
            "issues": [listed(each, words, self.zone, self.topics) for each in found[:ON_A_PAGE]],
            "newer": number - 1,
            "older": number + 1 if len(found) > ON_A_PAGE else 0,
        }
        return page(self.house, request, "issues.html", shown=shown)

    def issue(self, request: Request, series: Name, name: Name) -> Response:
        """An issue as it was mailed, but for what was the reader's own."""
        found = self.archive.posting.issue(series, name)
        language, locale = language_and_locale(self.house, request)
        edition = in_language(found, language)
        if edition is None:
            raise NotFound(f"issue {name} of {series}: it has no edition")
        path = f"issues/{series}/{name}"
        languages = [each.language for each in found.editions]
        others = {each: house_path(self.house, path, language=each) for each in languages}
        home = house_path(self.house, "issues", language=request.query_params.get("language"))
        words = page_words(edition.language, locale if edition.language == language else "")
        headers = {"Content-Language": edition.language, "Vary": "Accept-Language"}
        headers |= {"X-Robots-Tag": "noindex"} if found.series.query else {}
        return mailed(on_the_web(edition, words, others, home), headers)

    def story(self, request: Request, number: Number) -> Response:
        """All accounts of an event."""
        found = self.archive.story(number)
        if found.id != number:
            wanted = request.query_params.get("language")
            moved = house_path(self.house, f"stories/{found.id}", language=wanted)
            return RedirectResponse(moved, 301, ALWAYS)
        names = Names(
            words=page_words(*language_and_locale(self.house, request)),
            zone=self.zone,
            entities={each.id: each for each in self.archive.entities()},
            sources={each.id: each for each in self.archive.sources()},
        )
        story = show_story(found, names, self.sentences, self._kept(found))
        return page(self.house, request, "story.html", shown={"story": story, "zone": names.clock})

    def snapshot(self, number: Number) -> Response:
        """The page of an article as it was fetched last, unless it asks that no copy be shown."""
        if not _may_be_shown(self.archive.article(number)):
            raise NotFound(f"article {number}: its page asks that no copy be shown")
        newest = next(iter(self.archive.revisions.snapshots(number)), None)
        if self.snapshots is None or newest is None:
            raise NotFound(f"article {number}: no page of it is kept")
        return foreign(read_page(self.snapshots, newest).body, f"article-{number}.html")

    def _kept(self, story: Story) -> frozenset[int]:
        """The accounts whose stored page may be had."""
        if self.snapshots is None:
            return frozenset()
        asked = (each.id for each in story.articles if each.copy_of is None and _may_be_shown(each))
        return frozenset(each for each in asked if self.archive.revisions.snapshots(each))


def _may_be_shown(archived: ArchivedArticle) -> bool:
    return "noarchive" not in archived.article.rights
