# Needs make, a POSIX shell and Python >= 3.11; everything else goes into $(VENV).
#
#   make run      the demo: page, daemon and a local inbox, with its data in var/   (PORT=8025)
#   make test     every test                                                        (ARGS="-k word")
#   make check    ruff, mypy, import-linter, and what nobody uses
#   make torture  the long sizes of the suites that kill and cut off, then docs/reliability.md from what they measured
#   make mutants  which small mistakes in the rules, the lifecycle, answers and the gate no test notices (ROOM=answers)
#   make bench    what delivery, planning and starting cost                         (benchmarks/README.md)
#   make bench-peers  the same letters through other senders, side by side          (benchmarks/README.md)
#   make dist     the wheel, the source archive, constraints.txt and the list of parts (CycloneDX), in dist/
#   make licences docs/licences.md, from what the libraries say of themselves
#   make faults   docs/faults.md and the operator's table, from the marks on the tests
#   make words    the catalogues of other languages from what the program says, and what they lack (ROOM=letters*)
#   make screenshots  the pictures in docs/screenshots, taken by the tests' own browser
#   make clean    everything that was built; var/ holds data and stays

VENV ?= .venv
PORT ?= 8025
ARGS ?= -n auto --dist loadgroup
PYTHON ?= $(shell for python in python3.13 python3.12 python3.11 python3; do \
	$$python -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& { command -v $$python; break; }; done)

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: run test check mutants dist licences faults torture reliability bench bench-peers words screenshots clean constraints

run: export AFTALE_DATA_DIR ?= $(CURDIR)/var
run: export AFTALE_PORT = $(PORT)
run: $(VENV)/installed
	@[ -e "$$AFTALE_DATA_DIR/aftale.db" ] || $(BIN)/aftale init --demo
	@exec $(BIN)/aftale daemon

# What the tests compile is kept for the next run, also where the environment says to keep nothing.
test: export PYTHONDONTWRITEBYTECODE =
test: $(VENV)/installed-dev
	@$(BIN)/python -m pytest $(ARGS)

CHECKS := "ruff check ." "ruff format --check ." mypy lint-imports "python -m tests.unused"

# Side by side, each told of when all have ended, in this order.
check: $(VENV)/installed-dev
	@said=$$(mktemp -d); \
	for tool in $(CHECKS); do \
		{ $(BIN)/$$tool > "$$said/$$tool" 2>&1 || touch "$$said/failed"; } & \
	done; wait; \
	for tool in $(CHECKS); do echo "$$tool"; cat "$$said/$$tool"; done; \
	[ ! -e "$$said/failed" ]; code=$$?; rm -r "$$said"; exit $$code

# One after the other: kills at random instants should find the machine doing nothing else.
torture: export AFTALE_TORTURE = 1
torture: $(VENV)/installed-dev
	rm -rf build/figures
	$(BIN)/python -m pytest -m torture -s -o timeout=14400
	$(BIN)/python -m tests.reliability

reliability: $(VENV)/installed-dev
	@$(BIN)/python -m tests.reliability

dist: $(VENV)/installed-dev
	@rm -rf dist && $(BIN)/python -m hatchling build -d dist && cp constraints.txt dist/ && $(BIN)/python -m tests.licences --sbom dist && ls -l dist

licences: $(VENV)/installed-dev
	@$(BIN)/python -m tests.licences

mutants: $(VENV)/installed-dev
	@$(BIN)/python -m tests.mutation $(ROOM)

bench: $(VENV)/installed-dev
	@$(BIN)/python -m benchmarks && $(BIN)/python -m benchmarks.pages

bench-peers: $(VENV)/installed-peers
	@PYTHONDONTWRITEBYTECODE= $(BIN)/python -m benchmarks.peers

faults: $(VENV)/installed-dev
	@$(BIN)/python -m tests.faults

words: $(VENV)/installed-dev
	@$(BIN)/python -m tests.catalogues $(ROOM)

screenshots: $(VENV)/installed-dev
	@SCREENSHOTS=1 $(BIN)/python -m pytest -q -k pictured tests/faces/web/chromium/test_chromium.py tests/faces/web/chromium/test_chromium_answers.py

clean:
	rm -rf .venv build dist htmlcov .coverage .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find workflow tests -name __pycache__ -type d -prune -exec rm -rf {} +

# The newest versions that fit together, taken from wherever pip is told to look; the file names no host.
constraints: $(BIN)/python
	rm -rf build/constraints
	$(BIN)/python -m venv build/constraints
	build/constraints/bin/python -m pip --disable-pip-version-check --quiet install -e ".[dev,postgres,oidc,pdf,peers]"
	echo '# Versions this house was tested with. Names no host; regenerate with `make constraints`.' > constraints.txt
	build/constraints/bin/python -m pip freeze --exclude-editable >> constraints.txt
	rm -rf build/constraints
	@echo "Now: make licences"

# Stamps: set up again only when what is installed changed.
$(VENV)/installed: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing into $(VENV) ..."
	@$(PIP) install -c constraints.txt -e ".[pdf]"
	@$(BIN)/python -m compileall -q workflow
	@touch $@

$(VENV)/installed-dev: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing what the tests need into $(VENV) ..."
	@$(PIP) install -c constraints.txt -e ".[dev,postgres,oidc,pdf]"
	@$(BIN)/python -m compileall -q workflow
	@touch $@ $(VENV)/installed

# The other senders, which nothing else needs.
$(VENV)/installed-peers: $(VENV)/installed-dev
	@$(PIP) install -c constraints.txt -c benchmarks/peers/constraints.txt -e ".[peers]"
	@touch $@

$(BIN)/python:
	@[ -n "$(PYTHON)" ] || { echo "No Python >= 3.11 with venv was found; name one: make PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -m venv $(VENV)
