"""The way to the network: names resolve to public addresses only, and a route takes every request.

Scrapy finds both classes by path: see `crawler.fetching.politeness`. The resolver is asked at the moment of
connecting, so neither a redirect nor a name that changes its address gets around it; numeric hosts come here
too.
"""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import CannotResolveHostError, IgnoreRequest
from scrapy.http import Response
from twisted.internet.interfaces import IAddress, IHostnameResolver, IResolutionReceiver
from zope.interface import implementer  # type: ignore[import-untyped]

from crawler.guards.addresses import is_public, written_address

ROUTE = "RASID_ROUTE"
"""The Scrapy setting that holds [crawl] route."""


class PrivateAddress(IgnoreRequest):
    """The host has no address a crawl may open."""


@implementer(IHostnameResolver)
class PublicResolver:
    """Resolves names to the public ones of their addresses; with a route, to nothing but the route's."""

    def __init__(self, reactor: Any, route: str) -> None:
        parts = urlsplit(route)
        self.refused: set[str] = set()
        self._reactor = reactor
        self._route = (parts.hostname, parts.port or 80) if route else None
        self._original = reactor.nameResolver

    @classmethod
    def from_crawler(cls, crawler: Any, reactor: Any) -> "PublicResolver":
        """Called by Scrapy."""
        return cls(reactor, crawler.settings.get(ROUTE) or "")

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
        if self._route != (hostName, portNumber):
            receiver = _Sieve(resolutionReceiver, self, hostName, may_pass=not self._route)
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
    """Scrapy's handler; with a route, every request goes there, and its answer keeps the asked URL."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._route: str = crawler.settings.get(ROUTE) or ""

    async def download_request(self, request: Request) -> Response:
        """Called by Scrapy. Raises PrivateAddress for a host whose addresses are refused."""
        try:
            if not self._route:
                return await super().download_request(request)
            _refuse_private(request)
            response = await super().download_request(routed(request, self._route))
            return response.replace(url=request.url)
        except CannotResolveHostError as error:
            if _is_refused(urlsplit(request.url).hostname or ""):
                raise PrivateAddress(f"{request.url}: a private address") from error
            raise


def _refuse_private(request: Request) -> None:
    """What the resolver does on the real web: the route is for names, not for addresses."""
    address = written_address(urlsplit(request.url).hostname or "")
    if address and not is_public(address):
        raise PrivateAddress(f"{request.url}: a private address")


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
