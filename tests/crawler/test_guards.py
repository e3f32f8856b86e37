"""What a crawl may open, and how a request goes to the route."""

from pathlib import Path

import pytest
from scrapy import Request
from scrapy.settings import Settings

from crawler.fetching.politeness import scrapy_settings
from crawler.guards.addresses import is_public, written_address
from crawler.guards.network import routed
from crawler.limits import Limits
from storage.errors import ConfigError
from tests.crawler.crawling import AGENT, Place
from tests.web import serve


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "2606:2800:220:1::1", "::ffff:93.184.216.34", "64:ff9b::5db8:d822"]
)
def test_the_public_internet_may_be_opened(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.100.100.200",
        "168.63.129.16",
        "0.0.0.0",
        "255.255.255.255",
        "224.0.0.1",
        "::1",
        "::",
        "fe80::1%eth0",
        "fd00:ec2::254",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "ff02::1",
        "localhost",
        "",
    ],
)
def test_everything_else_may_not(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    ("url", "sent", "host", "scheme"),
    [
        ("https://a.test/x?y=1", "http://127.0.0.1:8100/x?y=1", b"a.test", b"https"),
        ("http://a.test:8080", "http://127.0.0.1:8100/", b"a.test:8080", b"http"),
        ("https://user:word@a.test/", "http://127.0.0.1:8100/", b"a.test", b"https"),
    ],
)
def test_a_routed_request_tells_host_and_scheme_in_headers(
    url: str, sent: str, host: bytes, scheme: bytes
) -> None:
    request = routed(Request(url, headers={"User-Agent": AGENT}), "http://127.0.0.1:8100")
    assert request.url == sent
    assert (request.headers["Host"], request.headers["X-Forwarded-Proto"]) == (host, scheme)
    assert request.headers["User-Agent"] == AGENT.encode()


@pytest.mark.parametrize(
    "route", ["127.0.0.1:8100", "https://127.0.0.1:8100", "http://", "http://127.0.0.1/x"]
)
def test_a_route_that_is_no_http_address_is_refused(route: str) -> None:
    with pytest.raises(ConfigError, match=r"\[crawl\] route: "):
        Limits(user_agent=AGENT, route=route)


def test_nothing_listens_and_only_the_web_is_spoken() -> None:
    settings = scrapy_settings(Limits(user_agent=AGENT))
    assert settings["TELNETCONSOLE_ENABLED"] is settings["REMOTE_CONTROL_ENABLED"] is False
    assert not Settings(settings).get_component_priority_dict_with_base("EXTENSIONS")
    assert {scheme for scheme, handler in settings["DOWNLOAD_HANDLERS"].items() if handler} == {
        "http",
        "https",
    }
    assert settings["DOWNLOAD_VERIFY_CERTIFICATES"] is True


def test_without_a_route_no_private_address_is_opened_however_it_is_written(tmp_path: Path) -> None:
    with serve() as web:
        port = web.url.rpartition(":")[2]
        hosts = {
            "loopback": f"127.0.0.1:{port}",
            "name": f"localhost:{port}",
            "short": f"127.1:{port}",
            "decimal": f"2130706433:{port}",
            "hex": f"0x7f000001:{port}",
            "mapped": f"[::ffff:127.0.0.1]:{port}",
            "six": f"[::1]:{port}",
        }
        place = Place(tmp_path / "place", route="")
        for name, host in hosts.items():
            place.write(name, host, f'kind = "feed"\nurl = "http://{host}/feed"')
        place.write("unknown", "no-such-host.invalid")
        reports = place.crawl(*hosts, "unknown")
        assert web.requests == []
    refused = {name: [str(problem) for problem in reports[name].problems] for name in hosts}
    assert refused == {
        name: [f"{name}: http://{host}/feed: private address refused; only the public internet is crawled"]
        for name, host in hosts.items()
    }
    assert "robots.txt cannot be had" in str(reports["unknown"].problems[0])


def test_with_a_route_names_lead_there_and_private_addresses_nowhere(tmp_path: Path) -> None:
    with serve() as web, serve() as other:
        place = Place(tmp_path / "place", web.url)
        port = other.url.rpartition(":")[2]
        hosts = {"name": f"localhost:{port}", "address": f"127.0.0.1:{port}", "short": "10.1", "six": "[::1]"}
        for name, host in hosts.items():
            place.write(name, host, f'kind = "feed"\nurl = "http://{host}/feed"')
        reports = place.crawl(*hosts)
        assert [seen.headers["host"] for seen in web.requests] == [hosts["name"]] * 2
        assert other.requests == []
    for name in ("address", "short", "six"):
        assert "private address refused" in str(reports[name].problems[0])


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("127.0.0.1.", "127.0.0.1"),
        ("127.1", "127.0.0.1"),
        ("2130706433", "127.0.0.1"),
        ("0x7f.0.0.1", "127.0.0.1"),
        ("0177.0.0.1", "127.0.0.1"),
        ("[::1]", "::1"),
        ("::ffff:10.0.0.1", "::ffff:10.0.0.1"),
        ("localhost", ""),
        ("10.daily.test", ""),
        ("", ""),
    ],
)
def test_an_address_is_told_from_a_name_however_it_is_written(host: str, address: str) -> None:
    assert written_address(host) == address
