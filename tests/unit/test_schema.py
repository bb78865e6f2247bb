"""What the JSON interface takes and what it refuses."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated
from uuid import UUID

import pytest
from pydantic import ValidationError

from app.i18n import N_
from app.web.schema import MOST_MONEY, Amount, Body, ClientId, IsoDate, ListQuery, Moment, Text, YesNo


class Everything(Body):
    id: ClientId | None = None
    name: Annotated[str, Text(10)] | None = None
    memo: Annotated[str, Text(30, least=0, lines=True)] | None = None
    amount: Amount | None = None
    on: IsoDate | None = None
    at: Moment | None = None
    flag: YesNo | None = None


def kinds(**sent: object) -> list[str]:
    with pytest.raises(ValidationError) as refused:
        Everything.model_validate(sent)
    return [error["type"] for error in refused.value.errors()]


@pytest.mark.parametrize("amount", [1, 420_000_000, MOST_MONEY])
def test_whole_dong_is_an_amount(amount: int) -> None:
    assert Everything.model_validate({"amount": amount}).amount == amount


@pytest.mark.parametrize("amount", [0, -1, MOST_MONEY + 1, 2**80, "5", 5.0, 5.5, True, float("nan"), [5]])
def test_nothing_else_is_an_amount(amount: object) -> None:
    assert len(kinds(amount=amount)) == 1


def test_text_is_composed_and_stripped() -> None:
    decomposed = "  Tra\u0300 So\u031bn\t".removesuffix("\t")
    assert Everything.model_validate({"name": decomposed}).name == "Trà Sơn"


def test_the_limit_counts_composed_characters() -> None:
    ten_written_apart = "a\u0300" * 10
    assert Everything.model_validate({"name": ten_written_apart}).name == "à" * 10
    assert kinds(name="à" * 11) == ["string_too_long"]
    assert kinds(name="a" * 1_000_000) == ["string_too_long"]


@pytest.mark.parametrize(
    "bad", ["a\x00b", "a\nb", "a\tb", "a\x1bb", "a\ud800b", "a\u202eb", "\ufeffa", "a\uffff"]
)
def test_a_line_of_text_holds_no_control_characters(bad: str) -> None:
    assert kinds(name=bad) in (["text_characters"], ["string_unicode"])


def test_text_of_many_lines_keeps_its_line_ends() -> None:
    assert Everything.model_validate({"memo": " a\r\n\tb\n"}).memo == "a\n\tb"
    assert kinds(memo="a\x00") == ["text_characters"]


@pytest.mark.parametrize("name", ["", "   ", 5, None.__class__])
def test_a_name_is_not_empty_and_is_text(name: object) -> None:
    assert len(kinds(name=name)) == 1


def test_dates_are_iso_days() -> None:
    assert Everything.model_validate({"on": "2024-02-29"}).on == date(2024, 2, 29)


@pytest.mark.parametrize(
    "day",
    [
        "2023-02-29",
        "30/06/2025",
        "2025-6-30",
        "20250630",
        "2025-06-30T00:00:00",
        20250630,
        0,
        1.5,
        "",
        "٢٠٢٥-٠٦-٣٠",
    ],
)
def test_nothing_else_is_a_date(day: object) -> None:
    assert kinds(on=day) == ["date_type"]


@pytest.mark.parametrize("day", ["1899-12-31", "2201-01-01", "0001-01-01"])
def test_years_that_cannot_be_meant_are_refused(day: str) -> None:
    assert kinds(on=day) == ["date_years"]


@pytest.mark.parametrize(
    "moment", ["2025-06-30T08:00:00+07:00", "2025-06-30T08:00:00 07:00", "2025-06-30T01:00:00Z"]
)
def test_moments_carry_their_zone_and_are_read_as_utc(moment: str) -> None:
    assert Everything.model_validate({"at": moment}).at == datetime(2025, 6, 30, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "moment", ["2025-06-30T08:00:00", "2025-06-30", "1751245200", 5, "0001-01-01T00:00:00+07:00"]
)
def test_a_moment_without_zone_or_beyond_time_is_refused(moment: object) -> None:
    assert kinds(at=moment) == ["datetime_type"]


def test_ids_are_written_in_full() -> None:
    text = "01920c6e-7f00-7000-8000-000000000001"
    assert Everything.model_validate({"id": text}).id == UUID(text)
    for other in (text.replace("-", ""), f"{{{text}}}", f"urn:uuid:{text}", 5, ""):
        assert kinds(id=other) == ["uuid_type"]


@pytest.mark.parametrize("flag", ["true", 1, 0, "yes"])
def test_flags_are_true_or_false(flag: object) -> None:
    assert kinds(flag=flag) == ["bool_type"]


def test_unknown_fields_are_errors() -> None:
    assert kinds(nme="x") == ["extra_forbidden"]


@pytest.mark.parametrize("limit", ["0", "501", "-1", "1.5", "many", ""])
def test_a_limit_outside_1_to_500_is_an_error(limit: str) -> None:
    with pytest.raises(ValidationError):
        ListQuery.model_validate({"limit": limit})


def test_a_list_has_fifty_rows_unless_asked_otherwise() -> None:
    assert ListQuery.model_validate({}).limit == 50
    assert ListQuery.model_validate({"limit": "500"}).limit == 500


def test_text_shows_its_limits_in_the_schema() -> None:
    shown = Everything.model_json_schema()["properties"]["name"]["anyOf"][0]
    assert shown == {"type": "string", "minLength": 1, "maxLength": 10}


def test_a_msgid_is_what_refuse_takes() -> None:
    from app.web.schema import refuse

    error = refuse(N_("Phải lớn hơn {gt:number}"), gt=5)
    assert error.context == {"msgid": "Phải lớn hơn {gt:number}", "gt": 5}
