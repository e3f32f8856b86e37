"""Full-text search: our own folded and stemmed terms in FTS5 or PostgreSQL, with the same answers from both.

Reading order: asking (a Query answered), compiling (a Query as an expression of the index, with the names it
holds), expression, sqlite and postgresql (the same functions each), ranking, cursor, snippet; indexing,
prepared, tags, serial (what the index has of an article), stems.
"""
