"""Every error Rasid raises on purpose, in one tree. Pure.

RasidError                 something a person can mend; its text is the one line they see
├── ConfigError            rasid.toml, an environment variable or a command's argument is wrong
├── CatalogueError         a source, topic or names file is wrong
├── InputError             a file or standard input given to a command cannot be read as what it should be
├── EntryError             an entry did not yield links: it is not what its kind says, is empty or broken
├── PageError              a page cannot be examined: too large, not text, not HTML
│   └── CleaningError      cleaning broke on a page: a fault of ours, so it is worth another try
├── Stopped                work was ended on request before it was done
├── ArchiveError           the database cannot be reached, opened or migrated
│   ├── NotFound           no article, story, issue or subscriber of that name
│   ├── Outdated           the archive changed between deciding and recording; decide again
│   └── TooMany            more is asked of it at once than people would ask
└── MailError              the mail server cannot be reached or refuses us
    ├── Unanswered         the connection was lost within a mail
    └── RecipientRefused   the mail server refuses one recipient

A message names the file, key or URL first and the remedy last. An expected outcome is a value, not an
error: see `Verdict` in `storage.model`.
"""


class RasidError(Exception):
    """Something a person can mend; `str()` of it is one line."""


class ConfigError(RasidError):
    """rasid.toml, an environment variable or a command's argument is wrong."""


class CatalogueError(RasidError):
    """A source, topic or names file is wrong."""


class InputError(RasidError):
    """A file or standard input given to a command cannot be read as what it should be."""


class EntryError(RasidError):
    """An entry did not yield links."""


class PageError(RasidError):
    """A page cannot be examined."""


class CleaningError(PageError):
    """Cleaning broke on a page."""


class Stopped(RasidError):
    """Work was ended on request before it was done."""


class ArchiveError(RasidError):
    """The database cannot be reached, opened or migrated."""


class NotFound(ArchiveError):
    """The archive has nothing of that name."""


class Outdated(ArchiveError):
    """The archive changed between deciding and recording."""


class TooMany(ArchiveError):
    """More is asked of the archive at once than people would ask."""


class MailError(RasidError):
    """The mail server cannot be reached or refuses us."""


class Unanswered(MailError):
    """The connection was lost within a mail: nobody can say whether the server took it."""


class RecipientRefused(MailError):
    """The mail server refuses one recipient.

    `permanent` is true for a 5xx reply: trying again is useless.
    """

    def __init__(self, message: str, *, permanent: bool) -> None:
        super().__init__(message)
        self.permanent = permanent
