# Everything is made from `python3` alone; what is made lies in .venv, node_modules and .cache.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.run.ready
TOOLS := .venv/.dev.ready
NODE := node_modules/.ready
ASSETS := guanxi/web/static/vendor/sprite.svg
PO := guanxi/locale/zh_Hans/LC_MESSAGES/django.po
MO := $(PO:.po=.mo)
WORKERS ?= 2

# Byte code is kept even where the surroundings say otherwise: without it every start compiles a thousand files.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup run test test-sqlite test-postgresql promises defects outdated looks bench format messages lock clean \
	check check-format check-lint check-types check-layers check-rules check-migrations check-messages check-safety check-leaks \
	check-htmx

help: ## Say what there is to make
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# --- set-up ----------------------------------------------------------------------------------------------------------

$(READY): requirements.txt requirements-uv.txt pyproject.toml scripts/prepare.py
	@$(PYTHON) scripts/prepare.py run
	@touch $@

$(TOOLS): $(READY) requirements-dev.txt
	@$(PYTHON) scripts/prepare.py dev
	@touch $@

$(NODE): package.json package-lock.json .npmrc | $(READY)
	@$(PYTHON) scripts/prepare.py node
	@touch $@

$(ASSETS): $(NODE) guanxi/web/icons.txt scripts/assets.py
	@$(BIN)/python scripts/assets.py
	@touch $@

$(MO): $(PO) scripts/messages.py | $(READY)
	@$(BIN)/python scripts/messages.py compile

setup: $(READY) $(ASSETS) $(MO)

# --- what people do ----------------------------------------------------------------------------------------------------

run: setup ## Serve Guanxi with its demo company (PORT=8000)
	@$(BIN)/guanxi run --demo

test: setup $(TOOLS) ## Run every test: on PostgreSQL, then on SQLite and in Chromium
	@$(MAKE) --no-print-directory test-postgresql
	@$(MAKE) --no-print-directory test-sqlite

test-postgresql: setup $(TOOLS)
	@echo "→ Tests on PostgreSQL"
	@$(BIN)/python scripts/postgres.py $(BIN)/pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(ARGS)

test-sqlite: setup $(TOOLS)
	@echo "→ Tests on SQLite and in Chromium"
	@env -u GUANXI_TEST_DATABASE_URL $(BIN)/pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(ARGS)

promises: setup $(TOOLS) ## Run the promise tests in full, on both databases (long)
	@GUANXI_TEST_FULL=1 $(BIN)/python scripts/postgres.py $(BIN)/pytest -n $(WORKERS) tests/promises tests/api/test_description.py
	@env -u GUANXI_TEST_DATABASE_URL GUANXI_TEST_FULL=1 $(BIN)/pytest -n $(WORKERS) tests/promises tests/api/test_description.py

defects: setup $(TOOLS) ## Take out one defence after the other and see that a test misses it (ARGS="cookies tokens" for some; long)
	@$(BIN)/python scripts/defects.py $(ARGS)

looks: setup $(TOOLS) ## Picture and check every page in every theme and width, into build/looks (long)
	@GUANXI_TEST_FULL=1 $(BIN)/pytest -n $(WORKERS) -m browser --ignore tests/promises

bench: setup $(TOOLS) ## Measure the promises of speed; prints one table (ARGS="--sizes 10000,100000,1000000 --write")
	@$(BIN)/python scripts/postgres.py --keep .cache/bench/postgres $(BIN)/python -m bench $(ARGS)

# --- checks --------------------------------------------------------------------------------------------------------------

check: check-format check-lint check-types check-layers check-rules check-migrations check-messages check-safety check-leaks check-htmx outdated ## Format, lint, types, layers, own rules, migrations, translations, safety, secrets
	@echo "All checks passed."

check-format: $(TOOLS)
	@echo "→ Format"; $(BIN)/ruff format --check --quiet . || { $(BIN)/ruff format --check .; false; }

check-lint: $(TOOLS)
	@echo "→ Lint"; $(BIN)/ruff check --quiet .

check-types: $(TOOLS)
	@echo "→ Types"; $(BIN)/mypy

check-layers: $(TOOLS)
	@echo "→ Layers"; $(BIN)/lint-imports --no-logo

check-rules: setup $(TOOLS)
	@echo "→ Own rules"; $(BIN)/pytest -q tests/promises/test_source_rules.py

check-migrations: setup $(TOOLS)
	@echo "→ Migrations"; DJANGO_SETTINGS_MODULE=guanxi.config.settings_test $(BIN)/guanxi makemigrations --check --dry-run

check-messages: $(TOOLS)
	@echo "→ Translations"; $(BIN)/python scripts/messages.py check

check-safety: $(TOOLS)
	@echo "→ Safety"; $(BIN)/bandit --quiet --recursive guanxi --configfile pyproject.toml

check-leaks: $(TOOLS)
	@echo "→ Secrets"; $(BIN)/python scripts/leaks.py check

check-htmx: $(NODE) $(TOOLS)
	@mkdir -p build
	@echo "→ Habits of htmx 2"; $(BIN)/python node_modules/htmx.org/dist/scripts/upgrade-check.py $(wildcard guanxi/*/templates) > build/htmx.txt || { cat build/htmx.txt; false; }

# --- upkeep ----------------------------------------------------------------------------------------------------------------

format: $(TOOLS) ## Format the sources and mend what can be mended
	@$(BIN)/ruff check --quiet --fix-only . ; $(BIN)/ruff format .

messages: $(TOOLS) ## Collect new sentences into the Chinese catalogue
	@$(BIN)/python scripts/messages.py update

outdated: $(TOOLS) ## Say which packages are old or known to be unsafe, and what could not be looked up; never fails
	@echo "→ Freshness"; $(BIN)/python scripts/outdated.py

lock: $(TOOLS) ## Renew the locks (ARGS=--upgrade for newer versions)
	@$(BIN)/python scripts/lock.py $(ARGS)

clean: ## Remove all that was made, but no data
	rm -rf .venv .cache node_modules build guanxi/web/static/vendor .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find guanxi tests scripts bench -name __pycache__ -type d -prune -exec rm -rf {} +
	find guanxi -name '*.mo' -delete
