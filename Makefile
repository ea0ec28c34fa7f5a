# The verbs of the project. `make help` lists them.

PYTHON ?= python3
BIN := .venv/bin
JOBS ?= $(shell nproc 2>/dev/null || echo 2)
# The folder of another pyproject.toml, whose locks are compiled there: `newest` has one.
LOCKS :=
COMPILE := $(BIN)/uv pip compile --quiet --universal --generate-hashes \
	--no-strip-extras --no-emit-index-url --no-header $(LOCKS)pyproject.toml
SYSTEM := sh tools/system.sh chromium-headless-shell firefox-esr webkit2gtk-driver xvfb bubblewrap libseccomp2
PYTEST := $(BIN)/python -m pytest -q
# The slow tests also wait, for pages, kernels and time limits: one process more keeps the cores busy.
MORE_JOBS = $(shell expr $(JOBS) + 1)

# What the pages are made of; the code among it also decides whether cached outputs still hold.
CODE := pyproject.toml $(shell find shallow -type f ! -name '*.pyc' ! -name '*.md')
PAGES := conf.py _config.yml _toc.yml index.md $(shell find chapters assets exercises -type f) $(wildcard _build/checks.json)

export PYTHONUTF8 := 1
# Every kernel, worker and command would compile the project's modules again.
unexport PYTHONDONTWRITEBYTECODE
# The processes share the cores: threads of their own would only wait for each other.
export OPENBLAS_NUM_THREADS := 1
# Kernels and nbgrader are quieter, and start faster, without the debugger's frozen-module check.
export PYDEVD_DISABLE_FILE_VALIDATION := 1

.PHONY: help book pdf serve exercises grader demo check quick lint test thorough bench portable lock newest system clean

help: ## list the verbs
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

book: _build/.book ## build the site, strictly, into _build/html

pdf: _build/shallow.pdf ## print the whole book into one PDF, which the landing page then offers
	@$(MAKE) --no-print-directory book

serve: ## build the site and serve it on this machine, also where a cell fails
	@$(MAKE) --no-print-directory _build/.book || test -e _build/html/index.html
	@test -e _build/.book || echo "The pages above are served as they are; each says at the cell what failed."
	@$(BIN)/python tools/serve.py _build/html

exercises: .venv/.test ## regenerate exercises/ from solutions/
	@mkdir -p _build
	@rm -f _build/exercises.db
	for path in solutions/*/; do \
		$(BIN)/nbgrader generate_assignment "$$(basename "$$path")" --force --db sqlite:///_build/exercises.db || exit 1; \
	done

grader: .venv/.grade ## install what grading a class needs

demo: .venv/.grade ## grade a throw-away class of thirty, from Moodle's archive and back
	@$(BIN)/python tools/demo.py

check: lint quick ## lint and the quick tests, within a minute

quick: .venv/.test
	$(PYTEST) -n $(JOBS) -m "not slow" tests

lint: .venv/.test node_modules/.made ## ruff, mypy, TypeScript, the spelling and the workflows
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/ruff format --check --isolated --line-length 96 solutions # lines that fit a cell
	$(BIN)/mypy
	$(BIN)/node node_modules/typescript/bin/tsc # the types that JSDoc states
	$(BIN)/codespell
	$(BIN)/actionlint

# Tests of what is missing and cannot be installed are left out: the rest goes on, then this fails.
test: .venv/.test ## everything that must hold
	-@$(SYSTEM)
	@$(MAKE) --no-print-directory --jobs=2 --output-sync lint book
	$(PYTEST) -n $(MORE_JOBS)
	@$(MAKE) --no-print-directory book # a page shows what was counted
	@$(SYSTEM) || { echo "All else holds, but the tests that need it were left out." >&2; exit 1; }

thorough: .venv/.test ## compare the whole bank of the exercises with nbgrader, five minutes more
	$(PYTEST) -n $(MORE_JOBS) -m thorough tests

bench: .venv/.test _build/.book ## measure, into _build/bench
	$(BIN)/python -m pytest -q -s -p no:xdist tests/benchmarks --override-ini="python_files=bench_*.py"

portable: .venv/.test _build/.book system ## in every way in which this machine can compute, an hour or more
	$(BIN)/python tools/portable.py $(PARTS)

lock: .venv/.test ## compile the locks from pyproject.toml
	$(COMPILE) --upgrade --all-extras -o $(LOCKS)requirements.txt
	for purpose in book grade; do \
		$(COMPILE) --extra $$purpose --constraint $(LOCKS)requirements.txt -o $(LOCKS)requirements-$$purpose.txt || exit 1; \
	done

# WITHOUT="pytest jsonschema" lifts their upper bounds.
newest: .venv/.test ## try the newest versions of everything in a fresh environment
	@$(BIN)/python tools/newest.py $(WITHOUT)

system: .venv/.test ## install the system packages that the tests need
	@$(SYSTEM)

clean: ## remove what was built (the environment and grading/ stay)
	rm -rf _build

.venv/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed: set PYTHON, for example make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || sh tools/system.sh python3-venv
	$(PYTHON) -m venv .venv
	@touch $@

# What each purpose needs, of the same pins: contributors need all of it, readers and instructors less.
.venv/.test: requirements.txt
.venv/.book: requirements-book.txt
.venv/.grade: requirements-grade.txt
.venv/.test .venv/.book .venv/.grade: pyproject.toml | .venv/.made
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(filter requirements%,$^)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@ $(if $(filter %.test,$@),.venv/.book .venv/.grade)

# TypeScript comes from npm, which comes with Node.js in the environment.
node_modules/.made: package-lock.json | .venv/.test
	$(BIN)/npm ci --loglevel=error --no-audit --no-fund --no-update-notifier --cache _build/npm # a home may be read-only
	@touch $@

# Outputs are cached by the text of the cells alone, so a change of the code that they import drops them.
_build/.code: $(CODE) requirements-book.txt | .venv/.book
	@mkdir -p _build
	rm -rf _build/.jupyter_cache _build/.doctrees
	@touch $@

# Sphinx warns once for each page that it reads: after a failure everything is read again.
_build/.book: _build/.code $(PAGES) $(wildcard _build/shallow.pdf)
	@rm -f $@
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/sphinx-build -nW --keep-going -d _build/.doctrees . _build/html || \
		{ rm -rf _build/.doctrees; exit 1; }
	@touch $@

_build/shallow.pdf: _build/.code $(PAGES) tools/paper.py | _build/.book
	$(BIN)/python -m tools.paper
