# Anbu. `make demo` and `make test` set everything up by themselves, the first time in about two
# minutes; `make help` lists the rest. Wanted: Debian or Ubuntu, x86_64, Python >= 3.11, network.

PYTHON ?= python3
JOBS   ?= 2
FUZZ_S ?= 600
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt
STUBS  := $(VENV)/micropython-stubs

# Tests start the gateway hundreds of times: what Python has compiled once is kept, whatever the
# environment says.
export PYTHONDONTWRITEBYTECODE :=

# What the printed page is set with stands beside the house: a Pi needs it too.
PRINT_PACKAGES := fonts-noto-cjk libharfbuzz-subset0 libpango-1.0-0 libpangoft2-1.0-0
# A voice for names, and sounds measured; sip-tester is somebody else's telephone, for tests only.
CALL_PACKAGES := espeak-ng sox
DEMO_PACKAGES := faketime $(PRINT_PACKAGES)
DRAW_PACKAGES := $(PRINT_PACKAGES) fonts-dejavu-core graphviz
TEST_PACKAGES := $(DEMO_PACKAGES) $(DRAW_PACKAGES) $(CALL_PACKAGES) chromium dbus-daemon \
  poppler-utils sip-tester smstools
KICAD_PACKAGES := kicad kicad-footprints xvfb openbox xdotool
BLUEZ_PACKAGES := qemu-system-x86 mmdebstrap debian-archive-keyring uidmap

.PHONY: help demo test test-long test-bluez test-kicad hardware fuzz lint lint-rules lint-types \
  lint-device-types format constraints clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

demo: $(VENV)/.ready $(VENV)/.debian-demo ## a house with a prepared resident, sixty times faster; Ctrl-C ends it
	@exec $(BIN)/anbu home demo

test: ## lint, types, doors, and every test that takes less than half a minute
	@$(MAKE) --no-print-directory --jobs=$(JOBS) --output-sync=target lint $(VENV)/.debian-test
	$(BIN)/python -m pytest -n $(JOBS) --dist worksteal -m 'not long and not bluez and not kicad'

test-long: $(VENV)/.ready-dev $(VENV)/.debian-test ## the tests marked `long`
	@$(BIN)/python -m pytest -n $(JOBS) --dist worksteal --durations=40 -m long || { code=$$?; \
	  if [ $$code -eq 5 ]; then echo 'test-long: no test is marked `long` yet, nothing was run'; else exit $$code; fi; }

test-bluez: $(VENV)/.ready-dev $(VENV)/.debian-bluez ## a real BlueZ in a virtual machine judges the radio; what was said stays in build/bluez/run.txt
	$(BIN)/python -m pytest -m bluez --capture=no tests/bluez

test-kicad: $(VENV)/.ready-dev $(VENV)/.debian-kicad ## a real KiCad imports our netlists, on a screen nobody sees; 740 MB to install
	$(BIN)/python -m pytest -m kicad tests/hardware/kicad

hardware: $(VENV)/.ready-dev $(VENV)/.debian-hardware ## all a maker needs, from hardware/*.toml into build/hardware: netlists, STL, guide, signal sheet
	@$(BIN)/python -m hardware

fuzz: $(VENV)/.ready-fuzz ## bytes at every layer of the radio language, ten minutes (FUZZ_S=600); found ones stay in build/fuzz
	@mkdir -p build/fuzz/corpus
	nice $(BIN)/python tests/fuzz/fuzz_wire.py build/fuzz/corpus -max_total_time=$(FUZZ_S) \
	  -len_control=0 -max_len=1200 -artifact_prefix=build/fuzz/ -print_final_stats=1

lint: lint-rules lint-types lint-device-types ## ruff (rules and format), mypy (gateway, firmware, simulated chips), the doors

lint-rules: $(VENV)/.ready-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check --quiet . || { echo 'format: run `make format`'; exit 1; }
	$(BIN)/lint-imports --no-logo

lint-types: $(VENV)/.ready-dev
	$(BIN)/mypy

lint-device-types: $(VENV)/.ready-dev
	$(BIN)/mypy --config-file firmware/mypy.ini
	$(BIN)/mypy --config-file firmware/careplug/mypy.ini
	$(BIN)/mypy --config-file tools/home/machine_sim/mypy.ini

format: $(VENV)/.ready-dev ## writes every file the way `make lint` wants it
	$(BIN)/ruff check --fix --exit-zero --quiet .
	$(BIN)/ruff format .

constraints: $(VENV)/.ready-dev ## writes constraints.txt from what is installed now
	sh .ci/constraints $(BIN)/python $(STUBS) > constraints.new
	mv constraints.new constraints.txt

clean: ## everything that `make` made; the next target sets up again
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@sh .ci/debian-packages --venv $(PYTHON)
	$(PYTHON) -m venv $(VENV)

$(VENV)/.ready: pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) --editable '.[home]'
	@touch $@

$(VENV)/.ready-dev: pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) --editable '.[home,calls,technician,dev,hardware]'
	$(PIP) --upgrade --target $(STUBS) --no-compile micropython-esp32-stubs
	@touch $@ $(VENV)/.ready

$(VENV)/.ready-fuzz: $(VENV)/.ready-dev
	$(PIP) --editable '.[home,calls,dev,hardware,fuzz]'
	@touch $@

$(VENV)/.debian-demo: .ci/debian-packages | $(BIN)/python
	@sh .ci/debian-packages $(DEMO_PACKAGES)
	@touch $@

$(VENV)/.debian-test: .ci/debian-packages | $(BIN)/python
	@sh .ci/debian-packages $(TEST_PACKAGES)
	@touch $@ $(VENV)/.debian-demo

$(VENV)/.debian-hardware: .ci/debian-packages | $(BIN)/python
	@sh .ci/debian-packages $(DRAW_PACKAGES)
	@touch $@

$(VENV)/.debian-bluez: .ci/debian-packages | $(BIN)/python
	@sh .ci/debian-packages $(BLUEZ_PACKAGES)
	@touch $@

$(VENV)/.debian-kicad: .ci/debian-packages | $(BIN)/python
	@sh .ci/debian-packages $(KICAD_PACKAGES)
	@touch $@
