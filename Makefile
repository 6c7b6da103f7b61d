# What one types. `make help` lists it all.
#
# PYTHON is the system's Python >= 3.11; everything else lives in .venv, made by the first `make up`.
SHELL := /bin/sh
PYTHON ?= python3
BIN := .venv/bin
PORT ?=
ITSM_PORT ?=
DEMO ?=
YES ?=
FILE ?=
SECRETS ?=
export PORT ITSM_PORT DEMO YES SECRETS
.DEFAULT_GOAL := help
.PHONY: help up stop reset setup setup-dev setup-peers setup-test check fix test proof e2e pictures shell backup restore migrate lock proof-start proof-feel proof-sealing proof-core proof-oracle proof-sim proof-faults proof-idle proof-durable proof-zones proof-hosts proof-timers proof-miwg proof-canvas proof-together

help: ## List what can be typed
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sort -s -k1,1 | \
	  while IFS= read -r line; do printf '  make %-12s %s\n' "$${line%%:*}" "$${line##*\#\# }"; done
	@printf '\n  PORT=8400 ITSM_PORT=8401 choose the ports, DEMO=no starts empty, YES=1 asks nothing.\n'

up: setup ## Start Interlock: everything it needs, then the address (DEMO=no: start empty)
	@exec $(BIN)/python -m config.supervisor up

stop: ## Stop the Interlock that runs from this checkout
	@test ! -x $(BIN)/python || $(BIN)/python -m config.supervisor stop

reset: ## Forget all data (asks first; YES=1 does not)
	@test ! -x $(BIN)/python || $(BIN)/python -m config.supervisor reset

setup: ## Install what `make up` needs, as far as it is not there
	@$(PYTHON) -m config.setup

setup-dev:
	@$(PYTHON) -m config.setup --dev

setup-peers:
	@$(PYTHON) -m config.setup --dev --peers

setup-test:
	@$(PYTHON) -m config.setup --dev --browser

check: setup-dev ## The quick checks: format, lint, types, contracts, unit tests (< 60 s)
	@$(BIN)/python -m tests.support.check

fix: setup-dev ## Format and mend what ruff can mend
	$(BIN)/ruff check --fix . || true
	$(BIN)/ruff format .

test: setup-test ## Everything: the quick checks, and every test with real servers and a browser
	@$(BIN)/python -m tests.support.check --no-tests
	@$(BIN)/python -m pytest tests -n 2 --durations=25

e2e: setup-test ## The browser tests alone
	@$(BIN)/python -m pytest tests/journeys

pictures: setup-test ## Pictures of every screen of the demo that runs, into TO=folder
	@$(BIN)/python -m tests.journeys.pictures $(or $(TO),var/pictures)

proof: proof-start proof-feel proof-sealing proof-core proof-oracle proof-sim proof-faults proof-idle proof-durable proof-zones proof-hosts proof-timers proof-miwg proof-canvas proof-together ## Measure everything in full and write docs/proof/ (each part: make proof-NAME)

proof-start: setup-dev
	@$(BIN)/python -m tests.proof.start

proof-feel: setup-peers ## FEEL against other implementations, and an hour of fuzzing (SECONDS)
	@$(BIN)/python manage.py loadtest --profile feel
	@$(BIN)/python manage.py loadtest --profile feel_fuzz

proof-sealing: setup-dev
	@$(BIN)/python -m tests.proof.sealing

proof-core: setup-peers ## The pure core against SpiffWorkflow, and how its cost grows
	@$(BIN)/python manage.py loadtest --profile core --peers

proof-durable: setup-dev ## The durable core against what PostgreSQL can do, and against others (docs/loadtest.md)
	@$(BIN)/python manage.py loadtest --profile full --peers --own-servers --json docs/proof/durable.json

proof-oracle: setup-dev ## Random processes against a plain interpreter, 100,000 of them (SEEDS)
	@$(BIN)/python -m tests.proof.oracle

proof-sim: setup-dev ## The engine simulated under faults, 100,000 seeds (SEEDS, FIRST), and its mutants
	@$(BIN)/python -m tests.proof.simulation

proof-faults: setup-dev ## Kills, pauses, cuts and stops by the thousand, and what they did not do
	@$(BIN)/python manage.py faults --profile full

proof-idle: setup-dev ## What an idle installation asks of PostgreSQL, and how soon it takes up work (SECONDS, TIMES)
	@$(BIN)/python -m tests.proof.idle

proof-zones: setup-dev ## Cron expressions against a walk through the minutes, in every zone, over ten years (YEARS)
	@$(BIN)/python -m tests.proof.zones

proof-timers: setup-dev ## 10,000 timers due at one instant, and the pages meanwhile (TIMERS, SECONDS)
	@$(BIN)/python -m tests.proof.timers

proof-together: setup-test ## 500 random edits by two people in two browsers, and a connection lost for 30 s while typing (EDITS)
	@$(BIN)/python -m tests.proof.together

proof-hosts: setup-test ## Two worker hosts of which one is cut off, and RabbitMQ as the broker
	@$(BIN)/python -m pytest tests/faults -m proof

proof-miwg: setup-test ## The reference models of BPMN through the editor in a browser, and out again
	@$(BIN)/python -m tests.proof.miwg

proof-canvas: setup-test ## A model of 1,000 flow nodes: opening and panning it, against bpmn-js alone
	@$(BIN)/python -m tests.proof.canvas

backup: setup ## Write a backup of the database: FILE=path (SECRETS=yes: the secrets, too)
	@exec $(BIN)/python -m config.supervisor backup $(FILE)

restore: setup ## Put a backup in the place of the data, which is kept aside: FILE=path
	@exec $(BIN)/python -m config.supervisor restore "$(FILE)"

migrate: setup ## Apply migrations to the database of the Interlock that runs
	@$(BIN)/python -m config.supervisor manage owner migrate

shell: setup ## A Python shell inside Interlock, signed in to the database as the web is
	@$(BIN)/python -m config.supervisor manage app shell

lock: setup-dev ## Renew the locks from pyproject.toml
	@$(BIN)/python -m config.setup.locks
