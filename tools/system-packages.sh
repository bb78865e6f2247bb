#!/usr/bin/env bash
# system-packages.sh [python] [postgresql] [chromium] [libreoffice]: installs from the system's packages what is missing.
set -euo pipefail
cd "$(dirname "$0")/.."

install() {
  local as_root=()
  if [[ $(id -u) != 0 ]]; then
    command -v sudo >/dev/null || { echo "Missing: $*. Install them as root: apt-get install $*" >&2; exit 1; }
    as_root=(sudo)
  fi
  command -v apt-get >/dev/null || { echo "Missing: $*. This is no Debian or Ubuntu: install them by hand." >&2; exit 1; }
  echo "Installing from the system's packages: $*" >&2
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

has_postgresql() { compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || command -v initdb >/dev/null; }
has_browser() { .venv/bin/python -m tests.support.chromium >/dev/null 2>&1; }

for part in "$@"; do
  case $part in
    python)
      install python3 python3-venv
      ;;
    postgresql)
      has_postgresql || install postgresql
      ;;
    chromium)
      has_browser && continue
      # Ubuntu's package is a stub for a snap, which no test can drive: there the browser comes by Playwright.
      if grep -q '^ID=debian' /etc/os-release; then
        install chromium
      else
        PLAYWRIGHT_BROWSERS_PATH=$PWD/var/playwright .venv/bin/python -m playwright install --with-deps chromium
      fi
      has_browser || { echo "No Chromium that tests can drive was found or could be installed." >&2; exit 1; }
      ;;
    libreoffice)
      command -v soffice >/dev/null || install libreoffice-writer-nogui
      ;;
    *)
      echo "unknown part: $part" >&2
      exit 2
      ;;
  esac
done
