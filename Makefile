# The single door. `make help` lists what is behind it.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/sh
PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; done)
BIN := .venv/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
EXPLORED := $(addprefix tests/engine/test_,features.py compensated.py blocks.py graphs.py bookkeeping.py)
SOURCES := pyproject.toml hatch_build.py $(shell find frontend -type f -not -path '*/node_modules/*' 2>/dev/null)

.PHONY: help setup run test check format bench bench-scale conformance mutants chaos explore fuzz lock clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: .venv/.product ## Create the environment from the lock file and build the front end; leaves .venv/bin/bailiwick

run: .venv/.product ## Start everything in one process tree: web, worker, clock and the sandbox company
	@exec $(BIN)/bailiwick run

test: .venv/.development ## Run all tests, with what they need set up first; ARGS='-k name' narrows
	@$(BIN)/python -m tests $(ARGS)

check: .venv/.development ## Lint, types and the direction of imports
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: .venv/.development ## Put the code into the house's format
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: .venv/.development ## Run the benchmarks; each prints ratios of one run
	@$(BIN)/python -m bench

bench-scale: .venv/.development ## Fill a database with a million instances and time each list; ARGS=100000 for fewer
	@$(BIN)/python -m bench.scale $(ARGS)

conformance: .venv/.product ## Run the public suites of ../shared
	@$(BIN)/bailiwick conformance dmn ../shared/dmn-tck
	@$(BIN)/bailiwick conformance bpmn ../shared/bpmn-conformance

mutants: .venv/.development ## Break the decision engine in each known way; fails if a test does not notice
	@$(BIN)/python -m tests.mutants

chaos: .venv/.development ## Kill web, worker and clock 1,000 times while money moves; ARGS='--kills 40' for fewer
	@$(BIN)/python -m tests.chaos $(ARGS)

explore: .venv/.development ## Walk through combined features of the engine at length; EXAMPLES=50000 for longer
	@BAILIWICK_EXAMPLES=$(or $(EXAMPLES),5000) $(BIN)/python -m pytest -q -n 2 $(EXPLORED) $(ARGS)

fuzz: .venv/.development ## Send hostile input to every door at length; EXAMPLES=200 for longer
	@BAILIWICK_FUZZ_CASES=$(or $(EXAMPLES),50)00 BAILIWICK_FUZZ_EXAMPLES=$(or $(EXAMPLES),50) $(BIN)/python -m pytest -q -n 2 tests/security $(ARGS)

lock: .venv/bin/python ## Write the lock files anew from pyproject.toml
	@$(PIP) install uv
	@$(BIN)/uv pip compile pyproject.toml --universal --generate-hashes --no-emit-index-url --no-header -q -o requirements.lock
	@$(BIN)/uv pip compile pyproject.toml --group dev -c requirements.lock \
		--universal --generate-hashes --no-emit-index-url --no-header -q -o requirements-dev.lock

clean: ## Remove what was built; data in var/ stays
	rm -rf .venv app/web/static/build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Expected Python 3.11 or newer, but found none. Install it and try again."; exit 1; }
	@echo "Creating .venv with $(PYTHON) …"
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo "Python's venv module is incomplete (Debian: apt-get install python3-venv)."; exit 1; }

.venv/.runtime: requirements.lock | .venv/bin/python
	@echo "Installing the packages of requirements.lock …"
	@$(PIP) install --require-hashes -r requirements.lock
	@touch $@

.venv/.product: $(SOURCES) .venv/.runtime
	@echo "Building the front end and installing bailiwick …"
	@$(PIP) install --no-deps --editable .
	@touch $@

.venv/.development: requirements-dev.lock .venv/.product
	@echo "Installing the packages of requirements-dev.lock …"
	@$(PIP) install --require-hashes --no-deps -r requirements-dev.lock  # it is complete; pyproject.toml says what it leaves out
	@touch $@
