"""Whether a page plainly has prose, from its raw bytes, at a fraction of the cost of cleaning. Pure."""

import re

_ENOUGH = 80  # words of prose: more than a footer and a notice about cookies have together
_SENTENCE = 8  # words between two tags: a label has fewer
_PIECE = re.compile(rb"<(/?[a-zA-Z][a-zA-Z0-9]*)[^<>]*>([^<]*)")
_BESIDES = frozenset((b"a", b"script", b"style", b"noscript", b"template", b"title", b"footer", b"nav"))


def has_prose(body: bytes, enough: int = _ENOUGH) -> bool:
    """Whether a page has sentences of `enough` words outside its links, scripts, menus and footer.

    False of a page that only a browser fills, and of some short articles: what those hold, cleaning tells.
    """
    found, inside = 0, b""
    for piece in _PIECE.finditer(body):
        name = piece[1].lower()
        if inside:
            inside = b"" if name == b"/" + inside else inside
        elif name in _BESIDES:
            inside = name
        length = 0 if inside else len(piece[2].split())
        found += length if length >= _SENTENCE else 0
        if found >= enough:
            return True
    return False
