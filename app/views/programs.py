"""The catalogue as a tree with its money; the nation's administrator edits it."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.domain import programs
from app.domain.access import Actor
from app.domain.dashboard import Sum, YearOf, year_of
from app.domain.programs import ProgramView, ProjectView
from app.errors import Conflict, Fault
from app.i18n import N_
from app.reports.dashboard import year_gone
from app.reports.lines import bar_of
from app.reports.svg import Bar
from app.views.access import Reader, Typed
from app.views.asked import Asked
from app.views.dashboard import opener
from app.views.forms import Form
from app.views.law import may_edit
from app.views.templating import language, redirect_after_post, render

router = APIRouter(include_in_schema=False)


@dataclass
class Node:
    """A program or project with the money of everything below it."""

    code: str
    name: str
    of: Sum = field(default_factory=Sum)
    below: list[Node] = field(default_factory=list)
    href: str = ""
    bar: Bar | None = None

    def add_up(self, own: dict[str, Sum], gone: Decimal) -> Sum:
        """Sets the money of this node and of all below it."""
        self.of = own.get(self.code, Sum())
        for node in self.below:
            self.of = self.of + node.add_up(own, gone)
        self.bar = bar_of(self.of.pockets, gone, self.of.at_risk)
        return self.of


def tree(heads: list[ProgramView], projects: list[ProjectView], money: YearOf, gone: Decimal) -> list[Node]:
    """Programs with their projects below them, parents before parts, in the catalogue's order."""
    opens = opener(money)
    nodes = {p.code: Node(p.code, p.name, href=opens(project=p.code)) for p in heads}
    roots = list(nodes.values())
    for project in projects:
        nodes[project.code] = Node(project.code, project.name, href=opens(project=project.code))
        above = nodes.get(project.parent_code or project.program_code)
        if above is not None:
            above.below.append(nodes[project.code])
    own = money.by("project_code")
    for root in roots:
        root.add_up(own, gone)
    return roots


@router.get("/programs")
def index(request: Request, who: Reader) -> Response:
    """Every program, project and sub-project, with the money of a unit and year."""
    return _tree(request, who.actor, programs.programs(who.actor), "programs/index.html")


def find(nodes: list[Node], code: str) -> Node | None:
    """The node of a code among these and all below them."""
    for node in nodes:
        found = node if node.code == code else find(node.below, code)
        if found is not None:
            return found
    return None


def _tree(
    request: Request, actor: Actor, heads: list[ProgramView], template: str, only: str = "", **more: Any
) -> Response:
    asked = Asked(request, actor)
    money = year_of(actor, unit=asked.unit, year=asked.year, as_of=asked.as_of)
    asked.fill(money.unit, money.year, money.years, language(request))
    request.state.demo = money.illustrative
    roots = tree(heads, programs.projects(actor), money, year_gone(money))
    return render(
        request, template, place="programs", roots=roots, money=money, asked=asked, years=money.years,
        year=money.year, node=find(roots, only), editable=may_edit(actor), **more,
    )  # fmt: skip


# Editing: the catalogue is one for the whole country


@router.get("/programs/new")
def new_program(request: Request, who: Reader) -> Response:
    programs.require_catalogue(who.actor)
    form = Form(code="", name="", short_name="", period_from="", period_to="", decision="")
    return render(request, "programs/new.html", place="programs", form=form)


@router.post("/programs/new")
def create_program(request: Request, who: Reader, form: Typed) -> Response:
    programs.require_catalogue(who.actor)
    values = {
        "code": form.text("code", longest=20),
        "name": form.text("name", longest=500),
        "short_name": form.text("short_name", longest=120),
        "period_from": form.whole("period_from", least=2000, most=2100),
        "period_to": form.whole("period_to", least=2000, most=2100),
        "decision": form.text("decision", longest=200),
    }
    if values["code"] and not str(values["code"]).isalnum():
        form.fail("code", N_("Mã chỉ gồm chữ và số, không dấu, không khoảng trắng"))
    if form.ok:
        try:
            made = programs.create_program(who.actor, **values)  # type: ignore[arg-type]  # none is None: the form is ok
            return redirect_after_post(request, f"/programs/{quote(made.code)}", flash=N_("Đã thêm."))
        except Conflict as fault:
            form.fail("code", fault.message)
        except Fault as fault:
            form.take(fault)
    return render(request, "programs/new.html", status=422, place="programs", form=form)


@router.get("/programs/{code}")
def show(request: Request, who: Reader, code: str) -> Response:
    """A program with all below it, or one project with its parts."""
    if "." in code:
        return _project(request, who.actor, code)
    program = programs.program(who.actor, code)
    return _program(request, who.actor, program)


def _program(request: Request, actor: Actor, program: ProgramView, **forms: Form) -> Response:
    edit = Form(
        name=program.name, short_name=program.short_name, decision=program.decision, version=program.version
    )
    return _tree(
        request, actor, [program], "programs/program.html", program.code, program=program,
        **({"form": edit, "add": _add_form(program.code)} | forms),
    )  # fmt: skip


def _add_form(above: str) -> Form:
    form = Form(code=f"{above}.", name="")
    form.prefix = "add-"
    return form


def _project(request: Request, actor: Actor, code: str, **forms: Form) -> Response:
    project = programs.project(actor, code)
    program = programs.program(actor, project.program_code)
    edit = Form(name=project.name, version=project.version)
    answer = _tree(
        request, actor, [program], "programs/project.html", project.code, program=program, project=project,
        **({"form": edit, "add": _add_form(project.code)} | forms),
    )  # fmt: skip
    return answer


@router.post("/programs/{code}")
def update(request: Request, who: Reader, form: Typed, code: str) -> Response:
    programs.require_catalogue(who.actor)
    version = form.whole("version")
    changes = {"name": form.text("name", longest=500)}
    kind = "project" if "." in code else "program"
    if kind == "program":
        changes |= {
            "short_name": form.text("short_name", longest=120),
            "decision": form.text("decision", longest=200),
        }
    if form.ok and version is not None:
        try:
            programs.update(who.actor, kind, code, version, changes)
            return redirect_after_post(request, f"/programs/{quote(code)}", flash=N_("Đã ghi."))
        except Fault as fault:
            form.take(fault)
    return _refused(request, who.actor, code, form=form)


@router.post("/programs/{code}/projects")
def add_project(request: Request, who: Reader, form: Typed, code: str) -> Response:
    """A project of a program, or a part of a project."""
    programs.require_catalogue(who.actor)
    form.prefix = "add-"
    new, name = form.text("code", longest=20), form.text("name", longest=500)
    if new and name:
        try:
            made = programs.create_project(
                who.actor, code=new, program_code=code.split(".")[0], name=name,
                parent_code=code if "." in code else None,
            )  # fmt: skip
            return redirect_after_post(request, f"/programs/{quote(made.code)}", flash=N_("Đã thêm."))
        except Fault as fault:
            if isinstance(fault, Conflict):
                form.fail("code", fault.message)
            else:
                form.take(fault)
    return _refused(request, who.actor, code, add=form)


def _refused(request: Request, actor: Actor, code: str, **forms: Form) -> Response:
    if "." in code:
        answer = _project(request, actor, code, **forms)
    else:
        answer = _program(request, actor, programs.program(actor, code), **forms)
    answer.status_code = 422
    return answer
