#!/usr/bin/env bash
# Every linter; all of them run, the worst result counts.
cd "$(dirname "$0")/.."
export DJANGO_SETTINGS_MODULE=portal.settings.test
bin=.venv/bin
worst=0
run() {
  printf '%-24s' "$1"; shift
  if out=$("$@" 2>&1); then echo ok; else worst=1; echo FAILED; printf '%s\n' "$out" | tail -n 40; fi
}
no_addresses() { ! grep -nE '://' requirements*.lock && ! grep -nE '"resolved"' package-lock.json; }
hadolint() { "$bin/hadolint" Dockerfile; }
compose() { npx --no-install dclint docker-compose.yml; }
run "format" "$bin/ruff" format --check .
run "lint" "$bin/ruff" check .
run "types" "$bin/mypy" portal institutions catalogue applications decisions
run "imports" "$bin/lint-imports"
run "migrations complete" "$bin/python" -W ignore manage.py makemigrations --check --dry-run
run "translations complete" "$bin/python" manage.py translations --check
run "permissions page" "$bin/python" manage.py permissions --check
run "lock without addresses" no_addresses
run "templates" "$bin/djlint" templates --lint --quiet
run "Dockerfile" hadolint
run "compose file" compose
exit $worst
