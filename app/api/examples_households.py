"""The example world of households: one of Trà Sơn that escaped poverty, and how its hamlet moved from 2022 to 2023."""

from __future__ import annotations

from typing import Any, Final

Json = dict[str, Any]

_HOUSEHOLD_ID: Final = "01890a5d-ac96-774b-bcce-b302099a8301"
_KEPT_ID: Final = "01890a5d-ac96-774b-bcce-b302099a8302"
_MOMENT: Final = "2023-12-22T02:15:30.123456Z"
DECISION: Final[Json] = {"number": "120/QĐ-UBND", "date": "2022-12-20", "issuer": "UBND xã Sông Trà"}

STATUS: Final[Json] = {"status": "escaped", "decision": DECISION}
NEW_HOUSEHOLD: Final[Json] = {
    "id": _HOUSEHOLD_ID, "unit_code": "20770@legacy", "code": "01.012", "head_name": "Nguyễn Văn An",
    "hamlet_code": "20770.01", "birth_year": 1980, "ethnicity": "Ca Dong",
    "members": [{"name": "Hồ Thị Lan", "birth_year": 1985, "relation": "vợ"}],
    "identity_number": "049080001234", "phone": "0905123456", "statuses": [{"year": 2023, **STATUS}],
}  # fmt: skip
HOUSEHOLD: Final[Json] = {
    "id": _HOUSEHOLD_ID, "code": "01.012", "unit_code": "20770", "unit_structure": "legacy",
    "hamlet_code": "20770.01", "head_name": "N*** V*** A***", "birth_year": 1980, "ethnicity": "Ca Dong",
    "members": [{"name": "H*** T*** L***", "birth_year": 1985, "relation": "vợ"}],
    "statuses": [{"year": 2023, **STATUS}], "note": "", "joined_on": None, "left_on": None, "left_reason": "",
    "merged_into_id": None, "updated_at": _MOMENT, "illustrative": False,
}  # fmt: skip
HOUSEHOLD_WHOLE: Final[Json] = HOUSEHOLD | {
    "identity_number": None, "phone": None,
    "events": [
        {
            "what": "status", "year": 2023, "from_status": "poor", "to_status": "escaped", "other_id": None,
            "reason": "", "at": _MOMENT, "by": "congchuc",
        }
    ],
}  # fmt: skip
HOUSEHOLD_CHANGE: Final[Json] = {"left_on": "2023-11-05", "left_reason": "Chuyển đến xã Phước Trà"}
MERGE: Final[Json] = {"into": _KEPT_ID}
KEPT: Final[Json] = HOUSEHOLD | {"id": _KEPT_ID, "code": "01.011"}
_SUMS: Final[Json] = {"last_year": 3, "this_year": 3, "joined": 1, "left": 1, "waiting": 0}
_MOVES: Final[Json] = _SUMS | {
    "moves": [
        {"before": "poor", "after": "poor", "households": 1},
        {"before": "poor", "after": "escaped", "households": 1},
        {"before": "near_poor", "after": "left", "households": 1},
        {"before": "joined", "after": "poor", "households": 1},
    ]
}
FLOW: Final[Json] = {
    "unit": "20770", "unit_structure": "legacy", "unit_name": "Xã Sông Trà", "year": 2023,
    "places": [{"code": "20770.01", "structure": "legacy", "name": "Thôn Trà Sơn", **_MOVES}], "total": _MOVES,
}  # fmt: skip
