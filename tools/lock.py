"""Writes requirements/*.txt from pyproject.toml (needs the network), or checks them (`--check`: needs none).

A lock file's first line carries a digest of what it was made from, so that a forgotten `make lock` is seen
offline. Lines name no host: the machine that installs decides where its packages come from.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
GROUPS: dict[str, list[str]] = {"run": [], "dev": ["dev"]}
BOUND_BY = {"dev": ["-c", "requirements/run.txt"]}  # tests run what is shipped
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
PLATFORMS = ("x86_64-manylinux_2_28", "aarch64-manylinux_2_28")
HEADER = "# Made by `make lock` from pyproject.toml; inputs sha256:"
PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)")
HOST = re.compile(r"://|^\s*-(-index-url|-extra-index-url|-find-links|i|f)\b|\s@\s")

Project = dict[str, Any]  # pyproject.toml as tomllib reads it


def inputs(project: Project, groups: list[str]) -> list[str]:
    found: list[str] = list(project["project"]["dependencies"])
    for group in groups:
        found += project["dependency-groups"][group]
    return found


def header(project: Project, groups: list[str]) -> str:
    stated = {
        "python": project["project"]["requires-python"],
        "dependencies": sorted(inputs(project, groups)),
        "uv": project.get("tool", {}).get("uv", {}),
    }
    return HEADER + hashlib.sha256(json.dumps(stated, sort_keys=True).encode()).hexdigest()


def faults(project: Project, groups: list[str], lock: str) -> list[str]:
    """What is wrong with one lock file's text, one line a fault."""
    found: list[str] = []
    if lock.partition("\n")[0] != header(project, groups):
        found.append("not made from the present pyproject.toml: run `make lock`")
    pins: dict[str, str] = {}
    for entry in re.sub(r"\\\n", " ", lock).splitlines():
        if HOST.search(entry):
            found.append(f"names a host or a path: {entry.strip()[:80]}")
        if pin := PIN.match(entry):
            pins[canonicalize_name(pin[1])] = pin[2]
            if "--hash=sha256:" not in entry:
                found.append(f"{pin[1]}: no hash")
        elif entry.strip() and not entry.lstrip().startswith("#"):
            found.append(f"not a pin: {entry.strip()[:80]}")
    for text in inputs(project, groups):
        wanted = Requirement(text)
        pinned = pins.get(canonicalize_name(wanted.name))
        if pinned is None or not wanted.specifier.contains(pinned, prereleases=True):
            found.append(f"{text}: pinned at {pinned}")
    return found


def uv_compile(*arguments: str) -> None:
    subprocess.run(
        [Path(sys.executable).with_name("uv"), "pip", "compile", "-q", *arguments], cwd=ROOT, check=True
    )


def write(name: str, project: Project) -> None:
    """Locks one file and sees that wheels exist for every Python and platform that we name."""
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder) / "lock.txt"
        target = ROOT / "requirements" / f"{name}.txt"
        fresh.write_bytes(target.read_bytes() if target.exists() else b"")  # keeps pins that still fit
        groups = [part for group in GROUPS[name] for part in ("--group", group)]
        flags = "--universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header"
        uv_compile(
            "pyproject.toml",
            *groups,
            *flags.split(),
            *BOUND_BY.get(name, []),
            *sys.argv[1:],
            "-o",
            str(fresh),
        )
        for python in PYTHONS:
            for platform in PLATFORMS:
                wheels = ("--no-deps", "--only-binary", ":all:", "--python-version", python)
                uv_compile(str(fresh), *wheels, "--python-platform", platform, "-o", f"{folder}/wheels.txt")
        text = header(project, GROUPS[name]) + "\n" + fresh.read_text("utf-8")
        if found := faults(project, GROUPS[name], text):
            raise SystemExit("\n".join(found))
        target.write_text(text, "utf-8")


def main() -> int:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    if sys.argv[1:] != ["--check"]:
        for name in GROUPS:
            write(name, project)
        return 0
    found = [
        f"requirements/{name}.txt: {fault}"
        for name, groups in GROUPS.items()
        for fault in faults(project, groups, (ROOT / "requirements" / f"{name}.txt").read_text("utf-8"))
    ]
    print("\n".join(found), file=sys.stderr, end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
