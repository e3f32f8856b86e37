"""`python -m tests.web [--port N] [--now ISO]`: serves the replica until stopped."""

import argparse
import signal
import threading
from datetime import UTC, datetime

from tests.web.server import serve


def main() -> None:
    """Prints the address, then serves until SIGINT or SIGTERM."""
    parser = argparse.ArgumentParser(prog="python -m tests.web", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="default: any free port")
    parser.add_argument("--now", type=_moment, help="what the articles are dated by; default: the present")
    asked = parser.parse_args()
    stopped = threading.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda *_: stopped.set())
    with serve(asked.now, asked.port) as web:
        print(web.url, flush=True)
        stopped.wait()


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


if __name__ == "__main__":
    main()
