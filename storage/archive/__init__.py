"""The archive: the only door to the database. One method, one transaction, one promise.

Reading order: door (Archive), recording, grouping, reading, crawling, posting, cataloguing; rows turns rows
into values and back, engines opens the database, schema migrates it.
"""

from storage.archive.door import Archive

__all__ = ["Archive"]
