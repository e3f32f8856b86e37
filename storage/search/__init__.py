"""Full-text search: our own folded and stemmed terms in FTS5 or PostgreSQL, with the same answers from both.

Reading order: serial, tags, prepared (what the index has of an article), stems; names and compiling (a Query
as an expression of the index), expression; dialects, sqlite, postgresql (the same functions each); ranking,
cursor, snippet, near, weeks (what an answer is made of).
"""
