"""Support models as tables, as short lists and as a timeline, in a reader's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from app.domain.ledger.pockets import Pockets
from app.domain.support import DeliveryView, Earlier, Mix, ModelView, Supported, VisitView, Whole
from app.domain.support.people import LastVisit
from app.domain.workflow import MoveView
from app.i18n import N_, Message, translate
from app.reports.households import status_tag
from app.reports.labels import CAPITAL_SHORT, SUPPORT_STATES
from app.reports.lines import bar_of
from app.reports.moves import AHEAD, DONE, Item, made, to_come
from app.reports.table import Cell, Column, Row, Table, Tag, TagKind

_TAGS: Final[Mapping[str, TagKind]] = {
    "draft": "plain", "submitted": "risk", "appraised": "risk", "approved": "risk", "returned": "late",
    "running": "done", "evaluated": "done", "closed": "plain",
}  # fmt: skip
_DONE: Final = DONE | {
    "start": N_("Bắt đầu triển khai"),
    "evaluate": N_("Đã đánh giá"),
    "correct": N_("Đã sửa đánh giá"),
    "close": N_("Đã kết thúc"),
}
_WAY: Final = AHEAD | {
    "start": N_("Triển khai"),
    "evaluate": N_("Đánh giá kết quả"),
    "close": N_("Kết thúc"),
}
_NEXT: Final = {
    "draft": "submit", "returned": "submit", "submitted": "appraise", "appraised": "approve", "approved": "start",
    "running": "evaluate", "evaluated": "close",
}  # fmt: skip


def href(model: ModelView) -> str:
    return f"/support/{model.id}"


def state_tag(model: ModelView) -> Tag:
    return Tag(_TAGS[model.state], SUPPORT_STATES[model.state])


def models_table(
    found: Sequence[tuple[ModelView, Pockets | None]],
    *,
    filters: Sequence[tuple[str, str]],
    show_unit: bool,
    name: str,
) -> Table:
    """Models with where each stands, when the next step is due, and the money of the lines that serve it alone."""
    return Table(
        title=N_("Mô hình hỗ trợ"),
        columns=[
            Column("name", N_("Mô hình"), width=60),
            *([Column("unit", N_("Đơn vị"), width=24)] if show_unit else []),
            Column("hamlet", N_("Thôn"), width=20),
            Column("project", N_("Dự án"), width=20),
            Column("year", N_("Năm"), width=10),
            Column("state", N_("Tình trạng"), "tag", width=28),
            Column("due", N_("Hạn bước tiếp theo"), "date"),
            Column("bar", N_("Vốn riêng của mô hình"), "bar"),
        ],
        rows=[
            Row(
                {
                    "name": Cell(m.name, href(m), m.group_name),
                    "unit": m.unit_name,
                    "hamlet": m.hamlet_name or "",
                    "project": m.project_code,
                    "year": str(m.year),
                    "state": state_tag(m),
                    "due": m.due_on,
                    "bar": None if money is None else bar_of(money),
                }
            )
            for m, money in found
        ],
        filters=filters,
        name=name,
    )


def waiting_items(models: Sequence[ModelView], lang: str) -> list[Item]:
    """Items of `ui.missing`: what waits, by name, with what it waits for and since when it is due."""
    return [{"name": m.name, "href": href(m), "note": _waits(m, lang)} for m in models]


def _waits(model: ModelView, lang: str) -> str:
    parts = [model.unit_name, translate(lang, SUPPORT_STATES[model.state])]
    if model.due_on is not None:
        parts.append(translate(lang, N_("hạn {day:date}"), day=model.due_on))
    return ", ".join(parts)


def missing_items(whole: Whole, lang: str) -> list[Item]:
    """Items of `ui.missing`: what the payment of a model lacks."""
    return [{"name": lacking.said(lang)} for lacking in whole.missing]


def over_items(mix: Mix, lang: str) -> list[Item]:
    """Items of `ui.missing`: lines of a model on which models draw more than their plan, with how much more."""
    return [
        {
            "name": f"{line.project_code} · {line.named(lang)} · {line.year}",
            "href": f"/ledger/lines/{line.budget_line_id}" if line.pockets is not None else None,
            "note": translate(lang, N_("vượt {amount:money}"), amount=line.over_drawn),
        }
        for line in mix.lines
        if line.amount and line.over_drawn
    ]


def earlier_items(earlier: Sequence[Earlier], lang: str) -> list[Item]:
    """Items of `ui.missing`: households that were supported with the same before, with the earlier model."""
    return [
        {
            "name": f"{e.household_code} · {e.model_name} ({e.year})",
            "href": f"/support/{e.model_id}",
            "note": f"{', '.join(e.kinds) or translate(lang, N_('cùng mẫu mô hình'))}: {_when(e, lang)}",
        }
        for e in earlier
    ]


def _when(e: Earlier, lang: str) -> str:
    if e.received_on is None:
        return translate(lang, N_("có trong danh sách, chưa nhận"))
    return translate(lang, N_("đã nhận {day:date}"), day=e.received_on)


def timeline(
    model: ModelView, events: Sequence[MoveView], people: Mapping[str, str], lang: str
) -> list[Item]:
    """Items of `ui.steps`: the moves that were made, what the model waits for now, and what comes after that."""
    way = list(_WAY)
    following = way[way.index(_NEXT[model.state]) :] if model.state in _NEXT else []
    events = [replace(e, move="correct") if e.from_state == e.to_state else e for e in events]
    return made(events, _DONE, people, lang) + to_come([_WAY[step] for step in following], model.due_on, lang)


def inputs_table(whole: Whole) -> Table:
    """What a model gives, what it costs, and how much of it households have."""
    return Table(
        title=N_("Nội dung hỗ trợ"),
        columns=[
            Column("kind", N_("Loại"), width=40),
            Column("measure", N_("Đơn vị tính"), width=14),
            Column("quantity", N_("Số lượng"), "number"),
            Column("price", N_("Đơn giá"), "money"),
            Column("amount", N_("Thành tiền"), "money"),
            Column("delivered", N_("Đã cấp"), "number"),
            Column("rest", N_("Còn phải cấp"), "number"),
        ],
        rows=[
            Row(
                {
                    "kind": given.kind,
                    "measure": given.measure,
                    "quantity": given.quantity,
                    "price": given.unit_price,
                    "amount": given.amount,
                    "delivered": given.delivered,
                    "rest": given.rest,
                }
            )
            for given in whole.inputs
        ],
        totals=Row({"kind": Message(N_("Cộng")), "amount": whole.total}, "sum") if whole.inputs else None,
        name="noi-dung-ho-tro",
    )


def mix_table(mix: Mix, lang: str) -> Table:
    """Which lines a model draws on, how much, and how far each line's money has gone. Each đồng stands on one line."""
    drawn: list[Row] = [
        Row(
            {
                "line": Cell(
                    f"{line.project_code} · {line.project_name}",
                    f"/ledger/lines/{line.budget_line_id}" if line.pockets is not None else None,
                    line.program_name,
                ),
                "source": f"{line.named(lang)} · {translate(lang, CAPITAL_SHORT[line.capital_kind])} · {line.year}",
                "amount": line.amount,
                "of": Message(N_("chung với việc khác") if line.shared else N_("riêng của mô hình")),
                "disbursed": None if line.pockets is None else line.pockets.disbursed,
                "bar": None if line.pockets is None else bar_of(line.pockets),
            }
        )
        for line in mix.lines
    ]
    share = Row({"line": Message(N_("Phần hộ góp")), "amount": mix.household_share})
    total = Row({"line": Message(N_("Cộng")), "amount": mix.drawn + mix.household_share}, "sum")
    return Table(
        title=N_("Nguồn vốn"),
        columns=[
            Column("line", N_("Dòng vốn"), width=60),
            Column("source", N_("Nguồn vốn"), width=36),
            Column("amount", N_("Mô hình lấy"), "money"),
            Column("of", N_("Dòng vốn dùng"), width=22),
            Column("disbursed", N_("Giải ngân cả dòng"), "money"),
            Column("bar", N_("Tiền cả dòng"), "bar"),
        ],
        rows=[*drawn, *([share] if mix.household_share else [])],
        totals=total if drawn else None,
        name="nguon-von",
    )


def people_table(whole: Whole, supported: Sequence[Supported], lang: str) -> Table:
    """The households of a model by name: what each received, what its last visit found."""
    return Table(
        title=N_("Hộ tham gia"),
        columns=[
            Column("name", N_("Hộ"), width=36),
            Column("status", Message(N_("Diện năm {year}"), {"year": str(whole.model.year)}), "tag", width=18),
            Column("received", N_("Đã nhận"), width=40),
            Column("visited", N_("Thăm gần nhất"), "date"),
            Column("found", N_("Kết quả thăm"), width=40),
        ],
        rows=[
            Row(
                {
                    "name": Cell(f"{s.person.code} · {s.person.name}", f"/households/{s.person.household_id}", s.person.hamlet_name),
                    "status": status_tag(s.person.status),
                    "received": Cell(_received(whole, s, lang), sub=_unproved(s, lang)),
                    "visited": None if s.last is None else s.last.visited_on,
                    "found": "" if s.last is None else _found(s.last, whole.model.livestock, lang),
                }
            )
            for s in supported
        ],
        name="ho-tham-gia",
    )  # fmt: skip


def _received(whole: Whole, of: Supported, lang: str) -> str:
    """What a household has, by the names of the model's inputs."""
    said = [
        translate(
            lang, "{kind}: {n:number} {measure}", kind=given.kind, n=of.received[given.id], measure=given.measure
        )
        for given in whole.inputs
        if given.id in of.received
    ]  # fmt: skip
    return "; ".join(said) or translate(lang, N_("chưa nhận"))


def _unproved(of: Supported, lang: str) -> str:
    return translate(lang, N_("{n:number} lần thiếu ký nhận, ảnh"), n=of.unproved) if of.unproved else ""


def _found(last: LastVisit, livestock: bool, lang: str) -> str:
    """What a visit found, in words."""
    said = []
    if livestock:
        words = N_("sống {alive:number}, chết {dead:number}, bán {sold:number}, ốm {sick:number}")
        facts = {"alive": last.alive, "dead": last.dead, "sold": last.sold, "sick": last.sick}
        said.append(translate(lang, words, **facts))
        if last.born:
            said.append(translate(lang, N_("sinh thêm {born:number}"), born=last.born))
    if last.yield_amount is not None:
        words = N_("sản lượng {n:number} {measure}")
        said.append(translate(lang, words, n=last.yield_amount, measure=last.yield_measure))
    if last.income is not None:
        said.append(translate(lang, N_("thu {amount:money}"), amount=last.income))
    return ", ".join(said)


def deliveries_table(model: ModelView, found: Sequence[DeliveryView]) -> Table:
    """What was handed over, by the codes of households; what was withdrawn stands in it and says why."""
    return Table(
        title=N_("Cấp phát"),
        columns=[
            Column("on", N_("Ngày"), "date"),
            Column("household", N_("Hộ"), width=14),
            Column("kind", N_("Loại"), width=36),
            Column("quantity", N_("Số lượng"), "number"),
            Column("measure", N_("Đơn vị tính"), width=14),
            Column("signed", N_("Ký nhận, ảnh"), "tag", width=20),
            Column("photos", N_("Ảnh"), "number"),
            Column("note", N_("Ghi chú"), width=40),
        ],
        rows=[
            Row(
                {
                    "on": d.delivered_on,
                    "household": Cell(d.household_code, f"/households/{d.household_id}"),
                    "kind": d.kind,
                    "quantity": d.quantity,
                    "measure": d.measure,
                    "signed": _signed(d),
                    "photos": len(d.documents),
                    "note": d.withdrawn_reason or d.note,
                }
            )
            for d in found
        ],
        filters=[(N_("Mô hình"), model.name)],
        name="cap-phat",
    )


def _signed(delivery: DeliveryView) -> Tag:
    if delivery.withdrawn_at is not None:
        return Tag("plain", N_("đã rút lại"))
    if delivery.signed:
        return Tag("done", N_("đã ký"))
    return Tag("done", N_("có ảnh")) if delivery.pictured else Tag("late", N_("thiếu ký nhận, ảnh"))


def visits_table(model: ModelView, found: Sequence[VisitView]) -> Table:
    """What visits found, by the codes of households."""
    animals = [
        Column(name, text, "number")
        for name, text in (
            ("alive", N_("Sống")), ("dead", N_("Chết")), ("sold", N_("Đã bán")), ("sick", N_("Ốm")),
            ("born", N_("Sinh thêm")),
        )
        if model.livestock
    ]  # fmt: skip
    return Table(
        title=N_("Thăm hộ"),
        columns=[
            Column("on", N_("Ngày"), "date"),
            Column("household", N_("Hộ"), width=14),
            *animals,
            Column("yield", N_("Sản lượng"), "number"),
            Column("measure", N_("Đơn vị tính"), width=14),
            Column("income", N_("Thu nhập từ mô hình"), "money"),
            Column("photos", N_("Ảnh"), "number"),
            Column("note", N_("Ghi chú"), width=40),
        ],
        rows=[
            Row(
                {
                    "on": v.visited_on,
                    "household": Cell(v.household_code, f"/households/{v.household_id}"),
                    **{column.key: getattr(v, column.key) for column in animals},
                    "yield": v.yield_amount,
                    "measure": v.yield_measure,
                    "income": v.income,
                    "photos": len(v.documents),
                    "note": v.note,
                }
            )
            for v in found
        ],
        filters=[(N_("Mô hình"), model.name)],
        name="tham-ho",
    )
