"""Mail: whether it can be sent, be believed, and be left with one click."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from reports.links import safe_link
from reports.mail import Post
from reports.signing import STRONG, Signature, Unresolvable
from scheduler.doctor.finding import Finding, Verdict
from scheduler.mailing import mail_server, mail_signature
from scheduler.settings import Settings
from storage.errors import ConfigError, MailError

SECONDS = 8.0  # to wait for a server
_LOCAL = ("localhost", "127.0.0.1", "::1")
Lookup = Callable[[str], bytes | None]  # what is published under a name; raises Unresolvable


def examine_mail(settings: Settings, published: Lookup) -> tuple[Finding, ...]:
    """All about mail, the server first: it is greeted, and logged in to, as for a mail, but sent nothing."""
    return (*_server(settings), *_sender(settings), *_signed(settings, published), *_pages(settings))


def _server(settings: Settings) -> Iterator[Finding]:
    mail = settings.mail
    if not mail.host:
        told = f"no [mail] host: mails are written to {settings.digest.outbox}; to send them, set it"
        yield Finding("server", Verdict.NOTE, told)
        return
    try:
        unsigned = mail.model_copy(update={"dkim_key_file": None})  # which is looked at by itself
        server = mail_server(settings.model_copy(update={"mail": unsigned}))
        assert server is not None  # noqa: S101 for the type: its host is set
        with Post(replace(server, timeout=SECONDS)) as post:
            post.greet()
    except (ConfigError, MailError) as error:
        yield Finding("server", Verdict.BAD, str(error))
        return
    how = {"starttls": "STARTTLS", "tls": "TLS", "none": "no TLS"}[mail.security]
    login = f"logged in as {mail.username}" if mail.username else "no login"
    yield Finding("server", Verdict.GOOD, f"{server} answers: {how}, {login}")
    if mail.security == "none" and mail.host not in _LOCAL:
        told = "mails go over the network in the clear; set [mail] security to starttls or tls"
        yield Finding("server", Verdict.NOTE, told)


def _sender(settings: Settings) -> Iterator[Finding]:
    sender = settings.mail.sender
    if "." in sender.rpartition("@")[2]:
        yield Finding("sender", Verdict.GOOD, sender)
        return
    verdict = Verdict.BAD if settings.mail.host else Verdict.NOTE
    told = f"{sender}: nobody can answer there, and many servers take nothing from there; set [mail] sender"
    yield Finding("sender", verdict, told)


def _signed(settings: Settings, published: Lookup) -> Iterator[Finding]:
    if settings.mail.dkim_key_file is None:
        told = "mails are not signed by us; see that your mail server does, or set [mail] dkim_key_file"
        if settings.mail.dkim_selector:
            told = "[mail] dkim_selector is set, and dkim_key_file is not: mails are not signed; set it"
        verdict = Verdict.BAD if settings.mail.dkim_selector else Verdict.NOTE
        yield Finding("signature", verdict, told)
        return
    try:
        signature = mail_signature(settings)
    except ConfigError as error:
        yield Finding("signature", Verdict.BAD, str(error))
        return
    assert signature is not None  # noqa: S101 for the type: its file is set
    strong = signature.bits >= STRONG
    told = f"DKIM for {signature.domain}, the sender's domain, with an RSA key of {signature.bits} bits"
    remedy = "" if strong else f"; make one of {STRONG}: openssl genrsa -out FILE {STRONG}"
    yield Finding("signature", Verdict.GOOD if strong else Verdict.NOTE, told + remedy)
    yield _record(signature, published)


def _record(signature: Signature, published: Lookup) -> Finding:
    name = signature.name
    try:
        record = published(name)
    except Unresolvable as error:
        return Finding(
            "record", Verdict.NOTE, f"{name}: could not be looked up: {error}; look it up elsewhere"
        )
    if record is None:
        remedy = f"publish a TXT record there: {signature.record}"
        return Finding("record", Verdict.BAD, f"{name}: nothing is published; {remedy}")
    if not signature.fits(record):
        remedy = f"publish this instead: {signature.record}"
        return Finding("record", Verdict.BAD, f"{name}: what is published is not of our key; {remedy}")
    return Finding("record", Verdict.GOOD, f"{name}: our key is published")


def _pages(settings: Settings) -> Iterator[Finding]:
    web = settings.web
    if not web.base_url:
        told = "no [web] base_url: readers leave by a mail, not by one click, and mails lead to no pages"
        yield Finding("pages", Verdict.NOTE, f"{told}; to have them, set it to an https address")
        if web.sign_up:
            told = "[web] sign_up is set without base_url: who subscribes cannot be asked whether it was them"
            yield Finding("sign-up", Verdict.BAD, f"{told}; set [web] base_url")
        return
    if not safe_link(web.base_url):
        told = f"[web] base_url: {web.base_url}: no address that readers can follow"
        yield Finding("pages", Verdict.BAD, f"{told}; write one such as https://rasid.example.org")
        return
    if not web.base_url.startswith("https://"):
        told = f"{web.base_url} is not https: readers get no one-click way to leave, but a mail to write"
        yield Finding("pages", Verdict.NOTE, f"{told}; set [web] base_url to an https address")
        return
    if settings.mail.dkim_key_file is None:
        told = f"{web.base_url}: one click to leave counts in signed mails only (RFC 8058)"
        yield Finding("pages", Verdict.NOTE, f"{told}; see that your mail server signs, or set dkim_key_file")
        return
    yield Finding("pages", Verdict.GOOD, f"{web.base_url}: readers leave with one click (RFC 8058)")
