#!/usr/bin/env bash
# What `make demo` and `make test` share: the environment in .venv, front-end packages, system
# libraries. Each step leaves a stamp, so that a second start takes a moment. `dev` adds what tests
# and linters need.
set -euo pipefail
cd "$(dirname "$0")/.."
stamps=.venv/stamps
say() { printf '%s\n' "$*" >&2; }
fail() { say "setup: $*"; exit 1; }
fresh() { # fresh STAMP FILES...: is the stamp there and newer than every file?
  local stamp=$1; shift
  [ -f "$stamp" ] || return 1
  for file in "$@"; do [ "$file" -nt "$stamp" ] && return 1; done
  return 0
}

python=""
for candidate in python3.13 python3.12 python3.11 python3; do
  if command -v "$candidate" >/dev/null && "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    python=$candidate; break
  fi
done
[ -n "$python" ] || fail "Python 3.11 or newer is needed: install python3.11 and python3.11-venv"
node -e 'process.exit(Number(parseInt(process.versions.node) < 20))' 2>/dev/null && npm --version >/dev/null 2>&1 \
  || fail "Node 20 or newer with npm is needed: install nodejs and npm"

if ! fresh "$stamps/python" requirements.lock; then
  say "setup: Python packages"
  [ -x .venv/bin/python ] || "$python" -m venv .venv || fail "no virtual environment: install python3-venv"
  mkdir -p "$stamps"
  # Asked to run and not only looked up: a shim of pyenv may stand there without uv behind it.
  if uv --version >/dev/null 2>&1; then
    uv pip install --quiet --python .venv/bin/python --require-hashes -r requirements.lock
  else
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
  fi || fail "the Python packages could not be installed"
  # So that pytest, mypy and the rest find our packages wherever they are called from.
  pwd > "$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/tilgang.pth"
  touch "$stamps/python"
fi

if ! fresh "$stamps/node" package-lock.json; then
  say "setup: front-end packages"
  npm ci --silent --no-audit --no-fund || fail "npm ci failed"
  touch "$stamps/node"
fi

if ! fresh "$stamps/static" "$stamps/node" portal/ui/build.mjs portal/ui/css/*.css portal/ui/js/*.js; then
  say "setup: style sheets and scripts"
  npm run --silent build || fail "npm run build failed"
  touch "$stamps/static"
fi

if compgen -G "locale/*/LC_MESSAGES/django.po" >/dev/null && ! fresh "$stamps/locale" locale/*/LC_MESSAGES/django.po; then
  .venv/bin/python manage.py translations --compile >/dev/null || fail "the translations could not be compiled"
  touch "$stamps/locale"
fi

# System libraries: WeasyPrint needs Pango, tests need a browser. Installed where we may.
missing=()
libraries=$(ldconfig -p 2>/dev/null || /sbin/ldconfig -p 2>/dev/null || true)
have() { case "$libraries" in *"$1"*) return 0 ;; *) return 1 ;; esac; }
have libpango-1.0 || missing+=(libpango-1.0-0)
have libpangoft2-1.0 || missing+=(libpangoft2-1.0-0)
have libharfbuzz-subset || missing+=(libharfbuzz-subset0)
if [ "${1:-}" = dev ]; then
  [ -x /usr/bin/chromium ] || missing+=(chromium)
  command -v pdftotext >/dev/null || missing+=(poppler-utils)
fi
if [ ${#missing[@]} -gt 0 ]; then
  sudo=""
  [ "$(id -u)" = 0 ] || sudo="sudo -n"
  say "setup: system packages ${missing[*]}"
  if ! { $sudo apt-get update -qq && DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >/dev/null 2>&1; then
    fail "please run: sudo apt-get install ${missing[*]}"
  fi
fi
