"""The counts of one crawl, until they are a CrawlReport. Pure."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from storage.model import (
    Accepted,
    Article,
    CrawlReport,
    Problem,
    Rejected,
    Relevance,
    Status,
    Unavailable,
    Verdict,
)

_COVERED = ("title", "text", "authors", "published", "modified", "section", "subtitle")


@dataclass(slots=True, kw_only=True)
class Tally:
    """What has happened so far in the crawl of one source."""

    source: str
    started: datetime
    outcome: str = "done"
    found: set[str] = field(default_factory=set)  # keys
    fetched: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    rejected: Counter[str] = field(default_factory=Counter)
    unavailable: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)
    extracted: int = 0
    fields: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)  # by kind, see ERRORS
    gaps: list[str] = field(default_factory=list)  # URLs of entries
    new: int = 0  # links met for the first time
    entries: Counter[str] = field(default_factory=Counter)  # by what became of them, see READINGS
    visits: Counter[str] = field(default_factory=Counter)  # to recorded articles, by what they came to

    def problem(self, where: str, what: str) -> None:
        """Something a person should look at."""
        self.problems.append(Problem(source=self.source, where=where, what=what))

    def count(self, verdict: Verdict, where: str) -> None:
        """What became of the page at the URL `where`."""
        match verdict:
            case (
                Accepted(article=Article(status=Status.FULL) as article)
                | Rejected(article=Article() as article)
            ):
                self._cover(article)
        match verdict:
            case Accepted(article=article, judgements=judgements, placement=placement):
                relevant = any(each.relevance is Relevance.RELEVANT for each in judgements)
                self.counts["relevant" if relevant else "borderline"] += 1
                self.counts["copies"] += any(article.key in plan.copies for plan in placement.stories)
            case Rejected(reason=reason):
                self.rejected[reason] += 1
            case Unavailable(reason=reason, again=again, detail=detail, kind=kind):
                self.unavailable[reason] += 1
                self.error(kind)
                if detail or (again and reason != "no article text"):  # health tells where they are many
                    self.problem(
                        where, detail or f"{reason}; tried again in an hour, at most three times in all"
                    )

    def visited(self, outcome: str) -> None:
        """What came of looking again at a recorded article: "revised", "removed" or nothing new."""
        self.visits[outcome] += 1

    def error(self, kind: str) -> None:
        """A request that came to nothing; `kind` is one of ERRORS, or empty: not worth counting."""
        self.errors[kind] += bool(kind)

    def _cover(self, article: Article) -> None:
        if article.status is not Status.FULL:
            return
        self.extracted += 1
        self.fields.update(name for name in _COVERED if getattr(article, name))

    def report(self, *, finished: datetime, requests: int) -> CrawlReport:
        """The counts as a report."""
        return CrawlReport(
            source=self.source,
            started=self.started,
            finished=finished,
            outcome=self.outcome,
            requests=requests,
            found=len(self.found),
            fetched=self.fetched,
            relevant=self.counts["relevant"],
            borderline=self.counts["borderline"],
            copies=self.counts["copies"],
            rejected=dict(self.rejected),
            unavailable=dict(self.unavailable),
            problems=tuple(self.problems),
            extracted=self.extracted,
            fields=dict(self.fields),
            errors=dict(+self.errors),
            gaps=tuple(self.gaps),
            # A link that is left for the next crawl is met again then.
            new=min(self.new, self.fetched + sum(self.unavailable.values())),
            entries=dict(self.entries),
            revisited=self.visits.total(),
            revised=self.visits["revised"],
            removed=self.visits["removed"],
        )
