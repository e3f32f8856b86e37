"""An answer of the archive and its facets, for people and as JSON."""

import shlex
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.text import Text

from scheduler.cli.output import clean, columns, isolated, print_counts, print_hit, print_line
from scheduler.cli.rows import article_row, plain
from scheduler.cli.trend import trend
from storage.model import Answer, Count, Facets, Hit

if TYPE_CHECKING:
    from storage.archive import Archive

_SHOWN = 15  # values of a facet; JSON has them all
Labels = Mapping[str, Mapping[str, str]]
"""Facet -> value -> how people call it."""


def print_answer(answer: Answer, facets: Facets | None) -> None:
    """The hits, how many there are, and what else could be meant."""
    for hit in answer.hits:
        print_hit(hit.found, marked(hit))
    print_line(f"{len(answer.hits):,} of {_total(answer, facets)}")
    if answer.meant:
        print_line(f"did you mean: {' · '.join(map(isolated, answer.meant))}")


def print_facets(facets: Facets, labels: Labels) -> None:
    """What the answer consists of: a table a facet, and the weeks as bars."""
    if not facets.total:
        return
    if facets.counted < facets.total:
        print_line(f"\nof the {facets.counted:,} newest of {facets.total:,} articles:")
    print_line()
    _print_counts(labels, source=facets.sources, language=facets.languages, country=facets.countries)
    _print_counts(labels, entity=facets.entities)
    _print_counts(labels, topic=facets.topics)
    for line in trend(facets.weeks, columns()):
        print_line(line)


def print_rest(answer: Answer, *, limit: int, query: str, config: Path | None) -> None:
    """The command that goes on where the answer ends."""
    if answer.next:
        options = ["--limit", str(limit), "--after", answer.next]
        options += ["--config", str(config)] if config else []
        options += ["--"] if query.startswith("-") else []
        print_line(f"go on: {shlex.join(['rasid', 'search', *options, query])}")


def answer_row(answer: Answer, facets: Facets | None, query: str) -> dict[str, Any]:
    """An answer as JSON knows it."""
    told = {
        "query": query,
        "total": answer.total,
        "whole": answer.whole,
        "hits": [_hit_row(hit) for hit in answer.hits],
        "next": answer.next,
        "meant": list(answer.meant),
        "not_understood": list(answer.query.not_understood),
    }
    return told if facets is None else told | {"facets": _facets_row(facets)}


def marked(hit: Hit) -> Text:
    """The snippet of a hit, what answers the query in bold."""
    shown, done = Text(), 0
    for start, end in sorted(hit.marks):
        shown.append(clean(hit.snippet[done:start]))
        shown.append(clean(hit.snippet[max(start, done) : end]), style="bold")
        done = max(done, end)
    return shown.append(clean(hit.snippet[done:]))


def _total(answer: Answer, facets: Facets | None) -> str:
    if answer.whole:
        return f"{answer.total:,}"
    return f"the {answer.total:,} newest of {f'{facets.total:,}' if facets else 'more'}"


def _print_counts(labels: Labels, **tables: Sequence[Count]) -> None:
    some = {name: counts for name, counts in tables.items() if counts}
    if some:
        print_counts((name, _rows(counts, labels.get(name, {}))) for name, counts in some.items())


def _rows(counts: Sequence[Count], labels: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    for each in counts[:_SHOWN]:
        yield f"{each.articles:,}", each.value, labels.get(each.value, "")
    if len(counts) > _SHOWN:
        yield "", f"… {len(counts) - _SHOWN} more", ""


def _hit_row(hit: Hit) -> dict[str, Any]:
    return {**article_row(hit.found), "rank": hit.score, "snippet": hit.snippet, "marks": plain(hit.marks)}


def _facets_row(facets: Facets) -> dict[str, Any]:
    names = ("total", "counted", "sources", "languages", "countries", "entities", "topics")
    weeks = [
        {"week": each.name, "monday": plain(each.monday), "articles": each.articles} for each in facets.weeks
    ]
    return {name: plain(getattr(facets, name)) for name in names} | {"weeks": weeks}


def labels_of(archive: "Archive", language: str) -> Labels:
    """How entities and topics are called in a language, else in one they have a label in."""
    return {
        "entity": {each.id: _label(each.labels, language) for each in archive.entities()},
        "topic": {each.id: _label(each.labels, language) for each in archive.topics()},
    }


def _label(labels: Mapping[str, str], language: str) -> str:
    return next((labels[each] for each in (language, "en", "fr", *labels) if each in labels), "")
