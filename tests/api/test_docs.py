"""What the integrator's page shows works as it stands: its examples run against a served application."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import world as small
from tests.support.serving import serving
from tests.support.world import World

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "integrator" / "README.md").read_text("utf-8")


def examples(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.+?)```", PAGE, re.DOTALL)


@pytest.fixture
def environment(world: World) -> dict[str, str]:
    small.line()
    identity, secret = small.client("20770@legacy")
    return {**os.environ, "CLIENT_ID": identity, "CLIENT_SECRET": secret}


def test_the_python_examples_run_one_after_the_other(environment: dict[str, str]) -> None:
    parts = examples("python")
    assert len(parts) >= 8
    with serving() as base:
        done = subprocess.run(
            [sys.executable, "-c", "\n".join(parts)], env=environment | {"BASE": base},
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "GNBV.2 central" in done.stdout


def test_the_curl_examples_run(environment: dict[str, str]) -> None:
    asked, listed = (part for part in examples("sh") if part.startswith("curl"))
    with serving() as base:
        run = environment | {"BASE": base}
        answer = subprocess.run(
            ["bash", "-ec", asked], env=run, capture_output=True, text=True, check=True
        ).stdout
        token = re.findall(r'"access_token":"([^"]+)"', answer)
        assert len(token) == 1
        script = listed.replace("curl -s", "curl -sf")
        found = subprocess.run(
            ["bash", "-ec", script], env=run | {"TOKEN": token[0]}, capture_output=True, text=True, check=True
        )
    assert '"project_code":"GNBV.2"' in found.stdout


def test_the_page_names_the_errors_and_every_kind_of_entry() -> None:
    for kind in (
        "allocate",
        "withdraw",
        "carry_over",
        "lapse",
        "advance",
        "recover",
        "pay",
        "refund",
        "settle",
    ):
        assert f"`{kind}`" in PAGE
    assert (ROOT / "docs" / "integrator" / "problems.md").exists()
