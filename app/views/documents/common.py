"""What pages with documents share: names of kinds and subjects, addresses, files that a form brought."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated, Final

from fastapi import Depends
from starlette.datastructures import UploadFile
from starlette.requests import Request

from app.domain import documents
from app.domain.access import Actor
from app.domain.documents import uploads
from app.domain.documents.attaching import named_subject
from app.domain.documents.subjects import SubjectView
from app.domain.documents.uploads import UploadView
from app.errors import Fault, Invalid, NotFound
from app.i18n import N_
from app.views.access import Reader
from app.views.forms import Form
from app.views.ledger.common import id_of, take
from app.views.templating import is_local, language

SUBJECT_KINDS: Final = {
    "work": N_("Công trình"),
    "step": N_("Bước thủ tục"),
    "contract": N_("Hợp đồng"),
    "acceptance": N_("Nghiệm thu"),
    "payment_dossier": N_("Hồ sơ thanh toán"),
    "settlement": N_("Quyết toán"),
    "progress": N_("Báo cáo tiến độ"),
    "clearance_household": N_("Hộ bị ảnh hưởng"),
    "obstacle": N_("Vướng mắc"),
    "line": N_("Dòng vốn"),
    "entry": N_("Chứng từ"),
    "plan": N_("Kế hoạch"),
    "assessment": N_("Đánh giá chỉ tiêu"),
    "target": N_("Chỉ tiêu phấn đấu"),
    "support_model": N_("Mô hình hỗ trợ"),
    "delivery": N_("Lần cấp phát"),
    "visit": N_("Lần thăm hộ"),
    "outreach": N_("Buổi tuyên truyền"),
    "observation": N_("Ý kiến giám sát"),
    "inspection": N_("Cuộc kiểm tra"),
    "finding": N_("Kết quả, tồn tại"),
    "directive": N_("Nhiệm vụ được giao"),
    "committee": N_("Ban chỉ đạo, Ban quản lý"),
}
_PAGES: Final = {
    "work": "/works/{id}/documents", "step": "/works/{work}/steps", "contract": "/contracts/{id}",
    "acceptance": "/acceptances/{id}", "payment_dossier": "/payment-dossiers/{id}",
    "settlement": "/works/{work}/settlement", "progress": "/works/{work}/progress",
    "clearance_household": "/works/{work}/clearance", "obstacle": "/obstacles/{id}", "line": "/ledger/lines/{id}",
    "entry": "/ledger/entries/{id}", "plan": "/plans/{id}", "outreach": "/outreach/{id}",
    "observation": "/observations/{id}",
    "assessment": "/assessments/{id}", "target": "/targets/{id}", "support_model": "/support/{id}",
    "delivery": "/support/{model}/deliveries", "inspection": "/inspections/{id}",
    "finding": "/findings/{id}", "visit": "/support/{model}/visits",
    "directive": "/directives/{id}", "committee": "/committees/{id}",
}  # fmt: skip


def href(about: SubjectView) -> str:
    """The page of what a document is attached to."""
    return _PAGES[about.kind].format(id=about.id, work=about.work_id, model=about.model_id)


def subject_of(text: str) -> tuple[str, uuid.UUID] | None:
    """`work:<id>` as an address has it; None where it is none."""
    kind, _, id_ = text.partition(":")
    found = id_of(id_)
    return (kind, found) if kind in SUBJECT_KINDS and found is not None else None


def about(actor: Actor, text: str) -> SubjectView | None:
    """What `subject=` of a form or an address names. NotFound when it leads nowhere."""
    if not text:
        return None
    key = subject_of(text)
    if key is None:
        raise NotFound()
    return named_subject(actor, *key)


def attaching_to(actor: Actor, text: str) -> SubjectView | None:
    """`about`, of which the actor may attach documents; Forbidden where they may not, also to nothing at all."""
    key = subject_of(text)
    documents.require_attach(actor, key[0] if key is not None else None)
    return about(actor, text)


def onward(text: str, otherwise: str) -> str:
    """Where a form leads to: the page that it was opened from."""
    return text if text and is_local(text) else otherwise


def kind_options(request: Request, actor: Actor) -> list[tuple[str, str]]:
    """Kinds of documents in the reader's language and the catalogue's order."""
    english = language(request) == "en"
    return [(k.code, k.name_en if english else k.name) for k in documents.kinds(actor)]


@dataclass(frozen=True, slots=True)
class Sent:
    """The files of a posted form: sent with it, or in pieces before it (`uploads`, their ids)."""

    files: Sequence[UploadFile] = field(default=())
    uploads: Sequence[uuid.UUID] = field(default=())


async def _sent(request: Request, _who: Reader) -> Sent:
    form = await request.form()
    ids = (id_of(value) for value in form.getlist("upload") if isinstance(value, str))
    files = [f for f in form.getlist("files") if isinstance(f, UploadFile) and f.filename]
    return Sent(files, [id_ for id_ in ids if id_ is not None])


SentFiles = Annotated[Sent, Depends(_sent)]


def receive(actor: Actor, sent: Sent, form: Form, form_id: uuid.UUID) -> list[UploadView]:
    """Everything that a form brought, as finished uploads; what is wrong with a file is noted beside `files`."""
    found = uploads.mine(actor, sent.uploads) if sent.uploads else []
    if len(found) < len(set(sent.uploads)):
        form.fail("files", N_("Có tệp chưa gửi xong hoặc đã quá hạn giữ. Chọn lại tệp đó."))
    for file in sent.files:
        try:
            found.append(uploads.whole(actor, file.filename or "", file.file, form_id))
        except Invalid as fault:
            note(form, fault)
    return found


def note(form: Form, fault: Fault) -> int:
    """What a refusal says beside the field that it is about; the answer's status."""
    status = take(form, fault, {"uploads": "files"}, FIELDS)
    return 422 if status == 404 else status


FIELDS: Final = ("number", "date", "issuer", "kind", "summary", "files")
