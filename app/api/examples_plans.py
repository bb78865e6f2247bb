"""The example world of plans: what xã Sông Trà planned for 2023, and what the district said to it."""

from __future__ import annotations

from typing import Any, Final

from app.api.examples import DECISION

Json = dict[str, Any]

_PLAN_ID: Final = "01890a5d-ac96-774b-bcce-b302099a8201"
_TASK_ID: Final = "01890a5d-ac96-774b-bcce-b302099a8202"
_MOMENT: Final = "2023-03-10T02:15:30.123456Z"

TASK: Final[Json] = {
    "id": _TASK_ID, "kind": "task", "text": "Hỗ trợ bò giống sinh sản cho hộ nghèo, cận nghèo", "measure": "con",
    "quantity": 20, "due_on": "2023-09-30", "responsible": "Nguyễn Văn An", "work_id": None, "budget_line_id": None,
}  # fmt: skip
TASK_SHOWN: Final[Json] = TASK | {
    "value": 14, "done": False, "reported_on": "2023-09-01", "note": "",
    "off_track": [{"code": "overdue", "figure": 5}],
}  # fmt: skip
FUND: Final[Json] = {
    "project_code": "GNBV.2", "source": "central", "capital_kind": "recurrent", "amount": 500_000_000,
    "budget_line_id": None, "note": "",
}  # fmt: skip
NEW_PLAN: Final[Json] = {
    "id": _PLAN_ID, "kind": "year", "unit_code": "20770@legacy", "program_code": "GNBV", "year": 2023,
    "responsible": "Nguyễn Văn An", "due_on": "2023-03-15", "items": [TASK], "funds": [FUND],
}  # fmt: skip
_REMARK: Final = "Bổ sung vốn đối ứng của huyện"
PLAN: Final[Json] = {
    "id": _PLAN_ID, "kind": "year", "unit_code": "20770", "unit_structure": "legacy", "program_code": "GNBV",
    "year": 2023, "state": "returned",
    "remarks": [
        {"move": "return", "text": _REMARK, "on": "2023-03-20", "by": "huyen", "unit_code": "512"}
    ],
    "title": "Kế hoạch năm 2023 thực hiện Chương trình Giảm nghèo bền vững, Xã Sông Trà",
    "responsible": "Nguyễn Văn An", "due_on": None, "version_number": 1, "approved_version": None,
    "start_from": None, "updated_at": _MOMENT, "illustrative": False,
}  # fmt: skip
_SENT: Final[Json] = {
    "move": "submit", "from_state": "draft", "to_state": "submitted", "version": 1, "remark": "", "document": DECISION,
    "document_id": None, "on": "2023-03-10", "due_on": None, "at": _MOMENT, "by": "congchuc", "unit_code": "20770",
}  # fmt: skip
_RETURNED: Final[Json] = _SENT | {
    "move": "return", "from_state": "submitted", "to_state": "returned", "remark": _REMARK, "document": None,
    "on": "2023-03-20", "by": "huyen", "unit_code": "512",
}  # fmt: skip
PLAN_WHOLE: Final[Json] = PLAN | {
    "items": [TASK_SHOWN], "funds": [FUND], "events": [_SENT, _RETURNED],
}  # fmt: skip
_UNSENT: Final[Json] = {"state": "draft", "remarks": [], "version_number": 0, "events": []}
PLAN_DRAFT: Final[Json] = PLAN_WHOLE | _UNSENT
PLAN_CHANGE: Final[Json] = {"funds": [FUND, FUND | {"source": "district", "amount": 50_000_000}]}
ORDER: Final[Json] = {"document": DECISION, "on": "2023-03-10", "due_on": "2023-03-20"}
RETURN: Final[Json] = {"remark": _REMARK, "on": "2023-03-20"}
REVISION: Final[Json] = {"remark": "Điều chỉnh theo vốn được giao bổ sung"}
PLAN_SENT: Final[Json] = PLAN_WHOLE | {"state": "submitted", "remarks": [], "events": [_SENT]}
PROGRESS: Final[Json] = {
    "id": "01890a5d-ac96-774b-bcce-b302099a8203", "reported_on": "2023-09-01", "value": 14, "note": "Đã cấp hai đợt",
}  # fmt: skip
PROGRESS_SHOWN: Final[Json] = PROGRESS | {"task_id": _TASK_ID, "by": "congchuc", "at": _MOMENT}
CONTENT: Final[Json] = {
    "title": PLAN["title"], "responsible": "Nguyễn Văn An", "year": 2023,
    "items": [TASK | {"quantity": "20", "work_name": None, "line_name": None}],
    "funds": [FUND | {"line_name": None}],
}  # fmt: skip
VERSION: Final[Json] = {"number": 1, "at": _MOMENT, "by": "congchuc"}
VERSION_WHOLE: Final[Json] = VERSION | {"content": CONTENT}
COMPARISON: Final[Json] = {
    "before": 1, "after": None, "fields": [], "items": [],
    "funds": [
        {
            "change": "changed", "fields": ["amount"], "before": CONTENT["funds"][0],
            "after": CONTENT["funds"][0] | {"amount": 450_000_000},
        }
    ],
}  # fmt: skip
ACTUAL: Final[Json] = {
    "plan_id": _PLAN_ID, "as_of": "2023-09-14",
    "funds": [FUND | {"plan": 450_000_000, "disbursed": 200_000_000, "at_risk": 0}],
    "total": {"amount": 500_000_000, "plan": 450_000_000, "disbursed": 200_000_000, "at_risk": 0},
    "items": [TASK_SHOWN], "items_done": 0,
}  # fmt: skip
