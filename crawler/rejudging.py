"""What changed rules make of what is archived: articles judged anew, pages worth another look. Pure."""

from dataclasses import dataclass, replace

from crawler.examine import by_entry
from crawler.relevance import judge
from crawler.rules import Rules
from storage.model import ArchivedArticle, Judgement, LostPage, Relevance, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What becomes of an article's judgement by one topic."""

    found: ArchivedArticle
    before: Judgement | None  # None: the topic is new
    after: Judgement | None  # None: the topic is gone

    @property
    def topic(self) -> str:
        """Its id."""
        judged = self.after or self.before
        return judged.topic if judged else ""

    @property
    def moves(self) -> bool:
        """Whether the relevance changes, not only the evidence."""
        return self.relevance[0] is not self.relevance[1]

    @property
    def relevance(self) -> tuple[Relevance | None, Relevance | None]:
        """From what to what."""
        return (
            self.before.relevance if self.before else None,
            self.after.relevance if self.after else None,
        )


def judged_anew(found: ArchivedArticle, rules: Rules, topic: str | None = None) -> ArchivedArticle:
    """The article with the judgements of these rules, by topic; marks outweigh them as before.

    With `topic` the judgements of the others stay as they are.
    """
    before = {each.topic: each for each in found.judgements}
    anew = {each.topic: _as_marked(each, before.get(each.topic)) for each in judge(found.article, rules)}
    if topic is not None:
        anew = before | {topic: anew[topic]}
    return replace(found, judgements=tuple(anew[each] for each in sorted(anew)))


def changes(before: ArchivedArticle, after: ArchivedArticle) -> tuple[Change, ...]:
    """What of the judgements of an article is not the same, by topic."""
    was = {each.topic: each for each in before.judgements}
    now = {each.topic: each for each in after.judgements}
    return tuple(
        Change(found=before, before=was.get(topic), after=now.get(topic))
        for topic in sorted(was.keys() | now.keys())
        if was.get(topic) != now.get(topic)
    )


def worth_another_look(page: LostPage, source: Source, rules: Rules, topic: str | None) -> Judgement | None:
    """The judgement by which a rejected page would be kept, as far as title and summary tell; or None.

    Marks outweigh the rules. None for `topic`: by whichever.
    """
    marks = {each.topic: each for each in page.marks}
    judged = judge(by_entry(page.link, source.language), rules)
    counting = (each.marked(marks.get(each.topic)) for each in judged)
    kept = (each for each in counting if each.keeps and topic in (None, each.topic))
    return max(kept, key=lambda each: each.score, default=None)


def is_unwanted(page: LostPage, rules: Rules, topic: str | None) -> bool:
    """Whether marks say of every topic, or of the one that is asked about, that it is not the page's."""
    not_its = {each.topic for each in page.marks if not each.keeps}
    return not_its >= ({each.id for each in rules.topics} if topic is None else {topic})


def _as_marked(ruled: Judgement, before: Judgement | None) -> Judgement:
    if before is None or before.ruled is None:
        return ruled
    return replace(ruled, relevance=before.relevance, ruled=ruled.relevance)
