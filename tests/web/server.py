"""The replica's server: `serve`, the web it yields, and the one HTTP handler."""

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, unquote, urlsplit

from tests.web.press import Expected, WebArticle, load_articles, newest_first
from tests.web.replies import HTML, PLAIN, Asked, Reply, as_sent, not_found
from tests.web.sites import HOSTS, reply_of
from tests.web.sites.outlets import has_outlet, outlet_reply


@dataclass(frozen=True, slots=True)
class Seen:
    """A request the web has answered; `path` as sent, with its query, header names lower-case."""

    host: str
    path: str
    headers: Mapping[str, str]
    status: int

    @property
    def url(self) -> str:
        """The address asked for, percent-encoding undone."""
        return f"https://{self.host}{unquote(self.path)}"


class Web:
    """Four sites, the other outlets, and what was asked of them; may be changed while it runs."""

    def __init__(self, articles: tuple[WebArticle, ...]) -> None:
        self.url = ""
        self.articles = articles
        self.requests: list[Seen] = []
        self.down: set[str] = set()  # hosts that answer 503, whatever is asked
        self._answers: dict[tuple[str, str], Reply] = {}

    @property
    def expected(self) -> dict[str, Expected]:
        """What to expect of every article, by its permalink."""
        return {article.url: article.expected for article in self.articles}

    def asked(self, host: str = "", *, robots: bool = False) -> tuple[Seen, ...]:
        """The requests so far, of one host if it is given, robots.txt only if wanted."""
        return tuple(
            seen
            for seen in tuple(self.requests)
            if host in ("", seen.host) and (robots or seen.path != "/robots.txt")
        )

    def forget(self) -> None:
        """Forgets the requests so far."""
        self.requests.clear()

    def answer(
        self,
        host: str,
        path: str,
        *,
        status: int = 200,
        body: bytes | str = b"",
        headers: Mapping[str, str] | None = None,
        delay: float = 0.0,
    ) -> None:
        """From now on says this to `path` (with its query, if any), whatever the site would say."""
        given = dict(headers or {})
        self._answers[host, unquote(path)] = Reply(
            status=status,
            body=body.encode() if isinstance(body, str) else body,
            kind=given.pop("Content-Type", HTML),
            headers=tuple(given.items()),
            delay=delay,
        )

    def relent(self, host: str, path: str) -> None:
        """Takes back what `answer` set for `path`."""
        del self._answers[host, unquote(path)]

    def publish(self, article: WebArticle) -> None:
        """Puts an article on its site, in place of the one of the same id."""
        others = (each for each in self.articles if each.id != article.id)
        self.articles = newest_first((*others, article))

    def remove(self, article_id: str) -> None:
        """Takes an article off its site: entries no longer name it, its page is gone."""
        self.articles = tuple(each for each in self.articles if each.id != article_id)

    def keep(self, most: int) -> None:
        """Leaves the newest `most` articles of each site that can be fetched."""
        sound = [each for each in self.articles if not each.fault]
        sites = {each.site for each in sound}
        newest = [[each for each in sound if each.site == site][:most] for site in sites]
        self.articles = newest_first(each for some in newest for each in some)

    def reply(self, asked: Asked, target: str) -> Reply:
        """What the web says to a request for `target` (path and query as sent)."""
        if asked.host in self.down:
            return Reply(status=503, kind=PLAIN, body=b"Service Unavailable\n")
        given = self._answers.get((asked.host, unquote(target)))
        if given is not None:
            return given
        if has_outlet(asked.host):
            return outlet_reply(asked.host, target) or not_found()
        if asked.host not in HOSTS:
            return Reply(status=421, kind=PLAIN, body=f"no such host here: {asked.host}\n".encode())
        return reply_of(asked, self.articles)


@contextmanager
def serve(now: datetime | None = None, port: int = 0) -> Iterator[Web]:
    """Serves the replica on 127.0.0.1 as of `now` (aware; default: the present) until the block ends."""
    web = Web(load_articles(now or datetime.now(UTC)))
    server = _Server(("127.0.0.1", port), _Handler)
    server.web = web
    web.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield web
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False  # kept-alive connections of a client that is still there must not hold us
    web: Web


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 30
    server: _Server

    def do_GET(self) -> None:
        split = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        asked = Asked(
            host=headers.get("host", "").partition(":")[0].lower(),
            path=unquote(split.path),
            query=dict(parse_qsl(split.query, keep_blank_values=True)),
            headers=headers,
        )
        reply = self.server.web.reply(asked, self.path)
        time.sleep(reply.delay)
        status, sent, body = as_sent(reply, headers)
        self.server.web.requests.append(Seen(asked.host, self.path, headers, status))
        self._send(status, sent, body)

    def do_HEAD(self) -> None:
        self.do_GET()

    def _send(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        try:
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # the client went away, as clients do

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing: `Web.requests` is the log."""
