"""The example world of inspections: the district inspects xã Sông Trà in September 2023."""

from __future__ import annotations

from typing import Any, Final

Json = dict[str, Any]

_ID: Final = "01890a5d-ac96-774b-bcce-b302099a8401"
_FINDING_ID: Final = "01890a5d-ac96-774b-bcce-b302099a8402"
_DIRECTIVE_ID: Final = "01890a5d-ac96-774b-bcce-b302099a8403"
_CHECK_ID: Final = "01890a5d-ac96-774b-bcce-b302099a8404"
_REPORT_ID: Final = "01890a5d-ac96-774b-bcce-b302099a8405"
_MOMENT: Final = "2023-09-14T02:15:30.123456Z"
_DECISION: Final[Json] = {"number": "596/QĐ-UBND", "date": "2023-08-17", "issuer": "UBND huyện Hiệp Đức"}
_QUOTE: Final = "định kỳ hằng tháng họp BCĐ để kiểm tra, rà soát và định hướng chỉ đạo thực hiện"
_SUBJECT: Final[Json] = {"kind": "criterion", "id": "17"}

_MEMBER: Final[Json] = {"person": "Nguyễn Văn An", "title": "Phòng TC-KH", "role": "secretary"}
NEW_INSPECTION: Final[Json] = {
    "id": _ID, "unit_code": "20770@legacy", "date": "2023-09-14", "year": 2023, "team_name": "Đoàn kiểm tra số 2",
    "decision": _DECISION, "lead": "Hoàng Văn Hùng", "lead_title": "Phó Chủ tịch UBND huyện", "team": [_MEMBER],
    "checked": "Cơ sở, các văn bản chỉ đạo và hồ sơ liên quan",
}  # fmt: skip
NEW_FINDING: Final[Json] = {
    "id": _FINDING_ID, "text": "Duy trì khá tốt 11/19 tiêu chí nông thôn mới", "wanting": False, "subject": _SUBJECT,
}  # fmt: skip
FINDING: Final[Json] = NEW_FINDING | {"documents": [], "created_at": _MOMENT, "illustrative": False}
INSPECTION: Final[Json] = {
    "id": _ID, "unit_code": "20770", "unit_structure": "legacy", "by_unit_code": "512", "year": 2023,
    "date": "2023-09-14", "state": "concluded",
    "title": "Kiểm tra công tác chỉ đạo và kết quả thực hiện các Chương trình MTQG, Xã Sông Trà, năm 2023",
    "team_name": "Đoàn kiểm tra số 2", "decision": _DECISION, "lead": "Hoàng Văn Hùng",
    "lead_title": "Phó Chủ tịch UBND huyện", "team": [_MEMBER], "unit_people": [],
    "checked": "Cơ sở, các văn bản chỉ đạo và hồ sơ liên quan", "summary": "", "findings": [FINDING],
    "conclusion": "Ghi nhận kết quả đạt được; yêu cầu xã củng cố Ban chỉ đạo, họp định kỳ hằng tháng.",
    "conclusion_number": "120/TB-UBND", "concluded_on": "2023-09-14", "cancelled_reason": "", "directives": [_DIRECTIVE_ID],
    "updated_at": _MOMENT, "illustrative": False,
}  # fmt: skip
CHECK: Final[Json] = {
    "id": _CHECK_ID, "text": "Tiêu chí 17: phải đạt trước 31/12/2023, chưa đạt (đến 01/09/2023)",
    "subject": _SUBJECT, "result": "not_met", "note": "Chưa có bãi rác tập trung",
}  # fmt: skip
CHECKLIST: Final[Json] = {"items": [CHECK]}
_DEMAND: Final[Json] = {
    "id": _DIRECTIVE_ID, "inspection_id": _ID, "text": "Ban chỉ đạo họp định kỳ hằng tháng", "quote": _QUOTE,
    "assignee": "Xã Sông Trà", "unit_code": "20770", "first_due_on": "2023-10-31", "due_on": "2023-10-31",
    "state": "open", "overdue": True,
}  # fmt: skip
INSPECTION_WHOLE: Final[Json] = INSPECTION | {"checklist": [CHECK], "demands": [_DEMAND]}
INSPECTION_HELD: Final[Json] = INSPECTION_WHOLE | {
    "state": "held", "conclusion": "", "conclusion_number": "", "concluded_on": None, "directives": [],
    "demands": [],
}  # fmt: skip
INSPECTION_PLANNED: Final[Json] = INSPECTION_HELD | {"state": "planned", "findings": [], "checklist": []}
CANCELLING_INSPECTION: Final[Json] = {"reason": "Dời sang năm sau"}
INSPECTION_CANCELLED: Final[Json] = INSPECTION_PLANNED | {
    "state": "cancelled",
    "cancelled_reason": "Dời sang năm sau",
}
INSPECTION_CHANGE: Final[Json] = {"summary": "Các ban được kiện toàn kịp thời"}
HOLDING: Final[Json] = {"on": "2023-09-14"}
CONCLUSION: Final[Json] = {"text": INSPECTION["conclusion"], "number": "120/TB-UBND", "on": "2023-09-14"}
DEMANDS: Final[Json] = {
    "demands": [
        {
            "id": _DIRECTIVE_ID, "text": "Ban chỉ đạo họp định kỳ hằng tháng", "quote": _QUOTE,
            "assignee": {"kind": "unit", "unit_code": "20770@legacy"}, "due_on": "2023-10-31", "priority": "normal",
        }
    ]
}  # fmt: skip
EARLIER_DEMANDS: Final[Json] = {
    "as_of": "2024-06-18",
    "items": [_DEMAND],
}
_SUM: Final[Json] = {
    "plan": 1_000_000_000, "disbursed": 400_000_000, "available": 600_000_000, "at_risk": 120_000_000, "rate": 0.4,
}  # fmt: skip
FIGURES: Final[Json] = {
    "as_of": "2023-09-10", "unit_code": "20770", "unit_name": "Xã Sông Trà", "year": 2023,
    "money": {
        "programs": [{"program_code": "GNBV", "name": "Giảm nghèo bền vững"} | _SUM], "total": _SUM,
        "illustrative": False,
    },
    "works": {
        "total": 3, "by_stage": {"preparation": 1, "construction": 2},
        "late": [
            {
                "id": "01890a5d-ac96-774b-bcce-b302099a8070", "name": "Đường bê tông thôn Trà Huỳnh", "days": 12,
                "planned_finish": "2023-08-29",
            }
        ],
        "late_total": 1,
    },
    "criteria": {
        "set": "Bộ tiêu chí quốc gia về xã nông thôn mới giai đoạn 2021-2025", "met": 11, "total": 19,
        "communes": None, "full": None,
        "not_met": [
            {"number": 17, "name": "Môi trường và an toàn thực phẩm", "state": "targeted", "due_on": "2023-12-31"}
        ],
    },
    "plans": {"total": 3, "by_state": {"approved": 2, "submitted": 1}},
    "models": {"total": 1, "by_state": {"running": 1}},
    "directives": {"standing": 2, "overdue": 0, "reported": 1, "returned": 0},
    "illustrative": False,
}  # fmt: skip
_WORDS: Final[Json] = {
    "results": "Đã kiện toàn Ban chỉ đạo, Ban quản lý", "difficulties": "Hồ sơ giải phóng mặt bằng chậm",
    "proposals": "Đề nghị phòng TN&MT hướng dẫn",
}  # fmt: skip
_CALLED: Final[Json] = {
    "title": "Kiểm tra công tác chỉ đạo và kết quả thực hiện các Chương trình MTQG, Xã Sông Trà, năm 2023",
    "by_name": "Huyện Hiệp Đức", "team_name": "Đoàn kiểm tra số 2",
}  # fmt: skip
NEW_REPORT: Final[Json] = {"id": _REPORT_ID, "as_of": "2023-09-10"} | _WORDS
REPORT: Final[Json] = {
    "id": _REPORT_ID, "inspection_id": _ID, "number": 1, "as_of": "2023-09-10", "created_at": _MOMENT,
    "content": FIGURES | {"words": _WORDS, "inspection": _CALLED},
}  # fmt: skip
