# Every target sets up what it needs: `make demo` and `make test` work from a fresh clone.
PYTHON ?= python3
BIN := .venv/bin
SHARED ?= ../shared/data

# One BLAS thread a process: on a busy machine two were 3 to 10 times slower.
export OPENBLAS_NUM_THREADS := 1
export OMP_NUM_THREADS := 1

.PHONY: help setup check test demo models corpus places benchmark-speed benchmark-accuracy clean

help:
	@echo "make setup    a virtual environment with everything, in .venv"
	@echo "make demo     tag with the shipped model; train, evaluate and use a small one"
	@echo "make test     all checks and tests, as CI runs them"
	@echo "make check    ruff and mypy"
	@echo "make models   train the shipped model anew (needs $(SHARED))"
	@echo "make corpus   generate data/travel's train and dev parts anew"
	@echo "make places   make the index of places anew from the packages in data/places/requirements.txt"
	@echo "make benchmark-speed  measure docs/performance.md anew (needs $(SHARED)/atis; 25 minutes)"
	@echo "make benchmark-accuracy  train all recipes over seeds and fill docs/accuracy.md (needs $(SHARED); hours, goes on where it was)"
	@echo "make clean    remove the virtual environment and caches"

setup: .venv/.done

.venv/.done: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable ".[dev]"
	@touch $@

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

test: check
	$(BIN)/python -m pytest -n 2

demo: setup
	$(BIN)/slotfill tag "arrive Taipei on November 2nd"
	$(BIN)/slotfill tag "leave Taipei on November 2nd"
	$(BIN)/slotfill train --data travel --output models/demo --overwrite --set training.epochs=12 --set model.hidden=100
	$(BIN)/slotfill eval --model models/demo --data travel
	echo "arrive Taipei on November 2nd" | $(BIN)/slotfill tag --model models/demo

models: setup
	$(BIN)/slotfill train --config recipes/travel.toml --data $(SHARED)/atis --data $(SHARED)/sgd --data travel --data $(SHARED)/snips --output models/travel --overwrite

corpus: setup
	$(BIN)/slotfill data generate --count 9000 --seed 6 --output data/travel/train.markup --overwrite
	$(BIN)/slotfill data generate --count 800 --seed 2 --unseen --output data/travel/dev.markup --overwrite

places: setup
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade --target build/places --requirement data/places/requirements.txt
	PYTHONPATH=build/places $(BIN)/python data/places/build.py

build/benchmarks/.done: benchmarks/requirements.txt constraints.txt
	$(PYTHON) -m venv build/benchmarks
	build/benchmarks/bin/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt . --requirement benchmarks/requirements.txt
	@touch $@

# slotfill anew each time, as a wheel of the tree: that is what a user has
.PHONY: build/benchmarks
build/benchmarks: build/benchmarks/.done
	$@/bin/python -m pip install --quiet --disable-pip-version-check --force-reinstall --no-deps .

benchmark-speed: build/benchmarks
	$</bin/python -m benchmarks.speed $(SHARED)/atis --write docs/performance.md README.md

benchmark-accuracy: build/benchmarks
	$</bin/python -m benchmarks.accuracy $(SHARED) --write docs/accuracy.md README.md

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis dist build
