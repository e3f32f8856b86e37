"""Certificates made in the test: an authority, and a server that shows each host one of its own."""

import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.x509.oid import NameOID

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Signer:
    """Somebody who signs certificates."""

    name: x509.Name
    key: EllipticCurvePrivateKey


class Authority:
    """An authority of this run; `file` is what trusts it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.signer = signer_named("an authority of the tests")
        own = _certificate(self.signer.name, self.signer, self.signer.key, "", DAY, authority=True)
        self.file = folder / "authority.pem"
        self.file.write_bytes(own.public_bytes(serialization.Encoding.PEM))

    def context(self, host: str, *, until: timedelta = DAY, signer: Signer | None = None) -> ssl.SSLContext:
        """What a server of `host` shows: a certificate good until then, signed by us or by `signer`."""
        mine = signer_named(host)
        made = _certificate(mine.name, signer or self.signer, mine.key, host, until)
        private = mine.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        file = self._folder / "server.pem"
        file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context


def signer_named(name: str) -> Signer:
    """Somebody nobody trusts yet."""
    return Signer(
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]), generate_private_key(SECP256R1())
    )


@contextmanager
def serve_securely(contexts: Mapping[str, ssl.SSLContext], pages: Mapping[str, str]) -> Iterator[int]:
    """Serves `pages` (path -> body) over TLS on a port, each host with its own certificate."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = pages.get(self.path, "").encode()
            self.send_response(200 if body else 404)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    def choose(socket: ssl.SSLSocket | ssl.SSLObject, host: str | None, _: ssl.SSLContext) -> None:
        socket.context = contexts[host or ""]

    first = next(iter(contexts.values()))
    first.sni_callback = choose
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # refused handshakes are what it is for
    server.socket = first.wrap_socket(server.socket, server_side=True)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


def _certificate(
    name: x509.Name,
    signer: Signer,
    key: EllipticCurvePrivateKey,
    host: str,
    until: timedelta,
    *,
    authority: bool = False,
) -> x509.Certificate:
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(signer.name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - 30 * DAY)
        .not_valid_after(now + until)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    )
    if host:
        made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
    return made.sign(signer.key, hashes.SHA256())
