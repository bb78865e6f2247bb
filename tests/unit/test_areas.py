"""Areas of land: what officers type, and exact hundredths of a square metre."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.domain.works.areas import MAX_AREA_DM2, BadArea, parse_area, square_metres, to_dm2


@pytest.mark.parametrize(
    ("typed", "dm2"),
    [
        ("125", 12_500), ("125,5", 12_550), ("125.50", 12_550), ("0,01", 1), ("1.250", 125_000), ("1 250", 125_000),
        ("1.250,5", 125_050), ("1,250.5", 125_050), ("1.250.000", 125_000_000), (" 96 m² ", 9_600), ("96 M2", 9_600),
        ("0", 0), ("1000000000", MAX_AREA_DM2),
    ],
)  # fmt: skip
def test_what_an_officer_types_is_read_exactly(typed: str, dm2: int) -> None:
    assert parse_area(typed) == dm2


@pytest.mark.parametrize(
    "typed",
    ["", "-1", "1,234", "1.25.0", "0,001", "1e3", "NaN", "một", "1,2,3", "1.250.00", "1000000000,01", "٣"],
)
def test_what_is_no_area_is_refused(typed: str) -> None:
    with pytest.raises(BadArea):
        parse_area(typed)


@pytest.mark.parametrize("area", ["-0.01", "0.001", "Infinity", "NaN", "1000000000.01"])
def test_numbers_out_of_bounds_are_refused(area: str) -> None:
    with pytest.raises(BadArea):
        to_dm2(Decimal(area))


def test_there_and_back() -> None:
    for dm2 in (0, 1, 99, 100, 12_345, MAX_AREA_DM2):
        assert to_dm2(square_metres(dm2)) == dm2
        assert str(square_metres(dm2)).partition(".")[2].isdigit()
