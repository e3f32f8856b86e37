"""Templates to replies, for all sites. Pure but for reading the templates."""

from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from tests.web.press import WebArticle
from tests.web.replies import HTML, PLAIN, RSS, XML, Reply

_BROKEN = b"<!DOCTYPE html><title>500</title><h1>Internal Server Error</h1>"
_FORBIDDEN = b"<!DOCTYPE html><title>403 Forbidden</title><h1>Forbidden</h1><p>Request blocked.</p>"


def _gmt(moment: datetime) -> str:
    return format_datetime(moment.astimezone(UTC))


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+00:00")


_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent.parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_TEMPLATES.filters |= {"gmt": _gmt, "utc": _utc}


def page(template: str, articles: Sequence[WebArticle], **values: object) -> Reply:
    """An HTML page that changes when the newest of `articles` does."""
    body = _TEMPLATES.get_template(template).render(articles=articles, **values)
    return Reply(body=body.encode(), modified=_newest(articles))


def xml(template: str, articles: Sequence[WebArticle], **values: object) -> Reply:
    """An XML document over `articles`: a feed where the template is one, a sitemap otherwise."""
    body = _TEMPLATES.get_template(template).render(articles=articles, **values).lstrip()
    kind = RSS if template == "feed.xml" else XML
    return Reply(body=body.encode(), kind=kind, modified=_newest(articles))


def article_page(template: str, article: WebArticle, around: Sequence[WebArticle], **values: object) -> Reply:
    """The page of an article, or the failure it stands for; `around` are the others of its site."""
    if article.fault:
        return Reply(status=article.fault, body=_FORBIDDEN if article.fault == 403 else _BROKEN)
    body = _TEMPLATES.get_template(template).render(
        article=article, around=[each for each in around if each.id != article.id], **values
    )
    if article.charset == "utf-8":
        return Reply(body=body.encode(), kind=HTML, modified=article.published)
    undeclared = body.encode(article.charset, "xmlcharrefreplace")
    return Reply(body=undeclared, kind="text/html", modified=article.published)


def robots(*lines: str) -> Reply:
    """A robots.txt."""
    return Reply(body="\n".join((*lines, "")).encode(), kind=PLAIN)


def _newest(articles: Sequence[WebArticle]) -> datetime | None:
    return max((each.published for each in articles), default=None)
