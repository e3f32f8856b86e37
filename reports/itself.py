"""What an issue says of itself: subject, dates, the period in one sentence, why the reader gets it. Pure."""

from reports.bidi import FSI, PDI, isolate, without_marks
from reports.contents import Digest
from reports.extract import shorten
from reports.wording import Wording, capital, clean

SUBJECT_HEADLINE = 90  # characters


def subject(digest: Digest, words: Wording) -> str:
    """What stands in the list of mails: the period and the first headline."""
    item = next(digest.items(), None)
    if item is None:
        return words.say("subject_empty", period=_period(digest, words))
    chosen = item.headline_in(words.language)
    title = isolate(shorten(clean(chosen.title, chosen.language), SUBJECT_HEADLINE), words.dir)
    if digest.is_alert:
        return words.say("subject_alert", headline=title)
    return words.say("subject", period=_period(digest, words), headline=title)


def _period(digest: Digest, words: Wording) -> str:
    week = digest.period.week
    first, last = digest.period.days(digest.zone)
    if week:
        return words.say("week", week=week)
    return words.day(last, weekday=True) if first == last else words.span("days", first, last)


def edition(digest: Digest, words: Wording) -> str:
    """Week and days; of an alert day and time."""
    if digest.is_alert:
        now = digest.period.until.astimezone(digest.zone)
        day = words.day(now.date(), weekday=True, year=True)
        return words.say("edition_alert", day=capital(day), time=f"{now:%H:%M}")
    first, last = digest.period.days(digest.zone)
    one = words.day(last, weekday=True, year=True)
    days = one if first == last else words.span("days", first, last, year=True)
    week = digest.period.week
    return capital(words.say("edition", week=words.say("week", week=week), days=days) if week else days)


def sentence(digest: Digest, words: Wording) -> str:
    """The whole period in one; of an alert how far the story has spread."""
    if not digest.stories:
        return words.say("empty")
    names = [isolate(words.label(each.labels, each.id), words.dir) for each in digest.central]
    alert = "alert_developed" if digest.developed else "alert"
    return words.say(
        alert if digest.is_alert else "sentence",
        stories=words.count("n_stories", digest.stories),
        outlets=words.count("n_outlets", digest.outlets),
        languages=words.count("n_languages", digest.languages),
        named=words.say("central", names=words.listed(names)) if names else "",
    )


def why(digest: Digest, words: Wording) -> str:
    """Which series the reader gets, and the search if it is one."""
    asked = words.label(digest.topic.labels, digest.topic.id)
    if digest.series.query:
        query = f"{FSI}{without_marks(digest.series.query)}{PDI}"
        asked = words.say("searched", topic=asked, query=query)
    return words.say(f"why_{digest.series.schedule.value}", asked=asked)
