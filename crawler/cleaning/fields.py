"""Everything known of an article but its text, each field from the path that knows it best. Pure."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from lxml.html import HtmlElement

from crawler.cleaning.credits import people, read_authors
from crawler.cleaning.findings import Findings, Path, best, findings
from crawler.cleaning.json_ld import read_json_ld
from crawler.cleaning.metadata import headings, read_markup, read_meta, read_selected
from crawler.cleaning.moments import Clock, choose_moment, named_day
from crawler.cleaning.rights import read_rights
from crawler.cleaning.titles import choose_title
from crawler.sites import home_url
from crawler.urls import absolute, plain_url, same_site, url_key
from storage.model import Page, Source

_NUMBER = re.compile(r"\d{5,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """What is known of an article but its text."""

    url: str  # canonical
    aliases: tuple[str, ...]
    title: str
    subtitle: str
    authors: tuple[str, ...]
    published: datetime | None
    modified: datetime | None
    section: str
    languages: tuple[str, ...]  # declared ones
    audio: bool
    types: tuple[str, ...]  # of schema.org
    rights: tuple[str, ...]
    text: str  # the body the JSON-LD gives, if it does
    found_by: Mapping[str, str]


def read_fields(
    page: Page, source: Source | None, root: HtmlElement, last_resort: Callable[[], Findings]
) -> Fields:
    """The fields of a page's article; `last_resort` is asked for authors and day where no path gives them."""
    chosen = _paths(page, source, root, last_resort)
    (published, published_by), (modified, modified_by) = _moments(chosen, _clock(page, source, chosen))
    title, title_by = _title(root, chosen)
    authors, authors_by = _authors(chosen)
    section, section_by = _line("section", chosen)
    subtitle, subtitle_by = _line("subtitle", chosen)
    audio, audio_by = _line("audio", chosen)
    rights, rights_by = read_rights(root, page.headers)
    by = {"title": title_by, "authors": authors_by, "published": published_by, "modified": modified_by}
    by |= {"section": section_by, "subtitle": subtitle_by, "audio": audio_by, "rights": rights_by}
    url = _canonical(page, source, root)
    return Fields(
        url=url,
        aliases=_aliases(page, root, url_key(url)),
        title=title,
        subtitle=subtitle if subtitle != title else "",
        authors=authors,
        published=published,
        modified=modified,
        section=section,
        languages=_values("language", chosen),
        audio=bool(audio),
        types=_values("types", chosen),
        rights=rights,
        text=_line("text", chosen)[0],
        found_by={field: path for field, path in by.items() if path},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Chosen:
    paths: tuple[Path, ...]  # the page's data first
    own: tuple[Path, ...]  # the source's selectors first
    sites: tuple[str, ...]  # names the site goes by


_Moment = tuple[datetime | None, str]  # and the path that tells it


def _moments(chosen: _Chosen, clock: Clock) -> tuple[_Moment, _Moment]:
    """When it was published and changed; what was changed before it was published was not."""
    published = choose_moment("published", chosen.paths, clock)
    modified = choose_moment("modified", chosen.paths, clock)
    if published[0] and modified[0] and modified[0] < published[0]:
        return published, (None, "")
    return published, modified


def _paths(
    page: Page, source: Source | None, root: HtmlElement, last_resort: Callable[[], Findings]
) -> _Chosen:
    select = Path("select", read_selected(root, source.select if source else {}))
    said = (Path("json-ld", read_json_ld(root)), Path("meta", read_meta(root)), select)
    paths = (*said, Path("markup", read_markup(root)), *_outside(page))
    if not all(any(field in path.found for path in paths) for field in ("authors", "published")):
        paths = (*paths, Path("trafilatura", last_resort()))
    return _Chosen(paths=paths, own=(select, *paths), sites=_site_names(page, source, paths))


def _outside(page: Page) -> tuple[Path, ...]:
    """What is known of the page without reading it."""
    link, day = page.link, named_day(page.url)
    published = (link.published.isoformat(),) if link.published else ()
    said = findings(title=(link.title,) if link.title else (), published=published)
    return Path("entry", said), Path("url", findings(published=(day.isoformat(),) if day else ()))


def _site_names(page: Page, source: Source | None, paths: tuple[Path, ...]) -> tuple[str, ...]:
    host = (urlsplit(page.url).hostname or "").removeprefix("www.")
    said = tuple(name for path in paths for name in path.found.get("site", ()))
    parts = tuple(part for name in said for part in name.split(" / "))
    return (*((source.name,) if source else ()), *said, *parts, host, *host.split(".")[-2:-1])


def _title(root: HtmlElement, chosen: _Chosen) -> tuple[str, str]:
    selected, by = best("title", chosen.own[:1])
    if selected:
        return choose_title((), selected, "", chosen.sites), by
    shown = (
        *best("title", tuple(each for each in chosen.paths if each.name == "markup"))[0],
        *headings(root),
    )
    said = {text: each.name for each in reversed(chosen.paths) for text in each.found.get("title", ())}
    page_title = best("page_title", chosen.paths)[0]
    title = choose_title(shown, reversed(said), "".join(page_title), chosen.sites)
    return title, ("markup" if title in shown else said.get(title, "meta")) if title else ""


def _line(field: str, chosen: _Chosen) -> tuple[str, str]:
    found, by = best(field, chosen.own)
    return (found[0] if found else ""), by


def _values(field: str, chosen: _Chosen) -> tuple[str, ...]:
    """All that the paths say."""
    return tuple(value for path in chosen.paths for value in path.found.get(field, ()))


def _authors(chosen: _Chosen) -> tuple[tuple[str, ...], str]:
    """The persons of the first path that names any; where none does, the outlet or agency a byline names."""
    given = [(read_authors(path.found.get("authors", ())), path.name) for path in chosen.own]
    persons = ((people(authors, chosen.sites), by) for authors, by in given)
    return next((each for each in (*persons, *given) if each[0]), ((), ""))


def _clock(page: Page, source: Source | None, chosen: _Chosen) -> Clock:
    language = source.language if source else next(iter(best("language", chosen.paths)[0]), "")
    zone = ZoneInfo(source.timezone) if source else UTC
    return Clock(now=page.fetched, zone=zone, language=language, url=page.url)


def _canonical(page: Page, source: Source | None, root: HtmlElement) -> str:
    """The page's canonical URL where it is of the same site and may be this article's, else its own.

    Themes give every page the canonical link of the front page, of a section or of the latest article;
    believing it would make one article of all.
    """
    home = home_url(page.url, source)
    links = (
        each for each in root.iterfind(".//link[@href]") if "canonical" in (each.get("rel") or "").lower()
    )
    for link in links:
        url = home_url(absolute(link.get("href") or "", page.url), source)
        if url and same_site(url, home) and _may_be_article(url, source) and not _differ(url, home):
            return url
    return home


def _differ(url: str, other: str) -> bool:
    """Whether both paths have numbers an article may go by, and none in common."""
    one, two = (set(_NUMBER.findall(unquote(urlsplit(each).path))) for each in (url, other))
    return bool(one and two) and one.isdisjoint(two)


def _may_be_article(url: str, source: Source | None) -> bool:
    if source is None:
        return len(urlsplit(url).path + urlsplit(url).query) > 1
    return re.search(source.article_url, plain_url(url)) is not None


def _aliases(page: Page, root: HtmlElement, key: str) -> tuple[str, ...]:
    """The keys of the page's other addresses: in its entry, after redirects, its short and AMP link."""
    linked = [
        absolute(each.get("href") or "", page.url)
        for each in root.iterfind(".//link[@rel][@href]")
        if (each.get("rel") or "").lower() in ("shortlink", "amphtml")
    ]
    urls = (page.link.url, page.url, *(url for url in linked if url and same_site(url, page.url)))
    keys = dict.fromkeys((page.link.key, *page.link.aliases, *(url_key(url) for url in urls)))
    return tuple(each for each in keys if each and each != key)
