"""search_site(): a site nobody knows, asked for entries and articles until it can be a source."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.http import Response

from crawler.catalogue import ZONES
from crawler.clock import now
from crawler.discovery import is_article
from crawler.fetching.answers import Refused, headers_of
from crawler.languages import choose_language
from crawler.probing.articles import read_article
from crawler.probing.candidates import (
    USUAL,
    Candidate,
    Offer,
    candidates,
    choose,
    entry_of,
    is_needed,
    newest_links,
)
from crawler.probing.entries import read_entry
from crawler.probing.homes import Home, read_home
from crawler.probing.patterns import infer_pattern
from crawler.probing.proposing import propose
from crawler.probing.site import Site, sitemaps_of, trouble_of
from crawler.probing.told import ArticleSeen, EntrySeen, Proposal, State, Wanted
from crawler.probing.whereabouts import country_of, name_of, stranger
from crawler.urls import plain_url, same_site
from storage.errors import EntryError, InputError
from storage.model import Entry, EntryKind, Source

Tell = Callable[[str], None]
_SAMPLE = 200  # links, the newest, that the pattern is inferred from
_EXAMPLES = 3  # articles that are cleaned


@dataclass(frozen=True, slots=True, kw_only=True)
class _Start:
    """What the address that was given leads to."""

    home: Home
    given: Entry | None = None  # the address is an entry itself


async def search_site(wanted: Wanted, site: Site, tell: Tell) -> Proposal:
    """A source made of what a site shows; `tell` hears each step.

    Raises EntryError (URL: what, remedy) where nothing is found that a crawl could use, and InputError where
    the country is nowhere to be seen.
    """
    start = await _start(stranger(wanted), site, tell)
    draft = _draft(wanted, start.home)
    _require_country(draft)
    offers = await _offers(start, draft, site, tell)
    tell(f"it is {draft.name}, country {draft.country}, times without an offset are of {draft.timezone}")
    chosen = choose(offers, now())
    inferred = infer_pattern(_addresses(chosen[0]))
    source = replace(draft, entries=_entries(chosen), article_url=inferred.pattern)
    for line in inferred.why:
        tell(f"articles: {line}")
    articles = await _examples(chosen, source, site, tell)
    return propose(source, chosen, inferred, articles, start.home, now().date())


async def _start(unknown: Source, site: Site, tell: Tell) -> _Start:
    url = unknown.entries[0].url
    answer = await site.get(Request(url))
    trouble = trouble_of(answer)
    if trouble:
        raise EntryError(f"{url}: {trouble.why}")
    assert isinstance(answer, Response)  # noqa: S101 - anything else is trouble
    root = _root(answer.url)
    if given := entry_of(answer.url, answer.body):
        tell(f"{given.kind.value}: {answer.url} is one itself")
        front = await site.get(Request(root))
        return _Start(home=_home(front, root), given=given)
    tell(f"front page: {answer.url}")
    return _Start(home=_home(answer, root))


def _home(answer: Response | Refused, root: str) -> Home:
    if not isinstance(answer, Response) or trouble_of(answer):
        return Home(url=root)
    return read_home(answer.body, headers_of(answer).get("content-type", ""), answer.url, root)


def _root(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/"


def _draft(wanted: Wanted, home: Home) -> Source:
    """The source as far as the front page tells it; every address of the site is still an article's."""
    country = country_of(wanted, home)
    return Source(
        id=stranger(wanted).id,
        name=name_of(home, urlsplit(home.url).hostname or ""),
        country=country,
        language=choose_language("", home.languages, "en"),
        timezone=ZONES.get(country, "UTC"),
        entries=(Entry(kind=EntryKind.LISTING, url=home.url),),
        article_url="",
        grade="B",
    )


def _require_country(draft: Source) -> None:
    if not draft.country:
        host = urlsplit(draft.entries[0].url).hostname
        raise InputError(f"{host}: its country is nowhere to be seen; give it, such as --country MA")


async def _offers(start: _Start, draft: Source, site: Site, tell: Tell) -> tuple[Offer, ...]:
    """The entries that have told links. Raises EntryError if there is none."""
    offers: list[Offer] = []
    failed: list[EntrySeen] = []
    sitemaps = [url for robots in site.robots.values() for url in sitemaps_of(robots)]
    for candidate in candidates(start.home, sitemaps, start.given):
        if not is_needed(candidate, offers):
            continue
        around = replace(draft, entries=(candidate.entry, *draft.entries))
        read = await read_entry(site, candidate.entry, around)
        tell(_step(candidate, read.seen))
        if read.links:
            offers.append(Offer(candidate.entry, read))
        else:
            failed.append(read.seen)
    if not offers:
        raise EntryError(_nothing(start, failed))
    return tuple(offers)


def _step(candidate: Candidate, seen: EntrySeen) -> str:
    newest = f", newest {seen.newest:%Y-%m-%d %H:%M}" if seen.newest else ""
    absent = candidate.said == USUAL and seen.status in (404, 410)
    outcome = "not there" if absent else seen.why or f"{seen.links} links{newest}"
    return f"{seen.kind.value}: {seen.url} ({candidate.said}): {outcome}"


def _nothing(start: _Start, failed: Sequence[EntrySeen]) -> str:
    """Why a site cannot be a source, and the remedy."""
    refused = [seen for seen in failed if seen.state is State.REFUSED]
    if refused and len(refused) == len(failed):
        return f"{refused[0].url}: {refused[0].why}"
    if len(start.home.links) < 3:
        what = "a front page without links, made by JavaScript, and neither feed nor sitemap"
        return f"{start.home.url}: {what}; look for its JSON interface and write the file by hand"
    what = f"neither feed nor sitemap nor WordPress in {len(failed)} places"
    return f"{start.home.url}: {what}; write the file by hand with an entry of kind listing"


def _addresses(offer: Offer) -> list[str]:
    """What its newest links are called, the front page left out.

    Raises EntryError if it names nothing else.
    """
    urls = [plain_url(link.url) for link in offer.read.links[:_SAMPLE]]
    found = [url for url in urls if urlsplit(url).path.strip("/") or urlsplit(url).query]
    if not found:
        raise EntryError(f"{offer.entry.url}: names nothing but the front page; look for another entry")
    return found


def _entries(chosen: Iterable[Offer]) -> tuple[Entry, ...]:
    """The entries as the file names them; one on a host of its own says where the articles are."""
    return tuple(
        offer.entry
        if same_site(offer.entry.url, offer.read.links[0].url)
        else replace(offer.entry, base=_root(offer.read.links[0].url))
        for offer in chosen
    )


async def _examples(
    chosen: Sequence[Offer], source: Source, site: Site, tell: Tell
) -> tuple[ArticleSeen, ...]:
    """The newest articles, cleaned. Raises EntryError if not one has text, though nobody refuses it."""
    links = [link for link in newest_links(chosen[:1]) if is_article(link.url, source)][:_EXAMPLES]
    articles = []
    for link in links:
        seen = await read_article(site, link, source)
        tell(f"article: {link.url}{': ' if seen.why else ''}{seen.why}")
        articles.append(seen)
    if all(seen.state in (State.EMPTY, State.FAILED) for seen in articles):
        raise EntryError(f"{articles[0].url}: {articles[0].why}")
    return tuple(articles)
