"""What keeps a crawl polite and safe, whatever a page or a source file says.

Reading order: addresses (which addresses may be opened), network (resolver and download handler that see to
it, and the one route of tests), robots_text and robots (RFC 9309, and one pace per host), certificates (why
one is refused).
"""
