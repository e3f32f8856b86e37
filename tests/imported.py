"""What the children of tests have behind them: imports, rules, and the model of languages."""
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
from crawler.languages import choose_language
from crawler.rules import load_rules

load_rules()
load_sources()
choose_language("letters " * 30, (), "en")
