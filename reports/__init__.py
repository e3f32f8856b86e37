"""reports shows what is remembered: the digest and how it is mailed.

Reading order: contents (what a digest holds), digest (build_digest), importance and extract (what it weighs
and quotes); worded (the digest in one language; wording, days and bidi help), render and plain (HTML and
text); message (the mail), letters (the question to new readers), signing (DKIM), mail (SMTP), hook
(webhooks), outbox (files); web (the pages).
"""
