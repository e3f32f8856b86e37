"""What sources repeat on their pages."""

from sqlalchemy import Engine


class Habits:
    """A part of the archive, which promises as the whole does."""

    def __init__(self, writer: Engine, reader: Engine) -> None:
        self._writer, self._reader = writer, reader
