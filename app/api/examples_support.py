"""The example world of support models: cattle for households of Trà Sơn, from two programs."""

from __future__ import annotations

from typing import Any, Final

from app.api.examples import DECISION

Json = dict[str, Any]

_MODEL_ID: Final = "01890a5d-ac96-774b-bcce-b302099a8401"
_HOUSEHOLD_ID: Final = "01890a5d-ac96-774b-bcce-b302099a8402"
_INPUT_ID: Final = "01890a5d-ac96-774b-bcce-b302099a8403"
_LINE_ID: Final = "01890a5d-ac96-774b-bcce-b302099a8404"
_POOLED_ID: Final = "01890a5d-ac96-774b-bcce-b302099a8405"
_MOMENT: Final = "2023-03-10T02:15:30.123456Z"
_REMARK: Final = "Bổ sung danh sách hộ"

_INPUT: Final[Json] = {
    "kind": "Bò cái giống sinh sản", "measure": "con", "quantity": 10, "unit_price": 20_000_000,
}  # fmt: skip
_BUDGET: Final = [
    {"budget_line_id": _LINE_ID, "amount": 120_000_000}, {"budget_line_id": _POOLED_ID, "amount": 60_000_000},
]  # fmt: skip
NEW_SUPPORT_MODEL: Final[Json] = {
    "id": _MODEL_ID, "name": "Nuôi bò sinh sản thôn Trà Sơn", "project_code": "GNBV.2",
    "unit_code": "20770@legacy", "year": 2023, "template": "cattle", "hamlet_code": "20770.01",
    "group_name": "Tổ nuôi bò Trà Sơn", "head_id": _HOUSEHOLD_ID, "responsible": "Nguyễn Văn An",
    "starts_on": "2023-04-03", "ends_on": "2024-12-31", "household_share": 20_000_000,
    "members": [{"household_id": _HOUSEHOLD_ID, "income_before": 12_000_000}], "inputs": [_INPUT], "budget": _BUDGET,
}  # fmt: skip
SUPPORT_MODEL: Final[Json] = {
    "id": _MODEL_ID, "name": "Nuôi bò sinh sản thôn Trà Sơn", "project_code": "GNBV.2", "program_code": "GNBV",
    "unit_code": "20770", "unit_structure": "legacy", "hamlet_code": "20770.01", "year": 2023, "state": "running",
    "remarks": [{"move": "return", "text": _REMARK, "on": "2023-03-20", "by": "huyen", "unit_code": "512"}],
    "members": [_HOUSEHOLD_ID],
    "incomes": [{"household_id": _HOUSEHOLD_ID, "income_before": 12_000_000, "income_after": None}],
    "inputs": [_INPUT | {"id": _INPUT_ID, "amount": 200_000_000, "delivered": 2}], "budget": _BUDGET,
    "over_drawn": [],
    "household_share": 20_000_000, "total": 200_000_000,
    "missing": [{"rule": "invoice", "name": "Hóa đơn", "documents": ["invoice"]}],
    "warnings": [
        {
            "household_id": _HOUSEHOLD_ID, "household_code": "TS-014",
            "model_id": "01890a5d-ac96-774b-bcce-b302099a8406", "model_name": "Nuôi bò sinh sản xã Sông Trà",
            "year": 2022, "approved_on": "2022-03-31", "same_template": True, "kinds": ["Bò cái giống sinh sản"],
            "received_on": "2022-05-12",
        }
    ],
    "template": "cattle", "content": "Cấp bò cái giống sinh sản cho hộ", "livestock": True,
    "group_name": "Tổ nuôi bò Trà Sơn", "head_id": _HOUSEHOLD_ID, "responsible": "Nguyễn Văn An",
    "starts_on": "2023-04-03", "ends_on": "2024-12-31", "due_on": None, "evaluation": "", "updated_at": _MOMENT,
    "illustrative": False,
}  # fmt: skip
_SENT: Final[Json] = {
    "move": "submit", "from_state": "draft", "to_state": "submitted", "version": None, "remark": "",
    "document": DECISION, "document_id": None, "on": "2023-03-10", "due_on": None, "at": _MOMENT, "by": "congchuc",
    "unit_code": "20770",
}  # fmt: skip
_RETURNED: Final[Json] = _SENT | {
    "move": "return", "from_state": "submitted", "to_state": "returned", "remark": _REMARK, "document": None,
    "on": "2023-03-20", "by": "huyen", "unit_code": "512",
}  # fmt: skip
SUPPORT_MODEL_WHOLE: Final[Json] = SUPPORT_MODEL | {"events": [_SENT, _RETURNED]}
SUPPORT_MODEL_DRAFT: Final[Json] = SUPPORT_MODEL | {
    "state": "draft", "remarks": [], "missing": [], "events": [],
    "inputs": [_INPUT | {"id": _INPUT_ID, "amount": 200_000_000, "delivered": 0}],
}  # fmt: skip
SUPPORT_MODEL_SENT: Final[Json] = SUPPORT_MODEL_DRAFT | {"state": "submitted", "events": [_SENT]}
SUPPORT_MODEL_CHANGE: Final[Json] = {"household_share": 25_000_000}
ORDER: Final[Json] = {"document": DECISION, "on": "2023-03-10", "due_on": "2023-03-20"}
RETURN: Final[Json] = {"remark": _REMARK, "on": "2023-03-20"}
EVALUATION: Final[Json] = {
    "evaluation": "Đàn bò phát triển tốt", "on": "2023-12-15",
    "members": [{"household_id": _HOUSEHOLD_ID, "income_after": 18_000_000}],
}  # fmt: skip
_MONEY: Final[Json] = {"plan": 120_000_000, "disbursed": 80_000_000, "available": 40_000_000}
_LINE: Final[Json] = {
    "budget_line_id": _LINE_ID, "program_code": "GNBV", "project_code": "GNBV.2", "source": "central",
    "capital_kind": "recurrent", "year": 2023, "origin_year": 2023, "amount": 120_000_000, "over_drawn": 0,
    "shared": False, "money": _MONEY,
}  # fmt: skip
SUPPORT_MIX: Final[Json] = {
    "model_id": _MODEL_ID,
    "lines": [
        _LINE,
        _LINE
        | {
            "budget_line_id": _POOLED_ID, "program_code": "DTTS", "project_code": "DTTS.3.1", "amount": 60_000_000,
            "shared": True, "money": {"plan": 300_000_000, "disbursed": 100_000_000, "available": 200_000_000},
        },
    ],
    "by_source": [
        {"program_code": "GNBV", "source": "central", "amount": 120_000_000},
        {"program_code": "DTTS", "source": "central", "amount": 60_000_000},
    ],
    "drawn": 180_000_000, "household_share": 20_000_000, "total": 200_000_000, "own": _MONEY,
}  # fmt: skip
MODEL_TEMPLATE: Final[Json] = {
    "code": "cattle", "name": "Nuôi bò sinh sản", "name_en": "Raising breeding cattle", "livestock": True,
    "content": "Cấp bò cái giống sinh sản cho hộ", "inputs": [{"kind": "Bò cái giống sinh sản", "measure": "con"}],
}  # fmt: skip
DELIVERY: Final[Json] = {
    "id": "01890a5d-ac96-774b-bcce-b302099a8407", "household_id": _HOUSEHOLD_ID, "input_id": _INPUT_ID,
    "quantity": 2, "delivered_on": "2023-04-20", "signed": True, "note": "",
}  # fmt: skip
DELIVERY_SHOWN: Final[Json] = DELIVERY | {
    "model_id": _MODEL_ID, "kind": "Bò cái giống sinh sản", "measure": "con", "documents": [], "withdrawn_at": None,
    "withdrawn_reason": "", "recorded_by": "congchuc", "updated_at": _MOMENT, "illustrative": False,
}  # fmt: skip
WITHDRAWAL: Final[Json] = {"reason": "Ghi nhầm hộ"}
DELIVERY_WITHDRAWN: Final[Json] = DELIVERY_SHOWN | {
    "withdrawn_at": _MOMENT, "withdrawn_reason": "Ghi nhầm hộ",
}  # fmt: skip
VISIT: Final[Json] = {
    "id": "01890a5d-ac96-774b-bcce-b302099a8408", "household_id": _HOUSEHOLD_ID, "visited_on": "2023-07-05",
    "alive": 1, "dead": 1, "sold": 0, "sick": 0, "born": 0, "income": 0, "note": "Một con chết do rét",
    "lat": 15.5378, "lon": 108.0139,
}  # fmt: skip
VISIT_SHOWN: Final[Json] = VISIT | {
    "model_id": _MODEL_ID, "yield_amount": None, "yield_measure": "", "documents": [], "recorded_by": "congchuc",
    "updated_at": _MOMENT, "illustrative": False,
}  # fmt: skip
