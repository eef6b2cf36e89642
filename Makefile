# The two commands of a fresh machine: make demo, make test. Everything else builds on the same .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
WORKERS ?= 2


.PHONY: demo test run check bench prove format clean

$(READY): pyproject.toml constraints.txt .ci/system
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed; name it with: make PYTHON=python3.12 demo"; exit 1; }
	@sh .ci/system
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt --editable '.[dev]'
	@touch $@

demo: $(READY)
	$(BIN)/triage demo --out out

test: $(READY)
	@sh .ci/system desktop
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --max-worker-restart 2


run: $(READY)
	$(BIN)/triage

check: $(READY)
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/triage check

bench: $(READY)
	$(BIN)/triage bench

prove: $(READY)
	@sh .ci/system desktop
	$(BIN)/python -m tests.prove $(FAMILY)

format: $(READY)
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

clean:
	rm -rf $(VENV) out dist build
