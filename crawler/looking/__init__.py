"""Looking: whether a page could matter, without a tree of it. `crawler.cheap_look` is the door.

Reading order: told (all of a page that can become text), taken (the words around what cleaning takes out),
traces (what of it the rules know).
"""
