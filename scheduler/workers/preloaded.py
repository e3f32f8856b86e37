"""What the crawl children of a worker have behind them when they begin: imports, rules, a first page.

Nothing of it is open: a child makes its own reactor, connections and threads. Whoever starts the server of
children says by the environment which catalogue it is.
"""
# ruff: noqa: F401 - crawls import these modules when they run

import gc
import logging
import os

import psycopg

import crawler.run
import scheduler.cli
import scheduler.jobs
from crawler.rules import kept_rules
from crawler.warming import warm
from scheduler.settings import Catalogue

CATALOGUE = "_RASID_PRELOADED"

if CATALOGUE in os.environ:
    catalogue = Catalogue.model_validate_json(os.environ[CATALOGUE])
    try:
        warm(kept_rules(catalogue.directory, catalogue.topics))
    except Exception:
        logging.getLogger(__name__).exception("crawls will begin slowly")
gc.freeze()  # children share these pages: the collector must not write to them
