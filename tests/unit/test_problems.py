"""Faults as problem+json: the members that clients rely on, in both languages."""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal

import orjson
import pytest
from fastapi.exceptions import RequestValidationError
from pydantic import Field, ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request

from app.errors import (
    Conflict,
    Fault,
    FieldError,
    Forbidden,
    Invalid,
    NotFound,
    RuleBroken,
    Stale,
    TooLarge,
    TooMany,
    Unauthenticated,
)
from app.i18n import N_, catalogue
from app.settings import ROOT
from app.web import messages
from app.web.faults import MOST_ERRORS, from_validation
from app.web.problems import render
from app.web.schema import Amount, Body, ClientId, IsoDate, Moment, Text, YesNo, refuse


def problem(error: Exception, language: str = "vi") -> tuple[dict[str, Any], dict[str, str]]:
    headers = [(b"accept-language", language.encode())]
    request = Request(
        {"type": "http", "method": "GET", "path": "/api/v1/x", "query_string": b"", "headers": headers}
    )
    response = render(request, error)
    body: dict[str, Any] = orjson.loads(bytes(response.body))
    assert response.headers["content-type"] == "application/problem+json"
    assert body["status"] == response.status_code
    return body, dict(response.headers)


def test_a_rule_that_refuses_gives_its_name_and_figures() -> None:
    fault = RuleBroken(
        "insufficient",
        "Ghi {asked:money} nhưng chỉ còn {held:money}",
        asked=500_000_000,
        held=420_000_000,
        on=date(2023, 9, 14),
    )
    body, headers = problem(fault)
    assert body["type"] == "/problems/insufficient"
    assert body["rule"] == "insufficient"
    assert (body["status"], body["asked"], body["held"]) == (409, 500_000_000, 420_000_000)
    assert body["on"] == "2023-09-14"
    assert "500.000.000" in body["detail"]
    assert headers["content-language"] == "vi"


def test_a_fact_never_takes_the_place_of_a_standard_member() -> None:
    body, _ = problem(RuleBroken("deadline", "Quá hạn", type="x", detail="y", rule="z"))
    assert (body["type"], body["rule"]) == ("/problems/deadline", "deadline")


def test_titles_speak_the_readers_language() -> None:
    assert problem(NotFound())[0]["title"] == "Không tìm thấy"
    body, headers = problem(NotFound(), "en-GB,en;q=0.9,vi;q=0.1")
    assert body["title"] == catalogue()["Không tìm thấy"]
    assert headers["content-language"] == "en"
    assert headers["vary"] == "Accept-Language"


def test_fields_at_fault_are_listed_with_their_messages() -> None:
    body, _ = problem(Invalid(FieldError("entries.0.amount", "Phải lớn hơn {gt:number}", {"gt": 0})))
    assert body["errors"] == [{"field": "entries.0.amount", "message": "Phải lớn hơn 0"}]
    assert body["detail"] == "entries.0.amount: Phải lớn hơn 0"


def test_a_reference_that_leads_nowhere_is_404_with_its_field() -> None:
    body, _ = problem(NotFound(field="work_id"))
    assert body["status"] == 404
    assert [error["field"] for error in body["errors"]] == ["work_id"]


def test_a_stale_change_is_shown_the_current_row() -> None:
    assert problem(Stale({"name": "Trà Sơn"}))[0]["current"] == {"name": "Trà Sơn"}


def test_who_is_throttled_learns_how_long() -> None:
    body, headers = problem(TooMany("Đợi {seconds:number} giây", retry_after=40, seconds=40))
    assert (body["status"], headers["retry-after"]) == (429, "40")


def test_who_is_unknown_learns_how_to_show_who_he_is() -> None:
    assert problem(Unauthenticated())[1]["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    ("error", "status", "kind"),
    [
        (Forbidden(), 403, "/problems/forbidden"),
        (Conflict(), 409, "/problems/conflict"),
        (TooLarge(), 413, "/problems/too-large"),
        (HTTPException(404), 404, "/problems/not-found"),
        (HTTPException(405), 405, "/problems/method-not-allowed"),
        (HTTPException(413), 413, "/problems/too-large"),
        (HTTPException(400, "There was an error parsing the body"), 400, "/problems/bad-request"),
        (RuntimeError("the password is hunter2"), 500, "/problems/unexpected"),
    ],
)
def test_every_error_has_its_type(error: Exception, status: int, kind: str) -> None:
    body, _ = problem(error)
    assert (body["status"], body["type"]) == (status, kind)
    assert "hunter2" not in str(body)
    assert "parsing" not in str(body)


class Colour(StrEnum):
    red = "red"
    blue = "blue"


class Entry(Body):
    amount: Amount


class Sample(Body):
    name: Annotated[str, Text(5)] = "a"
    amount: Amount = 1
    share: Annotated[float, Field(ge=0, le=1)] = 0.5
    year: Annotated[int, Field(ge=2000, lt=2100)] = 2025
    on: IsoDate | None = None
    at: Moment | None = None
    id: ClientId | None = None
    flag: YesNo = True
    colour: Colour = Colour.red
    kind: Literal["pay", "advance"] = "pay"
    entries: Annotated[tuple[Entry, ...], Field(min_length=1, max_length=2)] = (Entry(amount=1),)


def refused(**sent: object) -> tuple[str, str]:
    try:
        Sample.model_validate(sent)
    except ValidationError as error:
        found = [{**each, "loc": ("body", *each["loc"])} for each in error.errors()]
        body, _ = problem(RequestValidationError(found))
        return body["errors"][0]["field"], body["errors"][0]["message"]
    raise AssertionError("was taken")


@pytest.mark.parametrize(
    ("sent", "field", "message"),
    [
        ({"nme": 1}, "nme", "Không có mục này trong giao diện"),
        ({"name": "abcdef"}, "name", "Nhiều nhất 5 ký tự"),
        ({"name": ""}, "name", "Cần ít nhất 1 ký tự"),
        ({"name": 5}, "name", "Phải là chuỗi ký tự"),
        ({"name": "a\x00"}, "name", "Chứa ký tự không hợp lệ"),
        ({"amount": 0}, "amount", "Phải lớn hơn 0"),
        ({"amount": 10**15}, "amount", "Không được quá 999.999.999.999.999"),
        ({"amount": "5"}, "amount", "Phải là số nguyên"),
        ({"amount": 5.5}, "amount", "Phải là số nguyên"),
        ({"share": 2}, "share", "Không được quá 1"),
        ({"share": "x"}, "share", "Phải là số"),
        ({"year": 1999}, "year", "Phải từ 2.000 trở lên"),
        ({"year": 2100}, "year", "Phải nhỏ hơn 2.100"),
        ({"on": "2023-02-30"}, "on", "Phải là ngày có thật, viết dạng NNNN-TT-NN, ví dụ 2025-06-30"),
        ({"on": "0900-01-01"}, "on", "Năm phải từ 1900 đến 2200"),
        ({"at": "2025-01-01"}, "at", "Phải là thời điểm kèm múi giờ, ví dụ 2025-06-30T08:00:00+07:00"),
        ({"id": "x"}, "id", "Phải là mã UUID"),
        ({"flag": "yes"}, "flag", "Phải là true hoặc false"),
        ({"colour": "green"}, "colour", "Phải là một trong: red, blue"),
        ({"kind": "steal"}, "kind", "Phải là một trong: pay, advance"),
        ({"entries": []}, "entries", "Cần ít nhất 1 phần tử"),
        ({"entries": [{"amount": 1}] * 3}, "entries", "Nhiều nhất 2 phần tử"),
        ({"entries": {}}, "entries", "Phải là một danh sách"),
        ({"entries": [5]}, "entries.0", "Phải là một đối tượng JSON, gửi với Content-Type: application/json"),
        ({"entries": [{"amount": 1}, {}]}, "entries.1.amount", "Thiếu mục này"),
        ({"\ud800": 1}, "body", "Chứa ký tự không hợp lệ"),
    ],
)
def test_each_kind_of_error_is_said_in_our_words(sent: dict[str, object], field: str, message: str) -> None:
    assert refused(**sent) == (field, message)


def test_a_rule_of_one_field_brings_its_own_message() -> None:
    error = refuse(N_("Phải lớn hơn {gt:number}"), gt=7)
    fault = from_validation([{"type": error.type, "loc": ("body", "to"), "ctx": error.context}])
    assert problem(fault)[0]["errors"] == [{"field": "to", "message": "Phải lớn hơn 7"}]


def test_an_error_that_we_do_not_know_still_reads_well() -> None:
    fault = from_validation(
        [{"type": "brand_new", "loc": ("query", "limit"), "ctx": {"error": ValueError("x")}}]
    )
    assert problem(fault)[0]["errors"] == [{"field": "limit", "message": messages.OTHER}]


def test_json_that_breaks_off_names_the_place() -> None:
    fault = from_validation(
        [{"type": "json_invalid", "loc": ("body", 17), "ctx": {"error": "Expecting value"}}]
    )
    assert problem(fault)[0]["errors"] == [{"field": "body", "message": "JSON sai cú pháp ở ký tự thứ 17"}]


def test_a_part_of_the_address_that_cannot_be_read_leads_nowhere() -> None:
    assert problem(from_validation([{"type": "uuid_parsing", "loc": ("path", "id")}]))[0]["status"] == 404


def test_thousands_of_errors_do_not_make_a_great_answer() -> None:
    fault = from_validation({"type": "missing", "loc": ("body", "entries", n, "amount")} for n in range(5000))
    assert len(problem(fault)[0]["errors"]) == MOST_ERRORS


def test_every_message_has_its_english() -> None:
    english = catalogue()
    assert [text for text in {*messages.MESSAGES.values(), messages.OTHER} if text not in english] == []


def test_the_guide_for_integrators_names_every_type() -> None:
    guide = (ROOT / "docs" / "integrator" / "problems.md").read_text(encoding="utf-8")
    kinds = {kind.code.replace("_", "-") for kind in family(Fault)} - {"fault", "rule"}
    assert len(kinds) > 10
    assert [kind for kind in sorted(kinds) if f"`/problems/{kind}`" not in guide] == []


def family(kind: type[Fault]) -> set[type[Fault]]:
    return {kind}.union(*(family(below) for below in kind.__subclasses__()))


def test_every_rule_that_can_refuse_is_explained_to_clients() -> None:
    found: set[str] = set()
    for file in (ROOT / "app").rglob("*.py"):
        text = file.read_text("utf-8")
        found |= set(re.findall(r'RuleBroken(?:\.listed)?\(\s*"([a-z_]+)"', text))
        if "(RuleBroken)" in text:
            found |= set(re.findall(r'super\(\).__init__\(\s*"([a-z_]+)"', text))
    explained = (ROOT / "docs" / "integrator" / "problems.md").read_text("utf-8")
    assert {"insufficient", "stage_missing"} < found
    assert sorted(rule for rule in found if f"`{rule}`" not in explained) == []
