"""What is wrong with a household's values by themselves; forms, the interface and tables tell the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from app.clock import today
from app.domain.households.views import MemberView
from app.errors import FieldError, Invalid
from app.i18n import N_

FIRST_YEAR: Final = 1900
MOST_MEMBERS: Final = 30
# Chứng minh nhân dân had 9 digits; the number of a căn cước has 12, a subscriber's number 10.
IDENTITY_DIGITS: Final = (9, 12)
PHONE_DIGITS: Final = 10
MASKED: Final = N_("Tên không được có dấu *: đó là tên đã che. Không sửa tên thì không gửi trường này.")


def check(values: Mapping[str, Any]) -> None:
    """Raises Invalid for values that no household has, naming each."""
    faults = list(faults_of(values))
    if faults:
        raise Invalid(*faults)


def faults_of(values: Mapping[str, Any]) -> Iterator[FieldError]:
    """`values` by the names of NewHousehold."""
    if values["code"] is not None and not values["code"].strip():
        yield FieldError("code", N_("Chưa điền"))
    yield from _person("", "head_name", values["head_name"], values["birth_year"])
    yield from _members(values["members"])
    yield from _numbers(values)
    yield from _days(values)


def _person(path: str, name_field: str, name: str, birth_year: int | None) -> Iterator[FieldError]:
    if "*" in name:
        yield FieldError(f"{path}{name_field}", MASKED)
    elif not name.strip():
        yield FieldError(f"{path}{name_field}", N_("Chưa điền"))
    if birth_year is not None and not FIRST_YEAR <= birth_year <= today().year:
        facts = {"first": FIRST_YEAR, "last": today().year}
        yield FieldError(f"{path}birth_year", N_("Năm sinh từ {first} đến {last}."), facts)


def _members(members: Sequence[MemberView]) -> Iterator[FieldError]:
    if len(members) > MOST_MEMBERS:
        message = N_("Nhiều nhất {most:number} người trong một hộ.")
        yield FieldError("members", message, {"most": MOST_MEMBERS})
    for i, member in enumerate(members):
        yield from _person(f"members.{i}.", "name", member.name, member.birth_year)


def _digits(text: str) -> int:
    """How many digits a text is, 0 where it is anything else."""
    return len(text) if text.isascii() and text.isdecimal() else 0


def _numbers(values: Mapping[str, Any]) -> Iterator[FieldError]:
    number, phone = values["identity_number"], values["phone"]
    if isinstance(number, str) and _digits(number) not in IDENTITY_DIGITS:
        yield FieldError("identity_number", N_("Số giấy tờ gồm 9 hoặc 12 chữ số."))
    if isinstance(phone, str) and _digits(phone) != PHONE_DIGITS:
        yield FieldError("phone", N_("Số điện thoại gồm 10 chữ số."))


def _days(values: Mapping[str, Any]) -> Iterator[FieldError]:
    joined, left = values["joined_on"], values["left_on"]
    for name in ("joined_on", "left_on"):
        if values[name] is not None and values[name] > today():
            yield FieldError(name, N_("Ngày không được sau hôm nay {today:date}."), {"today": today()})
    if joined is not None and left is not None and left < joined:
        yield FieldError("left_on", N_("Ngày rời xã không trước ngày đến {day:date}."), {"day": joined})
    if left is not None and not values["left_reason"].strip():
        yield FieldError("left_reason", N_("Ghi lý do rời xã."))
    if left is None and values["left_reason"].strip():
        yield FieldError("left_on", N_("Có lý do thì ghi ngày rời xã."))
