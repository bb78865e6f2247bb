"""The places of the product, named once: top bar, bottom bar and the page of all places read them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from app.i18n import N_


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

PLACES: Final = (
    TODAY,
    Place(
        "dashboard", N_("Tổng quan"), "/dashboard", "gauge", N_("Tiền và thời gian, nguy cơ mất, tiêu chí")
    ),
    Place("ledger", N_("Nguồn vốn"), "/ledger", "purse", N_("Dòng vốn, sổ chi tiết, chứng từ")),
    Place("works", N_("Công trình"), "/works", "works", N_("Thủ tục, tiến độ, mặt bằng, còn thiếu gì")),
    Place("criteria", N_("Tiêu chí"), "/criteria", "check", N_("Nông thôn mới: đạt, chưa đạt, chỉ tiêu năm")),
    Place(
        "households", N_("Hộ và mô hình"), "/households", "people", N_("Hộ nghèo, cận nghèo, mô hình sinh kế")
    ),
    Place(
        "steering",
        N_("Điều hành"),
        "/steering",
        "flag",
        N_("Ban chỉ đạo, họp, nhiệm vụ, kiểm tra, vướng mắc"),
    ),
    Place("reports", N_("Báo cáo"), "/reports", "page", N_("Biểu giải ngân, tiêu chí; tải Excel, PDF")),
)
BOTTOM: Final = (TODAY, PLACES[2], RECORD, PLACES[3], MORE)

ROLE_NAMES: Final = {
    "administrator": N_("Quản trị"),
    "officer": N_("Công chức"),
    "accountant": N_("Kế toán"),
    "leader": N_("Lãnh đạo"),
    "reviewer": N_("Thẩm định"),
    "inspector": N_("Kiểm tra"),
    "supervisor": N_("Giám sát"),
}
