# What people and CI do with Frontdesk; `make help` lists it.
.DEFAULT_GOAL := help
.PHONY: help run test test-fast test-deep lint format texts contracts bench faults lock clean

RUN := scripts/in-environment
DEV := scripts/in-environment --test
TESTS := pytest -m "not deep" tests
DEEP := timeout -s INT -k 60 3600 pytest -m "hypothesis or deep" tests
LOCK := uv pip compile --universal --python-version 3.11 --generate-hashes --only-binary :all: \
	--no-emit-index-url --no-emit-find-links --no-header --no-annotate --quiet

help: ## list what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

run: ## start Frontdesk with the demo clinics on http://127.0.0.1:8000 (PORT, DATA_DIR)
	@$(RUN) frontdesk up

test: ## run all tests but the deep ones, on real servers and in a real browser
	@$(DEV) python -m scripts.side_by_side '$(TESTS)/integration' '$(TESTS)/browser' '$(TESTS)/system' \
		'$(TESTS)/unit tests/contract tests/upgrade'
	@$(DEV) $(TESTS)/faults # alone: what they wait for must not wait for others

test-fast: ## run the unit tests, which need no server, in two halves side by side
	@HYPOTHESIS_PROFILE=fast $(DEV) python -m scripts.side_by_side 'pytest -q tests/unit/gateway' \
		'pytest -q tests/unit --ignore=tests/unit/gateway'

test-deep: ## run what takes long: thousands of random examples, and all that is marked deep (at most an hour each)
	@HYPOTHESIS_PROFILE=deep $(DEV) python -m scripts.side_by_side '$(DEEP)/system' '$(DEEP)/upgrade' \
		'$(DEEP)/integration' '$(DEEP)/unit' '$(DEEP)/browser'
	@HYPOTHESIS_PROFILE=deep $(DEV) $(DEEP)/faults # alone here, too

lint: ## check style, formatting and types
	@$(DEV) ruff check .
	@$(DEV) ruff format --check .
	@$(DEV) mypy

format: ## put the code into shape
	@$(DEV) ruff check --fix .
	@$(DEV) ruff format .

texts: ## enter new texts in the catalogues of translations, and take out unused ones
	@$(DEV) python -m scripts.texts

contracts: ## write what events hold into docs/interfaces.md, what methods take and answer into docs/rpc.md
	@$(DEV) python -m scripts.contracts
	@$(DEV) python -m scripts.rpc

bench: ## measure slot searches, by themselves and over HTTP on the real parts, bookings, rushes, reminders, patients' pages, the staff's calendar, moving in, and how histories are verified (an hour and a half)
	@$(DEV) python -m bench.search
	@$(DEV) python -m bench.slots.run
	@$(DEV) python -m bench.bookings.run
	@$(DEV) python -m bench.rush
	@$(DEV) python -m bench.reminders
	@$(DEV) python -m bench.pages
	@$(DEV) python -m bench.calendar
	@$(DEV) python -m bench.moving_in
	@$(DEV) python -m bench.histories

faults: ## kill, freeze, restart and cut off things: the tests of it, then every fault under load (FAULTS_BOOKINGS=10000, an hour and more)
	@$(DEV) pytest tests/faults
	@$(DEV) python -m bench.faults

lock: ## pin the libraries anew in requirements*.lock (needs uv)
	@$(LOCK) pyproject.toml -o requirements.lock
	@$(LOCK) pyproject.toml --extra test -c requirements.lock -o requirements-test.lock
	@echo pip | $(LOCK) - -o requirements-pip.lock
	@printf 'nameko==2.14.1\npika\nsetuptools<81\n' | $(LOCK) - -c requirements.lock -o tests/system/strangers/requirements.lock

clean: ## remove the environment and caches; data/ stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
