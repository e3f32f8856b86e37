"""Which accounts are of one event, and which of them are copies. Pure but for `neighbourhood`.

Reading order: neighbourhood (what of the archive has to do with a newcomer), partition (`account`, `group`,
`place`), joining (which pairs are compared and what they make), reasons (why), looking (what is known is
not looked at again), links (what two accounts are to each other), evidence (what speaks for and against),
tellings (what one account says), named, matters, facts, numerals, editions and slots (whom it names, what
happened where, figures and days, numbers in words, which session it is, what tells two arrests apart), copies
(shingles and bands), templates and wording (what stands in one near-copy in place of what in the other),
commonplace (what every article of the field says). The words are data, in `matters.toml`, `numerals.toml` and
`common_words.toml`.
"""

from crawler.stories.neighbourhood import Ask, neighbourhood, settle
from crawler.stories.partition import account, group, place

__all__ = ["Ask", "account", "group", "neighbourhood", "place", "settle"]
