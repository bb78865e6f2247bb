"""The example world of what came of support: one model of xã Sông Trà in 2023."""

from __future__ import annotations

from typing import Any, Final

Json = dict[str, Any]

_HOUSEHOLD_ID: Final = "01890a5d-ac96-774b-bcce-b302099a8301"
_MODEL_ID: Final = "01890a5d-ac96-774b-bcce-b302099a8302"
RECEIVED: Final[Json] = {
    "unit": "20770", "unit_structure": "legacy", "year": 2023, "count": 1, "households": 1, "value": 24_000_000,
    "gifts": [
        {
            "household_id": _HOUSEHOLD_ID, "household_code": "TS-001", "unit_name": "Xã Sông Trà",
            "hamlet": "Thôn Trà Sơn", "program_code": "GNBV", "project_code": "GNBV.2", "model_id": _MODEL_ID,
            "model_name": "Nuôi bò sinh sản thôn Trà Sơn", "deliveries": 1, "value": 24_000_000,
        }
    ],
    "twice": [],
    "waiting": [
        {
            "household_id": "01890a5d-ac96-774b-bcce-b302099a8303", "household_code": "TH-004",
            "unit_name": "Xã Sông Trà", "hamlet": "Thôn Trà Huỳnh", "status": "poor",
        }
    ],
}  # fmt: skip
_OUTCOME: Final[Json] = {
    "label": "Nuôi bò sinh sản thôn Trà Sơn", "models": 1, "households": 8, "value": 192_000_000, "counted": 8,
    "left_poverty": 2, "counted_value": 192_000_000, "cost_per_left": 96_000_000, "visited": 8, "alive": 18, "dead": 1,
    "sold": 0, "born": 3, "heads": 16, "unaccounted": 0, "survival": 0.9375, "incomes": 6, "mean_income_change": 9_500_000,
}  # fmt: skip
OUTCOMES: Final[Json] = {
    "unit": "20770", "unit_structure": "legacy", "year": 2024, "by": "model", "rows": [_OUTCOME],
    "total": _OUTCOME | {"label": ""},
}  # fmt: skip
