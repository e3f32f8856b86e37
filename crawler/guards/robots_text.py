"""The text of a robots.txt, as RFC 9309 has it read where Protego reads it otherwise. Pure."""

import re

from protego import Protego

_AGENT = re.compile(r"user[- ]?agent\s*(?::|\s)", re.IGNORECASE)
_VERSION = re.compile(r"[/\s(;].*")  # what follows the product token where a whole User-Agent is copied
_DELAY = re.compile(r"crawl[- ]delay\s*(?::|\s)", re.IGNORECASE)
_RULE = re.compile(
    r"(?:d[is]{1,3}al+[aow]+|diasllow|allow)\s*(?::|\s|$)", re.IGNORECASE
)  # and its misspellings


def decoded(body: bytes) -> str:
    """The text of a robots.txt: UTF-8, or UTF-16 where a byte order mark says so. Never raises."""
    wide = body.startswith((b"\xff\xfe", b"\xfe\xff"))
    return body.decode("utf-16" if wide else "utf-8-sig", "replace")


def rules_of(text: str) -> Protego:
    """The rules and Crawl-delays of a robots.txt. Nothing but a rule ends the agents of a group (2.2.4)."""
    rules: list[str] = []
    delays: list[str] = []
    agents: list[str] = []
    ruled = False
    for line in (line.partition("#")[0].strip() for line in text.splitlines()):
        if named := _AGENT.match(line):
            agent = f"User-agent: {_VERSION.sub('', line[named.end() :].strip())}"
            agents = [agent] if ruled else [*agents, agent]
            ruled = False
            rules.append(agent)
        elif _DELAY.match(line):
            delays += (*agents, line)
        elif _RULE.match(line):
            ruled = True
            rules.append(line)
    return Protego.parse("\n".join((*rules, *delays)))
