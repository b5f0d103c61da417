# One command each: `make run`, `make test`, `make lint`. `make` alone lists them.
# A stamp in .venv remembers which lock was installed, so a second call starts at once.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PORT ?= 8501
VENV ?= .venv
BIN := $(VENV)/bin
DASHBOARD_SHARED ?= ../shared
export DASHBOARD_SHARED

# The versions in the lock were found to work together on 3.11, so it is preferred.
# A command that exists may still not run (pyenv shims), hence the call.
supported = import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3.14 python3; do \
	if $$p -c '$(supported)' >/dev/null 2>&1; then echo $$p; break; fi; done)

# uv installs the lock in seconds, pip in under a minute.
UV := $(shell command -v uv 2>/dev/null || { [ -x $(BIN)/uv ] && echo $(BIN)/uv; } || true)
ifneq ($(UV),)
make_venv = $(UV) venv --quiet --python $(PYTHON) $(VENV)
install = $(UV) pip install --quiet --python $(BIN)/python
else
make_venv = $(PYTHON) -m venv $(VENV) || { echo "Python's venv module is missing (Debian: apt-get install python3-venv)"; exit 1; }
install = $(BIN)/python -m pip install --quiet --disable-pip-version-check
endif

FOR_RUN := $(VENV)/.installed
FOR_DEV := $(VENV)/.installed-dev
# Each server and command that a test starts would compile its modules again where Python may not keep them.
PYTEST := PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest
# Where the browser tests look for it.
CHROMIUM := /usr/bin/chromium

.PHONY: help run demo test test-real test-long bench lint format lock chromium shared clean

help:  ## list the commands
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 14

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed and was not found"; exit 1; }
	$(make_venv)

$(FOR_RUN): requirements.txt pyproject.toml | $(BIN)/python
	$(install) -r requirements.txt
	$(install) --no-deps --editable .
	@touch $@

# The development lock holds everything of the other one at the same versions.
$(FOR_DEV): requirements-dev.txt pyproject.toml | $(BIN)/python
	$(install) -r requirements-dev.txt
	$(install) --no-deps --editable .
	@touch $@ $(FOR_RUN)

run: $(FOR_RUN)  ## start the dashboard (PORT=8501); the first call installs it and builds the sample studies
	@compgen -G "$${DASHBOARD_STORE:-var/store}/*/CURRENT" >/dev/null || $(BIN)/dashboard demo
	@echo
	@echo "Dashboard: http://localhost:$(PORT)"
	@$(BIN)/dashboard demo --sign-in
	@echo
	@exec $(BIN)/streamlit run app.py --server.port "$(PORT)" --server.headless true

demo: $(FOR_RUN)  ## build the sample studies
	$(BIN)/dashboard demo

test: $(FOR_DEV) chromium  ## all tests but load, benchmark and long ones; says how many real-data tests ran
	$(PYTEST) -n auto --dist loadfile --no-loadscope-reorder

test-real: $(FOR_DEV) shared  ## the tests on real and reference data; fails where those data are absent
	$(PYTEST) -m "real and not long" --require-shared

test-long: $(FOR_DEV)  ## long rounds of random studies; a million patients are measured by bench
	$(PYTEST) -m "load or long" --timeout 7200

bench: $(FOR_DEV)  ## measure; writes docs/measured.md with the commit it ran on
	$(BIN)/python -m benchmarks

lint: $(FOR_DEV)  ## ruff, ruff format, mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(FOR_DEV)  ## let ruff mend what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# Versions already in the lock stay; LOCK="--upgrade-package NAME" moves one.
lock:  ## write requirements.txt and requirements-dev.txt from the .in files
	@test -n "$(UV)" || { echo "uv is needed to write the lock"; exit 1; }
	$(lock_with) requirements.in --output-file requirements.txt
	$(lock_with) requirements-dev.in --output-file requirements-dev.txt

lock_with = $(UV) pip compile --quiet --universal --python-version 3.11 --no-annotate \
	--custom-compile-command "make lock" $(LOCK)

chromium:
	@test -x $(CHROMIUM) || { \
		test "$$(id -u)" = 0 && command -v apt-get >/dev/null \
			|| { echo "the browser tests need $(CHROMIUM) (Debian: apt-get install chromium)"; exit 1; }; \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
			apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core; }

shared:
	@test -d "$(DASHBOARD_SHARED)/data" \
		|| { echo "NOT RUN: no $(DASHBOARD_SHARED)/data; DASHBOARD_SHARED names the folder"; exit 1; }

# var/ is left alone: it holds people's own entries.
clean:  ## remove the virtual environment and every cache, never var/
	rm -rf $(VENV) build .pytest_cache .ruff_cache .mypy_cache .hypothesis screenshots src/*.egg-info
	find . -name __pycache__ -type d -not -path './var/*' -prune -exec rm -rf {} +
