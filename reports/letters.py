"""letters: the question whether it was them who subscribed, text and HTML alike. Pure."""

import re
import textwrap
import tomllib
from collections.abc import Mapping
from email.message import EmailMessage
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from reports.bidi import LRM, RLM, direction, is_mixed, isolate, typeset, without_marks
from reports.extract import shorten
from reports.links import safe_link
from reports.message import blank, fill, sender_of
from storage.errors import ConfigError
from storage.model import Edition, Subscriber, Topic

_HERE = Path(__file__).parent
_SHOWN = 80  # characters of a search: whoever asks writes it, whoever is asked reads it
_WIDTH = 72


def question(subscriber: Subscriber, topic: Topic, *, link: str, sender: str) -> EmailMessage:
    """The mail that asks the owner of an address whether it was them; the same for the same question.

    link: where they say so. Of the digest it tells nothing, and of what a stranger wrote only words, with
    nothing that a mail program makes a link of. Raises RecipientRefused or ConfigError if an address is none.
    """
    target = safe_link(link)
    if not target:
        raise ConfigError("[web] base_url is no https or http address; without it nobody can be asked")
    edition = _edition(subscriber, topic, target)
    origin = sender_of(sender)
    named = _message_id(subscriber, origin.domain)
    mail = blank(origin, subscriber.address, edition.subject, subscriber.added, named)
    fill(mail, edition, named)
    return mail


def _edition(subscriber: Subscriber, topic: Topic, link: str) -> Edition:
    language = subscriber.language
    say = _texts(language)
    towards = direction(language)
    wishes = [typeset(each, language) for each in _wishes(subscriber, topic, say, towards)]
    html = _templates().get_template("question.html")
    return Edition(
        language=language,
        subject=say["subject"],
        html=html.render(
            language=language, dir=towards, subject=say["subject"], say=say, wishes=wishes, link=link
        ),
        text=_text(say, wishes, link, towards),
    )


def _wishes(subscriber: Subscriber, topic: Topic, say: Mapping[str, str], towards: str) -> list[str]:
    series = subscriber.series
    labels = (topic.labels.get(each) for each in (subscriber.language, "en", "fr"))
    label = isolate(next(filter(None, labels), topic.id), towards)
    wishes = [say[series.schedule.value].format(topic=label)]
    if query := _harmless(series.query):
        wishes.append(say["query"].format(query=isolate(query, towards)))
    if series.minimum:
        wishes.append(say["minimum"])
    return wishes


def _text(say: Mapping[str, str], wishes: list[str], link: str, towards: str) -> str:
    paragraphs = (
        (say["greeting"],),
        (say["asked"], *(f"– {each}" for each in wishes)),
        (say["confirm"],),
        (f"<{link}>",),
        (say["ignore"],),
    )
    lines: list[str] = []
    for paragraph in paragraphs:
        for line in paragraph:
            lines += [line] if line == f"<{link}>" else textwrap.wrap(line, _WIDTH)
        lines.append("")
    return "\n".join(_directed(line, towards) for line in lines)


def _directed(line: str, towards: str) -> str:
    if not line or line.startswith("<"):
        return line
    if towards == "rtl":
        return RLM + line
    return LRM + line if is_mixed(line, towards) else line


def _harmless(query: str) -> str:
    """A search without what makes a link or a command of it."""
    words = re.sub(r"[^\w\s\"():-]", " ", without_marks(query))
    return shorten(" ".join(words.split()), _SHOWN)


def _message_id(subscriber: Subscriber, domain: str) -> str:
    told = f"{subscriber.token}\n{subscriber.added.isoformat()}"  # asked again, it is another question
    return f"<question.{blake2b(told.encode(), digest_size=16).hexdigest()}@{domain}>"


@lru_cache(maxsize=8)
def _texts(language: str) -> Mapping[str, str]:
    texts = tomllib.loads((_HERE / "texts" / "question.toml").read_text(encoding="utf-8"))
    return {name: typeset(text, language) for name, text in texts[language].items()}


@lru_cache(maxsize=1)
def _templates() -> Environment:
    loader = FileSystemLoader(_HERE / "templates")
    return Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
