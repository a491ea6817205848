# Set-up, tests and checks. `make` without a target lists them; each one creates .venv if needed.
#
#   PYTEST_ARGS   additional arguments for pytest:   make test PYTEST_ARGS="-n 2 tests/drivers"
#   PROGRAMMES    programmes that `make programmes` measures; all if empty
#   BENCH         figures that `make bench` measures; all if empty: make bench BENCH="kiosk charge"
#   RELEASE       Debian release of the container:   make system-test RELEASE=trixie
#   PYTHON        the Python interpreter of .venv:   make setup PYTHON=python3.13

MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.PHONY: help setup demo screenshots test test-quick check bench programmes faults mutation coverage system-test format clean

PYTHON ?=
PYTEST_ARGS ?=
BENCH ?=
RELEASE ?=
PROGRAMMES ?=
export PYTHON

bin := .venv/bin
# One more than there are cores: tests of the kiosk wait for windows and processes.
SIDE_BY_SIDE = -n $$(( $$(nproc) + 1 )) --maxprocesses 4 --dist worksteal
QUICK := tests/appliance/clinical tests/appliance/control tests/appliance/core tests/appliance/drills tests/appliance/instructions tests/appliance/link \
	tests/appliance/safety tests/drivers/*.py tests/drivers/[hprs]*/ tests/test_documents.py
QUICK_MARKS := not (hil or realtime or slow or spice)

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## create .venv from the lock files, if it is not up to date
	@deploy/setup-venv.sh

demo: setup ## open the kiosk on a virtual board; without a display run a session in the terminal
	@$(bin)/stimkiosk demo

test: ## run all tests, some 15 minutes; installs the programs they compare with
	@deploy/setup-venv.sh --tests
ifeq ($(PYTEST_ARGS),)
	@$(bin)/python -m tests.support.run_notice
	@$(bin)/python -m pytest -q $(SIDE_BY_SIDE) -m "not (hil or realtime)"
	@echo "now the tests that measure real time, one after another"
	@$(bin)/python -m pytest -q -m "realtime and not hil"
else
	@$(bin)/python -m pytest -q $(PYTEST_ARGS)
endif

test-quick: setup ## run the quick tests that need no other program, under a minute
	@$(bin)/python -m pytest -q -n auto $(QUICK) -m "$(QUICK_MARKS)" $(PYTEST_ARGS)

check: setup ## check formatting, lint, types, import directions, sizes
	$(bin)/ruff format --check .
	$(bin)/ruff check .
	$(bin)/mypy
	$(bin)/lint-imports
	$(bin)/python -m tests.support.tools.check_sizes
	$(bin)/python -m tests.support.tools.hazards --check
	$(bin)/python -m tests.support.tools.screening --check
	$(bin)/python -m tests.support.tools.instructions --check
	$(bin)/python -m tests.support.tools.hardware --check

bench: setup ## measure times and costs against their targets; BENCH=kiosk: those of the screen
	@$(bin)/python -m tests.campaigns.bench $(BENCH)

programmes: setup ## measure every programme against its file and write docs/programmes.md
	@$(bin)/python -m tests.campaigns.programmes $(PROGRAMMES)

faults: setup ## inject every fault in every state and measure the stops
	@$(bin)/python -m tests.campaigns.faults

mutation: setup ## change the safety code in small ways; the tests must detect each change
	@$(bin)/python -m tests.campaigns.mutation

system-test: setup ## install into a Debian container, boot it and judge the unit; needs root
	@$(bin)/python -m tests.campaigns.system $(RELEASE)

coverage: setup ## check that tests reach every branch of the safety code
	@$(bin)/python -m tests.campaigns.mutation.branches

screenshots: setup ## draw every screen of the kiosk in every language and size to build/screens/
	@$(bin)/python -m tests.support.tools.screenshots

format: setup ## format the code and apply automatic lint fixes
	$(bin)/ruff format .
	$(bin)/ruff check --fix .

clean: ## remove .venv and all caches
	rm -rf .venv build dist mutants *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage
	find . -name __pycache__ -not -path './.git/*' -prune -exec rm -rf {} +
