# One line each, calling what stands elsewhere. The environment is .venv/.
PY := .venv/bin/python
.PHONY: setup setup-dev demo test test-fast check fix bench lock

setup: ; @bash scripts/setup.sh
setup-dev: ; @bash scripts/setup.sh dev
demo: setup ; @exec env DJANGO_SETTINGS_MODULE=portal.settings.demo $(PY) manage.py demo
# The browser's driver leaves an event loop running in its process: its tests run in processes of their own.
test: export PATH := $(CURDIR)/.venv/bin:$(PATH)
test: setup-dev
	@$(PY) -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder --ignore=tests/browser $(ARGS)
	@$(PY) -m pytest -q -n 2 --dist loadfile tests/browser $(ARGS)
# What a change touches, without the browser: scripts/touched.py chooses.
test-fast: setup-dev ; @exec $(PY) scripts/touched.py $(ARGS)
check: setup-dev ; @bash scripts/check.sh
fix: setup-dev ; @.venv/bin/ruff check --fix . ; .venv/bin/ruff format .
bench: setup-dev ; @exec $(PY) manage.py bench $(ARGS)
lock: ; @exec bash scripts/lock.sh $(ARGS)
