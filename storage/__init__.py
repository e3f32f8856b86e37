"""storage remembers: the words of the project, the database, search.

Reading order: model, errors, text, query, tables, archive.
"""
