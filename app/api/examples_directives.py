"""The example world of directives: what the inspection of 2023 demanded of xã Sông Trà."""

from __future__ import annotations

from typing import Any, Final

Json = dict[str, Any]

_ID: Final = "01890a5d-ac96-774b-bcce-b302099a8701"
_MOMENT: Final = "2023-12-20T02:15:30.123456Z"
_PAPER: Final = "01890a5d-ac96-774b-bcce-b302099a8702"
_QUOTE: Final = "Ban chỉ đạo họp hằng tháng để đôn đốc"

NEW_DIRECTIVE: Final[Json] = {
    "id": _ID, "text": "Ban chỉ đạo xã họp hằng tháng", "due_on": "2023-12-31", "priority": "normal",
    "source": {"kind": "document", "document_number": "26/BC-ĐKT", "on": "2023-09-14", "quote": _QUOTE},
    "assignee": {"kind": "unit", "unit_code": "20770@legacy"},
}  # fmt: skip
DIRECTIVE_CHANGE: Final[Json] = {"text": "Ban chỉ đạo xã họp hằng tháng, có biên bản"}
DIRECTIVE_PROGRESS: Final[Json] = {"text": "Đã họp tháng 9, tháng 10", "percent": 50, "on": "2023-10-20"}
DIRECTIVE_REPORT: Final[Json] = {
    "text": "Đã họp đủ các tháng, có biên bản", "on": "2023-12-20", "documents": [_PAPER],
}  # fmt: skip
DIRECTIVE_ACCEPTANCE: Final[Json] = {"text": "Đủ biên bản bốn tháng", "on": "2023-12-28"}
DIRECTIVE_RETURN: Final[Json] = {"text": "Thiếu biên bản tháng 11", "on": "2023-12-28"}
DIRECTIVE_EXTENSION: Final[Json] = {
    "due_on": "2024-01-31", "reason": "Xã thay trưởng ban chỉ đạo", "on": "2023-12-28",
}  # fmt: skip
DIRECTIVE_WITHDRAWAL: Final[Json] = {"reason": "Giao nhầm xã, đã giao lại", "on": "2023-10-25"}

DIRECTIVE: Final[Json] = {
    "id": _ID, "text": NEW_DIRECTIVE["text"],
    "source": {
        "kind": "document", "id": None, "title": "", "document_number": "26/BC-ĐKT", "on": "2023-09-14",
        "quote": _QUOTE,
    },
    "assignee": {"kind": "unit", "id": "20770@legacy", "name": "Xã Sông Trà"},
    "unit_code": "20770", "unit_structure": "legacy", "giver_code": "512", "giver_structure": "legacy",
    "due_on": "2023-12-31", "first_due_on": "2023-12-31", "state": "reported", "overdue": False, "percent": 50,
    "priority": "normal", "updated_at": _MOMENT, "illustrative": False,
}  # fmt: skip


def _event(what: str, said: Json, **values: object) -> Json:
    return {
        "what": what, "text": said.get("text", ""), "percent": said.get("percent"), "on": said.get("on"),
        "due_on": said.get("due_on"), "at": _MOMENT, "by": "congchuc", "unit_code": "20770",
    } | values  # fmt: skip


_GIVEN: Final = _event(
    "given", {"on": "2023-09-14", "due_on": "2023-12-31"}, by="client:huyen", unit_code="512"
)
_NOTED: Final = _event("progress", DIRECTIVE_PROGRESS)
_REPORTED: Final = _event("reported", DIRECTIVE_REPORT)
_OPEN: Final[Json] = DIRECTIVE | {"state": "open", "percent": None}

DIRECTIVE_GIVEN: Final[Json] = _OPEN | {"events": [_GIVEN], "documents": []}
DIRECTIVE_CHANGED: Final[Json] = DIRECTIVE_GIVEN | DIRECTIVE_CHANGE
DIRECTIVE_UNDER_WAY: Final[Json] = DIRECTIVE_GIVEN | {"percent": 50, "events": [_GIVEN, _NOTED]}
DIRECTIVE_WHOLE: Final[Json] = DIRECTIVE | {"events": [_GIVEN, _NOTED, _REPORTED], "documents": [_PAPER]}
DIRECTIVE_ACCEPTED: Final[Json] = DIRECTIVE_WHOLE | {
    "state": "accepted",
    "events": [
        *DIRECTIVE_WHOLE["events"], _event("accepted", DIRECTIVE_ACCEPTANCE, by="client:huyen", unit_code="512"),
    ],
}  # fmt: skip
DIRECTIVE_RETURNED: Final[Json] = DIRECTIVE_WHOLE | {
    "state": "returned",
    "events": [
        *DIRECTIVE_WHOLE["events"], _event("returned", DIRECTIVE_RETURN, by="client:huyen", unit_code="512"),
    ],
}  # fmt: skip
DIRECTIVE_EXTENDED: Final[Json] = DIRECTIVE_UNDER_WAY | {
    "due_on": "2024-01-31",
    "events": [
        _GIVEN, _NOTED,
        _event("extended", DIRECTIVE_EXTENSION | {"text": DIRECTIVE_EXTENSION["reason"]}, by="client:huyen", unit_code="512"),
    ],
}  # fmt: skip
DIRECTIVE_WITHDRAWN: Final[Json] = DIRECTIVE_UNDER_WAY | {
    "state": "withdrawn",
    "events": [
        _GIVEN, _NOTED,
        _event("withdrawn", DIRECTIVE_WITHDRAWAL | {"text": DIRECTIVE_WITHDRAWAL["reason"]}, by="client:huyen", unit_code="512"),
    ],
}  # fmt: skip
