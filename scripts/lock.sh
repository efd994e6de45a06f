#!/usr/bin/env bash
# Writes the lock files anew from pyproject.toml: every version with its hashes, and no address.
# Needs uv. What is locked already stays as it is; `scripts/lock.sh --upgrade` takes newer versions.
#   requirements.lock       what the image runs
#   requirements-demo.lock  the same and the demo's servers
#   requirements-dev.lock   the same and what tests and linters need
set -euo pipefail
cd "$(dirname "$0")/.."
compile() { # compile FILE OPTIONS...
  local file=$1; shift
  uv pip compile pyproject.toml --universal --generate-hashes --no-header --no-annotate \
    --no-emit-index-url --quiet "$@" -o "$file"
}
compile requirements-dev.lock --group dev "$@"
# The smaller ones hold the same versions.
compile requirements-demo.lock --group local -c requirements-dev.lock "$@"
compile requirements.lock -c requirements-dev.lock "$@"
