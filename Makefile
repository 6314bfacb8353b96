# Everything a newcomer needs: `make demo`, `make test`. Only Python 3.11+ with venv, and make.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
ARGS ?=
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
CODE := $(wildcard bot tests alembic benchmarks)

.DEFAULT_GOAL := help
.PHONY: help demo run test soak lint check bench format lock clean

help: ## Say what there is
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/ –/'

demo: $(VENV)/runtime ## A seller's story against local twins of Wildberries, Google and Telegram
	$(BIN)/python -m bot demo $(ARGS)

run: $(VENV)/runtime ## The bot itself (needs BOT_TOKEN in .env)
	$(BIN)/python -m bot run $(ARGS)

test: $(VENV)/dev ## All tests, on SQLite and on PostgreSQL
	$(BIN)/python -m pytest -n 2 --dist worksteal $(ARGS)

lint: $(VENV)/dev ## Format, lint, types, layers
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/ruff check $(CODE)
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/bandit --quiet --recursive bot --severity-level medium

soak: $(VENV)/dev ## The long proofs: kills, faults, claims (about 40 minutes)
	$(BIN)/python -m pytest tests/soak -m soak $(ARGS)

check: lint test ## Everything that a change has to pass
	$(MAKE) demo ARGS=--once

bench: $(VENV)/dev ## Times, as ratios within one run
	$(BIN)/python -m pytest benchmarks -o python_files='bench_*.py' -s $(ARGS)

format: $(VENV)/dev ## Put the code into shape
	$(BIN)/ruff format $(CODE)
	$(BIN)/ruff check --fix $(CODE)

lock: ## Pin the requirements anew (needs pip-tools)
	for name in runtime dev; do pip-compile --quiet --generate-hashes --strip-extras \
	  --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-header --allow-unsafe \
	  --output-file requirements/$$name.txt requirements/$$name.in; done

clean: ## Forget what was installed
	rm -rf $(VENV)

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/runtime: requirements/runtime.txt pyproject.toml | $(VENV)/bin/python
	$(INSTALL) --require-hashes --requirement requirements/runtime.txt
	$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/dev: requirements/dev.txt pyproject.toml | $(VENV)/bin/python
	$(INSTALL) --require-hashes --requirement requirements/dev.txt
	$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $(VENV)/runtime $@
