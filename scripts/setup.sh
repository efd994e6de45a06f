#!/usr/bin/env bash
# What `make demo` and `make test` share: system libraries, the environment in .venv, front-end
# packages, style sheets, translations. Each step tells one line with its progress, writes what its
# program says to a file of its own, and leaves a stamp, so that a second start takes a moment.
# Without `dev` only what the demo needs is installed; `dev` adds what tests and linters need.
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
# step WHAT LOG COMMAND...: one line that counts the seconds (on a terminal), and stands at the end.
step() {
  local what=$1 log=var/setup-$2.log code=0 began=$SECONDS pid
  shift 2
  set -m # a group of its own, so that Ctrl-C ends what the program has started, too
  "$@" >"$log" 2>&1 </dev/null &
  pid=$!
  set +m
  trap 'kill -- -"$pid" 2>/dev/null; exit 130' INT TERM
  if [ -t 2 ]; then
    while kill -0 "$pid" 2>/dev/null; do
      printf '\rsetup: %s, %s s ' "$what" $((SECONDS - began)) >&2
      sleep 0.5
    done
    printf '\r' >&2
  fi
  wait "$pid" || code=$?
  trap - INT TERM
  [ "$code" = 0 ] || fail "$what failed: see $PWD/$log"
  say "setup: $what, $((SECONDS - began)) s"
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
# Tests read what letters say with a reader that is not ours.
if [ "${1:-}" = dev ] && ! command -v pdftotext >/dev/null; then missing+=(poppler-utils); fi
sudo=""
[ "$(id -u)" = 0 ] || sudo="sudo -n"
system_packages() {
  $sudo apt-get update -qq \
    && $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
}
if [ ${#missing[@]} -gt 0 ]; then
  if [ -n "$sudo" ] && ! runs $sudo true; then fail "please run: sudo apt-get install ${missing[*]}"; fi
  step "system packages ${missing[*]}" apt system_packages
  # Tests start it themselves; nobody asked for a service that loads signatures all day.
  if [ -n "$scanner" ] && runs systemctl --version; then
    runs $sudo systemctl disable --now clamav-daemon.socket clamav-daemon.service clamav-freshclam.service || true
  fi
fi

python_packages() { # python_packages LOCK: no hard links to another disk, no half environment
  if runs uv --version; then
    runs .venv/bin/python --version || uv venv --quiet --clear --python "$(command -v "$python")" .venv || return
    UV_LINK_MODE=${UV_LINK_MODE:-copy} uv pip install --python .venv/bin/python --require-hashes -r "$1" || return
  else
    runs .venv/bin/python -m pip --version || "$python" -m venv --clear .venv || return
    .venv/bin/python -m pip install --disable-pip-version-check --require-hashes -r "$1" || return
  fi
  # So that pytest, mypy and the rest find our packages wherever they are called from.
  pwd > "$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/tilgang.pth"
}
# What was set up for developing is enough for the demo.
kind=demo
if [ "${1:-}" = dev ] || fresh "$stamps/python" requirements-demo.lock; then kind=dev; fi
case $kind in dev) suffix="" ;; *) suffix=-demo ;; esac
if ! fresh "$stamps/python$suffix" "requirements-$kind.lock"; then
  step "Python packages" python python_packages "requirements-$kind.lock"
  mkdir -p "$stamps"
  touch "$stamps/python$suffix"
fi

if [ "${1:-}" = dev ] && [ ! -x .venv/bin/chromium ]; then
  if [ -n "$own_browser" ]; then
    own_browser() {
      .venv/bin/playwright install chromium && $sudo "$PWD/.venv/bin/playwright" install-deps chromium
    }
    step "a browser for the tests" browser own_browser
    browser=$(.venv/bin/python -c 'from playwright.sync_api import sync_playwright as s
with s() as p: print(p.chromium.executable_path)')
  fi
  ln -sf "${browser:-$(command -v chromium || true)}" .venv/bin/chromium
  [ -x .venv/bin/chromium ] || fail "please install Chromium: the tests need it"
fi

omit=""
[ $kind = dev ] || omit=--omit=dev
if ! fresh "$stamps/node$suffix" package-lock.json; then
  step "front-end packages" npm npm ci --no-audit --no-fund $omit
  touch "$stamps/node$suffix"
fi

if ! fresh "$stamps/static" "$stamps/node$suffix" portal/ui/build.mjs portal/ui/css/*.css portal/ui/js/*.js; then
  step "style sheets and scripts" build npm run --silent build
  touch "$stamps/static"
fi

if compgen -G "locale/*/LC_MESSAGES/django.po" >/dev/null && ! fresh "$stamps/locale" locale/*/LC_MESSAGES/django.po; then
  step "translations" locale env DJANGO_SETTINGS_MODULE=portal.settings.build .venv/bin/python manage.py translations --compile
  touch "$stamps/locale"
fi
