# What one types here. Needs python3 (3.11 or newer) and make; everything else comes into .venv.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PACKAGES := $(VENV)/.packages
INSTALLED := $(VENV)/.installed
UV := uv==0.13.9
TEST ?=
AREA ?=

# Each process of a run would compile the project anew if nothing compiled were kept.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup demo test tests system lint format types arrows bench faults soak mutation check lock menus pictures version

help:  ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' Makefile

setup: $(INSTALLED)  ## make .venv with the locked packages and this project
	@:

demo: setup  ## the whole thing on this machine: phone, desk, mailbox, sample month; Ctrl-C ends it
	@exec $(BIN)/frontdoor demo

test: system lint  ## everything that must hold, on SQLite, PostgreSQL and in a browser
	@$(MAKE) --no-print-directory --jobs 2 tests types arrows  # beside each other: the tests wait now and then

tests: setup
	$(BIN)/python -m pytest -q -n 2 --dist worksteal

check: setup  ## some tests, named by TEST=tests/core/test_calendar.py
	$(BIN)/python -m pytest -q $(TEST)

system: setup
	@$(BIN)/python -m tools.system_check

lint: setup  ## style and form
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: setup  ## put the form right
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

types: setup  ## strict mypy
	$(BIN)/mypy

arrows: setup  ## which part may know which
	$(BIN)/lint-imports --no-logo

lock: setup  ## pin what pyproject.toml asks for; what is pinned already stays
	$(BIN)/python -m pip install --quiet $(UV)
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
	    --no-emit-index-url --no-header --extra dev --output-file requirements.lock pyproject.toml

bench: system  ## speed, as ratios within one run: rules, bucket pages, the sweep for reminders; half an hour
	$(BIN)/python -m tests.bench

faults: system  ## kill the work 10,000 times and more, and the whole system 400 times: nothing lost or doubled; an hour
	$(BIN)/python -m tests.faults

soak: system  ## 2,000 months of a city, a million of each kind of nonsense, thousands of races and random acts; some hours
	printf '%s\n' 1 1001 | xargs -P 2 -I '{}' $(BIN)/python -m tests.city --first '{}' --months 1000 --seconds 7200
	FUZZ_RUNS=1000000 $(BIN)/python -m pytest -q -n 2 tests/abuse/test_fuzz.py
	RACES=2000 $(BIN)/python -m pytest -q -n 2 tests/faults/test_races.py
	FUZZ=5000 $(BIN)/python -m pytest -q --timeout 0 tests/handlers/chat/test_anything.py
	LIFE_RUNS=500 LIFE_STEPS=50 CODES_RUNS=5000 CODES_STEPS=50 OUTBOX_RUNS=20000 OUTBOX_STEPS=50 TALK_RUNS=5000 \
		TALK_STEPS=50 $(BIN)/python -m pytest -q -n 2 --timeout 0 tests/core/life/test_life.py \
		tests/core/otp/test_otp_states.py tests/core/notices/test_outbox_states.py \
		tests/handlers/chat/test_conversation_states.py

mutation: setup  ## change the rules in every small way, see the tests notice; AREA=duties for one; half an hour
	@nice $(BIN)/python -m tools.mutation $(AREA)

menus: setup  ## draw the menus' pictures anew, after a change of what is in them; needs fonts-noto-cjk
	$(BIN)/python -m bot.richmenu.drawing docs/pictures/richmenu-english.png

pictures: setup  ## make the README's pictures anew, from a walk through the demo in a browser
	PICTURES=docs/pictures $(BIN)/python -m pytest -q tests/journeys/test_demo.py tests/journeys/test_menus.py \
		tests/journeys/test_cards.py

version: setup  ## draft the schema's next version: make version N=0002 SAYS="what it brings"
	$(BIN)/python -m tools.new_version "$(N)" "$(SAYS)"

$(PACKAGES): requirements.lock
	@$(PYTHON) tools/python_check.py
	@echo "installing the packages of requirements.lock into $(VENV) (a minute or two) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

$(INSTALLED): $(PACKAGES) pyproject.toml
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@
