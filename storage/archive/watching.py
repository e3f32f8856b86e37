"""How sources stand, and what the operator knows of it."""

from sqlalchemy import Engine


class Watching:
    """A part of the archive, which promises as the whole does."""

    def __init__(self, writer: Engine, reader: Engine) -> None:
        self._writer, self._reader = writer, reader
