"""The example world of outreach and community supervision: Sông Trà in 2023."""

from __future__ import annotations

from typing import Any, Final

Json = dict[str, Any]

_MOMENT: Final = "2023-08-20T02:15:30.123456Z"
_WORK_ID: Final = "01890a5d-ac96-774b-bcce-b302099a8070"
_EVENT_ID: Final = "01890a5d-ac96-774b-bcce-b302099a8801"
_OBSERVATION_ID: Final = "01890a5d-ac96-774b-bcce-b302099a8802"
_OBSTACLE_ID: Final = "01890a5d-ac96-774b-bcce-b302099a8803"
_PHOTOS_ID: Final = "01890a5d-ac96-774b-bcce-b302099a8804"
_UPLOAD_ID: Final = "01890a5d-ac96-774b-bcce-b302099a8805"

NEW_OUTREACH: Final[Json] = {
    "id": _EVENT_ID, "unit_code": "20770@legacy", "hamlet_code": "20770.02", "held_on": "2023-05-12",
    "place": "Nhà sinh hoạt thôn Trà Huỳnh", "topic": "Vận động hiến đất làm đường",
    "content": "Quy mô đường, phần đất mỗi hộ hiến, quyền giám sát của người dân", "organiser": "Mặt trận xã",
    "people": 42, "program_code": "DTTS", "work_id": _WORK_ID, "criterion_number": 2, "uploads": [_UPLOAD_ID],
}  # fmt: skip
OUTREACH: Final[Json] = {k: v for k, v in NEW_OUTREACH.items() if k != "uploads"} | {
    "unit_code": "20770", "unit_structure": "legacy", "set_code": "NTM-XA-2021-2025", "documents": [_PHOTOS_ID],
    "withdrawn_at": None, "withdrawn_reason": "", "recorded_by": "client:mat-tran", "updated_at": _MOMENT,
    "illustrative": False,
}  # fmt: skip
OUTREACH_TOTAL: Final[Json] = {"events": 1, "people": 42}
OUTREACH_CHANGE: Final[Json] = {"people": 45}
OUTREACH_CHANGED: Final[Json] = OUTREACH | OUTREACH_CHANGE
WITHDRAWAL: Final[Json] = {"reason": "Ghi hai lần"}
OUTREACH_WITHDRAWN: Final[Json] = OUTREACH | {
    "withdrawn_at": _MOMENT,
    "withdrawn_reason": WITHDRAWAL["reason"],
}

NEW_OBSERVATION: Final[Json] = {
    "id": _OBSERVATION_ID, "subject": {"kind": "work", "id": _WORK_ID},
    "board": "Ban giám sát đầu tư của cộng đồng xã Sông Trà", "observer": "Hồ Văn Giám", "observed_on": "2023-08-01",
    "text": "Lớp đá dăm đoạn cuối tuyến mỏng hơn thiết kế", "answer_due_on": "2023-08-15", "lat": 15.5282,
    "lon": 108.0252, "uploads": [_UPLOAD_ID],
}  # fmt: skip
OBSERVATION: Final[Json] = {k: v for k, v in NEW_OBSERVATION.items() if k != "uploads"} | {
    "unit_code": "20770", "unit_structure": "legacy", "state": "answered",
    "answer": "Nhà thầu đã bù đủ bề dày", "answered_on": "2023-08-18", "answered_by": "congchuc", "days_late": 3,
    "obstacle_id": None, "documents": [_PHOTOS_ID], "recorded_by": "client:mat-tran", "updated_at": _MOMENT,
    "illustrative": False,
}  # fmt: skip
OBSERVATION_TOTAL: Final[Json] = {"count": 1, "open": 0, "late": 0}
OBSERVATION_ANSWER: Final[Json] = {"text": OBSERVATION["answer"], "on": "2023-08-18"}
OBSERVATION_CLOSE: Final[Json] = {"text": "Đã kiểm tra, đạt", "on": "2023-08-25"}
OBSERVATION_REOPENING: Final[Json] = {"text": "Đoạn cuối chưa bù", "answer_due_on": "2023-09-05"}
OBSERVATION_CHANGE: Final[Json] = {"text": "Lớp đá dăm đoạn Km0+300 mỏng hơn thiết kế 2 cm"}
HINDRANCE: Final[Json] = {"id": _OBSTACLE_ID, "kind": "contractor", "resolver": "UBND xã Sông Trà"}


def _move(name: str, before: str, to: str, said: Json, by: str) -> Json:
    return {
        "move": name, "from_state": before, "to_state": to, "text": said["text"], "on": said.get("on", "2023-08-26"),
        "answer_due_on": said.get("answer_due_on"), "at": _MOMENT, "by": by, "unit_code": "20770",
    }  # fmt: skip


_ANSWERED: Final = _move("answer", "open", "answered", OBSERVATION_ANSWER, "congchuc")
_CLOSED: Final = _move("close", "answered", "closed", OBSERVATION_CLOSE, "client:mat-tran")
_REOPENED: Final = _move("reopen", "answered", "open", OBSERVATION_REOPENING, "client:mat-tran")
_UNANSWERED: Final[Json] = {"answer": "", "answered_on": None, "answered_by": "", "days_late": 0}
OBSERVATION_WHOLE: Final[Json] = OBSERVATION | {"moves": [_ANSWERED]}
OBSERVATION_MADE: Final[Json] = OBSERVATION | _UNANSWERED | {"state": "open", "moves": []}
OBSERVATION_CHANGED: Final[Json] = OBSERVATION_MADE | OBSERVATION_CHANGE
OBSERVATION_CLOSED: Final[Json] = OBSERVATION | {
    "state": "closed", "days_late": 0, "moves": [_ANSWERED, _CLOSED],
}  # fmt: skip
OBSERVATION_REOPENED: Final[Json] = OBSERVATION_MADE | {
    "answer_due_on": OBSERVATION_REOPENING["answer_due_on"], "moves": [_ANSWERED, _REOPENED],
}  # fmt: skip
OBSERVATION_RAISED: Final[Json] = OBSERVATION_WHOLE | {"obstacle_id": _OBSTACLE_ID}
