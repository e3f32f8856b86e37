"""serving: an application at an address of this machine. The only module that knows uvicorn."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI

from storage.errors import ConfigError

_GRACE = 5  # seconds for the answers that are under way when the server is stopped


@contextmanager
def serving(app: FastAPI, host: str, port: int) -> Iterator[str]:
    """Answer at host and port (0: a free one) while the block runs; its URL.

    Answers that are under way at the end are finished. Addresses hold secrets: no access is logged. Raises
    ConfigError where nothing can listen there.
    """
    with _listening(host, port) as listener:
        server = uvicorn.Server(
            uvicorn.Config(
                app,
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                lifespan="off",
                ws="none",
                timeout_graceful_shutdown=_GRACE,
            )
        )
        thread = threading.Thread(target=server.run, args=([listener],), name="pages", daemon=True)
        thread.start()
        try:
            yield _url(listener)
        finally:
            server.should_exit = True
            thread.join()


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=128)
    except (OSError, OverflowError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise ConfigError(f"[web] host and port: nothing can listen at {host}:{port}: {why}") from error


def _url(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"
