"""safe_link: what may be pressed in a mail."""

import pytest

from reports.links import safe_link


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://naba.example/خبر?a=1&b=2#c", "https://naba.example/%D8%AE%D8%A8%D8%B1?a=1&b=2#c"),
        ("HTTP://naba.example:8080/a%20b", "http://naba.example:8080/a%20b"),
        ("https://البوابة.example/1", "https://xn--mgbacbf2n3a.example/1"),
        ("javascript:alert(1)", ""),
        ("javascript://naba.example/%0aalert(1)", ""),
        ("ftp://naba.example/1", ""),
        ("data:text/html,x", ""),
        ("//naba.example/1", ""),
        ("https://bank.example@naba.example/1", ""),
        ('https://naba.example/" onclick="x', ""),
        ("https://naba.example/1\r\nX: y", ""),
        ("https:///1", ""),
        ("https://[::1", ""),
        ("https://naba.example:port/1", ""),
    ],
)
def test_only_plain_web_addresses_become_links(url: str, kept: str) -> None:
    assert safe_link(url) == kept
