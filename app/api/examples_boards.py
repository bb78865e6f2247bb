"""The example world of boards: the steering committee of xã Sông Trà, and an agency of the district."""

from __future__ import annotations

from typing import Any, Final

Json = dict[str, Any]

_BOARD_ID: Final = "01890a5d-ac96-774b-bcce-b302099a8501"
_HEAD_ID: Final = "01890a5d-ac96-774b-bcce-b302099a8502"
_MEMBER_ID: Final = "01890a5d-ac96-774b-bcce-b302099a8503"
_ASSIGNMENT_ID: Final = "01890a5d-ac96-774b-bcce-b302099a8504"
_HEADS_ID: Final = "01890a5d-ac96-774b-bcce-b302099a8505"
_RENEWED_ID: Final = "01890a5d-ac96-774b-bcce-b302099a8506"
_AGENCY_ID: Final = "01890a5d-ac96-774b-bcce-b302099a8507"
_CHARGE_ID: Final = "01890a5d-ac96-774b-bcce-b302099a8508"
_MOMENT: Final = "2023-01-10T02:15:30.123456Z"
_DECISION: Final[Json] = {"number": "12/QĐ-UBND", "date": "2023-01-10", "issuer": "UBND xã Sông Trà"}

_HEAD: Final[Json] = {
    "id": _HEAD_ID,
    "person": "Nguyễn Văn An",
    "role": "head",
    "title": "Chủ tịch UBND xã",
    "username": "lanhdao",
}
_PLAIN: Final[Json] = {
    "id": _MEMBER_ID,
    "person": "Trần Thị Bình",
    "role": "member",
    "title": "Công chức địa chính",
}
NEW_COMMITTEE: Final[Json] = {
    "id": _BOARD_ID, "unit_code": "20770@legacy", "kind": "steering", "programs": ["GNBV", "DTTS", "NTM"],
    "name": "Ban Chỉ đạo các Chương trình MTQG xã Sông Trà", "decision": _DECISION, "meeting_day": 15,
    "members": [_HEAD],
}  # fmt: skip
NEW_MEMBER: Final[Json] = _PLAIN | {"from": "2023-02-01"}
NEW_ASSIGNMENT: Final[Json] = {
    "id": _ASSIGNMENT_ID, "subject": {"kind": "hamlet", "id": "20770.01"}, "from": "2023-02-01",
}  # fmt: skip
_HELD: Final[Json] = {
    "id": _HEADS_ID, "subject": {"kind": "program", "id": "NTM", "name": "Nông thôn mới"}, "note": "",
    "from": "2023-01-10", "to": None, "handed_to_id": None,
}  # fmt: skip
_HEAD_SHOWN: Final[Json] = _HEAD | {"from": "2023-01-10", "to": None, "assignments": [_HELD]}
_ASSIGNMENT: Final[Json] = {
    "id": _ASSIGNMENT_ID, "subject": {"kind": "hamlet", "id": "20770.01@legacy", "name": "Thôn Trà Sơn"}, "note": "",
    "from": "2023-02-01", "to": None, "handed_to_id": None,
}  # fmt: skip
_MEMBER: Final[Json] = _PLAIN | {"username": None, "from": "2023-02-01", "to": None, "assignments": []}
COMMITTEE: Final[Json] = {
    "id": _BOARD_ID, "kind": "steering", "unit_code": "20770", "unit_structure": "legacy",
    "name": "Ban Chỉ đạo các Chương trình MTQG xã Sông Trà", "programs": ["GNBV", "DTTS", "NTM"],
    "decision": _DECISION, "from": "2023-01-10", "to": None, "meeting_day": 15, "replaces_id": None,
    "replaced_by_id": None, "members": [_HEAD_SHOWN], "updated_at": _MOMENT, "illustrative": False,
}  # fmt: skip
COMMITTEE_WITH_MEMBER: Final[Json] = COMMITTEE | {"members": [_HEAD_SHOWN, _MEMBER]}
COMMITTEE_ASSIGNED: Final[Json] = COMMITTEE | {
    "members": [_HEAD_SHOWN, _MEMBER | {"assignments": [_ASSIGNMENT]}]
}
COMMITTEE_CHANGE: Final[Json] = {"meeting_day": 20}
MEMBER_CHANGE: Final[Json] = {"title": "Công chức nông nghiệp"}
COMMITTEE_MEMBER_CHANGED: Final[Json] = COMMITTEE | {"members": [_HEAD_SHOWN, _MEMBER | MEMBER_CHANGE]}
RENEWAL: Final[Json] = {
    "id": _RENEWED_ID, "decision": {"number": "88/QĐ-UBND", "date": "2023-10-02", "issuer": "UBND xã Sông Trà"},
}  # fmt: skip
_GOES_ON: Final[Json] = {
    "id": "01890a5d-ac96-774b-bcce-b302099a8509", "from": "2023-10-02",
    "assignments": [_HELD | {"id": "01890a5d-ac96-774b-bcce-b302099a850a", "from": "2023-10-02"}],
}  # fmt: skip
COMMITTEE_RENEWED: Final[Json] = (
    COMMITTEE
    | RENEWAL
    | {"from": "2023-10-02", "replaces_id": _BOARD_ID, "members": [_HEAD_SHOWN | _GOES_ON]}
)
LEAVING: Final[Json] = {
    "on": "2023-09-30", "hand_over": [{"assignment_id": _ASSIGNMENT_ID, "to_member_id": _HEAD_ID}],
}  # fmt: skip
_LEFT: Final[Json] = _MEMBER | {
    "to": "2023-09-30", "assignments": [_ASSIGNMENT | {"to": "2023-09-30", "handed_to_id": _HEAD_ID}],
}  # fmt: skip
_TAKEN: Final[Json] = _ASSIGNMENT | {"id": "01890a5d-ac96-774b-bcce-b302099a850b", "from": "2023-10-01"}
COMMITTEE_LEFT: Final[Json] = COMMITTEE | {
    "members": [_HEAD_SHOWN | {"assignments": [_HELD, _TAKEN]}, _LEFT],
}  # fmt: skip
ENDING: Final[Json] = {"on": "2023-09-30"}
COMMITTEE_ENDED: Final[Json] = COMMITTEE | {
    "members": [_HEAD_SHOWN, _MEMBER | {"assignments": [_ASSIGNMENT | {"to": "2023-09-30"}]}],
}  # fmt: skip
GAPS: Final[Json] = {
    "committee_id": _BOARD_ID, "as_of": "2023-09-14", "no_head": False, "programs": ["DTTS"],
    "nobody": [{"kind": "hamlet", "id": "20770.02@legacy", "name": "Thôn Trà Huỳnh"}],
    "left": [
        {
            "member_id": _MEMBER_ID, "person": "Trần Thị Bình", "to": "2023-08-31", "assignments": [_ASSIGNMENT_ID],
            "directives": 1,
        },
    ],
}  # fmt: skip

NEW_AGENCY: Final[Json] = {
    "id": _AGENCY_ID, "unit_code": "512@legacy", "name": "Phòng Nông nghiệp và Phát triển nông thôn",
    "short_name": "NN&PTNT",
}  # fmt: skip
AGENCY: Final[Json] = NEW_AGENCY | {
    "unit_code": "512", "unit_structure": "legacy", "ended_on": None, "updated_at": _MOMENT, "illustrative": False,
}  # fmt: skip
AGENCY_CHANGE: Final[Json] = {"short_name": "Phòng NN&PTNT"}
NEW_CHARGE: Final[Json] = {
    "id": _CHARGE_ID, "agency_id": _AGENCY_ID, "unit_code": "20770@legacy",
    "decision": {"number": "534/QĐ-UBND", "date": "2022-08-09", "issuer": "UBND huyện Hiệp Đức"},
    "content": "Phối hợp, hỗ trợ, hướng dẫn xã thực hiện các Chương trình MTQG",
}  # fmt: skip
CHARGE: Final[Json] = {
    "id": _CHARGE_ID, "unit_code": "20770", "unit_structure": "legacy", "content": NEW_CHARGE["content"],
    "agency": {
        "id": _AGENCY_ID, "name": NEW_AGENCY["name"], "short_name": "NN&PTNT", "unit_code": "512",
        "unit_structure": "legacy",
    },
    "decision": NEW_CHARGE["decision"], "from": "2022-08-09", "to": None, "updated_at": _MOMENT,
    "illustrative": False,
}  # fmt: skip
CHARGE_CHANGE: Final[Json] = {"to": "2025-06-30"}
