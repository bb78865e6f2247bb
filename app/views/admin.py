"""Administration of people and systems: who may come in, who is in, and what was changed."""

from __future__ import annotations

import uuid
from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app import i18n
from app.domain import audit
from app.domain.access import Actor, require
from app.domain.identity import clients, login, passwords, people
from app.domain.identity.people import NewUser, UserView
from app.errors import Conflict, Fault
from app.i18n import N_, Message
from app.reports.audit import AUDIT_ACTIONS, AUDIT_SUBJECTS
from app.reports.table import Cell, Column, Row, Table, Tag
from app.settings import settings
from app.views import nav, territory
from app.views.access import Reader, Typed
from app.views.forms import Form
from app.views.templating import language, redirect_after_post, render, table_answer

router = APIRouter(include_in_schema=False)

CLIENT_SCOPES: Final = {"read": N_("Chỉ đọc"), "write": N_("Đọc và ghi")}
_PLACES: Final = (
    ("user.manage", "/admin/users", N_("Người dùng"),
     N_("Thêm, sửa, khóa; gửi liên kết đặt mật khẩu")),
    ("user.manage", "/admin/sessions", N_("Phiên đăng nhập"),
     N_("Ai đang đăng nhập, từ đâu; kết thúc phiên")),
    ("client.manage", "/admin/clients", N_("Phần mềm kết nối"),
     N_("Hệ thống khác đọc hoặc ghi qua giao diện lập trình")),
    ("unit.edit", "/admin/units", N_("Duyệt hai người"),
     N_("Đơn vị nào buộc phiếu của phần mềm cũng phải có người duyệt")),
    ("audit.read", "/admin/audit", N_("Nhật ký thay đổi"),
     N_("Ai đã làm gì, lúc nào; không sửa, không xóa được")),
    ("audit.read", "/admin/views", N_("Nhật ký xem dữ liệu cá nhân"),
     N_("Tên người dân hiện ra cho ai, lúc nào, để làm gì")),
    ("read", "/admin/parameters", N_("Tham số theo luật"),
     N_("Hạn giải ngân, mức tạm ứng, căn cứ và hiệu lực")),
    ("read", "/procedures", N_("Thủ tục"),
     N_("Các bước của công trình, văn bản cần có, căn cứ; thêm bản mới")),
    ("read", "/criteria/sets", N_("Bộ tiêu chí"),
     N_("Tiêu chí, ngưỡng của cả nước, vùng, tỉnh, căn cứ; thêm bộ mới")),
)  # fmt: skip


@router.get("/admin")
def index(request: Request, who: Reader) -> Response:
    """What this person may administer."""
    places = [place[1:] for place in _PLACES if who.actor.may(place[0])]
    return render(request, "admin/index.html", place="admin", places=places)


# People


@router.get("/admin/users")
def users(request: Request, who: Reader, q: str = "") -> Response:
    require(who.actor, "user.manage")
    found = people.users(who.actor, q=q[:100])
    table = Table(
        title=N_("Người dùng"),
        columns=[
            Column("name", N_("Họ và tên")), Column("username", N_("Tên đăng nhập")), Column("role", N_("Vai trò")),
            Column("unit", N_("Đơn vị")), Column("state", N_("Tình trạng"), "tag"),
        ],
        rows=[_user_row(person) for person in found],
        filters=[(N_("Tìm"), q)] if q else [],
        name="nguoi-dung",
    )  # fmt: skip
    return table_answer(request, table, "admin/users.html", place="admin", form=Form(q=q))


def _user_row(person: UserView) -> Row:
    return Row(
        {
            "name": Cell(person.full_name, href=f"/admin/users/{person.id}", sub=person.title or None),
            "username": person.username,
            "role": Message(nav.ROLE_NAMES[person.role]),
            "unit": person.unit_name,
            "state": _state(person),
        }
    )


def _state(person: UserView) -> Tag:
    if person.disabled:
        return Tag("late", N_("đã khóa"))
    if not person.has_password:
        return Tag("risk", N_("chưa đặt mật khẩu"))
    return Tag("done", N_("đang dùng"))


def _roles(request: Request) -> list[tuple[str, str]]:
    lang = language(request)
    return [(role, i18n.translate(lang, name)) for role, name in nav.ROLE_NAMES.items()]


@router.get("/admin/users/new")
def new_user(request: Request, who: Reader) -> Response:
    require(who.actor, "user.manage")
    own = f"{who.actor.unit_code}@{who.actor.structure}"
    form = Form(full_name="", username="", title="", role="", unit_code=own)
    options = [(own, who.actor.unit_name, "")]
    return render(
        request, "admin/user_new.html", place="admin", form=form, roles=_roles(request), options=options
    )


@router.post("/admin/users/new")
def create_user(request: Request, who: Reader, form: Typed) -> Response:
    name, username = form.text("full_name", longest=120), form.text("username", longest=64)
    role = form.choice("role", nav.ROLE_NAMES)
    title = form.text("title", required=False, longest=120)
    unit_code, options = territory.pick(request, who.actor, form, "unit_code")
    if name and username and role and unit_code and form.ok:
        try:
            made, token = people.create_user(who.actor, NewUser(username, name, role, unit_code, title or ""))
            return _link(request, made, token or "", status=201)
        except Conflict as fault:
            form.fail("username", fault.message)
        except Fault as fault:
            form.take(fault)
    return render(
        request, "admin/user_new.html", status=422, place="admin", form=form, roles=_roles(request),
        options=options,
    )  # fmt: skip


def _link(request: Request, person: UserView, token: str, status: int = 200) -> Response:
    """The link that sets a password, shown this once: only its hash is kept."""
    link = f"{settings().public_url.rstrip('/')}/password/set/{token}"
    return render(
        request, "admin/user_link.html", status=status, place="admin", person=person, link=link,
        hours=passwords.LINK_HOURS,
    )  # fmt: skip


def _edit_page(
    request: Request,
    person: UserView,
    form: Form,
    options: list[territory.Option] | None = None,
    status: int = 200,
) -> Response:
    return render(
        request, "admin/user.html", status=status, place="admin", person=person, form=form, state=_state(person),
        roles=_roles(request), options=options or [(person.exact_unit, person.unit_name, "")],
    )  # fmt: skip


@router.get("/admin/users/{user_id}")
def user(request: Request, who: Reader, user_id: uuid.UUID) -> Response:
    require(who.actor, "user.manage")
    person = people.user(who.actor, user_id)
    return _edit_page(request, person, Form(version=person.version, **_stored(person)))


def _stored(person: UserView) -> dict[str, object]:
    return {
        "full_name": person.full_name, "title": person.title, "role": person.role,
        "unit_code": person.exact_unit, "disabled": person.disabled, "email": person.email,
    }  # fmt: skip


@router.post("/admin/users/{user_id}")
def update_user(request: Request, who: Reader, form: Typed, user_id: uuid.UUID) -> Response:
    require(who.actor, "user.manage")
    person = people.user(who.actor, user_id)
    name, role = form.text("full_name", longest=120), form.choice("role", nav.ROLE_NAMES)
    title = form.text("title", required=False, longest=120)
    email, version = form.text("email", required=False, longest=people.EMAIL_LONGEST), form.whole("version")
    unit_code, options = territory.pick(request, who.actor, form, "unit_code")
    if form.ok and version is not None:
        asked = {
            "full_name": name, "title": title or "", "role": role, "unit_code": unit_code,
            "disabled": form.flag("disabled"), "email": email or "",
        }  # fmt: skip
        stored = _stored(person)
        changes = {field: value for field, value in asked.items() if value != stored[field]}
        try:
            people.update_user(who.actor, user_id, version, changes)
            return redirect_after_post(request, f"/admin/users/{user_id}", flash=N_("Đã ghi."))
        except Fault as fault:
            form.take(fault)
    return _edit_page(request, person, form, options, 422)


@router.post("/admin/users/{user_id}/link")
def password_link(request: Request, who: Reader, user_id: uuid.UUID) -> Response:
    token = passwords.make_password_link(who.actor, user_id)
    return _link(request, people.user(who.actor, user_id), token)


# Connected systems


@router.get("/admin/clients")
def client_list(request: Request, who: Reader) -> Response:
    return _clients(request, who.actor, _client_form(who.actor))


def _client_form(actor: Actor) -> Form:
    return Form(name="", unit_code=f"{actor.unit_code}@{actor.structure}", scope="read", personal_data="")


def _clients(
    request: Request,
    actor: Actor,
    form: Form,
    options: list[territory.Option] | None = None,
    status: int = 200,
) -> Response:
    own = [(f"{actor.unit_code}@{actor.structure}", actor.unit_name, "")]
    return render(
        request, "admin/clients.html", status=status, place="admin", clients=clients.clients(actor), form=form,
        scopes=CLIENT_SCOPES, options=own if options is None else options,
    )  # fmt: skip


@router.post("/admin/clients")
def create_client(request: Request, who: Reader, form: Typed) -> Response:
    name, scope = form.text("name", longest=120), form.choice("scope", CLIENT_SCOPES)
    unit_code, options = territory.pick(request, who.actor, form, "unit_code")
    if name and scope and unit_code and form.ok:
        try:
            made, secret = clients.create_client(
                who.actor, name, unit_code, scope, personal_data=form.flag("personal_data")
            )
            return render(
                request, "admin/client_secret.html", status=201, place="admin", client=made, secret=secret
            )
        except Fault as fault:
            form.take(fault)
    return _clients(request, who.actor, form, options, 422)


@router.post("/admin/clients/{client_id}/end")
def end_client(request: Request, who: Reader, client_id: uuid.UUID) -> Response:
    clients.end_client(who.actor, client_id)
    return redirect_after_post(request, "/admin/clients", flash=N_("Đã ngừng kết nối này."))


# Sessions


@router.get("/admin/sessions")
def sessions(request: Request, who: Reader) -> Response:
    held = login.sessions(who.actor, own=False)
    return render(request, "admin/sessions.html", place="admin", sessions=held, this_session=who.session_id)


@router.post("/admin/sessions/{session_id}/end")
def end_session(request: Request, who: Reader, session_id: uuid.UUID) -> Response:
    require(who.actor, "user.manage")
    login.end_session(who.actor, session_id)
    return redirect_after_post(request, "/admin/sessions", flash=N_("Đã kết thúc phiên."))


# The record of changes


@router.get("/admin/audit")
def history(
    request: Request, who: Reader, who_did: str = "", kind: str = "", before: int | None = None
) -> Response:
    """Newest first; `before` is the id of the last row seen."""
    rows = audit.history(
        who.actor,
        who=who_did.strip() or None,
        subject_kind=kind or None,
        before_id=before,
        limit=audit.PAGE + 1,
    )
    more = len(rows) > audit.PAGE
    rows = rows[: audit.PAGE]
    lang = language(request)
    subjects = [(code, i18n.translate(lang, name)) for code, name in AUDIT_SUBJECTS.items()]
    return render(
        request, "admin/audit.html", place="admin", rows=rows, more=rows[-1].id if more else None,
        names=people.names_of(row.actor for row in rows), subjects=subjects, actions=AUDIT_ACTIONS,
        subject_names=AUDIT_SUBJECTS, form=Form(who_did=who_did, kind=kind), before=before,
    )  # fmt: skip
