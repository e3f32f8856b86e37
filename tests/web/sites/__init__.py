"""The sites of the replica, one module each: what they say to a request. Pure."""

from collections.abc import Callable, Mapping, Sequence
from urllib.parse import quote

from tests.web.press import WebArticle
from tests.web.replies import Asked, Reply, moved, not_found
from tests.web.sites import elaph, eocr, machahid24, mc_doualiya

Site = Callable[[Asked, Sequence[WebArticle]], Reply | None]

SITES: Mapping[str, tuple[str, Site]] = {
    "machahid24.com": ("machahid24", machahid24.reply),
    "eocr.eu": ("eocr", eocr.reply),
    "elaph.com": ("elaph", elaph.reply),
    "api.elaph.com": ("elaph", elaph.api_reply),
    "www.mc-doualiya.com": ("mc_doualiya", mc_doualiya.reply),
}
ALIASES = {
    "www.machahid24.com": "machahid24.com",
    "www.eocr.eu": "eocr.eu",
    "www.elaph.com": "elaph.com",
    "mc-doualiya.com": "www.mc-doualiya.com",
}
HOSTS = {*SITES, *ALIASES}


def reply_of(asked: Asked, articles: Sequence[WebArticle]) -> Reply:
    """What the site of `asked.host` says; plain HTTP and other names of a site are redirected."""
    host = ALIASES.get(asked.host, asked.host)
    if host != asked.host or asked.headers.get("x-forwarded-proto") == "http":
        query = "&".join(f"{name}={quote(value)}" for name, value in asked.query.items())
        return moved(f"https://{host}{quote(asked.path)}" + (f"?{query}" if query else ""))
    name, site = SITES[host]
    own = [article for article in articles if article.site == name]
    return site(asked, own) or not_found()
