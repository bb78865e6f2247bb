"""Two languages: what is said, in whose form, and that wording never breaks a page."""

from __future__ import annotations

import string
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.i18n import Message, catalogue, format_date, format_moment, negotiate, say, translate

REFUSAL = "Ghi {asked:money} nhưng chỉ còn {held:money}"


def test_placeholders_are_filled_in_the_languages_form() -> None:
    assert translate("vi", REFUSAL, asked=500_000_000, held=420_000_000) == (
        "Ghi 500.000.000 đ nhưng chỉ còn 420.000.000 đ"
    )


@pytest.mark.parametrize(
    ("text", "fact", "vi", "en"),
    [
        ("{x:money}", 1_234_567, "1.234.567 đ", "1,234,567 đ"),
        ("{x:number}", Decimal("1234.5"), "1.234,5", "1,234.5"),
        ("{x:number}", 1234.5, "1.234,5", "1,234.5"),
        ("{x:percent}", Decimal("0.5653"), "56,5 %", "56.5%"),
        ("{x:percent}", None, "–", "–"),
        ("{x:date}", date(2023, 9, 14), "14/09/2023", "14 Sep 2023"),
        ("{x:moment}", datetime(2023, 9, 14, 2, 41, tzinfo=UTC), "9:41 14/09/2023", "9:41 14 Sep 2023"),
        ("{x}", "Trà Huỳnh", "Trà Huỳnh", "Trà Huỳnh"),
    ],
)
def test_each_format_in_both_languages(text: str, fact: object, vi: str, en: str) -> None:
    assert (translate("vi", text, x=fact), translate("en", text, x=fact)) == (vi, en)


def test_a_moment_late_in_the_utc_day_is_the_next_day_in_vietnam() -> None:
    late = datetime(2023, 12, 31, 18, 0, tzinfo=UTC)
    assert (format_date(late), format_moment(late)) == ("01/01/2024", "1:00 01/01/2024")


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        (REFUSAL, {"asked": 1}),
        (REFUSAL, {"asked": "nhiều", "held": 1}),
        ("{x:date}", {"x": "hôm qua"}),
        ("{x", {"x": 1}),
        ("x}", {"x": 1}),
        ("{}", {"x": 1}),
        ("{x.__class__}", {"x": 1}),
        ("{x[0]}", {"x": [1]}),
    ],
)
def test_a_text_that_its_facts_do_not_fit_is_shown_as_it_stands(text: str, facts: dict[str, object]) -> None:
    assert translate("vi", text, **facts) == text


@given(
    st.text(max_size=40),
    st.dictionaries(
        st.text(string.ascii_lowercase, min_size=1, max_size=3), st.integers() | st.text() | st.none()
    ),
)
def test_translating_never_raises(text: str, facts: dict[str, object]) -> None:
    assert isinstance(translate("vi", text, **facts), str)


def test_english_comes_from_the_catalogue_and_falls_back_to_vietnamese() -> None:
    assert translate("en", "Không tìm thấy") == "Not found"
    assert translate("en", "Câu chưa có trong danh mục") == "Câu chưa có trong danh mục"


def test_a_stored_message_is_said_with_its_facts() -> None:
    message = Message("Chưa ghi được: {n:number} chỗ cần sửa", {"n": 3})
    assert (say("vi", message), say("en", message)) == (
        "Chưa ghi được: 3 chỗ cần sửa",
        "Not recorded: 3 to correct",
    )


def test_english_has_the_placeholders_of_its_vietnamese() -> None:
    def placeholders(text: str) -> set[tuple[str | None, str | None]]:
        return {(name, spec) for _, name, spec, _ in string.Formatter().parse(text) if name is not None}

    unlike = [vi for vi, en in catalogue().items() if placeholders(vi) != placeholders(en)]
    assert len(catalogue()) > 50
    assert unlike == []


@pytest.mark.parametrize(
    ("cookie", "accepts", "language"),
    [
        (None, None, "vi"),
        (None, "", "vi"),
        (None, "en-US,en;q=0.9,vi;q=0.8", "en"),
        (None, "vi-VN,vi;q=0.9,en;q=0.8", "vi"),
        (None, "fr, de;q=0.5", "vi"),
        (None, "fr, en;q=0.5", "en"),
        (None, "en;q=0.1, vi;q=0.9", "vi"),
        (None, "en;q=0", "vi"),
        (None, "en;q=x", "vi"),
        (None, ",;,=;q", "vi"),
        ("vi", "en", "vi"),
        ("en", "vi", "en"),
        ("xx", "en", "en"),
    ],
)
def test_the_readers_choice_comes_before_the_browsers(
    cookie: str | None, accepts: str | None, language: str
) -> None:
    assert negotiate(cookie, accepts) == language
