"""What is thought of a page: judgement, placement, verdict. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from storage.model.kept import Article
from storage.model.reasons import Reason


class Relevance(StrEnum):
    """What an article is to a topic."""

    RELEVANT = "relevant"
    BORDERLINE = "borderline"
    IRRELEVANT = "irrelevant"


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Words of a rule found in an article: `text` as written at [start, end) of title, subtitle or text."""

    side: str
    term: str  # as the rule says it
    text: str
    where: str  # title | subtitle | lead | body
    start: int
    end: int
    entity: str = ""  # id, if the term names one
    suppressed: str = ""  # why it does not count; empty: it counts
    role: str = ""  # one of ROLES: what the words make of a state; empty: a party


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A sentence that speaks of the topic: `text` as written at [start, end) of title, subtitle or text."""

    text: str
    where: str  # title | subtitle | lead | body
    start: int
    end: int
    score: float  # 0 to 1: how surely it is about the topic


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """What speaks against a judgement, and what it has left of the score (0 to 1)."""

    kind: str  # background | role | rival | list | other
    left: float
    side: str = ""  # of background and role
    role: str = ""  # of role: the one the side is named in
    text: str = ""  # of rival, list and other: the words of the article
    why: str = ""  # of other: the subject, as the rule says it

    def told(self, quoted: Callable[[str], str]) -> str:
        """What speaks against it, in a few words for people; words of the article are `quoted`."""
        match self.kind:
            case "background":
                return f"{self.side} is background"
            case "role":
                return f"{self.side} is named as {self.role} only"
            case "other":
                return f"{self.why}: {quoted(self.text)}"
            case _:
                return f"also of {quoted(self.text)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """An analyst's own judgement of an article, known by its key: it outweighs the rules until taken back."""

    topic: str
    key: str
    relevance: Relevance
    made: datetime
    why: str = ""

    @property
    def keeps(self) -> bool:
        """Whether what it is of is worth keeping."""
        return self.relevance is not Relevance.IRRELEVANT


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What an article is to one topic, with the evidence.

    `relevance` is what counts: a mark outweighs the rules, and then `ruled` is what they say.
    """

    topic: str
    relevance: Relevance
    score: float  # 0 to 1, by the rules
    matches: tuple[Match, ...] = ()
    quotes: tuple[Quote, ...] = ()  # the sentences that made the score, the best first
    doubts: tuple[Doubt, ...] = ()  # what lowered it
    missing: tuple[str, ...] = ()  # sides without a match
    why: str = ""  # one line for people
    ruled: Relevance | None = None  # None: as `relevance`

    @property
    def keeps(self) -> bool:
        """Whether the article is worth keeping."""
        return self.relevance is not Relevance.IRRELEVANT

    def marked(self, mark: Mark | None) -> "Judgement":
        """The judgement as it counts with a mark of its topic; None: as the rules say."""
        ruled = self.ruled or self.relevance
        if mark is None:
            return replace(self, relevance=ruled, ruled=None)
        return replace(self, relevance=mark.relevance, ruled=ruled)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An article as grouping sees it: what names it, and where it stands so far."""

    article: Article
    moment: datetime | None = None  # when it was published, or else first seen; None: neither is known
    entities: tuple[str, ...] = ()  # ids, in order of first mention, countries left out
    bands: tuple[int, ...] = ()  # signed 64-bit; two near-copies share one with high probability
    cases: tuple[str, ...] = ()  # what it is of that goes on for months: somebody's case, an operation
    story: int | None = None  # None: not yet in the archive
    component: int | None = None  # the first of the stories that hang together with its own by a link
    copy_of: str | None = None  # key of the head; None: an original
    reposts: bool = False  # its source is a re-poster


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """What an analyst says of two articles: that they are of one event, or that they are not."""

    one: str  # key, the lesser of the two
    other: str  # key
    together: bool
    made: datetime
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryPlan:
    """One story as it shall be: `copies` gives the head's key for each article that is a copy."""

    story: int | None  # None: a new story
    members: tuple[str, ...]  # keys
    copies: Mapping[str, str] = field(default_factory=dict)
    why: Mapping[str, tuple[Reason, ...]] = field(
        default_factory=dict, compare=False
    )  # key -> of its account


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbours:
    """The accounts an article may belong to, and what an analyst said of them."""

    accounts: tuple[Account, ...] = ()
    ties: tuple[Tie, ...] = ()
    seen: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """The new partition of the stories an article touches, and why.

    `seen` is the archive's version at the moment of deciding: see `Archive.record`.
    """

    account: Account
    stories: tuple[StoryPlan, ...]
    why: tuple[Reason, ...] = ()
    apart: Mapping[str, Reason] = field(
        default_factory=dict
    )  # key -> what that account says of it, elsewhere
    seen: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The page is an article worth keeping."""

    article: Article
    judgements: tuple[Judgement, ...]
    placement: Placement
    marks: frozenset[int] = frozenset()  # of its lines: what its source repeats is learned from them


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """The page is not worth keeping; its URL is not fetched again."""

    reason: str  # a short fixed phrase, counted in reports
    judgements: tuple[Judgement, ...] = ()
    article: Article | None = None
    marks: frozenset[int] = frozenset()  # as in Accepted


@dataclass(frozen=True, slots=True, kw_only=True)
class Unavailable:
    """The page cannot be had. `again` says whether a later try may succeed."""

    reason: str  # e.g. "HTTP 403", "timeout", "larger than 8 MB", "examination failed"
    again: bool = False
    detail: str = ""
    kind: str = ""  # one of ERRORS; empty: none of them


Verdict = Accepted | Rejected | Unavailable
