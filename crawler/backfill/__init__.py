"""Back-fill: older articles, newest first, from a source's own entries or from WARC files.

Reading order: walk (the entries of a source, page by page), pieces (a WARC file in parts that processes
share), files (one such part into the archive). A back-fill can be broken off at any moment, also by kill -9,
and goes on where it stopped; what it records is in no digest.
"""
