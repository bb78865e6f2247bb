"""Vietnamese text: one form, found with or without marks, in the dictionary's order."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.text import fold, nfc, sort_key


def test_text_is_composed() -> None:
    assert nfc(unicodedata.normalize("NFD", "Trà Huỳnh")) == "Trà Huỳnh"


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("Trà  Huỳnh, Đà Nẵng", "tra huynh, da nang"),
        ("ĐƯỜNG", "duong"),
        ("đường", "duong"),
        ("Ủy ban nhân dân", "uy ban nhan dan"),
        ("  a\u00a0b ", "a b"),
        ("ế ệ ỗ ữ ẵ", "e e o u a"),
        ("", ""),
    ],
)
def test_folding_takes_marks_away(text: str, bare: str) -> None:
    assert fold(text) == bare


@given(st.text(max_size=40))
def test_folding_is_stable_and_blind_to_form_and_case(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))


ORDERED = [
    ["a", "à", "ả", "ã", "á", "ạ"],
    ["an", "ăn", "ân", "ba", "ca", "da", "đa", "e", "ê", "g"],
    ["lan", "làn", "lăn", "lân"],
    ["o", "ô", "ơ", "p", "u", "ư", "v", "y"],
    ["Hiệp Đức", "Hội An", "Hương Trà"],
    ["thôn 1", "thôn 2", "thôn 10", "thôn 11"],
    ["Dự án 1", "Dự án 1a", "Dự án 2", "Dự án 10"],
    ["Trà", "Trà Huỳnh", "Trà Sơn", "Trang"],
    ["Phước Gia", "Phước Hiệp", "Phước Trà", "Quế Lưu", "Sông Trà", "Thăng Phước"],
    ["cà", "cá", "càn", "cán", "cằn"],
]


@pytest.mark.parametrize("words", ORDERED, ids=lambda words: words[0])
def test_names_stand_in_the_dictionarys_order(words: list[str]) -> None:
    shuffled = words[::-1]
    assert sorted(shuffled, key=sort_key) == words
    assert all(sort_key(a) < sort_key(b) for a, b in pairwise(words))


@given(st.text(max_size=30))
def test_the_key_is_blind_to_form_and_case_of_letters(text: str) -> None:
    assert sort_key(unicodedata.normalize("NFD", text)) == sort_key(unicodedata.normalize("NFC", text))


@given(st.text("aăâbcdđeêghoôơuưyàảãáạ 0123456789", max_size=20))
def test_the_key_is_ascii_so_that_both_engines_sort_its_bytes(text: str) -> None:
    assert sort_key(text).isascii()
