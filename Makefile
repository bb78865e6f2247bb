# Everything stands in .venv/ and var/, both of which may be deleted at any time (var/ holds your data).
PY := .venv/bin/python
HOST ?= 127.0.0.1
PORT ?= 8000
JOBS ?= 2
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help run test check bench screenshots lock format

help: ## show this list
	@grep -hE '^[a-z]+: .*## ' Makefile | sed 's/: .*## /\t/' | expand -t 14

run: export MTQG_PUBLIC_URL ?= http://$(HOST):$(PORT)
run: ## set up, load the demonstration and serve it at HOST:PORT (127.0.0.1:8000)
	@tools/setup.sh run
	@$(PY) -m app migrate
	@$(PY) -m app load reference
	@$(PY) -m app load demo
	@test -s var/personal-keys || (umask 077; head -c 32 /dev/urandom | base64 | tr '+/' '-_' >var/personal-keys)
	@export MTQG_PERSONAL_KEYS="$${MTQG_PERSONAL_KEYS:-$$(cat var/personal-keys)}"; exec $(PY) -m app serve --host "$(HOST)" --port "$(PORT)"

test: ## every test on both engines, in a real browser and a word processor; ARGS="tests/unit -k money" picks
	@tools/setup.sh dev
	@tools/system-packages.sh postgresql chromium libreoffice
	@$(PY) -m pytest -n $(JOBS) --dist loadfile $(ARGS)

check: ## style, types, layers, templates, translations, migrations, vendored files, lock files
	@tools/setup.sh dev
	@tools/system-packages.sh postgresql
	@tools/check.sh

bench: ## speed and size beside a floor, into var/bench.json; ARGS=--support or --all for more
	@tools/setup.sh dev
	@tools/system-packages.sh postgresql
	@$(PY) -m bench $(ARGS)

screenshots: ## every page of the demonstration as pictures, into var/screenshots/
	@tools/setup.sh dev
	@tools/system-packages.sh chromium
	@$(PY) -m tools.screenshots $(ARGS)

lock: ## write requirements/*.txt anew from pyproject.toml; ARGS=--upgrade takes the newest
	@tools/setup.sh dev
	@$(PY) tools/lock.py $(ARGS)

format: ## put the code in its standard form
	@tools/setup.sh dev
	@$(PY) -m ruff check --fix --quiet .
	@$(PY) -m ruff format --quiet .
