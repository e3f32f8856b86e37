"""Which articles are added to for hours, and which tell of other outlets' headlines. Pure."""

import re
from collections.abc import Iterable, Sequence
from urllib.parse import unquote, urlsplit

_LIVE_PATH = re.compile(
    r"/(?:live|liveblog|live-?news|live-blog|en-direct|direct-live|endirecto|مباشر)(?:/|$)"
)
_LIVE_TITLE = re.compile(
    r"(?:en direct|direct|live(?:blog| updates?)?|en (?:vivo|directo)|(?:بث |تغطية )?مباشر[ةه]?|لحظة بلحظة)"
    r"\s*[:：.|،,–—-]"
    r"|.*[:|–—-]\s*(?:suivez .{0,30}en direct|live updates|as it happened|تغطية (?:حية|مباشرة)|لحظة بلحظة)",
    re.IGNORECASE,
)
_TIMED = re.compile(r"\W{0,3}(?:[01]?\d|2[0-3])\s*(?:[:٫.]|h)\s*[0-5]\d(?!\d)")
_FEWEST_TIMES = 3  # updates that make a live page of one whose title says so
_REVIEW = re.compile(
    r"(?:à la une (?:de|dans) la|dans la|revue (?:de|des|de la)) (?:presse|médias)"
    r"|press review|revista de prensa"
    r"|(?:قراءة|جولة|قراءات) (?:في|عبر)? ?(?:الصحف|الصحافة|صحف|عناوين)"
    r"|(?:أبرز |أهم )?(?:أقوال|عناوين|عرض) (?:ال)?صح(?:ف|افة)"
    r"|صحف اليوم|رصيف الصحافة|جولة الصحافة",
    re.IGNORECASE,
)
_PARTS = re.compile(r"\s*[:：|»/]\s*|\s+[-–—]\s+")


def choose_genre(
    title: str, *, url: str, section: str, types: Iterable[str], lines: Sequence[str]
) -> tuple[str, str]:
    """ "live", "review" or nothing, and the path that told it.

    A title that says "live" is believed only of a text with timed updates: programmes and slogans say it too.
    """
    path = unquote(urlsplit(url).path).lower()
    if any(each.endswith("LiveBlogPosting") for each in types):
        return "live", "json-ld"
    if _LIVE_PATH.search(path):
        return "live", "url"
    if _LIVE_TITLE.match(title) and sum(1 for line in lines if _TIMED.match(line)) >= _FEWEST_TIMES:
        return "live", "markup"
    if any(_REVIEW.match(part) for part in _PARTS.split(title)):
        return "review", "markup"
    if _REVIEW.match(section):
        return "review", "meta"
    if any(_REVIEW.match(part.replace("-", " ")) for part in path.split("/")):
        return "review", "url"
    return "", ""
