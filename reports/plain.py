"""The text part of a digest: short lines, each of them right in both directions. Pure."""

import textwrap
from collections.abc import Iterable, Iterator

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
    yield from ("Rasid راصد" if words.dir == "ltr" else "راصد Rasid", digest.topic, digest.edition, "")
    yield from _wrapped(digest.sentence)
    yield from _stories(words.say("top"), digest.top, reason=f"{words.say('evidence')}{words.say('colon')} ")
    yield from _stories(words.say("further"), digest.further)
    if digest.left_out:
        yield from ("", *_wrapped(digest.left_out))
    yield from _stories(words.say("to_check"), digest.to_check, words.say("to_check_note"))
    yield from ("", "-" * 8)
    for note in (digest.silences, digest.pages, words.say("made"), words.say("why_you")):
        yield from _wrapped(note)


def _stories(title: str, stories: Iterable[Told], note: str = "", reason: str = "") -> Iterator[str]:
    told = tuple(stories)
    if not told:
        return
    yield from ("", *_titled(title), *_wrapped(note))
    for number, story in enumerate(told, 1):
        yield from ("", *_story(number, story, reason))


def _story(number: int, story: Told, reason: str) -> Iterator[str]:
    ordinal = f"{number}. "
    for place, line in enumerate(textwrap.wrap(story.title, WIDTH - len(ordinal))):
        yield (_INDENT if place else ordinal) + isolate_line(line, story.dir)
    yield from _joined((story.when, _isolated(story.place), story.reach))
    for line in textwrap.wrap(story.extract, WIDTH - len(_INDENT)):
        yield _INDENT + isolate_line(line, story.dir)
    yield from _joined(_isolated(each) for each in story.chips)
    if story.reason:
        yield from _wrapped(reason + story.reason, _INDENT)
    for outlet in story.outlets:
        language = f" ({outlet.language_name})" if outlet.language_name else ""
        yield f"{_INDENT}– {_isolated(outlet.name)}{language}"
        if outlet.url:
            yield f"{_INDENT}  {FSI}<{outlet.url}>{PDI}"
    if story.more:
        yield f"{_INDENT}– {story.more}"


def _titled(title: str) -> tuple[str, str]:
    return title, "=" * len(title)


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
