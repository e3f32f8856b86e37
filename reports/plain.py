"""The text part of a digest: short lines, each of them right in both directions. Pure."""

import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from reports.bidi import FSI, LRM, PDI, RLM, balance, is_mixed, isolate_line
from reports.worded import Told, Worded
from reports.wording import Wording

WIDTH = 72  # characters; RFC 3676 section 4.2 wants fewer than 78
_INDENT = "   "


def plain_text(digest: Worded, words: Wording) -> str:
    """The digest as plain text, every line but those with a link at most 72 characters wide.

    Titles and names that run the other way stand between FSI and PDI; a line of an Arabic digest starts with
    RLM, one of a French or English digest that holds Arabic with LRM, so that clients align it rightly.
    """
    lines = _lines(digest, words)
    return "\n".join(_directed(line, words.dir).rstrip() for line in lines) + "\n"


def _lines(digest: Worded, words: Wording) -> Iterator[str]:
    yield "Rasid راصد" if words.dir == "ltr" else "راصد Rasid"
    yield from (each for each in (digest.badge, digest.topic, digest.edition) if each)
    yield ""
    yield from _wrapped(digest.sentence)
    yield from _sections(digest, words)
    if digest.numbers:
        title = words.say("numbers")
        yield from ("", title, "=" * len(title))
        for line in (*digest.numbers.lines, digest.numbers.series):
            yield from _wrapped(line)
    yield from ("", "-" * 8)
    for note in (digest.silences, digest.pages, words.say("made"), digest.why):
        yield from _wrapped(note)
    yield from _addresses(digest, words)


def _sections(digest: Worded, words: Wording) -> Iterator[str]:
    colon = f"{words.say('colon')} "
    labelled = _Labels(words.say("evidence") + colon, words.say("goes_on") + colon, words.say("comma"))
    title = "" if digest.is_alert else words.say("top")
    yield from _stories(title, digest.top, labelled)
    listed = replace(labelled, reason="")
    yield from _stories(words.say("developments"), digest.developments, listed)
    yield from _stories(words.say("further"), digest.further, listed)
    if digest.left_out:
        yield from ("", *_wrapped(digest.left_out))
    yield from _stories(words.say("to_check"), digest.to_check, listed, words.say("to_check_note"))


def _addresses(digest: Worded, words: Wording) -> Iterator[str]:
    """Where the issue is on the web, and how to leave."""
    for key, url in (("browser", digest.browser), ("leave", digest.leave)):
        if url:
            yield from (*_wrapped(f"{words.say(key)}{words.say('colon')}"), f"{FSI}<{url}>{PDI}")
    if not digest.leave:
        yield from _wrapped(words.say("answer"))


@dataclass(frozen=True, slots=True)
class _Labels:
    """What stands before the lines of a story, and between two things of a line."""

    reason: str
    goes_on: str
    comma: str


def _stories(title: str, stories: Iterable[Told], labels: _Labels, note: str = "") -> Iterator[str]:
    told = tuple(stories)
    if not told:
        return
    if title:
        yield from ("", title, "=" * len(title), *_wrapped(note))
    for number, story in enumerate(told, 1):
        yield from ("", *_story(f"{number}. " if title else _INDENT, story, labels))


def _story(ordinal: str, story: Told, labels: _Labels) -> Iterator[str]:
    for place, line in enumerate(textwrap.wrap(story.title, WIDTH - len(ordinal))):
        yield (_INDENT if place else ordinal) + isolate_line(line, story.dir)
    if story.url not in [each.url for each in story.outlets]:  # the headline is that of a copy
        yield from _linked((), story.url)
    yield from _joined((story.when, _isolated(story.place), story.reach))
    for line in textwrap.wrap(story.extract, WIDTH - len(_INDENT)):
        yield _INDENT + isolate_line(line, story.dir)
    yield from _joined(_isolated(each) for each in story.chips)
    for origin in story.origins:
        said = f"{labels.goes_on}{_isolated(origin.title)}{labels.comma} {origin.day}"
        yield from _linked(_wrapped(said, _INDENT), origin.url)
    if story.reason:
        yield from _wrapped(labels.reason + story.reason, _INDENT)
    for outlet in story.outlets:
        note = f" ({outlet.note})" if outlet.note else ""
        yield from _linked([f"{_INDENT}– {_isolated(outlet.name)}{note}"], outlet.url)
    if story.more:
        yield f"{_INDENT}– {story.more}"
    for page in story.pages:
        yield from _linked([f"{_INDENT}– {page.text}"], page.url)


def _linked(lines: Iterable[str], url: str) -> Iterator[str]:
    yield from lines
    if url:
        yield f"{_INDENT}  {FSI}<{url}>{PDI}"


def _joined(parts: Iterable[str]) -> Iterator[str]:
    return _wrapped(" · ".join(each for each in parts if each), _INDENT)


def _wrapped(text: str, indent: str = "") -> Iterator[str]:
    lines = textwrap.wrap(text, WIDTH - len(indent))
    return (indent + line for line in balance(lines))


def _isolated(text: str) -> str:
    return f"{FSI}{text}{PDI}" if text else ""


def _directed(line: str, towards: str) -> str:
    if not line:
        return line
    if towards == "rtl":
        return RLM + line
    return LRM + line if is_mixed(line, towards) else line
