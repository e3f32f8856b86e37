"""The number that orders articles: by moment, then by id. Pure.

It is the key of the search index, so that the newest matches, those of a period and those after a cursor
are read from the index alone: `seconds since 1970 << 28 | the last 28 bits of the id`.
"""

from datetime import datetime

from storage.model.asked import EPOCH

BITS = 28  # of the id
_MOST = 1 << 34  # seconds: the years 1426 to 2514; what lies beyond stands at their ends


def serial_of(moment: datetime, number: int) -> int:
    """The serial of an article told at a moment; unlike that of any other."""
    return first_of(moment) | (number & ((1 << BITS) - 1))


def first_of(moment: datetime) -> int:
    """The least serial of a moment's second."""
    seconds = (moment - EPOCH).days * 86_400 + (moment - EPOCH).seconds
    return max(-_MOST, min(seconds, _MOST - 1)) << BITS


def seconds_of(serial: int) -> int:
    """When an article was told, in seconds since 1970."""
    return serial >> BITS


def number_of(serial: int) -> int:
    """The id of an article, as far as ids are below 2**28."""
    return serial & ((1 << BITS) - 1)
