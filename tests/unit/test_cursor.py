"""Cursors come back as they went out; anything else is refused as the field `cursor`."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from datetime import UTC, date, datetime
from uuid import UUID

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Invalid
from app.web.cursor import Order

ID = UUID("01920c6e-7f00-7000-8000-000000000001")
ORDER = Order("works", (int, str, date, datetime, UUID))
KEY = (2025, "Trường Trà Sơn", date(2025, 6, 30), datetime(2025, 6, 30, 1, 2, 3, 4, tzinfo=UTC), ID)


def packed(value: object) -> str:
    return urlsafe_b64encode(orjson.dumps(value)).rstrip(b"=").decode()


def test_a_cursor_gives_back_the_key_with_its_types() -> None:
    cursor = ORDER.encode(*KEY)
    assert ORDER.decode(cursor) == KEY
    assert cursor.isascii()
    assert "=" not in cursor


def test_no_cursor_is_the_beginning() -> None:
    assert ORDER.decode(None) is None


def test_a_key_that_is_not_the_lists_is_our_mistake() -> None:
    with pytest.raises(TypeError):
        ORDER.encode(2025)


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "!",
        "không",
        "a" * 2000,
        packed({"works": 1}),
        packed(["works"]),
        packed(["units", 1, str(ID)]),
        packed(["works", True, str(ID)]),
        packed(["works", "1", str(ID)]),
        packed(["works", 2**63, str(ID)]),
        packed(["works", 1.0, str(ID)]),
        packed(["works", 1, "not-a-uuid"]),
        packed(["works", 1, "x\x00"]),
        packed(["works", 1, str(ID), 3]),
        packed(["works", 1, str(ID)]) + "=",
        packed(["works", 1, str(ID)]) + "A",
    ],
)
def test_a_broken_cursor_is_refused_by_name(cursor: str) -> None:
    with pytest.raises(Invalid) as refused:
        Order("works", (int, UUID)).decode(cursor)
    assert [error.field for error in refused.value.errors] == ["cursor"]


@given(st.text(max_size=60))
def test_no_text_breaks_the_reader(cursor: str) -> None:
    order = Order("works", (int, UUID))
    try:
        key = order.decode(cursor)
    except Invalid:
        return
    assert key is not None
    assert order.encode(*key)
