"""A forward proxy for tests: it brings every host here, and remembers what it was asked for."""

import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlsplit


@dataclass(slots=True)
class Relay:
    """What came through: method, target and Proxy-Authorization of each request."""

    port: int = 0
    seen: list[tuple[str, str, str]] = field(default_factory=list)


@contextmanager
def relay(web: str, secure: Mapping[str, int]) -> Iterator[Relay]:
    """A proxy on loopback: plain requests go to `web`, tunnels to the port `secure` has for their host."""
    made = Relay()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            made.seen.append(("GET", self.path, self.headers.get("Proxy-Authorization", "")))
            asked = urlsplit(self.path)
            connection = HTTPConnection(urlsplit(web).netloc, timeout=10)
            connection.request("GET", asked.path, headers={"Host": asked.netloc})
            answer = connection.getresponse()
            body = answer.read()
            self.send_response(answer.status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
            connection.close()

        def do_CONNECT(self) -> None:
            made.seen.append(("CONNECT", self.path, self.headers.get("Proxy-Authorization", "")))
            port = secure.get(self.path.partition(":")[0])
            if port is None:
                self.send_error(502)
                return
            self.send_response(200)
            self.end_headers()
            with socket.create_connection(("127.0.0.1", port)) as there:
                back = Thread(target=_pour, args=(there, self.connection), daemon=True)
                back.start()
                _pour(self.connection, there)
                back.join(10)

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.port = server.server_port
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()


def _pour(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while piece := source.recv(65536):
            sink.sendall(piece)
    with suppress(OSError):
        sink.shutdown(socket.SHUT_WR)
