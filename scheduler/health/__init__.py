"""How sources do: judged from their own crawls, told once. Pure but for `watching`.

Reading order: judging (SourceHealth in, Standing out), rhythm (how often it publishes), coverage (which
fields its pages have), polling (when to crawl it next), notices (what the operator is to be told), watching.
"""

from scheduler.health.judging import judge, judge_all
from scheduler.health.polling import interval, next_turn

__all__ = ["interval", "judge", "judge_all", "next_turn"]
