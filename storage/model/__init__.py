"""The words of Rasid as values. Pure.

Reading order: watched (Source, Entry, Link, Page), kept (Article), rules (Topic, Entity), judged (Match,
Judgement, Placement, Verdict), told (ArchivedArticle, Story, CrawlReport), marked (Marked, LostPage),
health (SourceHealth, Standing), asked (Query, Answer), sent (Issue, Subscriber, Delivery).

Times are aware. A time read from a page keeps the page's own offset, a time of ours is UTC. Languages are
ISO 639-1 codes, countries ISO 3166-1 alpha-2 codes. A *key* is a URL reduced to what names the article
(see `crawler.urls.url_key`).
"""

from storage.model.asked import Answer, Hit, Query, Term
from storage.model.health import CrawlDay, SourceHealth, Standing, State
from storage.model.judged import (
    Accepted,
    Account,
    Doubt,
    Judgement,
    Mark,
    Match,
    Neighbours,
    Placement,
    Quote,
    Rejected,
    Relevance,
    StoryPlan,
    Unavailable,
    Verdict,
)
from storage.model.kept import Article, Status
from storage.model.marked import LostPage, Marked
from storage.model.missing import Heard, Missed, Tip
from storage.model.phrases import ROLES, Phrases
from storage.model.rules import (
    Doubts,
    Dual,
    Entity,
    Mention,
    Proximity,
    Side,
    Tenure,
    Thresholds,
    Topic,
)
from storage.model.sent import Delivery, DeliveryState, Edition, Issue, Subscriber
from storage.model.told import (
    ERRORS,
    READINGS,
    ArchivedArticle,
    Backfill,
    CrawlReport,
    EntryState,
    Problem,
    Revision,
    Revisit,
    RobotsFile,
    Sight,
    Snapshot,
    Story,
)
from storage.model.watched import Entry, EntryKind, Link, Page, Source

__all__ = [
    "ERRORS",
    "READINGS",
    "ROLES",
    "Accepted",
    "Account",
    "Answer",
    "ArchivedArticle",
    "Article",
    "Backfill",
    "CrawlDay",
    "CrawlReport",
    "Delivery",
    "DeliveryState",
    "Doubt",
    "Doubts",
    "Dual",
    "Edition",
    "Entity",
    "Entry",
    "EntryKind",
    "EntryState",
    "Heard",
    "Hit",
    "Issue",
    "Judgement",
    "Link",
    "LostPage",
    "Mark",
    "Marked",
    "Match",
    "Mention",
    "Missed",
    "Neighbours",
    "Page",
    "Phrases",
    "Placement",
    "Problem",
    "Proximity",
    "Query",
    "Quote",
    "Rejected",
    "Relevance",
    "Revision",
    "Revisit",
    "RobotsFile",
    "Side",
    "Sight",
    "Snapshot",
    "Source",
    "SourceHealth",
    "Standing",
    "State",
    "Status",
    "Story",
    "StoryPlan",
    "Subscriber",
    "Tenure",
    "Term",
    "Thresholds",
    "Tip",
    "Topic",
    "Unavailable",
    "Verdict",
]
