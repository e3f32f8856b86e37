"""notice: how sources stand, as a mail to the operator, plain text in English (RFC 3834). Pure."""

import textwrap
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from hashlib import blake2b

from reports.bidi import FSI, PDI
from reports.message import SENDER_NAME
from storage.model import Standing, State

_WIDTH = 72
_NAMED = 5  # sources in a subject
_REMEDIES = {
    State.FAILING: "It is tried again, less and less often, and never given up.",
    State.BLOCKED: "Look at the site in a browser; ask it, or look for another entry.",
    State.BROKEN: "Its site may have changed: see `rasid sources check`, then mend its file.",
}


def notice(
    standings: Iterable[Standing], names: Mapping[str, str], *, sender: str, operator: str, now: datetime
) -> EmailMessage:
    """One mail about all of the sources: first those in trouble, then those that no longer are.

    names: of sources by id, as people know them. sender, operator: plain addresses (`storage.address`).
    The same standings always give the same Message-ID.
    """
    ordered = sorted(standings, key=lambda each: (not each.state.is_bad, each.source))
    bad = tuple(each for each in ordered if each.state.is_bad)
    well = tuple(each for each in ordered if not each.state.is_bad)
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(SENDER_NAME, addr_spec=sender)
    mail["To"] = operator
    mail["Subject"] = f"Rasid: {'; '.join(_headings(bad, well))}"
    mail["Date"] = now
    mail["Message-ID"] = _message_id(ordered, sender)
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content("\n".join(_lines(bad, well, names)) + "\n", cte="quoted-printable")
    return mail


def _headings(bad: tuple[Standing, ...], well: tuple[Standing, ...]) -> Iterator[str]:
    if bad:
        yield f"{len(bad)} source{'s need' if len(bad) > 1 else ' needs'} a look ({_few(bad)})"
    if well:
        yield f"{len(well)} source{'s are' if len(well) > 1 else ' is'} out of trouble ({_few(well)})"


def _few(standings: tuple[Standing, ...]) -> str:
    more = f" and {len(standings) - _NAMED} more" if len(standings) > _NAMED else ""
    return ", ".join(each.source for each in standings[:_NAMED]) + more


def _lines(bad: tuple[Standing, ...], well: tuple[Standing, ...], names: Mapping[str, str]) -> Iterator[str]:
    for title, standings in (("In trouble", bad), ("Out of trouble", well)):
        if standings:
            yield from (f"{title}:", "")
        for each in standings:
            yield from (*_about(each, names), "")
    yield "All of them: rasid sources health"


def _about(standing: Standing, names: Mapping[str, str]) -> Iterator[str]:
    name = f" ({FSI}{names[standing.source]}{PDI})" if standing.source in names else ""
    since = f" since {standing.since.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if standing.since else ""
    yield f"- {standing.source}{name}: {standing.state}{since}, {standing.crawls} crawls"
    for text in (standing.why, _REMEDIES.get(standing.state, "")):
        yield from ("  " + line for line in textwrap.wrap(text, _WIDTH - 2, break_long_words=False))


def _message_id(standings: Iterable[Standing], sender: str) -> str:
    told = "\n".join(f"{each.source} {each.state} {each.since}" for each in standings)
    return f"<notice.{blake2b(told.encode(), digest_size=16).hexdigest()}@{sender.rpartition('@')[2]}>"
