"""Codes of the books in the words of their readers, as message ids."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from app.i18n import N_

CAPITAL_KINDS: Final = {"investment": N_("Vốn đầu tư phát triển"), "recurrent": N_("Kinh phí sự nghiệp")}
CAPITAL_SHORT: Final = {"investment": N_("đầu tư"), "recurrent": N_("sự nghiệp")}
LEVELS: Final = {
    "nation": N_("Cả nước"),
    "province": N_("Cấp tỉnh"),
    "district": N_("Cấp huyện"),
    "commune": N_("Cấp xã"),
    "hamlet": N_("Thôn"),
}
STRUCTURES: Final = {
    "legacy": N_("Mô hình ba cấp, đến 30/06/2025"),
    "2025": N_("Mô hình hai cấp, từ 01/07/2025"),
}
ENTRY_KINDS: Final = {
    "allocate": N_("Giao vốn, bổ sung"),
    "withdraw": N_("Điều chỉnh giảm, thu hồi"),
    "carry_over": N_("Kéo dài, chuyển nguồn"),
    "lapse": N_("Hủy dự toán"),
    "advance": N_("Tạm ứng"),
    "recover": N_("Thu hồi tạm ứng"),
    "pay": N_("Thanh toán KLHT"),
    "refund": N_("Nộp trả, giảm thanh toán"),
    "settle": N_("Quyết toán"),
    "reversal": N_("Bút toán đảo"),
}
POCKETS: Final[Mapping[str | None, str]] = {
    None: N_("ngoài dòng vốn"),
    "available": N_("còn lại"),
    "advanced": N_("tạm ứng chưa thu hồi"),
    "paid": N_("đã thanh toán"),
    "settled": N_("đã quyết toán"),
}
STAGES: Final = {
    "preparation": N_("Chuẩn bị"),
    "construction": N_("Thi công"),
    "completed": N_("Hoàn thành"),
    "handed_over": N_("Đã bàn giao"),
    "settled": N_("Đã quyết toán"),
    "suspended": N_("Tạm dừng"),
    "cancelled": N_("Đã hủy"),
}
PROCEDURES: Final = {
    "ordinary": N_("Báo cáo kinh tế - kỹ thuật"),
    "special": N_("Cơ chế đặc thù"),
}
STATUSES: Final = {
    "posted": N_("Đã ghi sổ"),
    "proposed": N_("Chờ duyệt"),
    "rejected": N_("Bị trả lại"),
    "cancelled": N_("Đã rút"),
}
QUESTIONS: Final = {
    "unready": N_("Chưa đủ điều kiện khởi công"),
    "behind": N_("Chậm so với kế hoạch"),
    "uncontracted": N_("Có vốn, chưa có hợp đồng"),
    "unsettled": N_("Xong, chưa quyết toán"),
}
STEP_STATES: Final = {
    "open": N_("Chưa xong"),
    "done": N_("Đã xong"),
    "waived": N_("Không áp dụng"),
}
OBSTACLE_KINDS: Final = {
    "land": N_("Mặt bằng"),
    "money": N_("Vốn"),
    "dossier": N_("Hồ sơ, thủ tục"),
    "contractor": N_("Nhà thầu"),
    "weather": N_("Thời tiết, thiên tai"),
    "people": N_("Người dân"),
    "other": N_("Khác"),
}
OBSTACLE_STATES: Final = {
    "open": N_("Chưa giải quyết"),
    "escalated": N_("Đã chuyển cấp trên"),
    "resolved": N_("Đã giải quyết"),
}
# Why a criterion that is met may slip; `codes` are the indicators that give the reason.
CRITERION_RISKS: Final = {
    "disputed": N_("cơ quan thẩm tra không đồng ý {codes}"),
    "threshold": N_("chưa tới ngưỡng mới {codes}"),
    "falling": N_("giảm so với lần trước {codes}"),
    "not_reviewed": N_("năm nay chưa đánh giá lại {codes}"),
}
RECOGNITIONS: Final = {
    "commune": N_("Xã đạt chuẩn nông thôn mới"),
    "advanced_commune": N_("Xã nông thôn mới nâng cao"),
    "model_hamlet": N_("Thôn nông thôn mới kiểu mẫu"),
}
TARGET_STATES: Final = {
    "open": N_("Đang thực hiện"),
    "overdue": N_("Quá hạn"),
    "reached": N_("Đã đạt"),
    "dropped": N_("Đã bỏ"),
}
TARGET_LAGS: Final = {
    "overdue": N_("quá hạn {figure:number} ngày"),
    "lost": N_("đã từng đạt, nay không còn đạt"),
    "no_tasks": N_("chưa có lộ trình"),
    "nobody": N_("chưa ai phụ trách"),
}
TASK_OFF_TRACK: Final = {
    "overdue": N_("quá hạn {figure:number} ngày"),
    "work_late": N_("công trình chậm {figure:number} ngày"),
    "work_held": N_("công trình có {figure:number} vướng mắc"),
    "money_at_risk": N_("vốn có nguy cơ mất {figure:money}"),
}
TASK_KINDS: Final = {
    "target": N_("Chỉ tiêu"),
    "task": N_("Nhiệm vụ"),
    "solution": N_("Giải pháp"),
}
PLAN_KINDS: Final = {
    "year": N_("Kế hoạch năm"),
    "period": N_("Kế hoạch giai đoạn"),
    "model_hamlet": N_("Thôn nông thôn mới kiểu mẫu"),
}
PLAN_STATES: Final = {
    "draft": N_("Dự thảo"),
    "submitted": N_("Chờ thẩm định"),
    "appraised": N_("Chờ phê duyệt"),
    "approved": N_("Đã phê duyệt"),
    "recognised": N_("Đã công nhận"),
    "returned": N_("Bị trả lại để sửa"),
}
SUPPORT_STATES: Final = {
    "draft": N_("Dự thảo"),
    "submitted": N_("Chờ thẩm định"),
    "appraised": N_("Chờ phê duyệt"),
    "approved": N_("Đã phê duyệt, chưa triển khai"),
    "returned": N_("Bị trả lại để sửa"),
    "running": N_("Đang triển khai"),
    "evaluated": N_("Đã đánh giá"),
    "closed": N_("Đã kết thúc"),
}
ROLES: Final = {
    "administrator": N_("Quản trị"),
    "officer": N_("Công chức"),
    "accountant": N_("Kế toán"),
    "leader": N_("Lãnh đạo"),
    "reviewer": N_("Thẩm định"),
    "inspector": N_("Kiểm tra"),
    "supervisor": N_("Giám sát"),
}
