"""The settings: where they come from, what in them is risky, whether rules and sources can be read."""

import os
import stat
from collections.abc import Iterator
from urllib.parse import urlsplit

from crawler.rules import load_rules
from scheduler.doctor.finding import Finding, bad, good, note
from scheduler.doctor.installation import Installation
from scheduler.settings import Settings

_HERE = ("localhost", "127.0.0.1", "::1")


def examine_configuration(installation: Installation) -> Iterator[Finding]:
    """All about rasid.toml, variables and rules."""
    yield _file(installation)
    yield from _secrets(installation)
    yield from _crawl(installation.settings)
    yield from _people(installation.settings)
    yield from _rules(installation)


def _file(installation: Installation) -> Finding:
    variables = sorted(name for name in os.environ if name.upper().startswith("RASID_") and "__" in name)
    also = f", and of {', '.join(variables)}" if variables else ""
    if installation.file.exists():
        return good("file", f"{installation.file.absolute()}{also}")
    return note(
        "file", f"{installation.file.absolute()}: not there: the defaults{also}; see rasid.example.toml"
    )


def _secrets(installation: Installation) -> Iterator[Finding]:
    if not urlsplit(installation.settings.database.url).password:
        return
    told = "[database] url holds a password, which every child process and log of yours may show"
    yield note("password", f"{told}; put it into PGPASSFILE or PGPASSWORD")
    file = installation.file
    if file.exists() and stat.S_IMODE(file.stat().st_mode) & 0o077:
        yield bad("rights", f"{file.absolute()}: others on this machine may read it; run: chmod 600 {file}")


def _crawl(settings: Settings) -> Iterator[Finding]:
    crawl = settings.crawl
    if crawl.route:
        yield note("route", f"every request goes to {crawl.route}, none to the web; remove [crawl] route")
    elif not crawl.contact:
        told = "sites do not learn who we are, so nothing is crawled; set it to a page or address of yours"
        yield bad("contact", f"[crawl] contact is not set: {told}")
    else:
        yield good("contact", crawl.contact)
    if crawl.delay is not None and crawl.delay < 1 and not crawl.route:
        told = f"[crawl] delay = {crawl.delay:g}: no site is given time between requests"
        yield bad("delay", f"{told}; remove it, and each source's own counts")
    if settings.work.engine == "procrastinate" and not settings.database.url.startswith("postgresql"):
        told = '[work] engine = "procrastinate" needs PostgreSQL'
        yield bad("work", f"{told}; set [database] url, or remove it")


def _people(settings: Settings) -> Iterator[Finding]:
    web = settings.web
    if web.port and web.host not in _HERE:
        told = f"[web] host: pages are shown on {web.host} without TLS"
        yield note("pages", f"{told}; put a web server with a certificate in front, see docs/web.md")
    if settings.mail.host and not settings.mail.operator:
        yield note("operator", "nobody is told of sources in trouble; set [mail] operator")


def _rules(installation: Installation) -> Iterator[Finding]:
    settings = installation.settings
    sources, problems = installation.catalogue
    for problem in problems:
        yield bad("source", f"{problem}; it is not crawled until this is mended")
    rules = load_rules(settings.catalogue.directory, settings.catalogue.topics)
    ids = [topic.id for topic in rules.topics]
    if settings.digest.topic not in ids:
        yield bad(
            "topic", f"[digest] topic: {settings.digest.topic} is not in use; there are {', '.join(ids)}"
        )
    said = f"{len(sources)} sources, {len(rules.names.entities)} names, for {', '.join(ids)}"
    yield good("rules", said) if sources else bad("rules", "no source is enabled; see [catalogue] only")
