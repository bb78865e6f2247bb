"""Proposing a support model, and its text until it is sent: its households, what it gives, the lines it draws on."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.clock import today
from app.domain import programs, support, territory
from app.domain.access import Actor, require
from app.domain.ledger.lines import FIRST_YEAR, LAST_YEAR
from app.domain.support import (
    Asked,
    LineChoice,
    ModelView,
    NewBudget,
    NewInput,
    NewMember,
    NewModel,
    Offer,
    Text,
    Whole,
)
from app.domain.support.parts import MOST
from app.errors import Fault, Stale
from app.i18n import N_, translate
from app.reports.support import href
from app.views.access import Reader, Typed
from app.views.forms import Form
from app.views.ledger.common import grouped_projects, id_of, new_id, take, whole
from app.views.support.common import crumbs
from app.views.templating import language, mark_illustrative, redirect_after_post, render
from app.views.works.common import noted

router = APIRouter(include_in_schema=False)
NEW: Final = ("name", "project_code", "unit_code", "year", "template", "hamlet_code")
HEAD: Final = (
    "name", "content", "project_code", "year", "hamlet_code", "group_name", "head_id", "responsible", "starts_on", "ends_on",
    "due_on", "household_share",
)  # fmt: skip
_EMPTY: Final = 2  # rows to begin with, beside those that stand
_MORE: Final = 3
INPUT: Final = ("kind", "measure", "quantity", "unit_price")
LINE: Final = ("line", "amount")


@router.get("/support/new")
def new_model(request: Request, who: Reader) -> Response:
    """Which model, of which project, year and hamlet; from a common one or from nothing."""
    require(who.actor, "support.edit")
    own = f"{who.actor.unit_code}@{who.actor.structure}"
    return _new_page(request, who.actor, Form(id=new_id(), year=str(today().year), unit_code=own))


@router.post("/support/new")
def make_model(request: Request, who: Reader, form: Typed) -> Response:
    """Drafts the model with what its template gives, and opens its text."""
    actor = who.actor
    require(actor, "support.edit")
    id_, status = form.id("id"), 422
    name, project = form.text("name", longest=300), form.text("project_code", longest=40)
    unit, year = form.text("unit_code", longest=40), form.whole("year", least=FIRST_YEAR, most=LAST_YEAR)
    template = form.text("template", required=False, longest=40)
    hamlet = form.text("hamlet_code", required=False, longest=40)
    if form.ok and id_ and name and project and unit and year:
        try:
            new = NewModel(id_, name, project, unit, year, template=template, hamlet_code=hamlet)
            made, _ = support.create(actor, new)
            flash = N_("Đã lập dự thảo. Chọn hộ, ghi nội dung hỗ trợ và nguồn vốn rồi gửi thẩm định.")
            return redirect_after_post(request, f"{href(made)}/edit", flash=flash)
        except Fault as fault:
            status = take(form, fault, {}, NEW)
            status = 422 if status == 404 else status
    return _new_page(request, actor, form, status=status)


def _new_page(request: Request, actor: Actor, form: Form, *, status: int = 200) -> Response:
    own, lang = territory.own_unit(actor), language(request)
    return render(
        request, "support/new.html", status=status, title=N_("Lập mô hình hỗ trợ"), place="support", form=form,
        projects=grouped_projects(programs.all_names(actor), leaves=True),
        units=[(own.exact_code, own.name)],
        hamlets=_hamlets(actor, own.exact_code),
        templates=[(t.code, t.named(lang)) for t in support.templates(actor)],
    )  # fmt: skip


def _hamlets(actor: Actor, unit: str) -> list[tuple[str, str]]:
    return [(u.exact_code, u.name) for u in territory.units(actor, level="hamlet", unit=unit, limit=200)]


@router.get("/support/{model_id:uuid}/edit")
def edit_model(request: Request, who: Reader, model_id: uuid.UUID) -> Response:
    """The form of a model as it stands."""
    require(who.actor, "support.edit")
    found, offered = support.text(who.actor, model_id)
    return _page(request, who.actor, _filled(who.actor, found), found.model, offered)


def _filled(actor: Actor, found: Text) -> Form:
    """A model's text in a form; one that gives nothing yet begins with the kinds of its template."""
    model = found.model
    form = Form(version=model.version, year=str(model.year), hamlet_code=f"{model.hamlet_code}@{model.unit_structure}" if model.hamlet_code else "",
                **{name: getattr(model, name) for name in HEAD if name not in ("year", "hamlet_code")})  # fmt: skip
    for member in found.members:
        form.values |= Form(
            **{f"take-{member.household_id}": True, f"before-{member.household_id}": member.income_before}
        ).values
    for row, given in enumerate(found.inputs):
        form.values |= Form(**{f"i{row}_{name}": getattr(given, name) for name in INPUT}).values
    if not found.inputs and model.template is not None:
        its = next((t for t in support.templates(actor) if t.code == model.template), None)
        for row, kind in enumerate(its.inputs if its else ()):
            form.values |= {f"i{row}_kind": kind["kind"], f"i{row}_measure": kind["measure"]}
    for row, drawn in enumerate(found.budget):
        form.values |= Form(
            **{f"b{row}_line": str(drawn.budget_line_id), f"b{row}_amount": drawn.amount}
        ).values
    return form


@dataclass(frozen=True, slots=True)
class Lists:
    """What the rows of a form say, and under which of its fields the domain's names stand."""

    values: Mapping[str, tuple[Any, ...]]
    names: Mapping[str, str]


@router.post("/support/{model_id:uuid}/edit")
def change_model(request: Request, who: Reader, form: Typed, model_id: uuid.UUID) -> Response:
    """Saves; a button that asks for more rows or looks for households only grows the form. When somebody changed the
    model since, both versions are shown and nothing typed is lost."""
    actor = who.actor
    require(actor, "support.edit")
    model = support.get(actor, model_id)
    if _grown(form):
        return _page(request, actor, form, model, support.offer(actor, model_id, _asked(form)))
    version, values, lists = form.whole("version"), _head(form), _lists(form)
    current, status = None, 422
    if form.ok and version is not None:
        try:
            support.update(actor, model_id, version, values | dict(lists.values))
            return redirect_after_post(request, href(model), flash=N_("Đã ghi mô hình"))
        except Stale as fault:
            current, status = support.whole(actor, model_id), 409
            noted(form, fault, lambda: current.model)
        except Fault as fault:
            status = take(form, fault, lists.names, (*HEAD, *lists.names.values()))
            status = 422 if status == 404 else status
    offered = support.offer(actor, model_id, _asked(form))
    return _page(request, actor, form, model, offered, status=status, current=current)


def _grown(form: Form) -> bool:
    """Whether the form was only to have more rows, or to show other households."""
    if form.flag("look"):
        return True
    for button, kind in (("more_inputs", "i"), ("more_lines", "b")):
        if form.flag(button):
            form.values[f"{kind}_rows"] = str(min(_rows(form, kind) + _MORE, MOST))
            return True
    return False


def _asked(form: Form) -> Asked:
    """What the form must show whatever is offered: households that are ticked or of which an income was typed, lines that
    are chosen; and which others are looked for."""
    year = whole(form.get("year"), LAST_YEAR)
    return Asked(
        year if year is not None and year >= FIRST_YEAR else None, form.get("find"),
        {
            id_
            for name, value in form.values.items()
            if value and name.startswith(("take-", "before-")) and (id_ := id_of(name.partition("-")[2]))
        },
        {id_ for row in range(_rows(form, "b")) if (id_ := id_of(form.get(f"b{row}_line")))},
    )  # fmt: skip


def _rows(form: Form, kind: str) -> int:
    """How many rows of a kind the form has room for."""
    held = [
        int(number) + 1
        for name, value in form.values.items()
        if value and name[:1] == kind and (number := name[1:].partition("_")[0]).isdecimal() and int(number) < MOST
    ]  # fmt: skip
    return min(max(whole(form.get(f"{kind}_rows")) or 0, max(held, default=0) + _EMPTY), MOST)


def _head(form: Form) -> dict[str, Any]:
    return {
        "name": form.text("name", longest=300) or "",
        "content": form.text("content", required=False, longest=4000) or "",
        "project_code": form.text("project_code", longest=40),
        "year": form.whole("year", least=FIRST_YEAR, most=LAST_YEAR),
        "hamlet_code": form.text("hamlet_code", required=False, longest=40),
        "group_name": form.text("group_name", required=False, longest=200) or "",
        "head_id": form.id("head_id", required=False),
        "responsible": form.text("responsible", required=False, longest=200) or "",
        **{name: form.day(name, required=False) for name in ("starts_on", "ends_on", "due_on")},
        "household_share": form.amount("household_share", required=False, positive=False) or 0,
    }


def _lists(form: Form) -> Lists:
    """Whole lists as typed; a row in which nothing stands is none."""
    members = [
        NewMember(id_, form.amount(f"before-{id_}", required=False, positive=False))
        for name in list(form.values)
        if name.startswith("take-") and form.flag(name) and (id_ := id_of(name.removeprefix("take-")))
    ]
    names = {f"members.{n}.household_id": f"take-{m.household_id}" for n, m in enumerate(members)}
    names |= {f"members.{n}.income_before": f"before-{m.household_id}" for n, m in enumerate(members)}
    inputs, of_inputs = _read(form, "i", INPUT, "inputs", _input)
    budget, of_budget = _read(form, "b", LINE, "budget", _drawn)
    of_budget |= {name.replace(".line", ".budget_line_id"): field for name, field in of_budget.items()}
    values = {"members": tuple(members), "inputs": inputs, "budget": budget}
    return Lists(values, names | of_inputs | of_budget)


def _read(
    form: Form, kind: str, fields: Sequence[str], name: str, row_of: Any
) -> tuple[tuple[Any, ...], dict[str, str]]:
    found: list[Any] = []
    names: dict[str, str] = {}
    for row in range(_rows(form, kind)):
        at = f"{kind}{row}_"
        if not any(form.get(at + field).strip() for field in fields):
            continue
        names |= {f"{name}.{len(found)}.{field}": at + field for field in fields}
        found.append(row_of(form, at))
    return tuple(found), names


def _input(form: Form, at: str) -> NewInput | None:
    kind, measure = form.text(f"{at}kind", longest=200), form.text(f"{at}measure", longest=60)
    quantity, price = form.figure(f"{at}quantity"), form.amount(f"{at}unit_price")
    return (
        NewInput(kind, measure, quantity, price)
        if kind and measure and quantity is not None and price
        else None
    )


def _drawn(form: Form, at: str) -> NewBudget | None:
    line, amount = form.id(f"{at}line"), form.amount(f"{at}amount")
    return NewBudget(line, amount) if line and amount else None


def _page(
    request: Request,
    actor: Actor,
    form: Form,
    model: ModelView,
    offered: Offer,
    *,
    status: int = 200,
    current: Whole | None = None,
) -> Response:
    mark_illustrative(request, [model])
    names, lang = programs.all_names(actor), language(request)
    return render(
        request, "support/edit.html", status=status, title=N_("Sửa mô hình"), place="support", form=form, model=model,
        crumbs=crumbs(model, request), this=href(model), offered=offered,
        heads=[(str(p.household_id), f"{p.code} · {p.name}") for p in offered.people],
        projects=grouped_projects(names, leaves=True), hamlets=_hamlets(actor, model.exact_unit),
        lines=_by_year(offered.lines, model, names, lang),
        inputs=_rows(form, "i"), drawn=_rows(form, "b"), newer=_newer(current, lang) if current else None,
    )  # fmt: skip


def _by_year(
    found: Sequence[LineChoice], model: ModelView, names: programs.Names, lang: str
) -> list[tuple[str, list[tuple[str, str]]]]:
    """Lines in groups by year, for a select; of another unit with its name."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for line in found:
        unit = "" if line.unit_id == model.unit_id else line.unit_name
        serves = line.work_name or line.model_name or line.note
        said = " · ".join(
            filter(None, (line.project_code, serves, names.source(line.source, lang), str(line.year), unit))
        )
        groups.setdefault(str(line.year), []).append((str(line.id), said))
    return list(groups.items())


def _newer(current: Whole, lang: str) -> list[tuple[str, str]]:
    """What stands in the book now, beside what was typed."""
    model = current.model
    return [
        (translate(lang, N_("Tên mô hình")), model.name),
        (translate(lang, N_("Người phụ trách")), model.responsible),
        (translate(lang, N_("Hộ tham gia")), ", ".join(member.code for member in current.members)),
        (
            translate(lang, N_("Nội dung hỗ trợ")),
            "; ".join(f"{i.kind} ({i.measure})" for i in current.inputs),
        ),
        (translate(lang, N_("Cộng")), translate(lang, "{value:money}", value=current.total)),
    ]
