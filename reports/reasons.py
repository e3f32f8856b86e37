"""Why a story is in the digest, in the words of the reader. Pure."""

from reports.bidi import isolate, without_marks
from reports.contents import Headline
from reports.wording import Wording, capital
from storage.model import Doubt, Topic


def evidence(told: Headline, topic: Topic, words: Wording) -> str:
    """The words that decided, of the article whose headline the reader sees."""
    labels = _sides(topic, words)
    return " · ".join(_told_by(labels[side], text, "", words) for side, text in told.evidence)


def reason(told: Headline, topic: Topic, words: Wording) -> str:
    """Which sides are missing; or the words that speak for each, and what speaks against it."""
    labels = _sides(topic, words)
    if told.missing:
        return words.say("missing", sides=words.listed(labels.get(each, each) for each in told.missing))
    doubts = {each.side: _doubt(each, words) for each in told.doubts if each.side}
    found = [_told_by(labels[side], text, doubts.get(side, ""), words) for side, text in told.evidence]
    others = dict.fromkeys(capital(_doubt(each, words)) for each in told.doubts if not each.side)
    return " · ".join((*found, *others))


def _sides(topic: Topic, words: Wording) -> dict[str, str]:
    return {side.id: words.label(side.labels, side.id) for side in topic.sides}


def _told_by(side: str, text: str, doubt: str, words: Wording) -> str:
    found = f"{side}{words.say('colon')} {isolate(without_marks(text), words.dir)}"
    return f"{found} ({doubt})" if doubt else found


def _doubt(doubt: Doubt, words: Wording) -> str:
    text = isolate(without_marks(doubt.text), words.dir)
    return words.say(f"doubt_{doubt.role or doubt.kind}", text=text)
