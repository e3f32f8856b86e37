"""What a story goes on from: what had been told of it before, and earlier stages of its case. Pure."""

from collections.abc import Mapping
from datetime import tzinfo

from reports.contents import Origin
from reports.extract import shorten
from reports.links import safe_link
from storage.model import Earlier, Story

MOST = 2
TITLE = 120  # characters


def origins(story: Story, earlier: Mapping[int, tuple[Earlier, ...]], zone: tzinfo) -> tuple[Origin, ...]:
    """The newest first. earlier: by story, what had been told before the period; see `Archive.past.told`."""
    found = [earlier[each] for each in dict.fromkeys((story.id, *story.related)) if earlier.get(each)]
    found.sort(key=lambda told: (told[0].when, told[0].story), reverse=True)
    return tuple(_origin(told, zone) for told in found[:MOST])


def _origin(told: tuple[Earlier, ...], zone: tzinfo) -> Origin:
    return Origin(
        story=told[0].story,
        headlines=tuple(
            (each.language, shorten(" ".join(each.title.split()), TITLE), safe_link(each.url))
            for each in told
        ),
        day=told[0].when.astimezone(zone).date(),
    )
