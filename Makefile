# The commands of the project. `make demo` and `make test` need only Python 3.11 or later, and make.

SHELL := /bin/bash
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
SERVE  ?= 1
PORT   ?= 8000
DEMO_PARTICIPANTS ?= 120

.PHONY: help demo serve test quick lint pins clean

help:
	@echo "make demo    run a complete synthetic trial, write demo/, serve it on localhost"
	@echo "make serve   serve the trial that make demo left"
	@echo "make test    everything: lint, types, all tests"
	@echo "make quick   what to run before each commit, under two minutes"
	@echo "make lint    format, lint, import contracts, types, Django's checks"
	@echo "make pins    the newest versions that fit, written down; make clean removes what was made"

# Environments: one stamp each, remade when the pins change ------------------------------------------

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	  || { echo "Python 3.11 or later is needed; name one with: make PYTHON=python3.12 ..."; exit 2; }
	@$(PYTHON) -m venv $(VENV) \
	  || { echo "Python's venv module is missing; on Debian: sudo apt-get install python3-venv"; exit 2; }

$(VENV)/.run: $(BIN)/python pyproject.toml constraints.txt
	@echo "Installing what the platform needs ..."
	@$(BIN)/python -m pip install --disable-pip-version-check -q -c constraints.txt -e .
	@touch $@

$(VENV)/.dev: $(BIN)/python pyproject.toml constraints.txt
	@echo "Installing what the platform and its tests need ..."
	@$(BIN)/python -m pip install --disable-pip-version-check -q -c constraints.txt -e '.[dev,serve]'
	@touch $@ $(VENV)/.run

# The demonstration ------------------------------------------------------------------------------------

DEMO_ENV = TRIAL_VAR=demo/var BASE_URL=http://localhost:$(PORT)

demo: $(VENV)/.run
	@rm -rf demo && mkdir -p demo
	@$(DEMO_ENV) $(BIN)/python manage.py migrate --verbosity 0
	@$(DEMO_ENV) $(BIN)/python manage.py demo examples/reassure.toml --participants $(DEMO_PARTICIPANTS) --out demo
ifneq ($(SERVE),0)
	@$(MAKE) --no-print-directory serve
endif

serve: $(VENV)/.run
	@test -f demo/var/trial.sqlite3 || { echo "There is nothing to serve yet: run make demo first."; exit 2; }
	@$(BIN)/python -c 'import socket; socket.create_server(("127.0.0.1", $(PORT))).close()' 2>/dev/null \
	  || { echo "Port $(PORT) is in use; choose another with: make serve PORT=8001"; exit 2; }
	@cat demo/sign-in.txt
	@$(DEMO_ENV) $(BIN)/python manage.py runserver --noreload --insecure localhost:$(PORT)

# Tests ------------------------------------------------------------------------------------------------

lint: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(BIN)/python manage.py makemigrations --check --dry-run
	@SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(60))') \
	 ALLOCATION_KEYS=$$($(BIN)/python -c 'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())') \
	 SIGNING_KEY=$$($(BIN)/python -c 'import base64, secrets; print(base64.b64encode(secrets.token_bytes(32)).decode())') \
	 IDENTITY_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(32))') \
	 PRODUCTION=1 ALLOWED_HOSTS=trial.example.org $(BIN)/python manage.py check --deploy --fail-level WARNING

quick: lint
	$(BIN)/python -m pytest -q -n auto -m "not browser and not node and not postgresql and not faults and not slow"

test: $(VENV)/.dev
	@$(BIN)/python tests/machine.py
	@$(MAKE) --no-print-directory lint
	$(BIN)/python -m pytest -n 2 --dist loadgroup -m "$$($(BIN)/python tests/machine.py --select)" \
	  --cov --cov-report=term --cov-fail-under=95
	$(BIN)/python tests/coverage_floor.py
	@$(BIN)/python tests/machine.py --last-word

pins:
	$(PYTHON) -m venv $(VENV)-new
	$(VENV)-new/bin/python -m pip install --disable-pip-version-check -q -e '.[dev,serve]'
	$(VENV)-new/bin/python -m pip freeze --exclude-editable > constraints.txt
	rm -rf $(VENV)-new

clean:
	rm -rf $(VENV) demo var staticfiles .mypy_cache .ruff_cache .pytest_cache
