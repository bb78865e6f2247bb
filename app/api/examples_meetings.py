"""The example world of meetings: the steering committee of Sông Trà in August 2023."""

from __future__ import annotations

from typing import Any, Final

Json = dict[str, Any]

_MEETING_ID: Final = "01890a5d-ac96-774b-bcce-b302099a8701"
_COMMITTEE_ID: Final = "01890a5d-ac96-774b-bcce-b302099a8702"
_WORK_ID: Final = "01890a5d-ac96-774b-bcce-b302099a8070"
_MEMBER_ID: Final = "01890a5d-ac96-774b-bcce-b302099a8703"
_DIRECTIVE_ID: Final = "01890a5d-ac96-774b-bcce-b302099a8704"

_TYPED: Final[Json] = {"text": "Giải ngân vốn năm 2023", "subject": None}
_FILLED: Final[Json] = {
    "text": "Công trình Đường Trà Huỳnh chậm 15 ngày, khối lượng 40 %",
    "subject": {"kind": "work", "id": _WORK_ID},
}
_TICK: Final[Json] = {"member_id": _MEMBER_ID, "presence": "excused", "stood_in": "Hồ Thị Thay"}
NEW_MEETING: Final[Json] = {
    "id": _MEETING_ID, "committee_id": _COMMITTEE_ID, "date": "2023-08-25", "starts_at": "08:00",
    "place": "Hội trường UBND xã", "title": "Họp bàn giải ngân vốn năm 2023", "agenda": [_TYPED],
}  # fmt: skip
MEETING: Final[Json] = NEW_MEETING | {
    "unit_code": "20770", "unit_structure": "legacy", "month": None, "state": "planned", "cancelled_reason": "",
    "minutes": None, "minutes_number": "", "chair": "", "secretary": "", "agenda": [_TYPED, _FILLED],
    "conclusions": [], "updated_at": "2023-08-20T02:15:30.123456Z", "illustrative": False,
}  # fmt: skip
_SEAT: Final[Json] = _TICK | {
    "person": "Trần Thị Ký",
    "title": "Công chức Văn phòng - Thống kê",
    "role": "secretary",
}
MEETING_WHOLE: Final[Json] = MEETING | {"attendance": [_SEAT | {"presence": None, "stood_in": ""}]}
MEETING_CALLED: Final[Json] = MEETING_WHOLE | {"agenda": [_TYPED]}
MEETING_CHANGE: Final[Json] = {"date": "2023-08-28", "agenda": [_FILLED, _TYPED]}
MEETING_CHANGED: Final[Json] = MEETING_WHOLE | MEETING_CHANGE
FIRST: Final[Json] = {"first": "2023-01-01"}
REGULAR: Final[Json] = MEETING | {
    "month": "2023-08-01", "starts_at": None, "place": "", "agenda": [],
    "title": "Họp thường kỳ tháng 8/2023 của Ban chỉ đạo các chương trình MTQG",
}  # fmt: skip
CANCELLATION: Final[Json] = {"reason": "Mưa lũ, các thôn phải ứng trực"}
MEETING_CANCELLED: Final[Json] = MEETING_WHOLE | {
    "state": "cancelled", "cancelled_reason": CANCELLATION["reason"]
}  # fmt: skip
OFFER: Final[Json] = _FILLED
PICKED: Final[Json] = {"subjects": [_FILLED["subject"]]}
MINUTES: Final[Json] = {
    "minutes": "Ban chỉ đạo nghe báo cáo tiến độ.\nThống nhất giao các nhiệm vụ dưới đây.",
    "minutes_number": "08/BB-BCĐ", "chair": "Nguyễn Văn Trưởng", "secretary": "Trần Thị Ký",
    "held_on": "2023-08-25", "attendance": [_TICK],
}  # fmt: skip
MEETING_HELD: Final[Json] = MEETING_WHOLE | {
    "state": "held", "attendance": [_SEAT],
    **{name: MINUTES[name] for name in ("minutes", "minutes_number", "chair", "secretary")},
}  # fmt: skip
CONCLUSIONS: Final[Json] = {
    "conclusions": [
        {
            "id": _DIRECTIVE_ID, "text": "Hoàn thành giải phóng mặt bằng đường Trà Huỳnh", "due_on": "2023-09-30",
            "assignee": {"kind": "unit", "unit_code": "20770@legacy"}, "priority": "urgent",
        }
    ]
}  # fmt: skip
MEETING_CONCLUDED: Final[Json] = MEETING_HELD | {"conclusions": [_DIRECTIVE_ID]}
