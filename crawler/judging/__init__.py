"""Judging: what an article is to a topic. `crawler.relevance` is the door.

Reading order: matching (words of many rules in one pass), sentences, passages (what of a page is article),
sightings (words that count, and why others do not), duals, weighing.
"""
