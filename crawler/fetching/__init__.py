"""Fetching: what a crawl asks of a site and keeps of it. `crawler.spider` and `crawler.run` are the doors.

Reading order: memory (what a crawl needs to know), means and recording (the memory that is the archive) with
keeping (snapshots) and rereading (of recorded articles), reader and visits (entries), revisiting, searching,
arriving and answers (what came of a request), rationing, pausing, tally, politeness.
"""
