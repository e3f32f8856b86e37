"""Why a certificate is not valid: OpenSSL says it in the alert it sends the server, and nowhere else."""

from typing import Any

from OpenSSL import SSL
from service_identity import VerificationError
from twisted.internet.interfaces import IOpenSSLClientConnectionCreator
from twisted.web.iweb import IPolicyForHTTPS
from zope.interface import implementer  # type: ignore[import-untyped]

_SENT = SSL.SSL_CB_WRITE | SSL.SSL_CB_ALERT
_FAULTS = {  # RFC 8446 section 6.2
    42: "broken",
    43: "of a kind nobody knows",
    44: "revoked",
    45: "expired",
    48: "of an authority nobody knows, or self-signed",
}


class BadCertificate(Exception):
    """The host's certificate is not valid; its text says why."""


@implementer(IPolicyForHTTPS)
class Certificates:
    """A policy that asks of a certificate what the `policy` within asks, and remembers what it alerted to."""

    def __init__(self, policy: Any) -> None:
        self._policy = policy
        self._alerts: dict[str, int] = {}

    def creatorForNetloc(self, hostname: bytes, port: int) -> "_Creator":  # noqa: N802 - Twisted's name
        """Called by Twisted for every host."""
        return _Creator(self._policy.creatorForNetloc(hostname, port), hostname.decode("ascii"), self._alerts)

    def fault(self, host: str, error: Exception) -> str:
        """What was wrong with the certificate of a host; empty if that is not why the download failed."""
        reasons = _reasons(error)
        if any(isinstance(each, VerificationError) for each in reasons):
            return "of another host"
        if any("certificate verify failed" in str(each) for each in reasons):
            return _FAULTS.get(self._alerts.pop(host, 0), "refused")
        return ""


@implementer(IOpenSSLClientConnectionCreator)
class _Creator:
    def __init__(self, creator: Any, host: str, alerts: dict[str, int]) -> None:
        self._creator, self._host, self._alerts = creator, host, alerts

    def clientConnectionForTLS(self, tlsProtocol: Any) -> SSL.Connection:  # noqa: N802, N803 - Twisted's names
        connection: SSL.Connection = self._creator.clientConnectionForTLS(tlsProtocol)
        connection.set_info_callback(self._listen)
        return connection

    def _listen(self, _connection: SSL.Connection, where: int, code: int) -> None:
        if where & _SENT == _SENT:
            self._alerts[self._host] = code & 0xFF  # the byte above is the level


def is_tls(error: BaseException) -> bool:
    """Whether the two sides could not agree on a secure connection."""
    return any(isinstance(each, SSL.Error) for each in _reasons(error))


def _reasons(error: BaseException) -> tuple[BaseException, ...]:
    """The exceptions Twisted has gathered behind one of Scrapy's."""
    return tuple(each.value for each in getattr(error.__cause__, "reasons", ()))
