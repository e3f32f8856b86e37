"""Keeping the page of an article as a snapshot, before the article is recorded."""

import logging
from dataclasses import replace

from storage.errors import ArchiveError
from storage.event import event
from storage.model import Page
from storage.warc import WarcFolder

logger = logging.getLogger(__name__)


def kept(page: Page, folder: WarcFolder | None) -> Page:
    """The page with the place of its snapshot; as it was where none is to be kept, or none can be.

    The answer of a site that refuses the page is none. An article is worth more than its snapshot: where the
    folder cannot be written the log says so, and the article is recorded without.
    """
    if folder is None or not page.body or not 200 <= page.status < 300:
        return page
    try:
        return replace(page, kept=folder.keep(page))
    except ArchiveError as error:
        logger.error(event("snapshot not kept", url=page.url, error=error))
        return page
