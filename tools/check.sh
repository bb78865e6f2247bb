#!/usr/bin/env bash
# Every check of `make check`, one line each; all run, and any fault fails the whole.
set -euo pipefail
cd "$(dirname "$0")/.."
python=.venv/bin/python
failed=0

check() {
  local name=$1 said
  shift
  if said=$("$@" 2>&1); then
    echo "ok     $name"
  else
    echo "FAULT  $name"
    sed 's/^/       /' <<<"$said"
    failed=1
  fi
}

check "lint (ruff)" $python -m ruff check --quiet .
check "format (ruff)" $python -m ruff format --check --quiet .
check "types (mypy --strict)" $python -m mypy
check "layers (import-linter)" .venv/bin/lint-imports --no-cache
check "templates: compile, strict CSP, CSRF" $python -m tools.check_templates
check "translations: every text has its English" $python -m tools.check_translations
check "migrations: in step with the models on both engines" $python -m tools.check_migrations
check "vendored files: listed, licensed, unchanged" $python -m tools.check_vendored
check "lock files: in step, hashed, no host named" $python -m tools.lock --check
exit $failed
