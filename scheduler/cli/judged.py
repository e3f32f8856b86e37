"""What marks and evaluations look like."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from scheduler.cli.evidence import print_evidence
from scheduler.cli.output import isolated, print_line, print_table, readable
from scheduler.cli.rows import plain, write_json
from storage.model import ArchivedArticle, LostPage, Marked, Relevance, Status

if TYPE_CHECKING:
    from crawler.evaluating import Evaluation, Judged


def print_marked(marked: Marked, cut_off: datetime | None) -> None:
    """What a mark is of, and what it changes; `cut_off` is where the next issue begins."""
    print_mark(marked)
    if not marked.mark.keeps:
        return
    match marked.found:
        case ArchivedArticle(recorded=recorded):
            if cut_off is not None and recorded < cut_off:
                print_line("        recorded before the last issue was made: the next one leaves it out")
        case page:
            print_line(f"        the next crawl fetches and keeps it: rasid crawl {page.link.source}")


def print_mark(marked: Marked) -> None:
    """What a mark is of, and what the rules say of that."""
    mark = marked.mark
    _print_found(marked.found)
    why = f": {isolated(mark.why)}" if mark.why else ""
    print_line(f"        {mark.topic}: marked {mark.relevance.value} on {mark.made:%Y-%m-%d}{why}")
    ruled = _ruled(marked)
    if ruled is not None:
        print_line(f"        by the rules {ruled.value}")


def mark_row(marked: Marked) -> dict[str, Any]:
    """A mark as JSON: `id` of an article, else null; `ruled` what the rules say of it."""
    mark, found = marked.mark, marked.found
    article = found.article if isinstance(found, ArchivedArticle) else found.link
    return {
        "id": found.id if isinstance(found, ArchivedArticle) else None,
        "url": article.url,
        "source": article.source,
        "title": article.title,
        "topic": mark.topic,
        "marked": mark.relevance.value,
        "made": plain(mark.made),
        "why": mark.why,
        "ruled": plain(_ruled(marked)),
        "page": None if isinstance(found, ArchivedArticle) else found.outcome,
    }


def print_unmarked(found: ArchivedArticle | LostPage, topic: str) -> None:
    """What a mark was of, and what counts now."""
    _print_found(found)
    judged = [] if isinstance(found, LostPage) else found.judgements
    words = (f"; by the rules {each.relevance.value}" for each in judged if each.topic == topic)
    print_line(f"        {topic}: not marked any more{next(words, '')}")


def print_evaluation(found: "Evaluation", topic: str, file: str) -> None:
    """The figures, by language too, then every miss with its evidence."""
    print_line(f"{topic}: {_what(found, file)}", "bold")
    if not found.cases:
        remedy = 'give rows a "label": relevant, borderline or irrelevant; see docs/topics.md'
        print_line(remedy if file else "mark articles first: rasid topics mark ARTICLE relevant|irrelevant")
        return
    columns = ("language", "cases", "misses", "precision", "recall", "borderline kept", "called relevant")
    languages = found.by_language
    rows = [("all", found), *(languages.items() if len(languages) > 1 else ())]
    print_table(columns, (_figures(name or "unknown", each) for name, each in rows))
    for miss in found.misses:
        _print_miss(miss)


def write_evaluation(found: "Evaluation", topic: str) -> None:
    """The same as one JSON document."""
    languages = {name: _shares(each) for name, each in found.by_language.items()}
    misses = [_miss_row(each) for each in found.misses]
    write_json({"topic": topic, **_shares(found), "by_language": languages, "misses": misses})


def _what(found: "Evaluation", file: str) -> str:
    headlines = sum(map(_is_headline, found.judged))
    by_headline = f", {headlines} of them by title and summary only" if headlines else ""
    return (
        f"{found.cases} {'case' if found.cases == 1 else 'cases'} of {file}"
        if file
        else f"{found.cases} marked{by_headline}"
    )


def _is_headline(judged: "Judged") -> bool:
    return judged.case.article.status is Status.HEADLINE_ONLY


def _figures(name: str, found: "Evaluation") -> tuple[object, ...]:
    shares = ("–" if each is None else f"{each:.3f}" for each in (found.precision, found.recall))
    kept = f"{found.unsure_kept} of {found.unsure}"
    return name, found.cases, len(found.misses), *shares, kept, found.unsure_called_relevant


def _shares(found: "Evaluation") -> dict[str, Any]:
    return {
        "cases": found.cases,
        "by_headline": sum(map(_is_headline, found.judged)),
        "precision": found.precision,
        "recall": found.recall,
        "borderline": found.unsure,
        "borderline_kept": found.unsure_kept,
        "borderline_called_relevant": found.unsure_called_relevant,
    }


def _miss_row(miss: "Judged") -> dict[str, Any]:
    case = miss.case
    return {
        "id": case.name,
        "url": case.article.url,
        "language": case.article.language,
        "title": case.article.title,
        "by_headline": _is_headline(miss),
        "label": case.label.value,
        "why": case.why,
        "judgement": plain(miss.judgement),
    }


def _print_miss(miss: "Judged") -> None:
    print_line()
    print_line(f"{isolated(readable(miss.case.name))}  {isolated(miss.case.article.title)}", "bold")
    print_line(f"        {'; '.join(_told(miss))}")
    print_evidence(miss.judgement)


def _told(miss: "Judged") -> Iterator[str]:
    why = f": {isolated(miss.case.why)}" if miss.case.why else ""
    yield f"judged {miss.case.label.value}{why}"
    if _is_headline(miss):
        yield "the rules have seen title and summary only"


def _ruled(marked: Marked) -> Relevance | None:
    """What the rules say of an article; of another page they have said no more than its outcome."""
    if isinstance(marked.found, LostPage):
        return None
    return next((each.ruled for each in marked.found.judgements if each.topic == marked.mark.topic), None)


def _print_found(found: ArchivedArticle | LostPage) -> None:
    if isinstance(found, ArchivedArticle):
        print_line(f"{found.id:>6}  {isolated(found.article.title)}", "bold")
        return
    reason = f" ({found.reason})" if found.reason else ""
    print_line(f"     –  {isolated(found.link.title or readable(found.link.url))}", "bold")
    print_line(f"        {found.link.source}: {found.outcome}{reason}")
    print_line(f"        {isolated(readable(found.link.url))}", "dim")
