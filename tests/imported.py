"""What the children of tests have behind them: imports, rules, and a first page."""
# ruff: noqa: F401 - commands import these modules when they are run

import alembic.command
import psycopg

import crawler.audit
import crawler.probing.run
import crawler.run
import scheduler.cli.probed
import scheduler.issues
import scheduler.probes
import storage.query
from crawler.catalogue import load_sources
from crawler.rules import kept_rules
from crawler.warming import warm

load_sources()
warm(kept_rules())
