"""What the log says of a crawl, and of a round of deliveries: the same words, whoever did them."""

import logging

from scheduler.delivering import Sent
from storage.event import event
from storage.model import CrawlReport

log = logging.getLogger(__name__)


def tell_sent(sent: Sent) -> None:
    """What was delivered, and what was not."""
    for line in sent.failed:
        log.error(event("not delivered", error=line))
    if sent.sent:
        log.info(event("delivered", number=sent.sent, outbox=sent.outbox))


def tell_crawl(report: CrawlReport) -> None:
    """What a crawl came to."""
    for problem in report.problems:
        log.warning(event("crawl problem", source=problem.source, where=problem.where, what=problem.what))
    log.info(
        event(
            "crawl ended",
            source=report.source,
            outcome=report.outcome,
            found=report.found,
            fetched=report.fetched,
            relevant=report.relevant,
            borderline=report.borderline,
            requests=report.requests,
            seconds=round((report.finished - report.started).total_seconds(), 1),
        )
    )
