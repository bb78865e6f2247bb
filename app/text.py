"""Vietnamese text: normal form, search without diacritics, and the dictionary's order."""

from __future__ import annotations

import unicodedata

# The alphabet's order (TCVN and every dictionary): the letter decides first, the tone only between equals.
_LETTERS = {letter: f"{i:02d}" for i, letter in enumerate("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz", start=10)}
_TONES = {"": "0", "\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
_LETTER_MARKS = {"\u0302", "\u0306", "\u031b"}


def nfc(text: str) -> str:
    """Text in Unicode's composed form, as everything that is stored."""
    return unicodedata.normalize("NFC", text)


def fold(text: str) -> str:
    """Text for searching: lower case, no diacritics, đ as d, single spaces.

    >>> fold("Trà  Huỳnh, Đà Nẵng")
    'tra huynh, da nang'
    """
    decomposed = unicodedata.normalize("NFD", text.lower())
    bare = "".join(c for c in decomposed if not unicodedata.combining(c)).replace("đ", "d")
    return " ".join(bare.split())


def sort_key(text: str) -> str:
    """A key whose plain byte order is the Vietnamese dictionary's order.

    Letters stand first and tones behind, so that "lan" < "làn" < "lăn". Runs of digits sort by value:
    "thôn 2" < "thôn 10". The key is stored beside names: both engines then sort alike without a collation.
    """
    letters: list[str] = []
    tones: list[str] = []
    digits = ""

    def flush() -> None:
        nonlocal digits
        if digits:
            number = digits.lstrip("0")
            letters.append(f"01{len(number):03d}{number}")
            digits = ""

    for cluster in _clusters(text.lower()):
        base, marks = cluster[0], cluster[1:]
        if base.isdecimal():
            digits += base
            continue
        flush()
        letter = unicodedata.normalize("NFC", base + "".join(m for m in marks if m in _LETTER_MARKS))
        if letter in _LETTERS:
            letters.append(_LETTERS[letter])
            tones.append(_TONES.get(next((m for m in marks if m in _TONES), ""), "0"))
        elif letter.isspace():
            letters.append("00")
        else:
            letters.append(f"99{ord(letter[0]):06x}" if letter.isalpha() else "")
    flush()
    return "".join(letters) + " " + "".join(tones)


def _clusters(text: str) -> list[str]:
    """Each letter with the marks that belong to it."""
    clusters: list[str] = []
    for c in unicodedata.normalize("NFD", text):
        if unicodedata.combining(c) and clusters:
            clusters[-1] += c
        else:
            clusters.append(c)
    return clusters
