"""`make demo`: the main job on one machine, through the commands a user has, against the replica."""

import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

from tests.web import Web, serve

HOME = Path("demo")
RASID = Path(sys.executable).with_name("rasid")
SETTINGS = """\
[database]
url = "sqlite:///rasid.db"

[catalogue]
only = ["machahid24", "eocr", "elaph", "mc_doualiya"]

[crawl]
route = "{route}"  # the replica of the four sites, not the web
delay = 0          # nobody to be polite to: the replica is ours

[digest]
outbox = "outbox"  # no mail server is set: mails are written here
"""
_CONDITIONS = {"if-none-match", "if-modified-since"}
SEARCHES = ("حموشي", "Darmanin -Olympiques")


def main() -> None:
    """Crawl the replica, write the digest, and say where to look."""
    shutil.rmtree(HOME, ignore_errors=True)
    HOME.mkdir()
    with serve() as web:
        (HOME / "rasid.toml").write_text(SETTINGS.format(route=web.url), encoding="utf-8")
        _say(
            f"Four news sites, as a replica, are served at {web.url}. Rasid crawls them as it would the web."
        )
        _crawl(web, "One page of the replica is broken on purpose: it is named, and due again in an hour.")
        _crawl(
            web,
            "Again at once: one request per entry, for what is new, and no article is fetched twice.",
        )
    _digest()
    for query in SEARCHES:
        _say(f"Search for {query}:")
        _rasid("search", query, "--limit", "3")
    _say(f"The digest to look at: {HOME}/digest/*.html. The archive: {HOME}/rasid.db. Try it yourself:")
    print(f'  {_shown(RASID)} search "extradition" --config {HOME}/rasid.toml')


def _crawl(web: Web, comment: str) -> None:
    web.forget()
    _say(comment)
    _rasid("crawl")
    bound = [seen for seen in web.asked() if "&after=" in seen.path or _CONDITIONS & set(seen.headers)]
    print(
        f"  The sites saw {len(web.asked())} requests (robots.txt apart), {len(bound)} of them conditional"
        " or for what is new."
    )


def _digest() -> None:
    _say("Three readers subscribe; the issue of the last 7 days goes out, once to each.")
    for language in ("ar", "fr", "en"):
        _rasid("subscribers", "add", f"reader-{language}@example.org", "--language", language)
    _rasid("digest", "--last", "7d", "--send")
    for language in ("ar", "fr", "en"):
        _rasid("digest", "--last", "7d", "--language", language, "--out", str(HOME / "digest" / language))


def _rasid(*arguments: str) -> None:
    command = [str(RASID), *arguments, "--config", str(HOME / "rasid.toml")]
    print(f"$ rasid {' '.join(arguments)}", flush=True)
    done = subprocess.run(command, check=False)
    if done.returncode not in (0, 1):
        sys.exit(f"the demo failed: {_shown(RASID)} {' '.join(arguments)} ended with {done.returncode}")


def _say(text: str) -> None:
    print("\n" + textwrap.fill(text, 100), flush=True)


def _shown(path: Path) -> str:
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


if __name__ == "__main__":
    main()
