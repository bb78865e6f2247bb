#!/usr/bin/env bash
# setup.sh run|dev: builds .venv/ from requirements/run.txt or dev.txt; quick when nothing changed.
set -euo pipefail
cd "$(dirname "$0")/.."
lock=requirements/${1:?run or dev}.txt
stamp=.venv/$1.stamp
mkdir -p var
exec 9>var/setup.lock
flock 9 # two makes at once build one after the other

fits() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }
builds() { fits "$1" && "$1" -c 'import ensurepip, venv' 2>/dev/null; }

find_python() {
  for python in "${PYTHON:-python3}" python3 python3.14 python3.13 python3.12 python3.11 /usr/bin/python3; do
    if "$@" "$python"; then echo "$python"; return; fi
  done
  return 1
}

state() { echo "$PWD"; sha256sum "$lock"; } # a venv knows where it stands: a moved checkout builds anew

if [[ -f $stamp ]] && diff -q <(state) "$stamp" >/dev/null && fits .venv/bin/python; then exit 0; fi

if ! [[ -f .venv/home && $(<.venv/home) == "$PWD" ]] || ! fits .venv/bin/python; then
  if ! python=$(find_python builds); then
    tools/system-packages.sh python
    python=$(find_python builds) || {
      echo "Python 3.11 or newer with its venv module is needed and could not be installed." >&2
      exit 1
    }
  fi
  echo "Building .venv with $("$python" --version)" >&2
  "$python" -m venv --clear .venv
  echo "$PWD" >.venv/home
fi

echo "Installing $lock" >&2
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input --no-cache-dir \
  --require-hashes --no-deps --only-binary :all: -r "$lock"

cat >.venv/bin/so-mtqg <<SHIM
#!/bin/sh
PYTHONPATH='$PWD' exec '$PWD/.venv/bin/python' -P -c \\
  'import sys; from app.cli import main; sys.argv[0] = "so-mtqg"; sys.exit(main())' "\$@"
SHIM
chmod +x .venv/bin/so-mtqg
state >"$stamp"
