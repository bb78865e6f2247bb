"""Households as tables on pages and as the file that can be sent back changed; their years and history as timelines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from app.domain.households import EventView, Flow, HouseholdView
from app.domain.households.flow import FROM, JOINED, LEFT, TO, WAITING
from app.domain.households.rows import COLUMNS, OF_STATUS, STATUS_NAMES, said_members
from app.domain.households.views import ESCAPED, MERGED_REASON, NEAR_POOR, OTHER, POOR
from app.domain.sealed import SEALED
from app.i18n import N_, Message, format_date, translate
from app.reports.lines import Filters
from app.reports.table import Cell, Column, Row, Table, Tag, TagKind

_TAGS: Final[Mapping[str, TagKind]] = {POOR: "late", NEAR_POOR: "risk", ESCAPED: "done", OTHER: "plain"}
UNCLASSED: Final = N_("chưa xếp diện")
# Short enough to stand beside a bar of the picture.
SHORT: Final[Mapping[str, str]] = {
    POOR: N_("nghèo"),
    NEAR_POOR: N_("cận nghèo"),
    ESCAPED: N_("mới thoát"),
    OTHER: N_("diện khác"),
    JOINED: N_("chưa có diện"),
    LEFT: N_("rời xã"),
    WAITING: N_("chưa rà soát"),
}
_EVENTS: Final = {
    "merged": N_("Gộp vào hộ {other}"),
    "took_over": N_("Nhận hộ {other} gộp vào"),
    "left": N_("Rời xã: {reason}"),
    "returned": N_("Trở lại xã"),
    "status": N_("Diện năm {year} sửa từ {before} thành {after}"),
    "erased": N_("Xóa số giấy tờ, điện thoại theo thời hạn lưu"),
}
_WIDTHS: Final = {
    "code": 12, "head_name": 28, "ethnicity": 14, "hamlet_code": 22, "members": 46, "identity_number": 16, "phone": 14,
    "status": 20, "decision_number": 22, "decision_issuer": 26, "note": 30,
}  # fmt: skip
# A column that the file adds for its reader; the import does not look at it.
_LEFT_ON: Final = Column("left_on", N_("Ngày rời xã"), "date")


def href(household: HouseholdView) -> str:
    return f"/households/{household.id}"


def named(household: HouseholdView) -> str:
    return f"{household.code} · {household.head_name}"


def status_tag(status: str | None) -> Tag:
    """What a household counts as, in words and with a shape."""
    return Tag("", UNCLASSED) if status is None else Tag(_TAGS[status], STATUS_NAMES[status])


def _status(household: HouseholdView, year: int) -> str | None:
    found = household.status_in(year)
    return found.status if found else None


def gone_tag(household: HouseholdView) -> Tag | None:
    """That a household left, or lives on in another."""
    if household.merged_into_id is not None:
        return Tag("plain", MERGED_REASON)
    if household.left_on is not None:
        return Tag("plain", Message(N_("rời xã {day:date}"), {"day": household.left_on}))
    return None


def households_table(
    found: Sequence[HouseholdView], year: int, *, filters: Filters, name: str, show_unit: bool = False
) -> Table:
    """Households as the page shows them: what they count as in a year and in the year before."""
    return Table(
        title=Message(N_("Các hộ, diện năm {year}"), {"year": year}),
        columns=[
            Column("name", N_("Hộ")),
            Column("born", N_("Năm sinh")),
            Column("before", Message(N_("Diện {year}"), {"year": year - 1}), "tag"),
            Column("status", Message(N_("Diện {year}"), {"year": year}), "tag"),
        ],
        rows=[_row(h, year, show_unit) for h in found],
        filters=filters,
        name=name,
    )


def _row(h: HouseholdView, year: int, show_unit: bool) -> Row:
    about = " · ".join(
        part for part in (h.hamlet_name, h.ethnicity, h.unit_name if show_unit else "") if part
    )
    return Row(
        {
            "name": Cell(named(h), href(h), about or None, gone_tag(h)),
            "born": str(h.birth_year or ""),
            "before": status_tag(_status(h, year - 1)),
            "status": status_tag(_status(h, year)),
        }
    )


def _columns(keys: Sequence[str]) -> list[Column]:
    days = ("decision_date", "joined_on")
    return [
        Column(key, COLUMNS[key], "date" if key in days else "text", width=_WIDTHS.get(key)) for key in keys
    ]


def file_table(found: Sequence[HouseholdView], year: int, *, filters: Filters, name: str) -> Table:
    """Households as a file: the columns that an import reads, but for what is sealed."""
    keys = [key for key in COLUMNS if key not in SEALED]
    return Table(
        title=Message(N_("Các hộ, diện năm {year}"), {"year": year}),
        columns=[*_columns(keys), _LEFT_ON],
        rows=[_file_row(h, year) for h in found],
        filters=filters,
        name=name,
    )


def _file_row(h: HouseholdView, year: int) -> Row:
    status = h.status_in(year)
    decision = status.decision if status else None
    of_status: dict[str, Any] = dict.fromkeys(OF_STATUS)
    if status is not None:
        of_status |= {"year": str(year), "status": Message(STATUS_NAMES[status.status])}
    if decision is not None:
        of_status |= {
            "decision_number": decision.number, "decision_date": decision.date, "decision_issuer": decision.issuer,
        }  # fmt: skip
    return Row(
        {
            "code": h.code, "head_name": h.head_name, "birth_year": str(h.birth_year or ""),
            "ethnicity": h.ethnicity, "hamlet_code": h.hamlet_name, "members": said_members(h.members),
            "joined_on": h.joined_on, "note": h.note, "left_on": h.left_on, **of_status,
        }
    )  # fmt: skip


def template_table(unit_code: str) -> Table:
    """The empty table that an import reads."""
    return Table(title=N_("Các hộ"), columns=_columns(list(COLUMNS)), rows=[], name=f"mau-ho-{unit_code}")


def years(household: HouseholdView, lang: str) -> list[dict[str, str]]:
    """What a household counted as, year by year, the latest first: items of `ui.steps`."""
    states = {POOR: "bad", NEAR_POOR: "now", ESCAPED: "ok", OTHER: "ok"}
    items = []
    for status in reversed(household.statuses):
        decision = status.decision
        note = (
            translate(
                lang, N_("{number} ngày {day:date}, {issuer}"), number=decision.number, day=decision.date,
                issuer=decision.issuer,
            )
            if decision
            else translate(lang, N_("chưa ghi quyết định"))
        )  # fmt: skip
        said = translate(lang, STATUS_NAMES[status.status])
        items.append({"name": f"{status.year}: {said}", "state": states[status.status], "note": note})
    return items


def history(events: Sequence[EventView], lang: str) -> list[dict[str, str]]:
    """What happened to a household, the latest first: items of `ui.steps`."""
    return [
        {
            "name": translate(
                lang, _EVENTS[e.what], other=e.other_code, reason=translate(lang, e.reason), year=e.year,
                before=translate(lang, STATUS_NAMES.get(e.from_status, "")),
                after=translate(lang, STATUS_NAMES.get(e.to_status, "")),
            ),
            "state": "ok", "when": format_date(e.at, lang), "note": e.by,
        }
        for e in reversed(events)
    ]  # fmt: skip


# --- the flow ------------------------------------------------------------------------------------------


def matrix_table(flow: Flow) -> Table:
    """All moves of a unit: what households were, by what they are."""
    return Table(
        title=Message(
            N_("Diện năm {before} (hàng) và năm {year} (cột)"), {"before": flow.year - 1, "year": flow.year}
        ),
        columns=[
            Column("name", Message(N_("Diện {year}"), {"year": flow.year - 1})),
            *(Column(after, SHORT[after], "number") for after in TO),
            Column("sum", N_("Cộng"), "number"),
        ],
        rows=[
            Row({"name": Message(SHORT[before]), **_cells(flow, before)})
            for before in FROM
            if flow.total.between(before)
        ],
        totals=Row({"name": Message(N_("Cộng")), **_cells(flow, None)}, "sum"),
        name=f"bien-dong-ho-{flow.unit.code}-{flow.year}",
    )


def _cells(flow: Flow, before: str | None) -> dict[str, int]:
    return {after: flow.total.between(before, after) for after in TO} | {"sum": flow.total.between(before)}


def places_table(flow: Flow, *, filters: Filters) -> Table:
    """The moves by hamlet or commune; each row adds up by itself."""
    by_hamlet = flow.unit.level in ("commune", "hamlet")
    return Table(
        title=Message(
            N_("Biến động diện hộ từ năm {before} sang năm {year}"),
            {"before": flow.year - 1, "year": flow.year},
        ),
        columns=[
            Column("name", N_("Thôn") if by_hamlet else N_("Xã"), width=24),
            Column("last", Message(N_("Có diện năm {year}"), {"year": flow.year - 1}), "number"),
            Column("joined", N_("Thêm"), "number"),
            Column("left", N_("Rời xã"), "number"),
            Column("waiting", N_("Chưa rà soát"), "number"),
            Column("this", Message(N_("Có diện năm {year}"), {"year": flow.year}), "number"),
            Column("rose", N_("Ra khỏi nghèo, cận nghèo"), "number"),
            Column("fell", N_("Thành nghèo, cận nghèo"), "number"),
        ],
        rows=[
            Row({"name": place.name or Message(N_("Không ghi thôn")), **_figures(place.moves)})
            for place in flow.places
        ],
        totals=Row({"name": Message(N_("Cộng")), **_figures(flow.total)}, "sum"),
        filters=filters,
        notes=[N_("Có diện năm trước = có diện năm nay + rời xã + chưa rà soát - thêm.")],
        name=f"bien-dong-ho-{flow.unit.code}-{flow.year}",
    )


def _figures(moves: Any) -> dict[str, int]:
    return {
        name: getattr(moves, name) for name in ("last", "joined", "left", "waiting", "this", "rose", "fell")
    }
