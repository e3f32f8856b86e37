"""A mail server that answers as it is told to, and hangs up where it is told to."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread

_USUAL = {"connect": "220 ready", "data": "354 go on"}


@dataclass
class Scripted:
    """What it answers, and what has come of it."""

    replies: Mapping[str, str | None]  # a command, `connect` or `message` (its end) -> reply; None: hang up
    host: str = "127.0.0.1"
    port: int = 0
    connections: int = 0
    mails: int = 0

    def talk(self, handler: StreamRequestHandler) -> None:
        """Serve one connection to its end."""
        self.connections += 1
        for command in _commands(handler):
            reply = self.replies.get(command, "250 fine")
            if reply is None:
                return
            self.mails += command == "message"
            handler.wfile.write(f"{reply}\r\n".encode())


@contextmanager
def open_script(**replies: str | None) -> Iterator[Scripted]:
    """Serve on 127.0.0.1 until the block ends: `open_script(mail="550 not you", noop=None)`."""
    script = Scripted(_USUAL | replies)

    class Talk(StreamRequestHandler):
        def handle(self) -> None:
            script.talk(self)

    with ThreadingTCPServer((script.host, 0), Talk) as server:
        script.port = server.server_address[1]
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield script
        finally:
            server.shutdown()
            thread.join()


def _commands(handler: StreamRequestHandler) -> Iterator[str]:
    yield "connect"
    for line in handler.rfile:
        yield _command(line)
        if _command(line) == "data":
            while handler.rfile.readline() not in (b".\r\n", b""):
                pass
            yield "message"


def _command(line: bytes) -> str:
    return line.decode().partition(" ")[0].strip().lower()
