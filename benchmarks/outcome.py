"""What was measured, as a table and as plain values. Pure."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from benchmarks.filling import Sizes
from benchmarks.measuring import Times

RATIO = 1.3  # p95 of ours by that of the bare engine
RANKED = 20_000  # matches up to which all are ranked
FAST, SLOW = 100.0, 300.0  # ms of p95, up to as many matches and beyond
IMPORT = 30 * 60 / 1_000_000  # seconds an article
GROWTH = 1.3  # of a digest's week


@dataclass(frozen=True, slots=True)
class Filled:
    """An import."""

    articles: int
    seconds: float
    sizes: Sizes

    @property
    def holds(self) -> bool:
        """Whether a million would take at most half an hour."""
        return self.seconds <= IMPORT * self.articles


@dataclass(frozen=True, slots=True)
class Measured:
    """One shape of query."""

    name: str
    asked: int
    matches: float  # median
    same: float  # share of the questions whose matches both count alike
    ours: Times
    bare: Times
    small: Times

    @property
    def ratio(self) -> float:
        """Ours by the bare engine's, at p95."""
        return self.ours.p95 / self.bare.p95

    @property
    def limit(self) -> float:
        """Milliseconds it may take."""
        return FAST if self.matches <= RANKED else SLOW


@dataclass(frozen=True, slots=True)
class Read:
    """Something read as a whole, of the small and the large archive."""

    name: str
    few: int  # that were read of the small one
    many: int
    small: Times
    large: Times
    alike: bool = False  # whether as much must take as long

    @property
    def growth(self) -> float:
        """The large one's time by the small one's; for as much that is read, where that is what counts."""
        share = self.few / self.many if self.alike and self.few and self.many else 1
        return self.large.p50 / self.small.p50 * share


@dataclass(frozen=True, slots=True)
class Outcome:
    """All of one database."""

    database: str
    articles: int
    small: int
    filled: tuple[Filled, ...]  # the small one, the large one
    measured: tuple[Measured, ...]
    reads: tuple[Read, ...]

    def plain(self) -> dict[str, Any]:
        """Everything, with every single time."""
        return asdict(self)


def report(outcome: Outcome) -> str:
    """A table, its last line says which targets hold."""
    return "\n".join((*_filled(outcome), *_measured(outcome), *_reads(outcome), *_targets(outcome))) + "\n"


def _filled(outcome: Outcome) -> Iterator[str]:
    yield f"{outcome.database}, {outcome.articles} articles"
    for each in outcome.filled:
        size = each.sizes
        whole, text, index = (f"{part / 1e6:.0f} MB" for part in (size.whole, size.text, size.index))
        rate = each.articles / each.seconds
        yield (
            f"  {each.articles} imported in {each.seconds:.0f} s, {rate:.0f} a second; "
            f"{whole} on disk, text {text}, index {index}"
        )


def _measured(outcome: Outcome) -> Iterator[str]:
    yield (
        f"  {'ms':26}{'asked':>6}{'matches':>9}{'same':>6}{'p50':>8}{'p95':>8}{'bare p50':>10}{'p95':>8}"
        f"{'ratio':>7}{'limit':>7}{outcome.small:>8} p50{'growth':>8}"
    )
    for each in outcome.measured:
        yield (
            f"  {each.name:26}{each.asked:6}{each.matches:9.0f}{each.same:6.0%}{each.ours.p50:8.1f}"
            f"{each.ours.p95:8.1f}{each.bare.p50:10.1f}{each.bare.p95:8.1f}{each.ratio:7.2f}{each.limit:7.0f}"
            f"{each.small.p50:12.1f}{each.ours.p50 / each.small.p50:8.1f}"
        )


def _reads(outcome: Outcome) -> Iterator[str]:
    for each in outcome.reads:
        yield (
            f"  {each.name:26} {each.many} in {each.large.p50:.1f} ms (p95 {each.large.p95:.1f}); "
            f"of {outcome.small} articles {each.few} in {each.small.p50:.1f} ms: growth {each.growth:.2f}"
        )


def _targets(outcome: Outcome) -> Iterator[str]:
    slower = [f"{each.name} {each.ratio:.2f}" for each in outcome.measured if each.ratio > RATIO]
    late = [f"{each.name} {each.ours.p95:.0f} ms" for each in outcome.measured if each.ours.p95 > each.limit]
    grown = [
        f"{each.name} {each.growth:.2f}" for each in outcome.reads if each.alike and each.growth > GROWTH
    ]
    imported = [] if outcome.filled[-1].holds else [f"{outcome.filled[-1].seconds:.0f} s"]
    told = {
        f"p95 at most {RATIO} of the bare engine's": slower,
        f"p95 at most {FAST:.0f} ms, beyond {RANKED} matches {SLOW:.0f} ms": late,
        "a digest's week as fast in a large archive": grown,
        "a million imported in 30 minutes, by this rate": imported,
    }
    yield "targets: " + "; ".join(
        f"{name}: {'no (' + ', '.join(but) + ')' if but else 'yes'}" for name, but in told.items()
    )
