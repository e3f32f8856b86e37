"""A local receiver of webhooks: a real HTTP server that keeps what it gets and answers as it is told to."""

import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread


@dataclass(frozen=True, slots=True)
class Posted:
    """One post as it arrived; the names of headers in lower case."""

    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Receiver:
    """What has arrived, in order, and what is answered: a path may have an answer of its own."""

    port: int = 0
    posts: list[Posted] = field(default_factory=list)
    answers: dict[str, tuple[int, dict[str, str]]] = field(default_factory=dict)
    slow: dict[str, float] = field(default_factory=dict)  # seconds between two bytes of the answer
    scheme: str = "http"
    over: Event = field(default_factory=Event)

    def url(self, path: str = "/hook") -> str:
        """Where a path is."""
        return f"{self.scheme}://127.0.0.1:{self.port}{path}"

    def answer(self, status: int, path: str = "/hook", **headers: str) -> None:
        """From now on answer so."""
        self.answers[path] = (status, headers)

    def talk(self, handler: BaseHTTPRequestHandler) -> None:
        """Take one post."""
        body = handler.rfile.read(int(handler.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in handler.headers.items()}
        self.posts.append(Posted(handler.path, headers, body))
        for byte in b"HTTP/1.1 2" * (handler.path in self.slow):
            handler.wfile.write(bytes([byte]))
            self.over.wait(self.slow[handler.path])
        status, more = self.answers.get(handler.path, (204, {}))
        handler.send_response(status)
        for name, value in more.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()


@contextmanager
def open_receiver(tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    """Serve on 127.0.0.1 until the block ends."""
    receiver = Receiver(scheme="https" if tls else "http")

    class Talk(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            receiver.talk(self)

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """A client that hangs up is no news."""

    with Server(("127.0.0.1", 0), Talk) as server:
        if tls:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        receiver.port = server.server_address[1]
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield receiver
        finally:
            receiver.over.set()
            server.shutdown()
            thread.join()
