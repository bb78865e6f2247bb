"""Đồng as people type, read and say them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.money import (
    BILLION,
    DONG,
    MILLION,
    THOUSAND,
    BadAmount,
    BadFigure,
    compact,
    format_dong,
    format_number,
    in_millions,
    in_unit,
    parse_dong,
    parse_figure,
    percent,
    places_for,
    rate,
    words,
)

AMOUNTS = st.integers(0, 10**15 - 1)


@pytest.mark.parametrize(
    ("typed", "dong"),
    [
        ("420.000.000", 420_000_000),
        ("420 000 000", 420_000_000),
        ("420\u00a0000\u00a0000", 420_000_000),
        ("420,000,000", 420_000_000),
        ("420000000", 420_000_000),
        ("420000000 đ", 420_000_000),
        ("420.000.000đ", 420_000_000),
        ("420.000.000 đồng", 420_000_000),
        ("420000000 VND", 420_000_000),
        ("420 triệu", 420_000_000),
        ("420 triệu đồng", 420_000_000),
        ("420tr", 420_000_000),
        ("1,5 tỷ", 1_500_000_000),
        ("1.5 tỷ", 1_500_000_000),
        ("1,5 tỉ đ", 1_500_000_000),
        ("1.500 triệu", 1_500_000_000),
        ("1.250,5 triệu", 1_250_500_000),
        ("1,250.5 triệu", 1_250_500_000),
        ("50 nghìn", 50_000),
        ("50k", 50_000),
        ("  7 ", 7),
        ("0", 0),
        ("+5", 5),
        ("1.000,00", 1000),
        ("999.999.999.999.999", 999_999_999_999_999),
    ],
)
def test_what_officers_type_is_read(typed: str, dong: int) -> None:
    assert parse_dong(typed) == dong


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("1.5", "ambiguous"),
        ("1,5", "ambiguous"),
        ("0.500", "ambiguous"),
        ("1,500 triệu", "ambiguous"),
        ("12.34.5", "grouping"),
        ("1.0000", "ambiguous"),
        ("1.000,000.000", "grouping"),
        ("1..000", "grouping"),
        ("1.000 000", "grouping"),
        ("-5", "negative"),
        ("\u2212420.000", "negative"),
        ("1.000,5", "not_whole"),
        ("0,0000000001 tỷ", "not_whole"),
        ("1000000000000000", "too_large"),
        ("1000000 tỷ", "too_large"),
        ("9" * 500, "too_large"),
        ("năm trăm", "not_a_number"),
        ("12a", "not_a_number"),
        ("5 triệu tỷ", "not_a_number"),
        ("5 đồng đồng", "not_a_number"),
        ("1e9", "not_a_number"),
        ("٣", "not_a_number"),
        ("=1+1", "not_a_number"),
    ],
)
def test_what_is_no_single_whole_amount_is_refused_with_its_reason(typed: str, reason: str) -> None:
    with pytest.raises(BadAmount) as refused:
        parse_dong(typed)
    assert refused.value.reason == reason


@given(AMOUNTS, st.sampled_from(["vi", "en"]))
def test_what_is_written_is_read_back(amount: int, lang: str) -> None:
    assert parse_dong(format_dong(amount, lang)) == amount


@given(st.text(max_size=60))
def test_whatever_is_typed_is_read_or_refused(typed: str) -> None:
    try:
        amount = parse_dong(typed)
    except BadAmount:
        return
    assert 0 <= amount < 10**15


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        (0, "Không đồng"),
        (1, "Một đồng"),
        (10, "Mười đồng"),
        (11, "Mười một đồng"),
        (14, "Mười bốn đồng"),
        (15, "Mười lăm đồng"),
        (20, "Hai mươi đồng"),
        (21, "Hai mươi mốt đồng"),
        (24, "Hai mươi tư đồng"),
        (25, "Hai mươi lăm đồng"),
        (100, "Một trăm đồng"),
        (101, "Một trăm linh một đồng"),
        (104, "Một trăm linh bốn đồng"),
        (105, "Một trăm linh năm đồng"),
        (110, "Một trăm mười đồng"),
        (111, "Một trăm mười một đồng"),
        (121, "Một trăm hai mươi mốt đồng"),
        (1_000, "Một nghìn đồng"),
        (1_001, "Một nghìn không trăm linh một đồng"),
        (1_010, "Một nghìn không trăm mười đồng"),
        (1_005_000, "Một triệu không trăm linh năm nghìn đồng"),
        (420_000_000, "Bốn trăm hai mươi triệu đồng"),
        (1_000_000_015, "Một tỷ không trăm mười lăm đồng"),
        (8_350_000_000, "Tám tỷ ba trăm năm mươi triệu đồng"),
        (10_500_000_000_000, "Mười nghìn năm trăm tỷ đồng"),
        (1_000_000_500_000_000, "Một triệu tỷ năm trăm triệu đồng"),
        (-5, "Âm năm đồng"),
    ],
)
def test_an_amount_is_said_as_vouchers_say_it(amount: int, said: str) -> None:
    assert words(amount) == said


def test_no_two_amounts_are_said_alike() -> None:
    assert len({words(amount) for amount in range(1_000_000)}) == 1_000_000


SPOKEN = {
    "không": 0, "một": 1, "mốt": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "lăm": 5,
    "sáu": 6, "bảy": 7, "tám": 8, "chín": 9,
}  # fmt: skip


def _understood(said: str) -> int:
    """What a listener makes of the words: an independent reading, from the smallest part up."""
    billions = group = total = digit = 0
    for word in said.lower().removesuffix(" đồng").split():
        if word in SPOKEN:
            digit = SPOKEN[word]
            continue
        match word:
            case "mười":
                group += 10
            case "mươi":
                group += digit * 10
            case "trăm":
                group += digit * 100
            case "nghìn" | "triệu":
                total += (group + digit) * (10**3 if word == "nghìn" else 10**6)
                group = 0
            case "tỷ":
                billions, total, group = billions * 10**9 + total + group + digit, 0, 0
        digit = 0
    return billions * 10**9 + total + group + digit


@given(st.integers(0, 10**15 - 1))
def test_a_listener_understands_the_amount(amount: int) -> None:
    assert _understood(words(amount)) == amount


def test_english_words_end_in_dong() -> None:
    assert words(420_000_000, "en") == "Four hundred and twenty million đồng"


@pytest.mark.parametrize(
    ("amount", "vi", "en"),
    [
        (8_350_000_000, ("8,35", "tỷ đồng"), ("8.35", "billion đồng")),
        (1_000_000_000, ("1", "tỷ đồng"), ("1", "billion đồng")),
        (10_000_000_000, ("10", "tỷ đồng"), ("10", "billion đồng")),
        (999_999_999, ("1", "tỷ đồng"), ("1", "billion đồng")),
        (1_234_567_890_000, ("1.234,57", "tỷ đồng"), ("1,234.57", "billion đồng")),
        (680_000_000, ("680", "triệu đồng"), ("680", "million đồng")),
        (86_400_000, ("86,4", "triệu đồng"), ("86.4", "million đồng")),
        (950_000, ("950.000", "đồng"), ("950,000", "đồng")),
        (0, ("0", "đồng"), ("0", "đồng")),
        (-1_250_000_000, ("-1,25", "tỷ đồng"), ("-1.25", "billion đồng")),
    ],
)
def test_an_amount_is_shortened_as_one_says_it(amount: int, vi: tuple[str, str], en: tuple[str, str]) -> None:
    assert (compact(amount), compact(amount, "en")) == (vi, en)


def test_an_amount_is_shown_in_the_unit_asked_for() -> None:
    shown = [in_unit(8_350_400_000, unit) for unit in (DONG, THOUSAND, MILLION, BILLION)]
    assert shown == ["8.350.400.000", "8.350.400", "8.350,4", "8,4"]


def test_rounding_is_half_up_and_away_from_zero() -> None:
    assert [in_unit(n, THOUSAND, places=0) for n in (1_499, 1_500, 2_500, -1_500)] == ["1", "2", "3", "-2"]


def test_millions_keep_one_place_where_they_are_not_whole() -> None:
    assert (in_millions(86_400_000), in_millions(86_000_000)) == ("86,4", "86")


def test_a_column_has_places_once_one_amount_needs_them() -> None:
    assert (places_for([10**6, 2 * 10**6], MILLION), places_for([10**6, 1], MILLION)) == (0, 1)


def test_amounts_beyond_what_a_float_holds_stay_exact() -> None:
    assert in_unit(9_007_199_254_740_993, DONG) == "9.007.199.254.740.993"


@pytest.mark.parametrize(
    ("part", "whole", "ratio"),
    [
        (4_720, 8_350, "0.5653"),
        (1, 3, "0.3333"),
        (2, 3, "0.6667"),
        (1, 20_000, "0.0001"),
        (5, 5, "1.0000"),
        (0, 5, "0.0000"),
    ],
)
def test_a_rate_has_four_places_rounded_half_up(part: int, whole: int, ratio: str) -> None:
    assert str(rate(part, whole)) == ratio


def test_there_is_no_rate_of_nothing() -> None:
    assert rate(0, 0) is None
    assert percent(None) == "–"


def test_percentages_follow_the_language() -> None:
    assert (percent(Decimal("0.5653")), percent(Decimal("0.5653"), "en")) == ("56,5 %", "56.5%")
    assert percent(Decimal("12.3456")) == "1.234,6 %"


def test_numbers_follow_the_language() -> None:
    number = Decimal("1234.5")
    assert (format_number(number), format_number(number, "en"), format_number(1234)) == (
        "1.234,5",
        "1,234.5",
        "1.234",
    )


@pytest.mark.parametrize(
    ("typed", "figure"),
    [
        ("125", "125"), ("125,5", "125.5"), ("125.50", "125.50"), ("1.250", "1250"), ("0.125", "0.125"),
        ("1.250,75", "1250.75"), ("1 250", "1250"), ("1,250.5", "1250.5"), (" 98 ", "98"),
    ],
)  # fmt: skip
def test_a_figure_is_read_as_people_write_it(typed: str, figure: str) -> None:
    assert parse_figure(typed) == Decimal(figure)


@pytest.mark.parametrize("typed", ["", "x", "-5", "1.25.0", "1,2,3", "١٢", "1e3"])
def test_what_is_no_figure_is_refused(typed: str) -> None:
    with pytest.raises(BadFigure):
        parse_figure(typed)
