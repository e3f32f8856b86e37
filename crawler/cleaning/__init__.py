"""Cleaning: bytes of a page to the fields of an article. `crawler.clean` is the door.

Reading order: markup (bytes to a tree), findings and fields (which path gives which field), json_ld,
metadata, titles, moments, credits, then the text: boxes, prose, lines, noise, notices, repeats.
"""
