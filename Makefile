# The only chores. A fresh machine needs Python >= 3.11 and make; everything else lives in .venv.
PYTHON ?= python3
BIN := .venv/bin
export PYTHONDONTWRITEBYTECODE =  # else each process of a test compiles the whole of Rasid anew

.PHONY: demo test lint types imports check bench bench-archive bench-neighbours hostile soak soak-workers year footprint constraints clean

demo: .venv/ready
	$(BIN)/python -m tests.web.demo

test: .venv/ready
	$(BIN)/pytest

lint: .venv/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/ready
	$(BIN)/mypy

imports: .venv/ready
	$(BIN)/lint-imports

check: lint types imports test

bench: .venv/ready
	$(BIN)/python -m benchmarks.cheap_look $(PAGES)
	$(BIN)/python -m benchmarks.matching

# Hours, about 40 GB of disk, and a PostgreSQL server: make bench-archive DATABASE=sqlite ARTICLES=100000
bench-archive: .venv/ready
	$(BIN)/python -m benchmarks.archive --database $(or $(DATABASE),both) --articles $(or $(ARTICLES),1000000)

bench-neighbours: .venv/ready
	$(BIN)/python -m benchmarks.neighbours --database $(or $(DATABASE),both) --articles $(or $(ARTICLES),1000000)

hostile: .venv/ready
	@test -d "$(DIR)" || { echo "make hostile DIR=folder: the folder whose files are sent through (got '$(DIR)')" >&2; exit 2; }
	$(BIN)/python -m benchmarks.hostile "$(DIR)"

# Minutes: kills processes that mail, and counts who got what; KILLS=200 DATABASE=sqlite
soak: .venv/ready
	$(BIN)/python -m benchmarks.kills --database $(or $(DATABASE),both) --kills $(or $(KILLS),200)

# Ten minutes a database: a simulated year, of which every article is told once; ZONE=Africa/Casablanca SEED=1
year: .venv/ready
	$(BIN)/python -m benchmarks.year --weeks $(or $(WEEKS),52) --zone $(or $(ZONE),Europe/Paris) \
		--database $(or $(DATABASE),both) $(if $(SEED),--seed $(SEED))

# What the service holds and takes: idle for some minutes, and polling through a simulated day
footprint: .venv/ready
	$(BIN)/python -m benchmarks.footprint --database $(or $(DATABASE),both) --minutes $(or $(MINUTES),3)

# Ten minutes and a PostgreSQL server: kills workers while sixty newspapers publish; MINUTES=2
soak-workers: .venv/ready
	$(BIN)/python -m benchmarks.workers --minutes $(or $(MINUTES),10)

# Everything is pinned by hash and without an index: constraints.txt what runs, tests/constraints.txt the
# development tools as well.
.venv/ready: tests/constraints.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Rasid needs Python 3.11 or newer: make PYTHON=python3.11 ...")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r tests/constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--custom-compile-command "make constraints" pyproject.toml

constraints:
	$(COMPILE) --extra scale --output-file constraints.txt
	$(COMPILE) --extra dev --constraint constraints.txt --output-file tests/constraints.txt

clean:
	rm -rf .venv demo dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
