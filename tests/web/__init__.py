"""A replica of the four seed sites, served over real HTTP on loopback and chosen by the Host header.

Reading order: press (the articles as data), replies (what a server says), sites (one module per site),
server (`serve`), browse (`get`, a client). All text is written for the purpose; no sentence comes from a
publisher.
"""

from tests.web.browse import Response, get
from tests.web.press import Expected, WebArticle, load_articles
from tests.web.server import Seen, Web, serve

__all__ = ["Expected", "Response", "Seen", "Web", "WebArticle", "get", "load_articles", "serve"]
