"""Pages run on SQLite: what they ask is asked by tests of the domain and of the interface on both engines.

`both_engines` of tests.support.databases marks what sweeps over every page, which runs on both.
"""

from __future__ import annotations

import pytest


@pytest.fixture(params=["sqlite"])
def engine_name(request: pytest.FixtureRequest) -> str:
    """SQLite alone, unless the test says otherwise."""
    return str(request.param)
