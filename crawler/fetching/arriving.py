"""Whether an answer is the page of its link. Pure."""

from scrapy.http import Response

from crawler.discovery import is_article, on_site
from crawler.fetching.answers import REFUSALS, Refused, is_good, status_refused
from crawler.sites import home_url
from crawler.urls import url_key
from storage.model import Link, Source, Unavailable


def unwelcome(link: Link, answer: Response | Refused, source: Source) -> Unavailable | None:
    """Why an answer is not the page of the link, but none, an error, or a login or front page instead.

    None if it is that page, or the refusal of it.
    """
    if isinstance(answer, Refused):
        return answer.why
    if not (is_good(answer) or answer.status in REFUSALS):
        return status_refused(answer.status).why
    if not on_site(answer.url, source):
        return _led_astray("redirected off the site", answer.url)
    known = url_key(home_url(answer.url, source)) in (link.key, *link.aliases)
    return (
        None
        if known or is_article(answer.url, source)
        else _led_astray("redirected to no article", answer.url)
    )


def _led_astray(reason: str, url: str) -> Unavailable:
    return Unavailable(reason=reason, kind="gone", detail=f"{reason}, to {url}; look at it in a browser")
