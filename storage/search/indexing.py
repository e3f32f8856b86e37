"""What the index has of articles: made from their rows, and made anew when those change."""

VERSION = 1  # of what is kept of an article; another one, and `rasid db upgrade` makes the index anew
_AT_ONCE = 500
