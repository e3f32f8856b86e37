"""How far each back-fill has come."""

from sqlalchemy import Engine


class Backfills:
    """A part of the archive, which promises as the whole does."""

    def __init__(self, writer: Engine, reader: Engine) -> None:
        self._writer, self._reader = writer, reader
