"""JSON answers and the versions that clients send back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from app.errors import PreconditionRequired
from app.web.answers import NO_VERSION, answer, created, etag, if_match, page


@dataclass(frozen=True, slots=True)
class Row:
    id: UUID
    name: str
    amount: int
    on: date
    at: datetime
    above: str | None


ROW = Row(
    UUID("01920c6e-7f00-7000-8000-000000000001"),
    "Xã Sông Trà",
    999_999_999_999_999,
    date(2025, 6, 30),
    datetime(2025, 6, 30, 1, 2, 3, tzinfo=UTC),
    None,
)
JSON = (
    '{"id":"01920c6e-7f00-7000-8000-000000000001","name":"Xã Sông Trà","amount":999999999999999,'
    '"on":"2025-06-30","at":"2025-06-30T01:02:03Z","above":null}'
)


def test_a_row_goes_out_whole_with_moments_in_utc() -> None:
    response = answer(ROW, etag=etag(3))
    assert bytes(response.body).decode() == JSON
    assert response.headers["content-type"] == "application/json"
    assert response.headers["etag"] == '"3"'


def test_a_list_has_items_and_the_way_on() -> None:
    assert bytes(page([ROW], "abc").body).decode() == f'{{"items":[{JSON}],"next":"abc"}}'
    assert bytes(page([], None).body) == b'{"items":[],"next":null}'


def test_the_first_post_creates_and_the_same_again_finds() -> None:
    first = created(ROW, new=True, location="/api/v1/works/1")
    again = created(ROW, new=False, location="/api/v1/works/1")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.headers["location"] == again.headers["location"] == "/api/v1/works/1"
    assert first.body == again.body


@pytest.mark.parametrize(
    ("header", "version"),
    [
        (etag(1), 1),
        (' "12" ', 12),
        ('W/"12"', 12),
        ('"abc"', NO_VERSION),
        ("12", NO_VERSION),
        ('"1", "2"', NO_VERSION),
        (f'"{"9" * 30}"', NO_VERSION),
    ],
)
def test_if_match_names_one_version_and_foreign_tags_match_none(header: str, version: int) -> None:
    assert if_match(header) == version


@pytest.mark.parametrize("header", [None, "", " ", "*"])
def test_a_change_without_a_version_is_asked_for_one(header: str | None) -> None:
    with pytest.raises(PreconditionRequired):
        if_match(header)
