"""What a visit to a recorded article is remembered as: the page read again, judged again and placed again."""

import logging
from dataclasses import replace

from crawler.clean import extract
from crawler.fetching.keeping import kept
from crawler.fetching.means import Means
from crawler.relevance import judge
from crawler.revising import is_another, revised
from crawler.stories import account, settle
from storage.archive import Archive
from storage.errors import NotFound, Outdated, PageError
from storage.event import event
from storage.model import Accepted, ArchivedArticle, Article, Page, Placement, Revisit, Sight, Source

logger = logging.getLogger(__name__)


def remember_visit(
    revisit: Revisit,
    seen: Page | Sight,
    source: Source,
    means: Means,
    repeated: frozenset[int] = frozenset(),
) -> str:
    """Remember what a visit came to: "revised", "removed", or empty: nothing new.

    A page with another text becomes the article's, with its judgements and its place in the stories, whether
    or not it still matches a topic. What was recorded under the address of that page too, before this one
    led there, is folded with it. `repeated` are the marks of lines that the source repeats. Raises
    ArchiveError if the archive fails.
    """
    archive = means.archive
    if isinstance(seen, Sight):
        return "removed" if archive.revisions.saw(revisit, seen, means.clock()) else ""
    found, article = _recorded(revisit, archive), _read(seen, source, repeated)
    if found is None:
        return ""
    if article is None:
        archive.revisions.saw(revisit, Sight.UNKNOWN, seen.fetched)
        return ""
    if is_another(found.article, article):
        return "removed" if archive.revisions.saw(revisit, Sight.MISSING, seen.fetched) else ""
    found = archive.article(archive.revisions.fold(found.id, (article.key, *article.aliases)))
    fresh = replace(_refreshed(revisit, seen), article=found.id)
    new = revised(found.article, article, repeated)
    if new is None:
        archive.revisions.saw(fresh, Sight.SAME, seen.fetched, (article.key, *article.aliases))
        return ""
    return _revise(fresh, kept(seen, means.snapshots), replace(found, article=new), source, means)


def _recorded(revisit: Revisit, archive: Archive) -> ArchivedArticle | None:
    """The article of a visit; None where a visit before it in this crawl has folded it into another."""
    try:
        return archive.article(revisit.article)
    except NotFound:
        return None


def _read(page: Page, source: Source, repeated: frozenset[int]) -> Article | None:
    """The article of a page; None also where it cannot be read: what we have is better."""
    try:
        return extract(page, source, repeated)
    except PageError as error:
        logger.warning(event("page not looked at again", error=error))
        return None


def _refreshed(revisit: Revisit, page: Page) -> Revisit:
    said = dict(page.headers)
    return replace(revisit, etag=said.get("etag", ""), last_modified=said.get("last-modified", ""))


def _revise(revisit: Revisit, page: Page, new: ArchivedArticle, source: Source, means: Means) -> str:
    """Judged as a new article, and placed as one that is in its story already."""
    told = account(new.article, means.rules.names, seen=new.recorded, reposts=source.reposts)
    judged = judge(new.article, means.rules)

    def keep(placement: Placement) -> None:
        verdict = Accepted(article=new.article, judgements=judged, placement=placement)
        means.archive.revisions.revise(revisit, page, verdict)

    try:
        settle(means.archive, replace(told, story=new.story), keep)
    except Outdated:
        return ""  # the visit has begun: it is due again in an hour
    return "revised"
