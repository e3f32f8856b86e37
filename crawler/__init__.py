"""crawler decides what to remember: from a source's entries to a verdict on each page.

Reading order: examine (the heart) with cheap_look, clean, relevance and stories, the deciders it asks; rules,
entities and catalogue, what they know; discovery, spider and run, how pages come in. A package below holds
the parts of the module that is its door: looking of cheap_look, cleaning of clean, judging of relevance,
fetching of spider.
"""
