"""Probing: asking a site what it has, as politely as a crawl does, and remembering nothing in the archive.

Reading order: told (what a probe says); run (the door: probes of a process), spider and site (how a site is
asked); check (a source of the catalogue) with entries, articles and finding; search (a site nobody knows yet)
with proposing and the pure deciders homes, candidates, patterns, shapes and whereabouts; source_file (what is
written).
"""
