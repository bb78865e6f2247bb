"""Every vendored file is listed in manifest.json with its checksum, and nothing else stands beside it."""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import TypedDict

FOLDER = Path(__file__).resolve().parent.parent / "app" / "views" / "static" / "vendor"
MANIFEST = "manifest.json"


class Package(TypedDict):
    name: str
    version: str
    licence: str
    source: str
    files: dict[str, str]


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def faults(folder: Path) -> list[str]:
    """What is wrong in the folder, one line a fault; empty when all is well."""
    packages: list[Package] = json.loads((folder / MANIFEST).read_text("utf-8"))["packages"]
    found: list[str] = []
    listed: dict[str, str] = {}
    for package in packages:
        missing = [key for key in Package.__required_keys__ if not package.get(key)]
        if missing:
            found.append(f"{package.get('name', '?')}: manifest lacks {', '.join(sorted(missing))}")
        if not any("LICENSE" in name for name in package["files"]):
            found.append(f"{package['name']}: no licence text among its files")
        listed |= package["files"]
    standing = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()} - {MANIFEST}
    found += [f"{name}: not in {MANIFEST}" for name in sorted(standing - listed.keys())]
    found += [f"{name}: listed but missing" for name in sorted(listed.keys() - standing)]
    found += [
        f"{name}: checksum differs from {MANIFEST}"
        for name in sorted(standing & listed.keys())
        if sha256(folder / name) != listed[name]
    ]
    return found


def main() -> int:
    found = faults(FOLDER)
    print("\n".join(found), file=sys.stderr, end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
