"""Politeness across processes and machines: robots files, host days, turns."""

from sqlalchemy import Engine


class Access:
    """A part of the archive, which promises as the whole does."""

    def __init__(self, writer: Engine, reader: Engine) -> None:
        self._writer, self._reader = writer, reader
