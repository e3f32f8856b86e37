"""Signatures: what the mailbox receives verifies, as a receiver would verify it."""

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from reports.mail import MailServer, Post
from reports.message import message
from reports.signing import Signature, signature
from storage.errors import ConfigError
from storage.model import Edition
from tests import factories as make
from tests.mailbox import Mailbox, open_mailbox

DOMAIN, TO = "example.org", "amal@example.net"
REQUIRED = (
    *("from", "to", "subject", "date", "message-id", "content-type", "mime-version"),
    *("list-id", "list-unsubscribe", "list-unsubscribe-post"),
)
NASTY = Edition(
    language="ar",
    subject="راصد، الأسبوع 47: " + "توقيف أحد عشر شخصا بين طنجة ومرسيليا " * 4,
    html="<p>\n.\n..\n. a line that begins with a dot\n</p>" + "خبر" * 3000 + "\n\n\n \t\n",
    text="From the start\n.\n..\nFrom here\ntrailing  \n\t\n\n\n" + "x" * 3000,
)
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def pem(key: Any = KEY, form: Any = serialization.PrivateFormat.PKCS8, password: bytes = b"") -> bytes:
    sealed = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
    made: bytes = key.private_bytes(serialization.Encoding.PEM, form, sealed)
    return made


def record(key: rsa.RSAPrivateKey = KEY) -> bytes:
    public = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return b"v=DKIM1; k=rsa; p=" + b64encode(public)


def short_key() -> bytes:
    """A key of 512 bits, which cryptography refuses to make (RFC 8017 appendix A.1.2)."""
    p, q = (next(n for n in range(2**256 - start, 0, -2) if pow(3, n - 1, n) == 1) for start in (1, 9999))
    e = next(e for e in (65537, 257, 17) if ((p - 1) * (q - 1)) % e)
    d = pow(e, -1, (p - 1) * (q - 1))
    numbers = (0, p * q, e, d, p, q, d % (p - 1), d % (q - 1), pow(q, -1, p))
    integers = b"".join(der(2, n.to_bytes(n.bit_length() // 8 + 1, "big")) for n in numbers)
    body = b64encode(der(0x30, integers))
    return b"-----BEGIN RSA PRIVATE KEY-----\n" + body + b"\n-----END RSA PRIVATE KEY-----\n"


def der(tag: int, content: bytes) -> bytes:
    length = len(content)
    long = length.to_bytes(2, "big")
    return bytes([tag]) + (bytes([length]) if length < 128 else b"\x82" + long) + content


def signed(key: bytes | None = None) -> Signature:
    return signature(key or pem(), domain=DOMAIN, selector="rasid")


def verifies(source: bytes, published: bytes | None = None) -> bool:
    def txt(name: bytes, timeout: float = 5) -> bytes:
        assert name == b"rasid._domainkey.example.org."
        return published or record()

    return bool(dkim.verify(source, dnsfunc=txt))


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with open_mailbox() as opened:
        yield opened


def received(mailbox: Mailbox, edition: Edition = NASTY, key: bytes | None = None) -> bytes:
    mail = message(
        edition,
        sender=f"rasid@{DOMAIN}",
        recipient=TO,
        message_id="<2026-W47.abc@example.org>",
        topic=make.TOPIC,
        date=make.NOW,
        leave="https://rasid.example.org/unsubscribe/" + "t" * 32,
    )
    server = MailServer(host=mailbox.host, port=mailbox.port, security="none", signature=signed(key))
    with Post(server) as post:
        post.send(mail, TO)
    return mailbox.mails[-1].source


@pytest.mark.parametrize(
    "key",
    [pem(), pem(form=serialization.PrivateFormat.TraditionalOpenSSL), pem().replace(b"\n", b"\r\n")],
    ids=["PKCS#8", "PKCS#1", "CRLF"],
)
def test_what_arrives_verifies(mailbox: Mailbox, key: bytes) -> None:
    source = received(mailbox, key=key)
    assert verifies(source)
    assert mailbox.mails[-1].message["DKIM-Signature"].startswith("v=1; a=rsa-sha256; c=relaxed/relaxed;")


def test_the_signature_covers_what_one_click_needs_and_lets_nothing_be_added(mailbox: Mailbox) -> None:
    source = received(mailbox)
    fields = dkim.DKIM(source)
    assert fields.verify(dnsfunc=lambda *_, **__: record())
    assert {name.encode() for name in REQUIRED} <= set(fields.include_headers)
    for name in REQUIRED:
        assert not verifies(f"{name}: another\r\n".encode() + source), name
    head, _, body = source.partition(b"\r\n\r\n")
    assert not verifies(head + b"\r\nSubject: another\r\n\r\n" + body)
    assert not verifies(head.replace(b"One-Click", b"Two-Click") + b"\r\n\r\n" + body)
    assert not verifies(head + b"\r\n\r\n" + body.replace(b"trailing", b"rtailing"))


def test_what_relays_change_on_the_way_breaks_nothing(mailbox: Mailbox) -> None:
    source = received(mailbox)
    refolded = source.replace(b"\r\nSubject: ", b"\r\nSUBJECT:\t").replace(b"Date:", b"Date:  ")
    assert verifies(b"Received: from a by b; 1 Jan 2026\r\n" + refolded + b"\r\n\r\n")


def test_the_signature_of_another_key_is_none(mailbox: Mailbox) -> None:
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    source = received(mailbox)
    assert not verifies(source, record(other))
    assert signed().fits(record())
    assert not signed().fits(record(other))


def test_what_is_to_be_published_is_told() -> None:
    assert signed().record.encode() == record()
    assert signed().fits(signed().record.encode())
    assert (signed().name, signed().bits) == ("rasid._domainkey.example.org", 2048)


@pytest.mark.parametrize("published", [b"", b"v=DKIM1; p=", b"hello", b"v=DKIM1; p=%%%", b"p=AAAA", b"\xff"])
def test_a_record_that_holds_no_key_fits_none(published: bytes) -> None:
    assert not signed().fits(published)


@pytest.mark.parametrize(
    "key",
    [
        b"",
        b"\x00\xff" * 50,
        b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
        b"-----BEGIN PRIVATE KEY-----\n%%%=\n-----END PRIVATE KEY-----\n",
        pem(ec.generate_private_key(ec.SECP256R1())),
        pem(ed25519.Ed25519PrivateKey.generate()),
        pem(password=b"a secret"),
        record(),
        pem()[: len(pem()) // 2] + b"\n-----END PRIVATE KEY-----\n",
    ],
    ids=["empty", "bytes", "short", "no base64", "elliptic", "ed25519", "locked", "public", "half"],
)
def test_what_is_no_rsa_key_is_refused_and_not_quoted(key: bytes) -> None:
    with pytest.raises(ConfigError, match=r"^no RSA key in PEM without a password; make one: ") as refused:
        signature(key, domain=DOMAIN, selector="rasid")
    assert "\n" not in str(refused.value)


def test_a_key_nobody_accepts_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"^an RSA key of 512 bits"):
        signature(short_key(), domain=DOMAIN, selector="rasid")


def test_a_key_is_in_no_repr() -> None:
    made = replace(signed(), selector="other")
    server = MailServer(host="mail.example.org", signature=made, password="right horse")
    assert "PRIVATE" not in repr(server) + repr(made)
    assert "horse" not in repr(server)
