# Todoke: `make help` says what there is.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help demo up down clean test test-all bench pictures asyncapi lint lock prepare prepare-dev

PY := .venv/bin/python
export TODOKE_STATE ?= var
ifdef PORT
export TODOKE_PORT := $(PORT)
endif
ifdef BASE
export TODOKE_BASE := $(BASE)
endif

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 18
	@echo '  PORT=8090 BASE=28080 choose other ports; TODOKE_STATE=var/other another state directory'

demo: prepare ## set everything up, run the journey, keep serving (ONCE=1: stop and exit with its result)
	@code=0; { $(PY) -m infra.local up && $(PY) -m infra.console demo; } || code=$$?; \
	if [ -n "$(ONCE)" ]; then $(PY) -m infra.local down || code=$$?; fi; exit $$code

up: prepare ## serve without the journey
	@$(PY) -m infra.local up

down: ## stop everything
	@if [ -x $(PY) ]; then $(PY) -m infra.local down; fi

clean: ## stop, and remove all state; installed packages stay
	@if [ -x $(PY) ]; then $(PY) -m infra.local clean; fi

test: prepare-dev ## all tests but the long ones, on servers of their own
	@$(PY) -m pytest -m "not all"

test-all: prepare-dev ## every test
	@$(PY) -m pytest

bench: prepare-dev ## measure speed and memory on a town of its own; var/bench/results.json
	@$(PY) -m tests.bench

pictures: prepare-dev ## take the README's pictures from the real pages
	@$(PY) -m tests.e2e.pictures

asyncapi: prepare ## write asyncapi.yaml anew, after a change of facts or of who hears them
	@$(PY) -m infra.rabbitmq.asyncapi

lint: prepare-dev ## ruff, mypy, import-linter, djlint
	@.venv/bin/ruff check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports
	@.venv/bin/djlint --lint --quiet services infra

lock: prepare ## resolve requirements/*.in anew, with hashes
	@test -x var/uv/bin/uv || { python3 -m venv var/uv && var/uv/bin/pip install --quiet uv; }
	@for part in runtime dev; do var/uv/bin/uv pip compile --quiet --upgrade --generate-hashes --no-emit-index-url \
		--python-version 3.11 requirements/$$part.in -o requirements/$$part.txt; done

prepare:
	@python3 -I infra/local/bootstrap.py

prepare-dev:
	@python3 -I infra/local/bootstrap.py --dev
