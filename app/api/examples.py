"""One small example world, which every operation's description quotes: xã Sông Trà in 2023."""

from __future__ import annotations

from typing import Any, Final

Json = dict[str, Any]

_LINE_ID: Final = "01890a5d-ac96-774b-bcce-b302099a8057"
_TO_ID: Final = "01890a5d-ac96-774b-bcce-b302099a8058"
_ENTRY_ID: Final = "01890a5d-ac96-774b-bcce-b302099a8060"
_WORK_ID: Final = "01890a5d-ac96-774b-bcce-b302099a8070"
_CONTRACT_ID: Final = "01890a5d-ac96-774b-bcce-b302099a8080"
_OTHER_ID: Final = "01890a5d-ac96-774b-bcce-b302099a8090"
_MOMENT: Final = "2023-03-01T02:15:30.123456Z"
DOCUMENT: Final[Json] = {"number": "0147/UNC", "date": "2023-03-01", "issuer": "Kho bạc Nhà nước Hiệp Đức"}
DECISION: Final[Json] = {"number": "01/QĐ-UBND", "date": "2023-01-05", "issuer": "UBND huyện Hiệp Đức"}

UNIT: Final[Json] = {
    "code": "20770", "structure": "legacy", "name": "Xã Sông Trà", "level": "commune", "parent_code": "512",
    "valid_from": None, "valid_to": "2025-06-30", "requires_checker": False,
}  # fmt: skip
SUCCESSOR: Final[Json] = {"code": "20770", "structure": "2025", "name": "Xã Phước Trà", "extent": "whole"}
UNIT_WHOLE: Final[Json] = UNIT | {"predecessors": [], "successors": [SUCCESSOR]}
UNIT_CHANGE: Final[Json] = {"requires_checker": True}

PROGRAM: Final[Json] = {
    "code": "GNBV", "name": "Chương trình mục tiêu quốc gia Giảm nghèo bền vững giai đoạn 2021-2025",
    "short_name": "Giảm nghèo bền vững", "period_from": 2021, "period_to": 2025,
    "decision": "90/QĐ-TTg (18/01/2022)", "valid_from": "2021-01-01", "valid_to": "2025-12-31",
}  # fmt: skip
NEW_PROGRAM: Final[Json] = {
    k: PROGRAM[k] for k in ("code", "name", "short_name", "period_from", "period_to", "decision")
}
PROJECT: Final[Json] = {
    "code": "GNBV.2", "program_code": "GNBV", "parent_code": None,
    "name": "Dự án 2: Đa dạng hóa sinh kế, phát triển mô hình giảm nghèo", "is_leaf": True,
    "valid_from": "2021-01-01", "valid_to": "2025-12-31",
}  # fmt: skip
NEW_PROJECT: Final[Json] = {k: PROJECT[k] for k in ("code", "program_code", "parent_code", "name")}
RENAMED: Final[Json] = {"name": "Dự án 2: Đa dạng hóa sinh kế"}
SOURCE: Final[Json] = {"code": "central", "name": "Ngân sách trung ương", "name_en": "Central budget"}
SOURCE_CHANGE: Final[Json] = {"name_en": "Central government budget"}

NEW_LINE: Final[Json] = {
    "id": _LINE_ID, "unit_code": "20770@legacy", "project_code": "GNBV.2", "source": "central",
    "capital_kind": "recurrent", "year": 2023, "note": "Mô hình nuôi bò sinh sản",
}  # fmt: skip
LINE_CHANGE: Final[Json] = {"note": "Mô hình nuôi bò sinh sản, thôn Trà Sơn"}
LINE: Final[Json] = {
    "id": _LINE_ID, "unit_code": "20770", "unit_structure": "legacy", "unit_name": "Xã Sông Trà",
    "program_code": "GNBV", "project_code": "GNBV.2", "source": "central", "capital_kind": "recurrent",
    "year": 2023, "origin_year": 2023, "work_id": None, "support_model_id": None,
    "note": "Mô hình nuôi bò sinh sản", "plan": 1_000_000_000, "allocated": 1_000_000_000, "carried_in": 0,
    "carried_out": 0, "lapsed": 0, "available": 500_000_000, "advanced": 0, "paid": 500_000_000, "settled": 0,
    "disbursed": 500_000_000, "updated_at": _MOMENT, "illustrative": False,
}  # fmt: skip
DISTRIBUTION: Final[Json] = {
    "id": _OTHER_ID, "document": DECISION, "effective_date": "2023-01-05",
    "to": [{"budget_line_id": _TO_ID, "amount": 250_000_000}],
}  # fmt: skip

NEW_ENTRY: Final[Json] = {
    "id": _ENTRY_ID, "budget_line_id": _LINE_ID, "kind": "pay", "amount": 200_000_000,
    "effective_date": "2023-03-01", "document": DOCUMENT, "memo": "Thanh toán đợt 1",
}  # fmt: skip
ENTRY: Final[Json] = NEW_ENTRY | {
    "contract_id": None, "no_contract_reason": "", "reverses_id": None, "reversed_by_id": None,
    "to_budget_line_id": None, "from_pocket": None, "group_id": None, "status": "posted",
    "recorded_at": _MOMENT, "recorded_by": "client:mtqg-0f3a5c7e9b1d2f46",
    "posted_by": "client:mtqg-0f3a5c7e9b1d2f46", "reason": "", "illustrative": False,
}  # fmt: skip
REJECTED: Final[Json] = ENTRY | {
    "status": "rejected", "recorded_at": None, "posted_by": None, "reason": "Thiếu biên bản nghiệm thu",
}  # fmt: skip
REJECTION: Final[Json] = {"reason": "Thiếu biên bản nghiệm thu"}
BATCH: Final[Json] = {"entries": [NEW_ENTRY]}
ENTRIES: Final[Json] = {"entries": [ENTRY]}
DISBURSEMENT: Final[Json] = {
    "id": _ENTRY_ID, "budget_line_id": _LINE_ID, "kind": "pay", "amount": 200_000_000,
    "effective_date": "2023-03-01", "document": DOCUMENT, "memo": "Thanh toán đợt 1", "contract_id": None,
    "reverses_id": None, "recorded_at": _MOMENT, "unit_code": "20770", "unit_structure": "legacy",
    "program_code": "GNBV", "project_code": "GNBV.2", "source": "central", "capital_kind": "recurrent",
    "year": 2023, "work_id": None,
}  # fmt: skip

EXTENSION: Final[Json] = {
    "id": _OTHER_ID, "unit_code": "20770", "unit_structure": "legacy", "project_code": None, "source": None,
    "capital_kind": "recurrent", "year": 2023, "last_day": "2024-12-31", "document": DECISION,
    "created_by": "lanhdao", "created_at": _MOMENT,
}  # fmt: skip
PERIOD: Final[Json] = {
    "id": _OTHER_ID, "unit_code": "20770", "unit_structure": "legacy", "year": 2023, "month": 3,
    "closed_by": "ketoan", "closed_at": _MOMENT, "opened_by": None, "opened_at": None, "reason": "",
}  # fmt: skip

NEW_WORK: Final[Json] = {
    "id": _WORK_ID, "code": "CT-2023-01", "name": "Đường bê tông thôn Trà Huỳnh", "project_code": "DTTS.4.1",
    "owner_unit_code": "20770@legacy", "total_investment": 1_000_000_000, "procedure": "special",
    "location": "Thôn Trà Huỳnh", "hamlets": ["20770.02"],
}  # fmt: skip
MISSING: Final[Json] = {
    "rule": "step", "name": "Thẩm định", "step_code": "appraisal", "documents": ["appraisal_report"],
}  # fmt: skip
WORK_CHANGE: Final[Json] = {"physical_percent": 60, "started_on": "2023-03-15"}
WORK_WHOLE: Final[Json] = NEW_WORK | {
    "owner_unit_code": "20770", "owner_structure": "legacy", "stage": "preparation", "physical_percent": 0,
    "lat": 15.5269, "lon": 108.0291, "path": [[108.0262, 15.5279], [108.0328, 15.5243]], "scale": "",
    "responsible": "", "decision_number": "", "decision_date": None,
    "planned_start": None, "planned_finish": None, "started_on": None, "finished_on": None,
    "contracted": 800_000_000, "allocated": 500_000_000, "available": 300_000_000, "disbursed": 200_000_000,
    "missing": [MISSING], "reasons": [], "updated_at": _MOMENT, "illustrative": False,
    "readiness": [{"stage": "construction", "missing": [MISSING]}], "overrides": [],
}  # fmt: skip
WORK: Final[Json] = {k: v for k, v in WORK_WHOLE.items() if k not in ("hamlets", "readiness", "overrides")}

NEW_CONTRACT: Final[Json] = {
    "id": _CONTRACT_ID, "code": "05/2023/HĐ-XD", "contractor": "Tổ thợ thôn Trà Sơn", "value": 800_000_000,
    "advance_limit": 0.3, "signed_on": "2023-02-01", "package": "Gói thầu số 01: xây lắp",
    "selection": "Chọn tổ thợ địa phương", "starts_on": "2023-02-15", "ends_on": "2023-12-31",
    "guarantee": "01/BL", "guarantee_amount": 16_000_000, "guarantee_until": "2024-01-31",
}  # fmt: skip
CONTRACT_CHANGE: Final[Json] = {"amendments": [{"value": 50_000_000, "signed_on": "2023-06-01"}]}
CONTRACT: Final[Json] = NEW_CONTRACT | CONTRACT_CHANGE | {
    "work_id": _WORK_ID, "advance_permit": "", "value_with_amendments": 850_000_000,
    "advance_ceiling": 255_000_000, "advanced": 0, "paid": 200_000_000, "disbursed": 200_000_000,
    "accepted": 300_000_000, "asked": 200_000_000, "recovery_threshold": 680_000_000, "recovery_due": 0,
    "updated_at": _MOMENT, "illustrative": False,
}  # fmt: skip
_ACCEPTANCE_ID: Final = "01890a5d-ac96-774b-bcce-b302099a8081"
NEW_ACCEPTANCE: Final[Json] = {
    "id": _ACCEPTANCE_ID, "accepted_on": "2023-02-25", "value": 200_000_000, "note": "Nền và móng",
}  # fmt: skip
ACCEPTANCE_CHANGE: Final[Json] = {"value": 210_000_000}
ACCEPTANCE: Final[Json] = NEW_ACCEPTANCE | {
    "contract_id": _CONTRACT_ID, "round": 1, "dossiers": [1], "updated_at": _MOMENT, "illustrative": False,
}  # fmt: skip
NEW_DOSSIER: Final[Json] = {
    "id": "01890a5d-ac96-774b-bcce-b302099a8082", "kind": "payment", "amount": 200_000_000, "recovered": 0,
    "acceptance_id": _ACCEPTANCE_ID, "note": "",
}  # fmt: skip
DOSSIER_CHANGE: Final[Json] = {"amount": 190_000_000}
DOSSIER: Final[Json] = NEW_DOSSIER | {
    "contract_id": _CONTRACT_ID, "round": 1, "state": "prepared", "submitted_on": None, "returned_reason": "",
    "entry_id": None, "entry_reversed": False, "missing": [{"kind": "invoice", "name": "Hóa đơn"}],
    "updated_at": _MOMENT, "illustrative": False,
}  # fmt: skip
DOSSIER_SENT: Final[Json] = DOSSIER | {"state": "submitted", "submitted_on": "2023-02-27", "missing": []}
DOSSIER_RETURN: Final[Json] = {"reason": "Thiếu chữ ký giám sát"}
DOSSIER_RETURNED: Final[Json] = DOSSIER_SENT | {
    "state": "returned", "returned_reason": DOSSIER_RETURN["reason"],
}  # fmt: skip
DOSSIER_PAID: Final[Json] = DOSSIER_SENT | {"state": "paid", "entry_id": _ENTRY_ID}
NEW_SETTLEMENT: Final[Json] = {
    "id": "01890a5d-ac96-774b-bcce-b302099a8083", "submitted_on": "2023-06-28", "proposed_value": 402_000_000,
    "note": "",
}  # fmt: skip
DECISION_OF_SETTLEMENT: Final[Json] = {
    "settled_value": 400_000_000, "decided_on": "2023-07-25", "decision_number": "46/QĐ-UBND",
    "decision_issuer": "UBND xã Sông Trà",
}  # fmt: skip
SETTLEMENT_CHANGE: Final[Json] = {"proposed_value": 401_000_000}
SETTLEMENT: Final[Json] = NEW_SETTLEMENT | {
    "work_id": _WORK_ID, "settled_value": None, "decided_on": None, "decision_number": "", "decision_issuer": "",
    "disbursed": 395_000_000, "advanced": 0, "to_pay": 7_000_000, "to_recover": 0, "updated_at": _MOMENT,
    "illustrative": False,
}  # fmt: skip
SETTLED: Final[Json] = SETTLEMENT | DECISION_OF_SETTLEMENT | {"to_pay": 5_000_000}

_FIGURES: Final[Json] = {
    "plan": 1_000_000_000, "carried_in": 0, "carried_out": 0, "lapsed": 0, "disbursed": 500_000_000,
    "advanced": 0, "paid": 500_000_000, "settled": 0, "available": 500_000_000, "rate": 0.5,
}  # fmt: skip
REPORT: Final[Json] = {
    "unit": "20770", "unit_structure": "legacy", "unit_name": "Xã Sông Trà", "year": 2023,
    "as_of": "2023-12-31", "known_at": _MOMENT,
    "rows": [
        {
            "program_code": "GNBV", "project_code": "GNBV.2", "source": "central", "capital_kind": "recurrent",
            **_FIGURES,
        }
    ],
    "total": _FIGURES,
}  # fmt: skip
WORKS_MAP: Final[Json] = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature", "id": _WORK_ID,
            "geometry": {"type": "LineString", "coordinates": WORK["path"]},
            "properties": {
                "kind": "work", "code": WORK["code"], "name": WORK["name"], "stage": "preparation", "late": False,
                "project_code": "DTTS.4.1", "owner_unit_code": "20770", "owner_structure": "legacy",
                "location": WORK["location"], "illustrative": False,
            },
        },
        {
            "type": "Feature", "id": "20770.02@legacy",
            "geometry": {"type": "Point", "coordinates": [108.0252, 15.5282]},
            "properties": {
                "kind": "hamlet", "code": "20770.02", "structure": "legacy", "name": "Thôn Trà Huỳnh",
                "illustrative": True,
            },
        },
    ],
    "left_out": 0,
}  # fmt: skip

_DOCUMENT_ID: Final = "01890a5d-ac96-774b-bcce-b302099a80a0"
_SHA256: Final = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
DOCUMENT_KIND: Final[Json] = {
    "code": "approval_decision", "name": "Quyết định phê duyệt", "name_en": "Decision of approval",
}  # fmt: skip
ATTACHMENT: Final[Json] = {"kind": "work", "id": _WORK_ID}
NEW_UPLOAD: Final[Json] = {
    "id": "01890a5d-ac96-774b-bcce-b302099a80b0", "name": "quyet-dinh.pdf", "size": 1_048_576,
}  # fmt: skip
UPLOAD: Final[Json] = NEW_UPLOAD | {"offset": 524_288}
NEW_DOCUMENT: Final[Json] = {
    "id": _DOCUMENT_ID, "number": "15/QĐ-UBND", "date": "2023-02-20", "issuer": "UBND xã Sông Trà",
    "kind": "approval_decision", "summary": "Phê duyệt hồ sơ xây dựng đường bê tông thôn Trà Huỳnh",
    "uploads": [UPLOAD["id"]], "attach_to": ATTACHMENT,
}  # fmt: skip
DOCUMENT_CHANGE: Final[Json] = {"number": "15a/QĐ-UBND"}
DOCUMENT_WHOLE: Final[Json] = {k: v for k, v in NEW_DOCUMENT.items() if k not in ("uploads", "attach_to")} | {
    "unit_code": "20770", "unit_structure": "legacy", "personal": False,
    "files": [
        {
            "name": "quyet-dinh.pdf", "size": 1_048_576, "sha256": _SHA256, "media_type": "application/pdf",
            "taken_at": None, "lat": None, "lon": None,
        }
    ],
    "attached_to": [ATTACHMENT], "updated_at": _MOMENT, "illustrative": False,
}  # fmt: skip

_HOUSEHOLD_ID: Final = "01890a5d-ac96-774b-bcce-b302099a80c0"
CLEARANCE: Final[Json] = {
    "work_id": _WORK_ID, "plan_amount": 150_000_000, "households": 7, "handed_over": 4, "area_m2": 1250.5,
    "due": 142_000_000, "paid": 55_600_000, "unpaid": 86_400_000, "note": "", "updated_at": _MOMENT,
}  # fmt: skip
CLEARANCE_CHANGE: Final[Json] = {"plan_amount": 150_000_000}
NEW_HOUSEHOLD: Final[Json] = {
    "id": _HOUSEHOLD_ID, "code": "H01", "head_name": "Nguyễn Văn An", "hamlet_code": "20770.02",
    "parcels": "Thửa 12, tờ bản đồ 5", "area_m2": 125.5, "assets": "15 cây keo", "form": "money",
    "compensation_due": 18_500_000,
}  # fmt: skip
HOUSEHOLD_CHANGE: Final[Json] = {"handed_over_on": "2023-08-15"}
NEW_PAYMENT: Final[Json] = {"entry_id": _ENTRY_ID, "amount": 18_500_000}
HOUSEHOLD: Final[Json] = NEW_HOUSEHOLD | {
    "work_id": _WORK_ID, "head_name": "N*** V*** A***", "paid": 18_500_000, "handed_over_on": None, "note": "",
    "payments": [NEW_PAYMENT | {"document_number": "0147/UNC", "paid_on": "2023-03-01", "reversed": False}],
    "updated_at": _MOMENT, "illustrative": False,
}  # fmt: skip

STEP: Final[Json] = {
    "id": "01890a5d-ac96-774b-bcce-b302099a80d0", "work_id": _WORK_ID, "track": "main", "position": 4,
    "code": "appraisal", "name": "Thẩm định", "name_en": "Appraisal", "gate": "construction",
    "after": ["community"], "status": "done", "due_on": None, "done_on": "2023-02-15",
    "required_documents": ["appraisal_report"], "documents": [_DOCUMENT_ID], "prepares": "Tổ thẩm định xã",
    "approves": "", "days": None, "reason": "", "updated_at": _MOMENT,
}  # fmt: skip
STEP_CHANGE: Final[Json] = {"status": "done", "done_on": "2023-02-15", "documents": [_DOCUMENT_ID]}

_REPORT_ID: Final = "01890a5d-ac96-774b-bcce-b302099a80e0"
NEW_PROGRESS: Final[Json] = {
    "id": _REPORT_ID, "reported_on": "2023-09-10", "physical_percent": 62, "accepted_value": 380_000_000,
    "note": "Đã đổ bê tông 700 m kênh", "lat": 15.5287, "lon": 108.0263, "uploads": [UPLOAD["id"]],
}  # fmt: skip
PROGRESS: Final[Json] = {k: v for k, v in NEW_PROGRESS.items() if k != "uploads"} | {
    "work_id": _WORK_ID, "documents": [_DOCUMENT_ID],
    "photos": [
        {
            "document_id": _DOCUMENT_ID, "name": "hiện trường.jpg", "sha256": _SHA256, "media_type": "image/jpeg",
            "taken_at": "2023-09-10T02:30:00Z", "lat": 15.5287, "lon": 108.0263,
        }
    ],
    "reported_by": "congchuc", "updated_at": _MOMENT, "illustrative": False,
}  # fmt: skip
PROGRESS_CHANGE: Final[Json] = {"physical_percent": 60, "note": "Đo lại khối lượng tại hiện trường"}
MILESTONES: Final[Json] = {
    "milestones": [
        {"planned_on": "2023-06-30", "percent": 45}, {"planned_on": "2023-11-30", "percent": 100},
    ]
}  # fmt: skip
PACE: Final[Json] = {
    "as_of": "2023-09-14", "planned_percent": 73, "physical_percent": 62, "money_percent": 0.4688,
    "slippage_points": 11, "slippage_days": 30, "held_by_step_code": "building", "forecast_on": "2024-02-28",
}  # fmt: skip

_STEPS: Final[list[Json]] = [
    {
        "code": "list", "name": "Danh mục công trình", "name_en": "List of works", "gate": "construction",
        "after": [], "required_documents": ["works_list"], "prepares": "Ban quản lý xã",
        "approves": "Hội đồng nhân dân", "days": None, "source": "Nghị định 27/2022/NĐ-CP", "certainty": "sure",
    },
    {
        "code": "dossier", "name": "Hồ sơ xây dựng công trình đơn giản", "name_en": "Dossier of a simple work",
        "gate": "construction", "after": ["list"], "required_documents": ["simple_dossier"],
        "prepares": "Ban quản lý xã", "approves": "", "days": None, "source": "Nghị định 27/2022/NĐ-CP",
        "certainty": "sure",
    },
]  # fmt: skip
NEW_PROCEDURE: Final[Json] = {
    "code": "special", "number": 2, "name": "Cơ chế đặc thù", "name_en": "Special mechanism",
    "valid_from": "2024-01-01", "valid_to": None, "source": "Nghị định 27/2022/NĐ-CP", "certainty": "sure",
    "steps": _STEPS,
}  # fmt: skip
PROCEDURE_WHOLE: Final[Json] = NEW_PROCEDURE | {"created_at": _MOMENT, "created_by": "quantri"}
PROCEDURE: Final[Json] = {k: v for k, v in PROCEDURE_WHOLE.items() if k != "steps"}

NEW_OBSTACLE: Final[Json] = {
    "id": "01890a5d-ac96-774b-bcce-b302099a80e0", "subject": {"kind": "work", "id": _WORK_ID}, "kind": "land",
    "text": "Ba hộ chưa thống nhất giá cây cối", "resolver": "Phòng Tài nguyên và Môi trường huyện",
    "raised_on": "2023-08-12",
}  # fmt: skip
OBSTACLE_CHANGE: Final[Json] = {"resolver": "UBND huyện Hiệp Đức"}
ESCALATION: Final[Json] = {
    "text": "Đề nghị huyện hướng dẫn áp giá cây keo, cây mít", "to": "512@legacy", "escalated_on": "2023-08-25",
}  # fmt: skip
OBSTACLE_ANSWER: Final[Json] = {"text": "Áp giá theo bảng giá của tỉnh", "answered_on": "2023-09-05"}
RESOLUTION: Final[Json] = {"text": "Ba hộ đã ký biên bản", "resolved_on": "2023-09-12"}
REOPENING: Final[Json] = {"reason": "Một hộ rút lại ý kiến"}
_RAISED: Final[Json] = {
    "what": "raised", "text": NEW_OBSTACLE["text"], "on": "2023-08-12", "at": _MOMENT, "by": "congchuc",
    "unit_code": "20770", "to_unit_code": None,
}  # fmt: skip
_ASKED: Final[Json] = _RAISED | {
    "what": "escalated", "text": ESCALATION["text"], "on": "2023-08-25", "to_unit_code": "512",
}  # fmt: skip
OBSTACLE: Final[Json] = NEW_OBSTACLE | {
    "unit_code": "20770", "unit_structure": "legacy", "work_id": _WORK_ID, "state": "escalated", "age_days": 33,
    "money_held": 300_000_000, "escalated_to": "512", "escalated_to_structure": "legacy",
    "escalated_on": "2023-08-25", "answered_on": None, "resolved_on": None, "observation_id": None,
    "updated_at": _MOMENT, "illustrative": False,
}  # fmt: skip
OBSTACLE_WHOLE: Final[Json] = OBSTACLE | {"events": [_RAISED, _ASKED]}
_UNASKED: Final[Json] = {"escalated_to": None, "escalated_to_structure": None, "escalated_on": None}
OBSTACLE_RAISED: Final[Json] = OBSTACLE | _UNASKED | {"state": "open", "events": [_RAISED]}
_ANSWERED: Final[Json] = _RAISED | {
    "what": "answered", "text": OBSTACLE_ANSWER["text"], "on": "2023-09-05", "by": "huyen", "unit_code": "512",
}  # fmt: skip
OBSTACLE_ANSWERED: Final[Json] = OBSTACLE | {
    "answered_on": "2023-09-05", "events": [_RAISED, _ASKED, _ANSWERED],
}  # fmt: skip
_RESOLVED: Final[Json] = _RAISED | {"what": "resolved", "text": RESOLUTION["text"], "on": "2023-09-12"}
OBSTACLE_RESOLVED: Final[Json] = OBSTACLE_ANSWERED | {
    "state": "resolved", "resolved_on": "2023-09-12", "age_days": 31, "money_held": 0,
    "events": [_RAISED, _ASKED, _ANSWERED, _RESOLVED],
}  # fmt: skip
_REOPENED: Final[Json] = _RAISED | {"what": "reopened", "text": REOPENING["reason"], "on": "2023-09-14"}
OBSTACLE_REOPENED: Final[Json] = OBSTACLE_RAISED | {
    "events": [_RAISED, _ASKED, _ANSWERED, _RESOLVED, _REOPENED],
}  # fmt: skip
