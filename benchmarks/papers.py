"""A town of invented newspapers: so many hosts that publish as time goes by, and watch how they are asked.

Each answers after a moment, so that two requests at a time can be seen, and notes who asks: a connection
belongs to one crawl. A word in the titles says what is on the topic; all else is invented.
"""

import random
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from xml.sax.saxutils import escape

LATENCY = (0.05, 0.25)  # seconds of an answer
_LISTED = 40  # articles of a feed
_SYLLABLES = (
    "ba",
    "ce",
    "di",
    "fo",
    "gu",
    "la",
    "me",
    "ni",
    "po",
    "ru",
    "sa",
    "te",
    "vi",
    "mar",
    "lin",
    "tor",
)
_ON_TOPIC = (
    "La DGSN marocaine et la DGSI française ont annoncé une opération conjointe contre le terrorisme, a "
    "indiqué le ministère de l'Intérieur à Rabat et à Paris. Dans le cadre de la coopération sécuritaire "
    "franco-marocaine, la police marocaine a remis à la France un suspect recherché par un mandat d'arrêt."
)
_OFF_TOPIC = (
    "Le marché couvert du quartier a rouvert ses portes après des travaux qui ont duré tout un hiver."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """An article that has been published."""

    host: str
    number: int
    title: str
    body: str
    published: datetime
    is_relevant: bool

    @property
    def url(self) -> str:
        """Its permalink."""
        return f"https://{self.host}/news/{self.number}.html"


@dataclass(frozen=True, slots=True)
class Request:
    """A request that was answered; `client` is the connection it came by."""

    host: str
    path: str
    client: tuple[str, int]
    begun: float  # seconds of time.monotonic()

    @property
    def url(self) -> str:
        """The address asked for."""
        return f"https://{self.host}{self.path}"


@dataclass(slots=True)
class Town:
    """The hosts, what they have published and who asked them for what."""

    hosts: tuple[str, ...]
    chance: random.Random
    url: str = ""
    published: list[Paper] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    meetings: list[str] = field(default_factory=list)  # two at a time on a host
    _asking: defaultdict[str, list[tuple[str, int]]] = field(default_factory=lambda: defaultdict(list))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def publish(self, *, is_relevant: bool, host: str = "") -> Paper:
        """Publish an article on a host, or on one of them."""
        number = len(self.published) + 1
        lead = f"{_ON_TOPIC if is_relevant else _OFF_TOPIC} {self._words(5).capitalize()}."  # no line twice
        title = ("Sécurité Maroc-France : " if is_relevant else "Quartier : ") + self._words(6).capitalize()
        paragraphs = [f"{self._words(40).capitalize()}. {self._words(30).capitalize()}." for _ in range(4)]
        paper = Paper(
            host=host or self.chance.choice(self.hosts),
            number=number,
            title=title,
            body="".join(f"<p>{each}</p>" for each in (lead, *paragraphs)),
            published=datetime.now(UTC),
            is_relevant=is_relevant,
        )
        self.published.append(paper)
        return paper

    def write_sources(self, folder: Path, minutes: int) -> None:
        """A source file for each host, polled every so many minutes."""
        folder.mkdir(parents=True)
        for host in self.hosts:
            name = host.partition(".")[0]
            text = (
                f'name = "{name}"\ncountry = "MA"\nlanguage = "fr"\narticle_url = "https?://[^/]+/news/"\n'
                f"poll = {minutes}\npoll_least = {minutes}\npoll_most = {minutes}\n"
                f'[[entry]]\nkind = "feed"\nurl = "https://{host}/feed"\n'
            )
            (folder / f"{name}.toml").write_text(text, encoding="utf-8")

    def pauses(self) -> list[tuple[float, str]]:
        """Seconds between the beginnings of one request and the next on the same host, and which they are."""
        by_host = defaultdict(list)
        for each in tuple(self.requests):
            by_host[each.host].append(each)
        pairs = (pair for asked in by_host.values() for pair in pairwise(asked))
        return [(later.begun - earlier.begun, _meeting(earlier, later)) for earlier, later in pairs]

    def begin(self, host: str, path: str, client: tuple[str, int]) -> None:
        """Somebody asks a host."""
        with self._lock:
            others = self._asking[host]
            if others:
                self.meetings.append(f"{host}{path}: asked by {client} while {others} asked it")
            others.append(client)
            self.requests.append(Request(host, path, client, time.monotonic()))

    def end(self, host: str, client: tuple[str, int]) -> None:
        """They have their answer."""
        with self._lock:
            self._asking[host].remove(client)

    def answer(self, host: str, path: str) -> tuple[int, str, str]:
        """Status, type and body."""
        if path == "/feed":
            return 200, "application/rss+xml", self._feed(host)
        for each in tuple(self.published):
            if each.host == host and each.url.endswith(path):
                return 200, "text/html", page_of(each)
        return 404, "text/plain", "nothing here\n"

    def _feed(self, host: str) -> str:
        newest = [each for each in reversed(tuple(self.published)) if each.host == host][:_LISTED]
        items = "".join(
            f"<item><title>{escape(each.title)}</title><link>{each.url}</link>"
            f"<pubDate>{format_datetime(each.published)}</pubDate></item>"
            for each in newest
        )
        return (
            f'<?xml version="1.0"?><rss version="2.0"><channel><title>{host}</title>{items}</channel></rss>'
        )

    def _words(self, number: int) -> str:
        return " ".join(
            "".join(self.chance.choices(_SYLLABLES, k=self.chance.randint(2, 4))) for _ in range(number)
        )


def _meeting(earlier: Request, later: Request) -> str:
    whose = "" if earlier.client == later.client else " by another connection"
    return f"{earlier.url}, then {later.path}{whose}"


def page_of(paper: Paper) -> str:
    """Its page."""
    return (
        f'<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8"><title>{escape(paper.title)}</title>'
        f'<meta property="article:published_time" content="{paper.published.isoformat()}"></head>'
        f"<body><article><h1>{escape(paper.title)}</h1>{paper.body}</article></body></html>"
    )


@contextmanager
def open_town(hosts: int, seed: int) -> Iterator[Town]:
    """Serve so many hosts on 127.0.0.1 until the block ends."""
    town = Town(tuple(f"paper{each:02}.example" for each in range(1, hosts + 1)), random.Random(seed))
    server = _Server(("127.0.0.1", 0), _Handler)
    server.town = town
    town.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield town
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128
    town: Town


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 60
    server: _Server

    def do_GET(self) -> None:
        town, host = self.server.town, self.headers.get("Host", "").partition(":")[0]
        town.begin(host, self.path, self.client_address)
        try:
            time.sleep(random.uniform(*LATENCY))
            status, kind, text = town.answer(host, self.path)
        finally:
            town.end(host, self.client_address)
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        try:
            self.end_headers()
            self.wfile.write(body)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing: `Town.requests` is the log."""
