# Everything a person or a machine does with this project. `make` alone lists it.
#
# It needs make and Python 3.11 to 3.14, nothing else. The environment is made in .venv from requirements.lock, and
# made again when the lock or pyproject.toml changes. Paths are relative to this folder, also under `make -C`.

RAW    = $(if $(ZHENGWEN_RAW),$(ZHENGWEN_RAW),raw)
OUTPUT = $(if $(ZHENGWEN_OUTPUT),$(ZHENGWEN_OUTPUT),output)
PORT   = 3000
PAGES  = $(shell expr $(PORT) + 1)
SCRATCH =

# Through the environment and not through the text of the recipe, so that a path may hold spaces and quotes.
export RAW OUTPUT PORT PAGES SCRATCH

# The first of these that runs, can make environments, and is one that Dagster supports; `make PYTHON=/some/python3 …`
# takes another. A name alone proves nothing: version managers install every name and refuse to run most of them.
PYTHON = $(shell for name in python3.13 python3.12 python3.11 python3.14 python3; do "$$name" -c \
    'import sys, ensurepip, venv; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' >/dev/null 2>&1 \
    && echo "$$name" && break; done)

python = .venv/bin/python
ready  = .venv/.ready

.DELETE_ON_ERROR:
.SUFFIXES:
.PHONY: help dataset validate ui pictures encodings rules promises benchmarks test torture audit lint format expectations lock clean

help: ## Say what can be made
	@echo 'make TARGET [RAW=raw] [OUTPUT=output]'
	@echo
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' Makefile

dataset: $(ready) ## Clean the documents in RAW, check the result, and publish it in OUTPUT/dataset
	@$(python) -m pipeline build --raw "$$RAW" --output "$$OUTPUT"

validate: $(ready) ## Check the dataset in OUTPUT again: the expectations, and that every document can be rebuilt
	@$(python) -m pipeline validate "$$OUTPUT"

ui: $(ready) ## Open Dagster's pages at http://localhost:3000 (PORT=… for another port, and the one behind it)
	@mkdir -p .dagster "$$OUTPUT"
	@cp dagster.yaml .dagster/dagster.yaml
	@# Report and Data Docs are served beside the pages, to this machine alone: no browser follows a link from a page to
	@# a file.
	@$(python) -m pipeline serve "$$OUTPUT" --port "$$PAGES" & pages=$$!; \
	trap 'kill $$pages 2>/dev/null' EXIT; trap exit INT TERM; \
	DAGSTER_HOME="$$PWD/.dagster" ZHENGWEN_RAW="$$RAW" ZHENGWEN_OUTPUT="$$OUTPUT" \
	ZHENGWEN_PAGES_URL="http://localhost:$$PAGES" $(python) -m dagster dev --port "$$PORT"

pictures: $(ready) ## Take the pictures of the pages that README.md shows (needs Chromium and its driver)
	@ZHENGWEN_PICTURES=docs/images $(python) -m pytest -m browser

encodings: $(ready) ## Make the tables of docs/encodings.md: what is read right in every codec
	@$(python) tests/confusion.py

rules: $(ready) ## Make docs/rules.md and docs/rules.zh.md: every rule with its sentence and an example
	@PYTHONPATH=. $(python) tests/catalogue.py

promises: $(ready) ## Make docs/promises.md: what is checked of every dataset, and why
	@PYTHONPATH=. $(python) tests/promises.py

benchmarks: $(ready) ## Measure beside peers, on the documents in RAW (SCRATCH=… for their environments and what they write)
	@test -n "$$SCRATCH" || { echo 'make: name a folder with room for 4 GB: make benchmarks SCRATCH=/some/folder' >&2; exit 2; }
	@$(python) benchmarks/environments.py "$$SCRATCH/environments"
	@$(python) benchmarks/beside_peers.py "$$RAW" --output "$$SCRATCH" --page docs/benchmarks.md

test: $(ready) ## Run the tests and the examples in the docstrings
	@# On all cores. The tests of a file stay together: many of them share what takes long to make.
	@$(python) -m pytest --numprocesses auto --dist loadfile

torture: $(ready) ## Try to break it for an hour and more, or SHORT=1 for minutes (needs Chromium and its driver)
	@# The fuzzer that is led by coverage has no wheel for every Python and system: without it, its line of the table says
	@# "not run", and this fails.
	@$(python) -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: \
	    --requirement requirements-fuzz.lock || echo 'make: there is no atheris here' >&2
	@PYTHONPATH=.:tests $(python) tests/torture $(if $(SHORT),,--long --page docs/guarantees.md) $(if $(SEED),--seed $(SEED))

audit: ## Ask the package index whether a locked package has a known vulnerability (needs the network)
	@# A tool of its own in an environment of its own. --strict: a package of which nothing could be asked is no answer.
	@test -x .audit/bin/pip-audit || { "$(PYTHON)" -m venv .audit && \
	    .audit/bin/python -m pip install --quiet --disable-pip-version-check 'pip-audit>=2.10'; }
	@.audit/bin/pip-audit --strict --require-hashes --disable-pip --progress-spinner off \
	    --requirement requirements.lock --requirement requirements-ray.lock

lint: $(ready) ## Check style, format, types, and that imports point down
	@$(python) -m ruff check
	@$(python) -m ruff format --check
	@$(python) -m mypy
	@.venv/bin/lint-imports

format: $(ready) ## Format the code, and mend what ruff can mend safely
	@$(python) -m ruff check --fix-only
	@$(python) -m ruff format

expectations: $(ready) ## Write what follows from the data dictionary into expectations/; what is written by hand stays
	@$(python) -m pipeline.validate.generated

lock: $(ready) ## Resolve the dependencies again into the locks (UPGRADE=--upgrade takes newer versions)
	@# uv makes the lock and is needed for nothing else, so it is not in the lock; it comes into .venv here.
	@test -x .venv/bin/uv || $(python) -m pip install --quiet uv
	@# --no-strip-extras: without it pip refuses gql[requests]. One lock serves every system and every Python (--universal).
	@# No header, and no addresses (uv writes none unless it is asked to): they would name the machine that made the lock.
	@.venv/bin/uv pip compile pyproject.toml --group dev --universal --generate-hashes --no-strip-extras --no-header \
	    --quiet --output-file requirements.lock $(UPGRADE)
	@# What a machine of a Ray cluster needs: no tools of ours, and every package as in the lock above.
	@.venv/bin/uv pip compile pyproject.toml --extra ray --constraints requirements.lock --universal --generate-hashes \
	    --no-strip-extras --no-header --quiet --output-file requirements-ray.lock $(UPGRADE)
	@.venv/bin/uv pip compile --group pyproject.toml:fuzz --universal --generate-hashes --no-strip-extras --no-header \
	    --quiet --output-file requirements-fuzz.lock $(UPGRADE)

clean: ## Remove the environment and every cache; RAW and OUTPUT stay
	@rm -rf .venv .audit .dagster .tmp_dagster_home_* .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache \
	    .coverage htmlcov build dist
	@find pipeline tests -name __pycache__ -type d -prune -exec rm -rf {} +

# The project itself goes in last, as a link to this folder, with the build backend that the lock has just installed.
$(ready): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo 'make: found no Python 3.11 to 3.14 with venv; install' \
	    'one (Debian and Ubuntu: apt-get install python3-venv), or name it: make PYTHON=/path/to/python3' >&2; exit 1; }
	@test -x $(python) || "$(PYTHON)" -m venv .venv
	@echo 'Installing the packages of requirements.lock in .venv (about a minute the first time)' >&2
	@$(python) -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	@$(python) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@
