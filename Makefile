PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: start install test soak test-long test-peers lessons benchmark lint

start: install
	$(BIN)/ontologie start --with-simulated-portal

install: $(VENV)/installed

$(VENV)/installed: requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps -e .
	touch $@

$(VENV)/installed-dev: requirements-dev.lock pyproject.toml $(VENV)/installed
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@

lint: $(VENV)/installed-dev
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: $(VENV)/installed-dev lint
	sh tests/browser/install.sh
	# Half of a test's time is waiting, so two for each of two cores. The long files come first, the short ones fill up.
	$(BIN)/pytest -n 4 --dist loadfile --no-loadscope-reorder

soak: $(VENV)/installed-dev
	ONTOLOGIE_SOAK_MINUTES=$${ONTOLOGIE_SOAK_MINUTES:-20} $(BIN)/pytest tests/soak -s

test-long: $(VENV)/installed-dev
	ONTOLOGIE_TEST_EXAMPLES=100 $(BIN)/pytest tests/acceptance/test_any_portal.py tests/acceptance/test_bad_day_matrix.py \
		--timeout 7200

test-peers: $(VENV)/installed-dev
	TEST_PEERS=1 $(BIN)/pytest tests/peers -v -s --timeout 3600

lessons: $(VENV)/installed-dev
	$(BIN)/pytest -p tests.lessons_table tests/acceptance/test_lessons.py -n 2 -q

benchmark: $(VENV)/installed-dev
	$(BIN)/python benchmarks/first_sync.py --cases usual,slow,wide,jitter,opaque
