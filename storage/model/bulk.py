"""An article with everything the archive keeps of it: what export tells and import takes. Pure."""

from dataclasses import dataclass
from datetime import datetime

from storage.model.judged import Judgement, Mark, Tie
from storage.model.kept import Article
from storage.model.reasons import Reason
from storage.model.told import ArchivedArticle, Revision, Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """An article with everything the archive keeps of it."""

    found: ArchivedArticle
    keys: tuple[str, ...] = ()  # the other keys of its pages, sorted
    bands: tuple[int, ...] = ()
    marks: tuple[Mark, ...] = ()
    revisions: tuple[Revision, ...] = ()
    snapshots: tuple[Snapshot, ...] = ()
    merged: tuple[int, ...] = ()  # ids of stories that have become its story
    cases: tuple[str, ...] = ()
    ties: tuple[Tie, ...] = ()
    component: int | None = None  # of its story; None: that hangs together with no other


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """An article as a file tells it. `id`, `story` and `copy_of` are names of that file; empty: none."""

    id: str = ""
    story: str = ""
    copy_of: str = ""
    merged: tuple[str, ...] = ()
    article: Article
    recorded: datetime
    judgements: tuple[Judgement, ...] = ()
    entities: tuple[str, ...] = ()
    bands: tuple[int, ...] = ()
    cases: tuple[str, ...] = ()
    ties: tuple[Tie, ...] = ()
    component: str = ""  # a name of that file for the stories that hang together with its own
    placed: tuple[Reason, ...] = ()
    reposts: bool = False
    backfilled: bool = True
    revised: datetime | None = None
    removed: datetime | None = None
    keys: tuple[str, ...] | None = None  # the other keys of its pages; None: its aliases
    marks: tuple[Mark, ...] = ()
    revisions: tuple[Revision, ...] = ()  # `article` means nothing
    snapshots: tuple[Snapshot, ...] = ()  # `article` means nothing


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of articles of a file."""

    added: int = 0
    there: int = 0  # already
