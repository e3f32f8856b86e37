"""conclude(): what a probe of a source comes to, in a word and a remedy. Pure."""

from collections.abc import Sequence

from crawler.probing.told import ArticleSeen, EntrySeen, State
from storage.model import Source


def conclude(source: Source, entries: Sequence[EntrySeen], article: ArticleSeen | None) -> tuple[str, str]:
    """The finding, and "where: what, remedy", which is empty if all is well.

    The findings are: ok, blocked, entries fail, no links, pattern matches nothing, body refused,
    article fails, no article text.
    """
    working = [entry for entry in entries if entry.state is State.OK]
    broken = [entry for entry in entries if entry.state in (State.REFUSED, State.FAILED)]
    if not working:
        return _dead(broken or entries)
    if not any(entry.articles for entry in working):
        return _fruitless(source, working, broken)
    if article is not None and article.state is not State.OK:
        return _ARTICLE[article.state], f"{article.url}: {article.why}"
    if broken:
        return "entries fail", f"{broken[0].url}: {broken[0].why}"
    return "ok", ""


_ARTICLE = {
    State.REFUSED: "body refused",
    State.FAILED: "article fails",
    State.EMPTY: "no article text",
    State.ABSENT: "article fails",
}


def _dead(entries: Sequence[EntrySeen]) -> tuple[str, str]:
    refused = [entry for entry in entries if entry.state is State.REFUSED]
    blocked = len(refused) == len(entries)
    first = (refused if blocked else [each for each in entries if each not in refused])[0]
    return "blocked" if blocked else "entries fail", f"{first.url}: {first.why}"


def _fruitless(source: Source, working: Sequence[EntrySeen], broken: Sequence[EntrySeen]) -> tuple[str, str]:
    """No entry that works names an article."""
    told = max(working, key=lambda entry: entry.links)
    if told.links:
        what = f"none of its {told.links} links is an article; mend article_url in {source.id}.toml"
        return "pattern matches nothing", f"{told.url}: {what}"
    if broken:
        return "entries fail", f"{broken[0].url}: {broken[0].why}"
    return "no links", f"{told.url}: has no link at all; look for another entry"
