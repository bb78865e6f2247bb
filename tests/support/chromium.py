"""Finds a Chromium that tests can drive; `python -m tests.support.chromium` prints it."""

from __future__ import annotations

import shutil
from pathlib import Path

from app.settings import ROOT

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
OWN = ROOT / "var" / "playwright"  # where tools/system-packages.sh lets Playwright put its own


class ChromiumMissing(RuntimeError):
    """No browser to test in. Tests fail then: what only a browser shows would go unseen."""


def executable() -> Path:
    for name in NAMES:
        found = shutil.which(name)
        if found is not None and not _is_snap(Path(found)):
            return Path(found)
    for own in sorted(OWN.glob("chromium-*/chrome-linux*/chrome"), reverse=True):
        return own
    raise ChromiumMissing("no Chromium found: run tools/system-packages.sh chromium")


def _is_snap(path: Path) -> bool:
    """A snap lives in a box of its own and cannot be driven; Ubuntu's /usr/bin/chromium-browser leads to one."""
    real = path.resolve()
    if "snap" in real.parts or real.name == "snap":
        return True
    with real.open("rb") as file:
        start = file.read(8192)
    return start.startswith(b"#!") and b"/snap/" in start


if __name__ == "__main__":
    print(executable())  # noqa: T201 - for tools/system-packages.sh
