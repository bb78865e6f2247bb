"""The record of views of personal data as a table: who, when, of what, how many persons, why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.domain.personal_history import ViewOfPeople
from app.i18n import N_, Message
from app.reports.lines import Filters
from app.reports.table import Cell, Column, Row, Table, Tag

SUBJECTS = {
    "site_clearance": N_("Các hộ của công trình"),
    "clearance_household": N_("Một hộ"),
    "document": N_("Tệp của văn bản"),
    "work": N_("Hồ sơ công trình"),
    "households": N_("Các hộ của đơn vị"),
    "household": N_("Một hộ trong sổ hộ"),
    "support_model": N_("Các hộ của mô hình"),
}
PURPOSES = {
    "page": N_("Xem trên trang"),
    "export": N_("Tải tệp về"),
    "api": N_("Phần mềm kết nối đọc"),
    "document.file": N_("Mở tệp của văn bản"),
    "identity": N_("Xem số giấy tờ, điện thoại"),
    "subject_request": N_("Đưa cho chính hộ đó"),
}


def views_table(
    found: Sequence[ViewOfPeople], people: Mapping[str, str], *, as_file: bool, filters: Filters
) -> Table:
    """Views of personal data, newest first; `people` are full names by username. A file tells the rest besides."""
    more = [
        Column("about", N_("Mã, số"), width=26),
        Column("unit", N_("Đơn vị"), width=24),
        Column("request", N_("Mã trang"), width=20),
    ]
    return Table(
        title=N_("Nhật ký xem dữ liệu cá nhân"),
        columns=[
            Column("who", N_("Người xem"), width=34),
            Column("at", N_("Lúc"), width=18),
            Column("what", N_("Xem gì"), width=26),
            Column("people", N_("Số người được nêu tên"), "number"),
            Column("why", N_("Cách xem"), width=24),
            *(more if as_file else []),
        ],
        rows=[_row(view, people) for view in found],
        filters=filters,
        name="nhat-ky-xem-du-lieu-ca-nhan",
    )


def _row(view: ViewOfPeople, people: Mapping[str, str]) -> Row:
    subject = Message(SUBJECTS.get(view.subject_kind, view.subject_kind))
    return Row(
        {
            "who": Cell(people.get(view.actor, view.actor), sub=view.actor if view.actor in people else None),
            "at": Message("{at:moment}", {"at": view.at}),
            "what": Cell(subject, _href(view), view.about or None),
            "people": Cell(view.people, tag=Tag("plain", N_("tên đã che")) if view.masked else None),
            "why": Message(PURPOSES.get(view.purpose, view.purpose)),
            "about": view.about,
            "unit": view.unit_name,
            "request": view.request_id,
        }
    )


def _href(view: ViewOfPeople) -> str | None:
    if not view.about:
        return None
    places = {
        "site_clearance": f"/works/{view.work_id}/clearance",
        "clearance_household": f"/works/{view.work_id}/clearance/households/{view.subject_id}",
        "document": f"/documents/{view.subject_id}",
        "work": f"/works/{view.work_id}",
        "household": f"/households/{view.subject_id}",
        "households": f"/households?unit={view.subject_id}",
    }
    return places.get(view.subject_kind)
