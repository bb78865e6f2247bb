"""The example world of criteria: what xã Sông Trà met in 2023, and what it was to add."""

from __future__ import annotations

from typing import Any, Final

Json = dict[str, Any]

_ASSESSMENT_ID: Final = "01890a5d-ac96-774b-bcce-b302099a8101"
_TARGET_ID: Final = "01890a5d-ac96-774b-bcce-b302099a8102"
_TASK_ID: Final = "01890a5d-ac96-774b-bcce-b302099a8103"
_MOMENT: Final = "2023-09-01T02:15:30.123456Z"
_SET: Final = "NTM-XA-2021-2025"

NEW_ASSESSMENT: Final[Json] = {
    "id": _ASSESSMENT_ID, "unit_code": "20770@legacy", "indicator_code": "6.3", "date": "2023-09-01", "value": 100,
    "note": "Hai thôn đều có nhà văn hóa", "documents": [],
}  # fmt: skip
ASSESSMENT: Final[Json] = {
    "id": _ASSESSMENT_ID, "unit_code": "20770", "unit_structure": "legacy", "set_code": _SET,
    "criterion_number": 6, "indicator_code": "6.3", "date": "2023-09-01", "value": 100, "threshold": 100,
    "met": True, "by_rule": True, "note": "Hai thôn đều có nhà văn hóa", "documents": [],
    "assessor": "Lê Văn Bình", "verifier": "", "verdict": "", "verdict_note": "", "verified_on": None,
    "withdrawn_at": None, "withdrawn_reason": "", "created_by": "congchuc", "updated_at": _MOMENT,
    "illustrative": False,
}  # fmt: skip
ASSESSMENT_CHANGE: Final[Json] = {"value": 50, "note": "Thôn Trà Huỳnh còn dùng nhà tạm"}
ASSESSMENT_CHANGED: Final[Json] = ASSESSMENT | ASSESSMENT_CHANGE | {"met": False}
WITHDRAWAL: Final[Json] = {"reason": "Ghi nhầm chỉ tiêu"}
WITHDRAWN: Final[Json] = ASSESSMENT | {"withdrawn_at": _MOMENT, "withdrawn_reason": "Ghi nhầm chỉ tiêu"}
VERIFICATION: Final[Json] = {
    "agreed": False,
    "note": "Nhà văn hóa Trà Huỳnh chưa đủ diện tích",
    "on": "2023-09-12",
}
VERIFIED: Final[Json] = ASSESSMENT | {
    "verdict": "disputed", "verdict_note": "Nhà văn hóa Trà Huỳnh chưa đủ diện tích",
    "verified_on": "2023-09-12", "verifier": "Huyện Hiệp Đức",
}  # fmt: skip

TASK: Final[Json] = {
    "id": _TASK_ID, "kind": "task", "text": "Hoàn thành nhà sinh hoạt thôn Trà Sơn", "measure": "", "quantity": None,
    "due_on": "2023-11-30", "responsible": "Lê Văn Bình", "work_id": None, "budget_line_id": None,
}  # fmt: skip
NEW_TARGET: Final[Json] = {
    "id": _TARGET_ID, "unit_code": "20770@legacy", "criterion_number": 6, "due_on": "2023-12-31",
    "responsible": "Trần Văn Hòa", "basis": "Kế hoạch số 45/KH-UBND ngày 31/03/2023 của UBND huyện Hiệp Đức",
    "tasks": [TASK],
}  # fmt: skip
TASK_SHOWN: Final[Json] = TASK | {
    "value": 65, "done": False, "reported_on": "2023-09-10", "note": "",
    "off_track": [{"code": "work_held", "figure": 1}],
}  # fmt: skip
TARGET: Final[Json] = {
    "id": _TARGET_ID, "unit_code": "20770", "unit_structure": "legacy", "set_code": _SET, "criterion_number": 6,
    "recognition": None, "due_on": "2023-12-31", "responsible": "Trần Văn Hòa",
    "basis": "Kế hoạch số 45/KH-UBND ngày 31/03/2023 của UBND huyện Hiệp Đức", "note": "", "state": "open",
    "reached_on": None, "recognised_on": None, "recognised_by": "", "dropped_on": None, "dropped_reason": "",
    "off_track": True, "lags": [], "tasks": [TASK_SHOWN], "plan": 820_000_000, "disbursed": 500_000_000,
    "updated_at": _MOMENT, "illustrative": False,
}  # fmt: skip
TARGET_CHANGE: Final[Json] = {"responsible": "Lê Văn Bình"}
DROP: Final[Json] = {"reason": "Huyện điều chỉnh kế hoạch năm", "on": "2023-10-02"}
TARGET_DROPPED: Final[Json] = TARGET | {
    "state": "dropped", "off_track": False, "dropped_on": "2023-10-02",
    "dropped_reason": "Huyện điều chỉnh kế hoạch năm",
}  # fmt: skip
PROGRESS: Final[Json] = {
    "id": "01890a5d-ac96-774b-bcce-b302099a8104", "reported_on": "2023-09-10", "value": 65, "note": "Xong phần thô",
}  # fmt: skip
PROGRESS_SHOWN: Final[Json] = PROGRESS | {"task_id": _TASK_ID, "by": "congchuc", "at": _MOMENT}

CRITERIA_REPORT: Final[Json] = {
    "unit": "20770", "unit_structure": "legacy", "unit_name": "Xã Sông Trà", "as_of": "2023-09-14", "set": _SET,
    "set_over": False, "met": 11, "total": 19,
    "criteria": [
        {
            "number": 6, "name": "Cơ sở vật chất văn hóa", "group": "II. Hạ tầng kinh tế - xã hội",
            "state": "targeted", "since": "2023-06-30", "target_on": "2023-12-31", "at_risk": [],
            "indicators": [{"code": "6.3", "met": False, "value": 50, "threshold": 100, "date": "2023-06-30"}],
        }
    ],
    "illustrative": True,
}  # fmt: skip
MATRIX_CELL: Final[Json] = {"number": 6, "state": None, "met": 2, "lost": 0, "targeted": 1}
MATRIX: Final[Json] = {
    "unit": "512", "unit_structure": "legacy", "unit_name": "Huyện Hiệp Đức", "as_of": "2023-09-14", "set": _SET,
    "by": "commune", "total": 19,
    "rows": [
        {
            "unit_code": "20770", "unit_structure": "legacy", "unit_name": "Xã Sông Trà", "communes": 1, "full": 0,
            "met": 11, "lost": 0, "targeted": 2, "criteria": [MATRIX_CELL | {"state": "targeted", "met": 0}],
        }
    ],
    "sum": {"communes": 1, "full": 0, "met": 11, "lost": 0, "targeted": 2, "criteria": [MATRIX_CELL]},
}  # fmt: skip
