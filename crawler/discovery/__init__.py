"""Entries to links: what a page of an entry says, whatever its kind. Pure.

Reading order: find (`find_links`), told (the values), then one module a kind: feed (and json_feed), sitemap
(and parts, those of an index), listing, wordpress, json_api; paging, times, markup and bodies are what they
share.
"""

from crawler.discovery.find import completed, find_links, is_article, on_site
from crawler.discovery.paging import page_url
from crawler.discovery.told import EntryPage, Found

__all__ = ["EntryPage", "Found", "completed", "find_links", "is_article", "on_site", "page_url"]
