"""Dates as Arabic, French, English and Spanish sites print them. Pure.

Reading order: reading (`read_date`), words (months, units and zones as data), clock (the time of day).
"""

from crawler.dates.reading import read_date

__all__ = ["read_date"]
