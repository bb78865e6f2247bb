"""What an inspection found, with its evidence."""

from __future__ import annotations

import uuid

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.domain import inspections
from app.domain.access import Actor, require
from app.domain.documents import may_attach
from app.domain.inspections import NewFinding
from app.errors import Fault, IdTaken
from app.i18n import N_, Message
from app.reports.inspections import about_href, about_name, href
from app.views.access import Reader, Typed
from app.views.forms import Form
from app.views.inspections.common import crumbs, subject_of, subject_options, tabs
from app.views.ledger.common import new_id
from app.views.templating import language, mark_illustrative, redirect_after_post, render
from app.views.works.common import gone_back, refused

router = APIRouter(include_in_schema=False)


@router.get("/inspections/{inspection_id:uuid}/findings")
def show_findings(request: Request, who: Reader, inspection_id: uuid.UUID) -> Response:
    """What was found, each with its evidence; for those who inspect the form of another."""
    return _findings(request, who.actor, inspection_id, Form(id=new_id()))


@router.get("/findings/{finding_id:uuid}")
def show_finding(request: Request, who: Reader, finding_id: uuid.UUID) -> Response:
    """The findings of the inspection that one belongs to: where its evidence leads back to."""
    return _findings(request, who.actor, inspections.of_finding(who.actor, finding_id), Form(id=new_id()))


@router.post("/inspections/{inspection_id:uuid}/findings")
def find(request: Request, who: Reader, form: Typed, inspection_id: uuid.UUID) -> Response:
    """Writes a finding down; its evidence is attached to it afterwards."""
    actor = who.actor
    require(actor, "inspection.edit")
    id_, text = form.id("id"), form.text("text", longest=4000)
    kind, status = form.choice("kind", ("result", "wanting")), 422
    if form.ok and id_ is not None and text is not None:
        try:
            new = NewFinding(id_, text, kind == "wanting", *subject_of(form.get("subject")))
            inspections.find(actor, inspection_id, new)
            onto = f"/inspections/{inspection_id}/findings"
            return redirect_after_post(request, onto, flash=N_("Đã ghi. Đính kèm chứng cứ nếu có."))
        except IdTaken as fault:  # sent before with other words: what is meant now is another finding
            form.values["id"], status = new_id(), fault.status
            said = N_("Điều này đã ghi rồi, với nội dung khác. Nếu là điều mới thì gửi lại một lần nữa.")
            form.general.append(Message(said))
        except Fault as fault:
            inspections.get(actor, inspection_id)
            status = refused(form, fault, ("text", "kind", "subject"))
    return _findings(request, actor, inspection_id, form, status=status)


def _findings(
    request: Request, actor: Actor, inspection_id: uuid.UUID, form: Form, *, status: int = 200
) -> Response:
    lang, found = language(request), inspections.with_findings(actor, inspection_id)
    mark_illustrative(request, [found, *found.findings])
    may_find = found.inspecting and actor.may("inspection.edit") and found.state in ("held", "concluded")
    return render(
        request, "inspections/findings.html", status=status, title=found.title, place="inspections", i=found,
        this=href(found), crumbs=crumbs(found, request)[:1], tabs=tabs(found, request), form=form, may_find=may_find,
        may_attach=found.inspecting and may_attach(actor, "finding"),
        subjects=subject_options(request, actor, found) if may_find else [],
        groups=[
            (title, [(f, about_name(f.about, lang), about_href(f, found)) for f in of])
            for title, of in (
                (N_("Kết quả đạt được"), found.achievements), (N_("Tồn tại, hạn chế"), found.shortcomings),
            )
        ],
    )  # fmt: skip


@router.post("/inspections/{inspection_id:uuid}/findings/{finding_id:uuid}/withdraw")
def withdraw(request: Request, who: Reader, inspection_id: uuid.UUID, finding_id: uuid.UUID) -> Response:
    """Takes back what was written down wrong."""
    require(who.actor, "inspection.edit")
    onto = f"/inspections/{inspection_id}/findings"

    def act() -> str:
        inspections.withdraw(who.actor, inspection_id, finding_id)
        return onto

    return gone_back(request, act, onto, N_("Đã rút"))
