"""The sets of criteria that the descriptions of operations quote: one criterion of 2021-2025, and a set after it."""

from __future__ import annotations

from typing import Final

from app.api.examples import Json

_MOMENT: Final = "2023-03-01T02:15:30.123456Z"
_DECISION: Final = "Quyết định 318/QĐ-TTg (08/03/2022)"
_SHARE: Final[Json] = {
    "code": "3.1", "name": "Tỷ lệ diện tích đất sản xuất nông nghiệp được tưới và tiêu nước chủ động",
    "kind": "percent", "unit": "%", "threshold": 80, "comparator": ">=", "source": _DECISION, "certainty": "sure",
    "evidence_required": False, "threshold_region": None, "threshold_unit_code": None,
    "threshold_unit_structure": None,
}  # fmt: skip
_JUDGED: Final[Json] = _SHARE | {
    "code": "3.2", "name": "Bảo đảm yêu cầu chủ động về phòng, chống thiên tai theo phương châm bốn tại chỗ",
    "kind": "judgment", "unit": "", "threshold": None, "comparator": None,
}  # fmt: skip
CRITERIA_SET: Final[Json] = {
    "code": "NTM-XA-2021-2025", "name": "Bộ tiêu chí quốc gia về xã nông thôn mới giai đoạn 2021-2025",
    "name_en": "National criteria for new rural communes, 2021-2025", "level": "commune", "region": None,
    "unit_code": None, "unit_structure": None, "valid_from": "2021-01-01", "valid_to": "2025-12-31",
    "source": f"{_DECISION}, sửa đổi bởi Quyết định 211/QĐ-TTg (01/03/2024)", "certainty": "confirm",
    "illustrative": False, "updated_at": _MOMENT,
    "criteria": [
        {
            "number": 3, "name": "Thủy lợi và phòng, chống thiên tai",
            "name_en": "Irrigation and disaster prevention", "group": "II. Hạ tầng kinh tế - xã hội",
            "indicators": [_SHARE, _JUDGED],
        }
    ],
}  # fmt: skip
NEW_CRITERIA_SET: Final[Json] = {
    "code": "NTM-XA-QNG-2024", "name": "Bộ tiêu chí xã nông thôn mới của tỉnh", "level": "commune",
    "unit_code": "49@legacy", "valid_from": "2024-01-01", "valid_to": None, "source": "Quyết định của UBND tỉnh",
    "criteria": [
        {
            "number": 3, "name": "Thủy lợi và phòng, chống thiên tai", "indicators": [
                {"code": "3.1", "name": _SHARE["name"], "kind": "percent", "unit": "%", "threshold": 85},
                {"code": "3.2", "name": _JUDGED["name"], "kind": "judgment", "evidence_required": True},
            ],
        }
    ],
}  # fmt: skip
NEW_THRESHOLD: Final[Json] = {
    "indicator_code": "3.1", "value": 85, "unit_code": "49@legacy", "valid_from": "2022-08-01",
    "source": "Quyết định của UBND tỉnh", "certainty": "sure",
}  # fmt: skip
RAISED: Final[Json] = CRITERIA_SET | {
    "criteria": [
        CRITERIA_SET["criteria"][0] | {
            "indicators": [
                _SHARE | {
                    "threshold": 85, "source": NEW_THRESHOLD["source"], "threshold_unit_code": "49",
                    "threshold_unit_structure": "legacy",
                },
                _JUDGED,
            ],
        }
    ],
}  # fmt: skip
SET_CHANGES: Final[Json] = {
    "unit_code": "20770", "unit_structure": "legacy", "as_of": "2023-09-14", "from_set": "NTM-XA-2021-2025",
    "to_set": "NTM-XA-QNG-2024", "met": 11, "met_after": 9,
    "criteria": [
        {
            "number": 3, "name": "Thủy lợi và phòng, chống thiên tai", "was_met": True, "outlook": "lost",
            "indicators": [
                {
                    "code": "3.1", "changes": ["threshold"], "old": _SHARE, "new": _SHARE | {"threshold": 85},
                    "assessed_on": "2023-06-30", "value": 82.5, "met": True, "carried": "unmet",
                }
            ],
        }
    ],
}  # fmt: skip
