"""The way to the network: names resolve to public addresses only, a route or a proxy takes every request.

Scrapy finds both classes by path: see `crawler.fetching.politeness`. The resolver is asked at the moment of
connecting, so neither a redirect nor a name that changes its address gets around it; numeric hosts come here
too.
"""

import re
from base64 import b64encode
from collections.abc import Sequence
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import CannotResolveHostError, DownloadFailedError, IgnoreRequest
from scrapy.http import Response
from twisted.internet.interfaces import IAddress, IHostnameResolver, IResolutionReceiver
from zope.interface import implementer  # type: ignore[import-untyped]

from crawler.guards.addresses import is_public, written_address
from crawler.guards.certificates import BadCertificate, Certificates

ROUTE = "RASID_ROUTE"
"""The Scrapy setting that holds [crawl] route."""

PROXY = "RASID_PROXY"
"""The Scrapy setting that holds [crawl] proxy, which may hold a password."""

_HOME_NAMES = re.compile(r"(?:^|\.)(?:localhost|local|internal|home\.arpa)$|^[^.]*$")


class PrivateAddress(IgnoreRequest):
    """The host has no address a crawl may open."""


@implementer(IHostnameResolver)
class PublicResolver:
    """Resolves names to the public ones of their addresses; where a route or proxy is the only way out, to
    nothing but its own."""

    def __init__(self, reactor: Any, way: str) -> None:
        parts = urlsplit(way)
        self.refused: set[str] = set()
        self._reactor = reactor
        self._way = (parts.hostname, parts.port or 80) if way else None
        self._original = reactor.nameResolver

    @classmethod
    def from_crawler(cls, crawler: Any, reactor: Any) -> "PublicResolver":
        """Called by Scrapy."""
        return cls(reactor, crawler.settings.get(ROUTE) or crawler.settings.get(PROXY) or "")

    def install_on_reactor(self) -> None:
        """Called by Scrapy."""
        self._reactor.installNameResolver(self)

    def resolveHostName(  # noqa: N802 - Twisted's name
        self,
        resolutionReceiver: Any,  # noqa: N803
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Sequence[type[IAddress]] | None = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> Any:
        """Called by Twisted for every connection, also to a numeric host."""
        receiver = resolutionReceiver
        if self._way != (hostName, portNumber):
            receiver = _Sieve(resolutionReceiver, self, hostName, may_pass=not self._way)
        return self._original.resolveHostName(
            receiver, hostName, portNumber, addressTypes, transportSemantics
        )


@implementer(IResolutionReceiver)
class _Sieve:
    """Lets public addresses through, and remembers the host of which it refused one."""

    def __init__(self, receiver: Any, resolver: PublicResolver, host: str, *, may_pass: bool) -> None:
        self._receiver, self._resolver, self._host, self._may_pass = receiver, resolver, host, may_pass

    def resolutionBegan(self, resolution: Any) -> None:  # noqa: N802
        self._receiver.resolutionBegan(resolution)

    def addressResolved(self, address: Any) -> None:  # noqa: N802
        if self._may_pass and is_public(getattr(address, "host", "")):
            self._receiver.addressResolved(address)
        else:
            self._resolver.refused.add(self._host)

    def resolutionComplete(self) -> None:  # noqa: N802
        self._receiver.resolutionComplete()


class RoutedHandler(HTTP11DownloadHandler):
    """Scrapy's handler; with a route, every request goes there, and its answer keeps the asked URL; with a
    proxy, every request goes through it."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._route: str = crawler.settings.get(ROUTE) or ""
        self._proxy: str = crawler.settings.get(PROXY) or ""
        self._certificates = Certificates(self._contextFactory)
        self._contextFactory: Any = self._certificates

    async def download_request(self, request: Request) -> Response:
        """Called by Scrapy. Raises PrivateAddress for a host whose addresses are refused, BadCertificate."""
        host = urlsplit(request.url).hostname or ""
        try:
            return await self._download(request, host)
        except CannotResolveHostError as error:
            if _is_refused(host):
                raise PrivateAddress(f"{request.url}: a private address") from error
            raise
        except DownloadFailedError as error:
            fault = self._certificates.fault(host, error)
            if fault:
                raise BadCertificate(fault) from error
            raise

    async def _download(self, request: Request, host: str) -> Response:
        if self._route:
            _refuse_private(request.url, host)
            response = await super().download_request(routed(request, self._route))
            return response.replace(url=request.url)
        if self._proxy:
            _refuse_private(request.url, host, names=True)
            return await super().download_request(proxied(request, self._proxy))
        return await super().download_request(request)


def _refuse_private(url: str, host: str, *, names: bool = False) -> None:
    """What the resolver does on the real web, as far as it can be done by the host as written.

    A route is for all names. What a name means behind a proxy only the proxy knows; `names` refuses those
    that are of nobody's public web (RFC 6761, 6762, 8375; .internal).
    """
    address = written_address(host)
    if (address and not is_public(address)) or (
        names and not address and _HOME_NAMES.search(host.rstrip("."))
    ):
        raise PrivateAddress(f"{url}: a private address")


def proxied(request: Request, proxy: str) -> Request:
    """The request as it goes through the proxy, with its name and password if the URL has them."""
    parts = urlsplit(proxy)
    meta = request.meta | {"proxy": f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"}
    headers = request.headers.copy()
    if parts.username is not None:
        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        headers["Proxy-Authorization"] = b"Basic " + b64encode(pair.encode())
    return request.replace(meta=meta, headers=headers)


def routed(request: Request, route: str) -> Request:
    """The request as it goes to the route: same path, its host and scheme told in headers."""
    asked, target = urlsplit(request.url), urlsplit(route)
    url = urlunsplit((target.scheme, target.netloc, asked.path or "/", asked.query, ""))
    headers = request.headers.copy()
    headers["Host"] = asked.netloc.rpartition("@")[2]
    headers["X-Forwarded-Proto"] = asked.scheme
    return request.replace(url=url, headers=headers)


def _is_refused(host: str) -> bool:
    from twisted.internet import reactor  # exists only once the crawl has begun

    resolver = reactor.nameResolver
    return isinstance(resolver, PublicResolver) and host in resolver.refused
