"""Procedures for everybody to read, version by version; the nation's administrator adds the next version."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.clock import today
from app.domain import documents, programs
from app.domain.access import Actor
from app.domain.works import procedures
from app.domain.works.procedures import MOST_STEPS, NewProcedure, ProcedureView, TemplateStep
from app.domain.works.readiness import GATES
from app.errors import Fault, NotFound
from app.i18n import N_, Message
from app.reports.labels import STAGES
from app.reports.procedures import procedure_table
from app.views.access import Reader, Typed
from app.views.forms import Form
from app.views.law import CERTAINTY, may_edit
from app.views.ledger.common import named
from app.views.templating import language, redirect_after_post, render, table_answer
from app.views.works.steps import kind_names

router = APIRouter(include_in_schema=False)
HEAD: Final = ("name", "name_en", "valid_from", "valid_to", "source", "certainty")
STEP: Final = (
    "order", "code", "name", "name_en", "gate", "after", "required_documents", "prepares", "approves", "days",
    "source", "certainty",
)  # fmt: skip
_TEXTS: Final = {"code": 40, "name": 200, "name_en": 200, "prepares": 200, "approves": 200, "source": 500}


@router.get("/procedures")
def index(request: Request, who: Reader) -> Response:
    """Every procedure with its versions, the newest first."""
    groups: dict[str, list[ProcedureView]] = {}
    for version in procedures.procedures(who.actor):
        groups.setdefault(version.code, []).append(version)
    return render(
        request, "procedures/index.html", title=N_("Thủ tục"), place="admin", groups=groups, on=today(),
        certainty=CERTAINTY, editable=may_edit(who.actor),
    )  # fmt: skip


@router.get("/procedures/{code}/new")
def new_version(request: Request, who: Reader, code: str) -> Response:
    """The next version, filled with the newest one."""
    programs.require_catalogue(who.actor)
    newest = _newest(who.actor, code)
    form = Form(
        number=newest.number + 1, valid_from=today(), source=newest.source, certainty=newest.certainty,
        name=newest.name, name_en=newest.name_en, steps=len(newest.steps) + 1,
    )  # fmt: skip
    for i, step in enumerate(newest.steps):
        form.values |= _typed(i, step)
    return _form(request, who.actor, newest, form)


def _typed(i: int, step: TemplateStep) -> dict[str, str]:
    """A step as it stands in the fields of the form."""
    values: dict[str, Any] = {name: getattr(step, name) for name in STEP if name != "order"}
    values |= {
        "order": (i + 1) * 10,
        "after": " ".join(step.after),
        "required_documents": " ".join(step.required_documents),
    }
    return {f"s{i}_{name}": "" if value is None else str(value) for name, value in values.items()}


def _newest(actor: Actor, code: str) -> ProcedureView:
    found = procedures.procedures(actor, code=code)
    if not found:
        raise NotFound
    return procedures.get(actor, code, found[0].number)


def _form(
    request: Request, actor: Actor, newest: ProcedureView, form: Form, *, status: int = 200
) -> Response:
    lang = language(request)
    return render(
        request, "procedures/new.html", status=status, place="admin", newest=newest, form=form,
        title=Message(N_("Bản {number} của thủ tục"), {"number": form.get("number")}),
        number=_number(form), most=MOST_STEPS, certainty=named(request, CERTAINTY),
        gates=[(g, text) for g, text in named(request, STAGES) if g in GATES],
        kinds=[(k.code, k.name_en if lang == "en" else k.name) for k in documents.kinds(actor)],
    )  # fmt: skip


def _number(form: Form) -> int:
    """How many steps the form has room for."""
    typed = form.get("steps")
    return min(int(typed), MOST_STEPS) if typed.isascii() and typed.isdecimal() and len(typed) < 4 else 1


@router.post("/procedures/{code}/new")
def make_version(request: Request, who: Reader, form: Typed, code: str) -> Response:
    """Adds the version, or one more step to the form."""
    programs.require_catalogue(who.actor)
    newest = _newest(who.actor, code)
    if form.flag("more"):
        form.values["steps"] = str(min(_number(form) + 1, MOST_STEPS))
        return _form(request, who.actor, newest, form)
    places, steps = _steps(form)
    values: dict[str, Any] = {
        "name": form.text("name", longest=200),
        "name_en": form.text("name_en", required=False, longest=200) or "",
        "valid_from": form.day("valid_from"),
        "valid_to": form.day("valid_to", required=False),
        "source": form.text("source", longest=500),
        "certainty": form.choice("certainty", CERTAINTY),
    }
    number = form.whole("number", least=1)
    status = 422
    if form.ok and number is not None:
        try:
            made, _ = procedures.create(
                who.actor, NewProcedure(code=code, number=number, steps=tuple(steps), **values)
            )
            said = N_("Đã thêm bản mới. Công trình đang chạy giữ các bước của mình.")
            return redirect_after_post(request, f"/procedures/{code}/{made.number}", flash=said)
        except Fault as fault:
            status = fault.status
            _note(form, fault, places)
    return _form(request, who.actor, newest, form, status=status)


def _steps(form: Form) -> tuple[list[int], list[TemplateStep]]:
    """(places in the form, steps) in the order that was typed; a step without code and name is left out."""
    found: list[tuple[int, int, TemplateStep]] = []
    for i in range(_number(form)):
        if not form.get(f"s{i}_code").strip() and not form.get(f"s{i}_name").strip():
            continue
        texts = {
            name: form.text(f"s{i}_{name}", required=name in ("code", "name"), longest=longest) or ""
            for name, longest in _TEXTS.items()
        }
        step = TemplateStep(
            **texts,
            gate=form.choice(f"s{i}_gate", GATES, required=False) or "",
            after=tuple(form.get(f"s{i}_after").split()),
            required_documents=tuple(form.get(f"s{i}_required_documents").split()),
            days=form.whole(f"s{i}_days", required=False, most=3650),
            certainty=form.choice(f"s{i}_certainty", CERTAINTY) or "confirm",
        )
        found.append((form.whole(f"s{i}_order", most=9999) or 0, i, step))
    found.sort(key=lambda x: x[:2])
    return [i for _, i, _ in found], [replace(step) for _, _, step in found]


def _note(form: Form, fault: Fault, places: list[int]) -> None:
    """What is refused, beside the field of the step that it is about."""
    for error in fault.errors:
        parts = error.field.split(".")
        if len(parts) == 3 and parts[0] == "steps":
            form.fail(f"s{places[int(parts[1])]}_{parts[2]}", error.message, **error.facts)
        elif error.field in HEAD:
            form.fail(error.field, error.message, **error.facts)
        else:
            form.general.append(Message(error.message, error.facts))
    if not fault.errors:
        form.general.append(Message(fault.message, fault.facts))


@router.get("/procedures/{code}/{number:int}")
def show(request: Request, who: Reader, code: str, number: int) -> Response:
    """One version: each step with what it needs, who prepares and approves it, and where its rule stands."""
    version = procedures.get(who.actor, code, number)
    lang = language(request)
    return table_answer(
        request, procedure_table(version, kind_names(who.actor), lang), "procedures/show.html",
        title=version.named(lang), place="admin", p=version, certainty=CERTAINTY,
        others=[p for p in procedures.procedures(who.actor, code=code) if p.number != number],
        editable=may_edit(who.actor),
    )  # fmt: skip
