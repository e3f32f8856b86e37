"""What pages show of issues: each in a list, one as it was mailed. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import tzinfo

from markupsafe import escape

from reports.contents import Period
from reports.wording import Wording, capital, wording
from storage.model import Edition, Issue, Schedule, Topic


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """An issue in a list."""

    series: str  # its id
    name: str
    subject: str
    topic: str
    schedule: str
    days: str
    stories: str


def page_words(language: str, locale: str = "") -> Wording:
    """The words of the pages: the digest's, and their own over them."""
    words = wording(language, locale)
    return replace(words, texts={**words.texts, **words.texts["web"]})


def listed(issue: Issue, words: Wording, zone: tzinfo, topics: Mapping[str, Topic]) -> Listed:
    """An issue in the words of a language."""
    first, last = Period(name=issue.name, since=issue.since, until=issue.until).days(zone)
    if issue.series.schedule is Schedule.INSTANT:
        first = last = issue.until.astimezone(zone).date()
    days = words.day(last, year=True) if first == last else words.span("days", first, last, year=True)
    edition = in_language(issue, words.language)
    return Listed(
        series=issue.series.id,
        name=issue.name,
        subject=edition.subject if edition else issue.name,
        topic=topic_name(issue.series.topic, topics, words),
        schedule=words.say(issue.series.schedule.value),
        days=capital(days),
        stories=words.count("n_stories", issue.stories),
    )


def topic_name(topic: str, topics: Mapping[str, Topic], words: Wording) -> str:
    """What a topic is called, or its id."""
    return words.label(topics[topic].labels, topic) if topic in topics else topic


def in_language(issue: Issue, language: str) -> Edition | None:
    """The edition of a language, else the first one; None: it has none."""
    own = (each for each in issue.editions if each.language == language)
    return next(own, next(iter(issue.editions), None))


def on_the_web(edition: Edition, words: Wording, languages: Mapping[str, str], home: str) -> str:
    """A mailed page without the reader's own link to leave, and with a way to its other languages.

    languages: of each language the address of the edition; home: of the list.
    """
    links = "".join(
        f'<a href="{escape(address)}" lang="{each}" hreflang="{each}">{words.say(each)}</a> '
        for each, address in languages.items()
        if each != words.language
    )
    bar = f'<nav class="rasid-bar"><a href="{escape(home)}">{escape(words.say("issues"))}</a> {links}</nav>'
    styled = _without_leaving(edition).replace("</head>", f"<style>{_BAR}</style></head>", 1)
    return re.sub(r"<body\b[^>]*>", lambda begin: begin[0] + bar, styled, count=1)


def _without_leaving(edition: Edition) -> str:
    """Its HTML without the link that would be each reader's own, and the paragraph that is about it."""
    if not edition.leave:
        return edition.html
    link = rf'<a\b[^>]*href="{re.escape(edition.leave)}"[^>]*>.*?</a>'
    leaving = rf"<p\b[^>]*>(?:(?!</?p\b).)*?{link}.*?</p>|{link}"
    return re.sub(leaving, "", edition.html, flags=re.DOTALL).replace(edition.leave, "")


_BAR = (
    ".rasid-bar{max-width:600px;margin:0 auto;padding:12px 12px 4px;font-size:15px;line-height:2}"
    ".rasid-bar a{display:inline-block;margin-inline-end:18px;color:#17595c}"
    "@media (prefers-color-scheme:dark){.rasid-bar a{color:#8fd3c8}}"
)
