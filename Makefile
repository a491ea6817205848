# Everything a newcomer runs. `make` alone lists the targets; each makes .venv first if need be.
#
#   PYTEST_ARGS   further arguments of pytest:  make test PYTEST_ARGS="-n 2 tests/drivers"
#   PYTHON        the interpreter of .venv:     make setup PYTHON=python3.13

MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.PHONY: help setup demo test test-quick check bench faults mutation coverage format clean

PYTHON ?=
PYTEST_ARGS ?=
export PYTHON

bin := .venv/bin
QUICK := tests/appliance/clinical tests/appliance/control tests/appliance/core tests/appliance/drills tests/appliance/link \
	tests/appliance/safety tests/drivers/*.py tests/drivers/[hprs]*/ tests/test_documents.py
QUICK_MARKS := not (hil or realtime or slow or spice)

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## make .venv from the locks, or find it ready
	@deploy/setup-venv.sh

demo: setup ## a whole session on the virtual board, with a trace of what the pads got
	@$(bin)/stimkiosk demo

test: ## run all tests, with the programs they compare us with, some 10 minutes
	@deploy/setup-venv.sh --tests
	@$(bin)/python -m pytest -q $(PYTEST_ARGS)

test-quick: setup ## run what is quick and needs no other program, under a minute
	@$(bin)/python -m pytest -q -n auto $(QUICK) -m "$(QUICK_MARKS)" $(PYTEST_ARGS)

check: setup ## formatting, lint, types, import directions, sizes
	$(bin)/ruff format --check .
	$(bin)/ruff check .
	$(bin)/mypy
	$(bin)/lint-imports
	$(bin)/python -m tests.support.tools.check_sizes
	$(bin)/python -m tests.support.tools.hazards --check

bench: setup ## measure what is promised about time
	@$(bin)/python -m tests.campaigns.bench

faults: setup ## break everything on purpose, in every state, and measure the stops
	@$(bin)/python -m tests.campaigns.faults

mutation: setup ## put small mistakes into the safety chain; the tests have to notice each
	@$(bin)/python -m tests.campaigns.mutation

coverage: setup ## every branch of the safety chain is reached by its tests
	@$(bin)/python -m tests.campaigns.mutation.branches

format: setup ## put the code into shape
	$(bin)/ruff format .
	$(bin)/ruff check --fix .

clean: ## remove .venv and every cache
	rm -rf .venv build dist mutants *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage
	find . -name __pycache__ -not -path './.git/*' -prune -exec rm -rf {} +
