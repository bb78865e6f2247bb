"""The places of the product, named once: top bar, bottom bar and the page of all places read them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from app.domain.access import PERMISSIONS
from app.i18n import N_
from app.reports.labels import ROLES


@dataclass(frozen=True, slots=True)
class Place:
    """`key` is what a page gives as `place` to say that it belongs here."""

    key: str
    label: str
    href: str
    icon: str
    about: str


TODAY: Final = Place("today", N_("Hôm nay"), "/", "home", N_("Việc cần làm hôm nay, việc quá hạn"))
RECORD: Final = Place("record", N_("Ghi"), "/ledger/record", "plus", N_("Ghi thanh toán, tạm ứng, giao vốn"))
MORE: Final = Place("more", N_("Thêm"), "/more", "menu", N_("Mọi mục"))

DASHBOARD: Final = Place(
    "dashboard", N_("Tổng quan"), "/dashboard", "gauge", N_("Tiền và thời gian, nguy cơ mất")
)
LEDGER: Final = Place("ledger", N_("Nguồn vốn"), "/ledger", "purse", N_("Dòng vốn, sổ chi tiết, chứng từ"))
WORKS: Final = Place(
    "works", N_("Công trình"), "/works", "works", N_("Tiến độ, hợp đồng, tiền của từng công trình")
)

PLACES: Final = (
    TODAY,
    DASHBOARD,
    LEDGER,
    WORKS,
    Place(
        "criteria",
        N_("Tiêu chí"),
        "/criteria",
        "check",
        N_("Tiêu chí nông thôn mới: đạt, có nguy cơ, phải đạt"),
    ),
    Place(
        "programs", N_("Chương trình"), "/programs", "flag", N_("Chương trình, dự án và tiền của từng dự án")
    ),
    Place("reports", N_("Báo cáo"), "/reports", "page", N_("Biểu giải ngân; in, tải Excel, CSV")),
)
# Not in the top bar: found under the person's own menu, and on the page of all places.
ELSEWHERE: Final = (
    Place("inbox", N_("Hộp tin"), "/inbox", "bell", N_("Việc được giao, báo cáo, nhắc hạn gửi đến tôi")),
    Place(
        "directives",
        N_("Nhiệm vụ được giao"),
        "/directives",
        "check",
        N_("Kết luận kiểm tra, họp, văn bản chỉ đạo: ai làm, hạn nào, đến đâu; báo cáo, chấp nhận, gia hạn"),
    ),
    Place(
        "meetings",
        N_("Họp"),
        "/meetings",
        "clock",
        N_("Lịch họp hằng tháng của các ban, chương trình, biên bản, kết luận; tháng không họp"),
    ),
    Place(
        "obstacles",
        N_("Vướng mắc"),
        "/obstacles",
        "alert",
        N_("Việc gì đang vướng, giữ bao nhiêu tiền, ai giải quyết, chờ ai trả lời"),
    ),
    Place(
        "inspections",
        N_("Các cuộc kiểm tra"),
        "/inspections",
        "check",
        N_("Kế hoạch kiểm tra, nội dung, kết luận, yêu cầu; báo cáo của đơn vị được kiểm tra"),
    ),
    Place(
        "committees",
        N_("Ban chỉ đạo"),
        "/committees",
        "people",
        N_("Ban chỉ đạo, Ban quản lý: thành viên, ai phụ trách việc gì, việc chưa ai phụ trách"),
    ),
    Place(
        "agencies",
        N_("Cơ quan"),
        "/agencies",
        "flag",
        N_("Phòng, ban, Mặt trận, đoàn thể; cơ quan được giao phụ trách xã"),
    ),
    Place(
        "outreach",
        N_("Tuyên truyền"),
        "/outreach",
        "people",
        N_("Buổi tuyên truyền, vận động: ở thôn nào, bao nhiêu lượt người, về công trình, tiêu chí nào"),
    ),
    Place(
        "observations",
        N_("Giám sát cộng đồng"),
        "/observations",
        "alert",
        N_("Ý kiến của ban giám sát về công trình, mô hình: chờ trả lời, quá hạn, đã khép lại"),
    ),
    Place(
        "targets",
        N_("Chỉ tiêu"),
        "/targets",
        "flag",
        N_("Tiêu chí, danh hiệu phải đạt; lộ trình, việc nào chậm"),
    ),
    Place(
        "plans",
        N_("Các kế hoạch"),
        "/plans",
        "clock",
        N_("Kế hoạch giai đoạn, năm, thôn kiểu mẫu: lập, gửi, thẩm định, phê duyệt; kế hoạch và thực hiện"),
    ),
    Place(
        "households",
        N_("Hộ dân"),
        "/households",
        "people",
        N_("Sổ hộ theo thôn: diện từng năm, rà soát, biến động, hộ có thể trùng"),
    ),
    Place(
        "support",
        N_("Mô hình hỗ trợ"),
        "/support",
        "people",
        N_("Mô hình sinh kế, phát triển sản xuất: hộ, vốn, cấp phát, thăm hộ; ai được hỗ trợ gì, kết quả"),
    ),
    Place(
        "documents",
        N_("Văn bản"),
        "/documents",
        "clip",
        N_("Quyết định, biên bản, hợp đồng, ảnh; tìm và đính kèm"),
    ),
    Place("account", N_("Tài khoản"), "/account", "user", N_("Mật khẩu, các phiên đăng nhập của tôi")),
    Place("admin", N_("Quản trị"), "/admin", "edit", N_("Người dùng, phần mềm kết nối, nhật ký, tham số")),
)


def bottom(role: str) -> tuple[Place, ...]:
    """The five places of a phone's bar: recording in the middle for who records, else the dashboard."""
    middle = RECORD if role in PERMISSIONS["ledger.propose"] else DASHBOARD
    return (TODAY, LEDGER, middle, WORKS, MORE)


ROLE_NAMES: Final = ROLES
