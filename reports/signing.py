"""signing: a domain's signature on a mail (DKIM, RFC 6376): only this knows dkimpy and dnspython."""

from base64 import b64decode, b64encode
from dataclasses import dataclass, field

import dkim
import dns.exception
import dns.resolver
from dkim.crypto import UnparsableKeyError, parse_pem_private_key, parse_public_key
from dkim.util import InvalidTagValueList, parse_tag_value

from storage.errors import ConfigError

WEAKEST, STRONG = 1024, 2048  # bits: what receivers take (RFC 8301), what they like
COVERED = (
    b"from",
    b"to",
    b"subject",
    b"date",
    b"message-id",
    b"list-id",
    b"list-unsubscribe",
    b"list-unsubscribe-post",
    b"auto-submitted",
    b"content-language",
    b"content-type",
    b"content-transfer-encoding",
    b"mime-version",
)
_RSA = bytes.fromhex("300d06092a864886f70d0101010500")  # what kind of key (RFC 3279 section 2.3.1)
_REMEDY = "make one: openssl genrsa -out FILE 2048"
_BROKEN = (UnparsableKeyError, ValueError, IndexError, KeyError, TypeError)  # what dkimpy says of a bad key


class Unresolvable(Exception):
    """Nobody could be asked what a domain publishes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Whose signature, and the key it is made with."""

    domain: str
    selector: str  # the public key is published at SELECTOR._domainkey.DOMAIN
    key: bytes = field(repr=False)  # PEM of an RSA key

    @property
    def name(self) -> str:
        """Where the public key is published."""
        return f"{self.selector}._domainkey.{self.domain}"

    @property
    def bits(self) -> int:
        """How long the key is."""
        return int(_numbers(self.key)["modulus"]).bit_length()

    @property
    def record(self) -> str:
        """What is to be published."""
        numbers = _numbers(self.key)
        public = _tagged(0x30, _integer(numbers["modulus"]) + _integer(numbers["publicExponent"]))
        whole = _tagged(0x30, _RSA + _tagged(0x03, b"\0" + public))  # RFC 5280 section 4.1
        return f"v=DKIM1; k=rsa; p={b64encode(whole).decode()}"

    def on(self, mail: bytes) -> bytes:
        """The mail, lines ended by CRLF, with its signature on top: rsa-sha256, relaxed/relaxed.

        It covers each header of `COVERED` that is there once more than it is there: none can be added.
        """
        signer = dkim.DKIM(mail)
        there = {name.lower() for name, _ in signer.headers}
        covered = [each for each in COVERED if each in there]
        signature: bytes = signer.sign(
            self.selector.encode(),
            self.domain.encode(),
            self.key,
            canonicalize=(b"relaxed", b"relaxed"),
            include_headers=covered * 2,
        )
        return signature + mail

    def fits(self, record: bytes) -> bool:
        """Whether a published record holds the public key of this one."""
        try:
            told = parse_public_key(b64decode(parse_tag_value(record)[b"p"]))
        except (*_BROKEN, InvalidTagValueList):
            return False
        own = _numbers(self.key)
        return all(told[each] == own[each] for each in ("modulus", "publicExponent"))


def signature(key: bytes, *, domain: str, selector: str) -> Signature:
    """The signature of a domain by a private key. Raises ConfigError, which never quotes the key."""
    made = Signature(domain=domain, selector=selector, key=key.replace(b"\r\n", b"\n").strip())
    if not _works(made.key):
        raise ConfigError(f"no RSA key in PEM without a password; {_REMEDY}")
    if made.bits < WEAKEST:
        raise ConfigError(f"an RSA key of {made.bits} bits, which nobody accepts; {_REMEDY}")
    return made


def published(name: str, seconds: float = 5.0) -> bytes | None:
    """The text that is published under a name; None: none is. Raises Unresolvable."""
    try:
        answer = dns.resolver.resolve(name, "TXT", lifetime=seconds)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return None
    except (dns.exception.DNSException, OSError) as error:
        raise Unresolvable(" ".join(str(error).split())) from error
    return b"".join(answer[0].strings)


def _works(key: bytes) -> bool:
    try:
        numbers = _numbers(key)
        modulus, secret, public = (numbers[each] for each in ("modulus", "privateExponent", "publicExponent"))
        return pow(pow(2, secret, modulus), public, modulus) == 2
    except _BROKEN:
        return False


def _integer(number: int) -> bytes:
    return _tagged(0x02, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def _tagged(tag: int, content: bytes) -> bytes:
    """DER (X.690): the tag, how long, what."""
    length = len(content)
    if length < 128:
        return bytes((tag, length)) + content
    long = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(long))) + long + content


def _numbers(key: bytes) -> dict[str, int]:
    numbers: dict[str, int] = parse_pem_private_key(key)
    return numbers
