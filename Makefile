# make run     set up what is missing, then open the window (or, without a display, answer one question)
# make starter bring a first set of models through pip, 1.2 GB
# make test    set up what is missing, then lint and test
# make lint    ruff and mypy
# make bench   the benchmarks, against real documents where they are at hand
#
# Arguments: make run ARGS="doctor"   make test ARGS="-k settings"   make bench ARGS="search"

PYTHON_IN_VENV = .venv/bin/python
ARGS =

.PHONY: run starter test lint bench installer

run:
	@sh packaging/setup.sh run
	@sh packaging/run.sh $(ARGS)

starter:
	@sh packaging/setup.sh run
	@$(PYTHON_IN_VENV) packaging/starter.py $(ARGS)

test: lint
	@$(PYTHON_IN_VENV) -m pytest $(ARGS)

lint:
	@sh packaging/setup.sh dev
	@$(PYTHON_IN_VENV) -m ruff check .
	@$(PYTHON_IN_VENV) -m ruff format --check .
	@$(PYTHON_IN_VENV) -m mypy

bench:
	@sh packaging/setup.sh dev
	@$(PYTHON_IN_VENV) -m tests.benchmarks $(ARGS)

installer:
	@sh packaging/setup.sh installer
	@$(PYTHON_IN_VENV) packaging/build.py
