"""A crawl whose only way out is a proxy, as a user sets it, with sites whose certificates are not valid."""

from base64 import b64encode
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from crawler.limits import Limits
from scheduler.limits import limits_of
from scheduler.loading import load_settings
from storage.errors import ConfigError
from tests.commands import Done, Home
from tests.crawler.authority import Authority, serve_securely, signer_named
from tests.crawler.crawling import AGENT, Place, feed, feed_of
from tests.crawler.relay import Relay, relay
from tests.web import serve

PAGES = {"/feed": feed("/news/1"), "/news/1": "<p>Nothing for us.</p>"}
SECURE = ("sound", "expired", "selfsigned", "stranger")
PLAIN = {"clear": "clear.test", "private": "10.0.0.1", "printer": "printer.local", "single": "intranet"}


class Proxied:
    """What came of a crawl through a proxy with a password; the environment names another proxy."""

    def __init__(self, folder: Path) -> None:
        authority = Authority(folder)
        contexts = {
            "sound.test": authority.context("sound.test"),
            "expired.test": authority.context("expired.test", until=timedelta(days=-1)),
            "selfsigned.test": authority.context("selfsigned.test", signer=signer_named("nobody")),
            "stranger.test": authority.context("another.test"),
        }
        with serve() as web, serve_securely(contexts, PAGES) as port:
            for path, body in PAGES.items():
                web.answer("clear.test", path, body=body)
            with relay(web.url, dict.fromkeys(contexts, port)) as ours, relay(web.url, {}) as others:
                self.ours, self.others = ours, others
                self.done = self.crawl(folder, authority.file, ours, others)
        self.reports: dict[str, Any] = {row["source"]: row for row in self.done.json}

    @staticmethod
    def crawl(folder: Path, trusted: Path, ours: Relay, others: Relay) -> Done:
        sources = {name: f"https://{name}.test/feed" for name in (*SECURE, "nobody")}
        sources |= {name: f"http://{host}/feed" for name, host in PLAIN.items()}
        (folder / "sources").mkdir()
        for name, url in sources.items():
            head = f'name = "{name}"\ncountry = "MA"\nlanguage = "en"\narticle_url = "https?://[^/]+/news/"\n'
            entry = feed_of("x").replace("https://x/feed", url)
            (folder / "sources" / f"{name}.toml").write_text(f"{head}[[entry]]\n{entry}\n", encoding="utf-8")
        wrong = f"http://127.0.0.1:{others.port}"
        environment = dict.fromkeys(("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"), wrong)
        environment |= {
            "RASID_CRAWL__PROXY": f"http://rasid:s3cr%40t@127.0.0.1:{ours.port}",
            "SSL_CERT_FILE": str(trusted),
        }
        home = Home(folder, environment)
        home.configure(
            '[catalogue]\ndirectory = "."\n[crawl]\ncontact = "a@b.test"\ndelay = 0\n[log]\nlevel = "debug"\n'
        )
        return home.rasid("crawl", *sources, "--json")


@pytest.fixture(scope="module")
def proxied(tmp_path_factory: pytest.TempPathFactory) -> Proxied:
    return Proxied(tmp_path_factory.mktemp("proxied"))


def test_every_request_goes_through_our_proxy_and_none_through_that_of_the_environment(
    proxied: Proxied,
) -> None:
    assert proxied.others.seen == []
    password = "Basic " + b64encode(b"rasid:s3cr@t").decode()
    assert {given for _, _, given in proxied.ours.seen} == {password}
    targets = {target for _, target, _ in proxied.ours.seen}
    assert {"http://clear.test/robots.txt", "http://clear.test/feed", "http://clear.test/news/1"} <= targets
    assert "sound.test:443" in targets
    assert [proxied.reports[name]["fetched"] for name in ("clear", "sound")] == [1, 1]


def test_the_password_of_the_proxy_is_told_nobody(proxied: Proxied) -> None:
    assert "s3cr" not in proxied.done.out + proxied.done.err


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("expired", "expired"),
        ("selfsigned", "of an authority nobody knows, or self-signed"),
        ("stranger", "of another host"),
    ],
)
def test_a_certificate_that_is_not_valid_is_named_with_why_and_remedy(
    proxied: Proxied, source: str, fault: str
) -> None:
    (problem,) = proxied.reports[source]["problems"]
    assert problem["what"].startswith(f"robots.txt cannot be had (certificate not valid ({fault}))")
    assert proxied.reports[source]["errors"] == {"tls": 1}


@pytest.mark.parametrize("source", ["private", "printer", "single"])
def test_what_is_plainly_private_is_refused_before_the_proxy_hears_of_it(
    proxied: Proxied, source: str
) -> None:
    (problem,) = proxied.reports[source]["problems"]
    assert "private address refused" in problem["what"]
    assert not any(PLAIN[source] in target for _, target, _ in proxied.ours.seen)


def test_a_tunnel_the_proxy_refuses_is_a_failure_that_may_pass(proxied: Proxied) -> None:
    (problem,) = proxied.reports["nobody"]["problems"]
    assert "robots.txt cannot be had (refused by the proxy)" in problem["what"]
    assert proxied.reports["nobody"]["errors"] == {"connection": 1}


@pytest.mark.parametrize(
    "proxy",
    [
        "127.0.0.1:3128",
        "https://127.0.0.1:3128",
        "http://127.0.0.1:3128/x",
        "http://u:s3cret@",
        "socks5://h:1",
    ],
)
def test_a_proxy_we_could_not_use_is_refused_without_telling_its_password(proxy: str) -> None:
    with pytest.raises(ConfigError, match=r"\[crawl\] proxy is not of the form") as error:
        Limits(user_agent=AGENT, proxy=proxy)
    assert "s3cret" not in str(error.value)


def test_without_a_proxy_of_ours_that_of_the_environment_is_not_used_either(tmp_path: Path) -> None:
    with serve() as web, relay(web.url, {}) as others:
        place = Place(tmp_path / "place", web.url)
        for path, body in PAGES.items():
            web.answer("clear.test", path, body=body)
        place.write("clear", "clear.test")
        wrong = f"http://127.0.0.1:{others.port}"
        crawling = place.start(["clear"], environment={"http_proxy": wrong, "https_proxy": wrong})
        assert crawling.reports()["clear"].fetched == 1
        assert others.seen == []


def test_there_is_one_way_out() -> None:
    with pytest.raises(ConfigError, match=r"\[crawl\] route and proxy: only one way out"):
        Limits(user_agent=AGENT, proxy="http://u:w@proxy.test:3128", route="http://127.0.0.1:8100")


def test_the_password_of_a_proxy_comes_from_a_file_or_the_environment_only(tmp_path: Path) -> None:
    file = tmp_path / "rasid.toml"
    (tmp_path / "proxy").write_text("http://u:s3cret@proxy.test:3128\n", encoding="utf-8")
    file.write_text('[crawl]\nproxy_file = "proxy"\n', encoding="utf-8")
    limits = limits_of(load_settings(file))
    assert limits.proxy == "http://u:s3cret@proxy.test:3128"
    assert "s3cret" not in repr(limits)
    file.write_text('[crawl]\nproxy = "http://u:s3cret@proxy.test:3128"\n', encoding="utf-8")
    with pytest.raises(ConfigError, match=r"no secrets here; set proxy_file or RASID_CRAWL__PROXY"):
        load_settings(file)
    file.write_text('[crawl]\nproxy_file = "nowhere"\n', encoding="utf-8")
    with pytest.raises(ConfigError, match=r"\[crawl\] proxy_file: .*nowhere: cannot be read"):
        limits_of(load_settings(file))
