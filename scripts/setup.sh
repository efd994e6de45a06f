#!/usr/bin/env bash
# What `make demo` and `make test` share: system libraries, the environment in .venv, front-end
# packages, style sheets, translations. Each step leaves a stamp, so that a second start takes a
# moment. `dev` adds the browser that tests need.
set -euo pipefail
cd "$(dirname "$0")/.."
stamps=.venv/stamps
say() { printf '%s\n' "$*" >&2; }
fail() { say "setup: $*"; exit 1; }
fresh() { # fresh STAMP FILES...: is the stamp there and newer than every file?
  local stamp=$1 file; shift
  [ -f "$stamp" ] || return 1
  for file in "$@"; do [ "$file" -nt "$stamp" ] && return 1; done
  return 0
}
# Asked to run and not only looked up: a shim of pyenv may stand there without the program.
runs() { "$@" >/dev/null 2>&1; }

# Two set-ups at once would get into each other's way.
mkdir -p var || fail "this folder cannot be written to"
exec 9>var/setup.lock
if command -v flock >/dev/null; then flock 9; fi

python=""
for candidate in python3 python3.13 python3.12 python3.11; do
  if runs "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then python=$candidate; break; fi
done
[ -n "$python" ] || fail "Python 3.11 or newer is needed: install python3.11 and python3.11-venv"
runs node -e 'process.exit(Number(parseInt(process.versions.node) < 20))' && runs npm --version \
  || fail "Node 20 or newer with npm is needed: install nodejs and npm"

# System packages: WeasyPrint needs Pango, tests need a browser. Installed where we may.
missing=()
libraries=$(ldconfig -p 2>/dev/null || /sbin/ldconfig -p 2>/dev/null || true)
have() { case "$libraries" in *"$1"*) return 0 ;; *) return 1 ;; esac; }
have libpango-1.0. || missing+=(libpango-1.0-0)
have libpangoft2-1.0. || missing+=(libpangoft2-1.0-0)
have libharfbuzz-subset. || missing+=(libharfbuzz-subset0)
if [ ! -x .venv/bin/python ] && ! runs uv --version && ! runs "$python" -c 'import ensurepip, venv'; then
  missing+=("$(basename "$(readlink -f "$(command -v "$python")")")-venv")
fi
browser=""
for candidate in chromium chromium-browser google-chrome google-chrome-stable; do
  if browser=$(command -v "$candidate"); then break; fi
done
own_browser=""
if [ "${1:-}" = dev ] && [ -z "$browser" ] && [ ! -x .venv/bin/chromium ]; then
  # Ubuntu has it as a snap only, which many machines cannot run: Playwright's own then.
  if . /etc/os-release 2>/dev/null && [ "${ID:-}" = ubuntu ]; then own_browser=yes; else missing+=(chromium); fi
fi
# The scanner that tests of attachments start: 24 MB, up in a tenth of a second with our own signature.
scanner=""
if [ "${1:-}" = dev ] && ! PATH=$PATH:/usr/sbin:/usr/local/sbin command -v clamd >/dev/null; then
  scanner=yes; missing+=(clamav-daemon)
fi
sudo=""
[ "$(id -u)" = 0 ] || sudo="sudo -n"
if [ ${#missing[@]} -gt 0 ]; then
  say "setup: system packages ${missing[*]}"
  if ! { $sudo apt-get update -qq && $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >/dev/null 2>&1; then
    fail "please run: sudo apt-get install ${missing[*]}"
  fi
  # Tests start it themselves; nobody asked for a service that loads signatures all day.
  if [ -n "$scanner" ] && runs systemctl --version; then
    runs $sudo systemctl disable --now clamav-daemon.socket clamav-daemon.service clamav-freshclam.service || true
  fi
fi

if ! fresh "$stamps/python" requirements.lock; then
  say "setup: Python packages"
  # No hard links to another disk, no half environment: what is there must run.
  if runs uv --version; then
    runs .venv/bin/python --version || uv venv --quiet --clear --python "$(command -v "$python")" .venv \
      || fail "no virtual environment could be made in .venv"
    UV_LINK_MODE=${UV_LINK_MODE:-copy} uv pip install --quiet --python .venv/bin/python --require-hashes -r requirements.lock
  else
    runs .venv/bin/python -m pip --version || "$python" -m venv --clear .venv \
      || fail "no virtual environment could be made in .venv"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
  fi || fail "the Python packages could not be installed"
  # So that pytest, mypy and the rest find our packages wherever they are called from.
  pwd > "$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/tilgang.pth"
  mkdir -p "$stamps"
  touch "$stamps/python"
fi

if [ "${1:-}" = dev ] && [ ! -x .venv/bin/chromium ]; then
  if [ -n "$own_browser" ]; then
    say "setup: a browser for the tests"
    .venv/bin/playwright install chromium >/dev/null 2>&1 && $sudo "$PWD/.venv/bin/playwright" install-deps chromium >/dev/null 2>&1 \
      || fail "please install Chromium: the tests need it"
    browser=$(.venv/bin/python -c 'from playwright.sync_api import sync_playwright as s
with s() as p: print(p.chromium.executable_path)')
  fi
  ln -sf "${browser:-$(command -v chromium || true)}" .venv/bin/chromium
  [ -x .venv/bin/chromium ] || fail "please install Chromium: the tests need it"
fi

if ! fresh "$stamps/node" package-lock.json; then
  say "setup: front-end packages"
  npm ci --silent --no-audit --no-fund || fail "npm ci failed"
  touch "$stamps/node"
fi

if ! fresh "$stamps/static" "$stamps/node" portal/ui/build.mjs portal/ui/css/*.css portal/ui/js/*.js; then
  say "setup: style sheets and scripts"
  built=$(npm run --silent build 2>&1) || { say "$built"; fail "npm run build failed"; }
  touch "$stamps/static"
fi

if compgen -G "locale/*/LC_MESSAGES/django.po" >/dev/null && ! fresh "$stamps/locale" locale/*/LC_MESSAGES/django.po; then
  .venv/bin/python manage.py translations --compile >/dev/null || fail "the translations could not be compiled"
  touch "$stamps/locale"
fi
