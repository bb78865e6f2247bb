"""Criteria of one unit and of many: tables, marks, tags and sentences in a reader's words."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final
from urllib.parse import urlencode

from app.domain.criteria.assessments import AssessmentView
from app.domain.criteria.brief import Brief
from app.domain.criteria.matrix import BY_COMMUNE, Matrix, MatrixRow
from app.domain.criteria.matrix import Cell as Count
from app.domain.criteria.scorecard import CriterionState, IndicatorState, Scorecard, State
from app.domain.criteria.views import IndicatorView
from app.i18n import N_, Message
from app.money import format_number
from app.reports.labels import CRITERION_RISKS
from app.reports.table import Cell, Column, Row, Table, Tag

Item = dict[str, Any]


def criterion_href(card: Scorecard, number: int) -> str:
    """The page of one criterion of a unit, on the day and by the set of the scorecard."""
    query = {"unit": card.unit.exact_code, "as_of": card.as_of.isoformat(), "set": card.head.code}
    return f"/criteria/{number}?{urlencode(query)}"


def mark_of(state: State, due_on: date | None, year: int) -> str:
    """How a criterion is drawn: `met`, `lost`, `goal` (a target of this year, or overdue), `unmet`."""
    if state == "targeted":
        return "goal" if due_on is not None and due_on.year <= year else "unmet"
    return state


def marks(card: Scorecard, lang: str) -> list[Item]:
    """Items of `ui.marks`."""
    return [
        {
            "number": one.criterion.number, "name": one.criterion.named(lang),
            "state": mark_of(one.state, one.due.due_on if one.due else None, card.as_of.year), "href": criterion_href(card, one.criterion.number),
        }
        for one in card.criteria
    ]  # fmt: skip


def brief_marks(found: Brief, unit_code: str, day: date, lang: str) -> list[Item]:
    """Items of `ui.marks` on a page about something else."""
    query = urlencode({"unit": unit_code, "as_of": day.isoformat()})
    return [
        {
            "number": one.number, "name": one.named(lang), "state": mark_of(one.state, one.due_on, day.year),
            "href": f"/criteria/{one.number}?{query}",
        }
        for one in found.criteria
    ]  # fmt: skip


def state_tag(one: CriterionState, day: date) -> Tag:
    """The state of a criterion in words."""
    match one.state:
        case "met":
            return Tag("risk", N_("đạt, có nguy cơ")) if one.risks else Tag("done", N_("đạt"))
        case "lost":
            return Tag("late", N_("không còn đạt"))
        case "targeted" if one.due is not None and one.due.due_on < day:
            return Tag("late", N_("chỉ tiêu quá hạn"))
        case "targeted" if one.due is not None:
            return Tag("", Message(N_("chỉ tiêu {year}"), {"year": str(one.due.due_on.year)}))
    return Tag("plain", N_("chưa đạt"))


def risks_of(one: CriterionState) -> list[Message]:
    """Why a met criterion may slip, each reason with the indicators that give it."""
    return [
        Message(
            CRITERION_RISKS[risk],
            {"codes": ", ".join(i.indicator.code for i in one.indicators if risk in i.risks)},
        )
        for risk in one.risks
    ]


def figure_of(value: Decimal | None, measure: str, lang: str) -> str:
    """95,5 % or 41 triệu đồng/người/năm; nothing where there is none."""
    return "" if value is None else f"{format_number(value, lang)} {measure}".strip()


def asked_of(indicator: IndicatorView, lang: str) -> str:
    """What an indicator must reach, as `≥ 80 %`; nothing where it is judged or none is known."""
    if indicator.must_reach is None:
        return ""
    sign = "≤" if indicator.comparator == "<=" else "≥"
    return f"{sign} {figure_of(indicator.must_reach, indicator.unit, lang)}"


def scorecard_table(card: Scorecard, lang: str) -> Table:
    """Criteria by group, each opening its page."""
    rows: list[Row] = []
    for group, of_group in itertools.groupby(card.criteria, key=lambda one: one.criterion.group):
        own = list(of_group)
        if group:
            rows.append(_group(group, own))
        rows += [_criterion(card, one, lang) for one in own]
    return Table(
        title=N_("Tiêu chí nông thôn mới"),
        columns=[
            Column("name", N_("Tiêu chí"), width=50),
            Column("state", N_("Tình trạng"), "tag", width=20),
            Column("indicators", N_("Chỉ tiêu đạt"), width=14),
            Column("since", N_("Từ ngày"), "date"),
            Column("due", N_("Hạn chỉ tiêu"), "date"),
            Column("why", N_("Cần để ý"), width=44),
        ],
        rows=rows,
        totals=Row(
            {"name": Message(N_("Đạt {met:number} trên {total:number} tiêu chí"), counts(card))}, "sum"
        ),
        filters=[(N_("Đơn vị"), card.unit.name), (N_("Bộ tiêu chí"), card.head.named(lang))],
        as_of=card.as_of,
        name=f"tieu-chi-{card.unit.code}",
    )


def counts(card: Scorecard) -> dict[str, object]:
    return {"met": card.met, "total": card.total}


def _group(group: str, own: Sequence[CriterionState]) -> Row:
    return Row({"name": f"{group} · {sum(one.state == 'met' for one in own)}/{len(own)}"}, "group")


def _criterion(card: Scorecard, one: CriterionState, lang: str) -> Row:
    name = f"{one.criterion.number}. {one.criterion.named(lang)}"
    return Row(
        {
            "name": Cell(name, criterion_href(card, one.criterion.number)),
            "state": state_tag(one, card.as_of),
            "indicators": f"{one.met_indicators}/{len(one.indicators)}",
            "since": one.since if one.state in ("met", "lost") else None,
            "due": one.due.due_on if one.due and one.state != "met" else None,
            "why": _why(one),
        },
        depth=1,
    )


def _why(one: CriterionState) -> Message | str:
    """The first thing to mind about a criterion."""
    if one.state == "met":
        return next(iter(risks_of(one)), "")
    missing = [i.indicator.code for i in one.indicators if not i.met]
    return Message(N_("chưa đạt {codes}"), {"codes": ", ".join(missing)}) if missing else ""


def path_table(card: Scorecard) -> Table:
    """How many criteria were met, each time that changed; the latest first."""
    changes = zip(card.path, [0, *(met for _, met in card.path)], strict=False)
    return Table(
        title=N_("Số tiêu chí đạt qua thời gian"),
        columns=[
            Column("day", N_("Từ ngày"), "date"),
            Column("met", N_("Số tiêu chí đạt"), "number"),
            Column("change", N_("Thay đổi"), width=12),
        ],
        rows=[
            Row({"day": day, "met": met, "change": f"{met - before:+d}".replace("-", "−")})
            for (day, met), before in reversed(list(changes))
            if met != before
        ],
        as_of=card.as_of,
        name=f"tieu-chi-qua-thoi-gian-{card.unit.code}",
    )


def attention(card: Scorecard, lang: str) -> list[Item]:
    """Items of a list: what is met and may slip, with why."""
    return [
        {
            "what": f"{one.criterion.number}. {one.criterion.named(lang)}",
            "href": criterion_href(card, one.criterion.number), "why": risks_of(one),
        }
        for one in card.at_risk
    ]  # fmt: skip


# --- many units ----------------------------------------------------------------------------------------

_SIGNS: Final = {"met": "✓", "lost": "▲", "targeted": "◆", "unmet": ""}
_SIGNS_SAY: Final = N_("✓ đạt · ◆ chỉ tiêu · ▲ không còn đạt · trống: chưa đạt hoặc chưa đánh giá")
_ONE_SET: Final = N_(
    "Bảng này theo một bộ tiêu chí; xã theo bộ riêng của tỉnh hay của vùng không được đếm ở đây."
)
_COUNTS_SAY: Final = N_("Mỗi ô là số xã đạt tiêu chí ấy.")


def matrix_table(found: Matrix, opens: Callable[[MatrixRow], str], lang: str) -> Table:
    """Units by criteria: of a commune each state as a sign, of more the number of communes that meet it."""
    one = found.by == BY_COMMUNE
    numbers = [criterion.number for criterion in found.found.criteria]
    head = [Column("name", N_("Đơn vị"), sort=True, width=28)]
    if not one:
        head.append(Column("communes", N_("Số xã"), "number"))
        head.append(Column("full", N_("Đạt đủ"), "number", sort=True))
    head.append(Column("met", N_("Tiêu chí đạt"), "number", sort=True))
    if not one:
        head.append(Column("mean", N_("Bình quân"), "number"))
    head.append(Column("lost", N_("Không còn đạt"), "number", sort=True))
    return Table(
        title=N_("Các xã theo tiêu chí"),
        columns=[*head, *(Column(f"c{n}", str(n), "text" if one else "number", sort=True) for n in numbers)],
        rows=[_unit(row, numbers, opens, one=one) for row in found.rows],
        totals=Row(_figures(found.total, numbers, one=False) | {"name": Message(N_("Cộng"))}, "sum")
        if found.rows
        else None,
        filters=[(N_("Đơn vị"), found.unit.name), (N_("Bộ tiêu chí"), found.found.head.named(lang))],
        notes=[_SIGNS_SAY if one else _COUNTS_SAY, _ONE_SET],
        as_of=found.as_of,
        name=f"tieu-chi-cac-xa-{found.unit.code}",
    )


def _unit(row: MatrixRow, numbers: Sequence[int], opens: Callable[[MatrixRow], str], *, one: bool) -> Row:
    return Row(_figures(row, numbers, one=one) | {"name": Cell(row.name, opens(row))})


def _figures(row: MatrixRow, numbers: Sequence[int], *, one: bool) -> dict[str, Any]:
    cells = {f"c{n}": _cell(row.cell(n), one=one) for n in numbers}
    mean = (Decimal(row.met) / row.communes).quantize(Decimal("0.1")) if row.communes else None
    return {
        "communes": row.communes, "full": row.full, "met": row.met, "mean": mean, "lost": row.lost or None, **cells,
    }  # fmt: skip


def _cell(count: Count, *, one: bool) -> str | int | None:
    return _SIGNS[count.state] if one else count.met or None


# --- one criterion -------------------------------------------------------------------------------------


def verdict_tag(assessment: AssessmentView) -> Tag | None:
    """What the agency in charge says; None where it has not."""
    if not assessment.stands:
        return Tag("plain", N_("đã rút"))
    if assessment.verdict == "agreed":
        return Tag("done", N_("đã thẩm tra"))
    if assessment.verdict == "disputed":
        return Tag("late", N_("thẩm tra không đồng ý"))
    return None


def met_tag(one: IndicatorState | AssessmentView | None) -> Tag:
    if one is None or (isinstance(one, IndicatorState) and one.assessment is None):
        return Tag("plain", N_("chưa đánh giá"))
    if not one.met:
        return Tag("late", N_("chưa đạt"))
    at_risk = isinstance(one, IndicatorState) and one.risks
    return Tag("risk", N_("đạt, có nguy cơ")) if at_risk else Tag("done", N_("đạt"))


def assessments_table(
    found: Sequence[AssessmentView],
    lang: str,
    *,
    filters: Sequence[tuple[str, str]],
    show_unit: bool,
    name: str,
) -> Table:
    """Assessments, the latest first."""
    return Table(
        title=N_("Các lần đánh giá"),
        columns=[
            Column("indicator", N_("Chỉ tiêu"), width=50),
            *([Column("unit", N_("Đơn vị"), width=24)] if show_unit else []),
            Column("date", N_("Ngày đánh giá"), "date"),
            Column("met", N_("Kết quả"), "tag", width=14),
            Column("value", N_("Giá trị"), width=16),
            Column("asked", N_("Ngưỡng"), width=14),
            Column("who", N_("Người đánh giá"), width=24),
            Column("verdict", N_("Thẩm tra"), "tag", width=22),
        ],
        rows=list(_assessment_rows(found, lang)),
        filters=filters,
        name=name,
    )


def _assessment_rows(found: Sequence[AssessmentView], lang: str) -> Iterator[Row]:
    for a in found:
        sign = "≤" if a.kind == "percent_max" else "≥"
        asked = f"{sign} {figure_of(a.threshold, a.measure, lang)}" if a.by_rule else ""
        cells: dict[str, Any] = {
            "indicator": Cell(f"{a.indicator_code} {a.indicator_name}", f"/assessments/{a.id}"), "unit": a.unit_name,
            "date": a.assessed_on, "met": met_tag(a), "value": figure_of(a.value, a.measure, lang), "asked": asked,
            "who": a.assessor, "verdict": verdict_tag(a),
        }  # fmt: skip
        yield Row(cells)
