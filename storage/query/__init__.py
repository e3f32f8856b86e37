"""The query language: what a person types, as a Query. Pure.

Reading order: parser (a text as a Query), pieces (a text cut up), parts (the one form of a tree),
values (what filters take), periods (what `since:` and `until:` take).
"""

from storage.query.parser import parse_query

__all__ = ["parse_query"]
