"""Limits as Scrapy settings: the one place that says how Scrapy behaves. Pure: imports no Scrapy."""

from typing import Any

from crawler.limits import Limits
from storage.model import Source

_RETRIED = tuple(
    f"scrapy.exceptions.{name}"
    for name in (
        "DownloadConnectionRefusedError",
        "DownloadFailedError",
        "DownloadTimeoutError",
        "ResponseDataLossError",
    )
)


_HANDLER = "crawler.guards.network.RoutedHandler"
_SILENCE = {  # nothing listens, nothing is counted twice
    "TELNETCONSOLE_ENABLED": False,
    "REMOTE_CONTROL_ENABLED": False,
    "EXTENSIONS_BASE": {},  # one that is only disabled is imported all the same, and aiohttp with it
    "LOG_INSTALL_ROOT_HANDLER": False,
    "STATS_DUMP": False,
}
_WAY = {  # http and https only, public addresses only, robots.txt first, no disguise
    "DOWNLOAD_HANDLERS": {"http": _HANDLER, "https": _HANDLER} | dict.fromkeys(("file", "ftp", "data", "s3")),
    "TWISTED_DNS_RESOLVER": "crawler.guards.network.PublicResolver",
    "DOWNLOADER_MIDDLEWARES": {
        "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
        "crawler.guards.robots.Robots": 100,
        "crawler.guards.robots.OwnSlots": 110,
    },
    "ROBOTSTXT_OBEY": False,  # ours obeys, to the letter of RFC 9309
    "COOKIES_ENABLED": False,
    "HTTPPROXY_ENABLED": False,  # no proxy from the environment: ours is [crawl] proxy
    "HTTPCACHE_ENABLED": False,
    "METAREFRESH_ENABLED": False,
    "REFERRER_POLICY": "no-referrer",
    "DOWNLOAD_VERIFY_CERTIFICATES": True,
}


def scrapy_settings(limits: Limits) -> dict[str, Any]:
    """The settings of every crawl: nothing listens, http and https only, bounded size, time and redirects."""
    return {
        **_SILENCE,
        **_WAY,
        "BOT_NAME": limits.user_agent.partition("/")[0],
        "USER_AGENT": limits.user_agent,
        "RASID_ROUTE": limits.route,
        "RASID_PROXY": limits.proxy,
        "DOWNLOAD_MAXSIZE": limits.max_bytes,
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOAD_TIMEOUT": limits.timeout,
        "DOWNLOAD_DELAY_JITTER": 0.0,  # the delay is a promise: never shorter
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "REDIRECT_MAX_TIMES": 5,
        "RETRY_TIMES": 1,
        "RETRY_HTTP_CODES": [502, 504],  # not 503: it means "later", and may say when
        "RETRY_EXCEPTIONS": _RETRIED,
        "RETRY_GIVE_UP_LOG_LEVEL": "DEBUG",  # the report says it
    }


def source_settings(source: Source, limits: Limits) -> dict[str, Any]:
    """What differs from source to source: pace and language."""
    return {
        "DOWNLOAD_DELAY": source.delay if limits.delay is None else limits.delay,
        "DEFAULT_REQUEST_HEADERS": {
            "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "Accept-Language": f"{source.language}, *;q=0.5",
        },
    }
