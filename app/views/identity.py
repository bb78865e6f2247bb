"""Logging in and out, and what a person may do to their own account."""

from __future__ import annotations

import secrets
import uuid

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from app.domain.access import Actor
from app.domain.identity import login, passwords, people
from app.errors import Fault, Invalid, TooMany, Unauthenticated
from app.i18n import N_
from app.settings import settings
from app.views.access import LOGIN, Reader, Typed
from app.views.forms import Form
from app.views.templating import is_local, redirect_after_post, render
from app.web import cookies, csrf
from app.web.throttle import count_login

router = APIRouter(include_in_schema=False)
_DAY = 24 * 3600
_LOGGED_OUT = N_("Đã đăng xuất.")


# The forms before there is a session: their CSRF token is bound to a cookie of its own.


def _open_form(request: Request, template: str, *, status: int = 200, **context: object) -> Response:
    secret = cookies.read(request, cookies.FORM) or secrets.token_urlsafe(24)
    request.state.csrf = csrf.token(secret)
    response = render(request, template, status=status, **context)
    cookies.put(response, cookies.FORM, secret)
    return response


async def _sent(request: Request) -> Form:
    form = Form(dict(await request.form()))
    csrf.check(request, cookies.read(request, cookies.FORM), form.get(csrf.FIELD))
    return form


@router.get(LOGIN)
def login_page(request: Request, next: str = "/") -> Response:
    token = cookies.read(request, cookies.SESSION)
    if token and login.authenticate_session(token) is not None:
        return redirect_after_post(request, _after(next))
    return _open_form(request, "identity/login.html", form=Form(username="", next=_after(next)))


@router.post(LOGIN)
async def log_in(request: Request) -> Response:
    """Starts a session. Without scripts too; refused attempts are counted by account and by address."""
    form = await _sent(request)
    return await run_in_threadpool(_log_in, request, form)


def _log_in(request: Request, form: Form) -> Response:
    username, password = form.text("username", longest=200), form.text("password", longest=1000)
    status = 422
    if username and password:
        try:
            count_login(request)
            token = login.log_in(username, form.get("password"), **_device(request))
            response = redirect_after_post(request, _after(form.get("next")))
            cookies.put(response, cookies.SESSION, token, seconds=settings().session_days * _DAY)
            cookies.drop(response, cookies.FORM)
            return response
        except (Unauthenticated, TooMany) as fault:
            form.take(fault)
            status = 429 if isinstance(fault, TooMany) else 422
            wait = fault.retry_after if isinstance(fault, TooMany) else None
            response = _open_form(request, "identity/login.html", status=status, form=form)
            if wait is not None:
                response.headers["Retry-After"] = str(wait)
            return response
    return _open_form(request, "identity/login.html", status=status, form=form)


def _device(request: Request) -> dict[str, str]:
    address = request.client.host if request.client else ""
    return {"address": address, "agent": request.headers.get("user-agent", "")}


def _after(url: str) -> str:
    """Where to go after logging in: only to a path of ours."""
    return url if is_local(url) and not url.startswith(LOGIN) else "/"


@router.post("/logout")
def log_out(request: Request, who: Reader) -> Response:
    login.log_out(who)
    response = redirect_after_post(request, LOGIN, flash=_LOGGED_OUT)
    cookies.drop(response, cookies.SESSION)
    return response


# One's own account


@router.get("/account")
def account(request: Request, who: Reader) -> Response:
    """Who I am here, my password, and where I am logged in."""
    return _account(request, who, Form(old="", new="", again=""))


def _account(
    request: Request, who: login.LoggedIn, form: Form, status: int = 200, *, mail: Form | None = None
) -> Response:
    if mail is None and who.actor.user_id is not None:
        mail = Form(email=people.user(who.actor, who.actor.user_id).email)
    return render(
        request, "identity/account.html", status=status, place="account", form=form, actor=who.actor, mail=mail,
        sessions=login.sessions(who.actor), this_session=who.session_id,
    )  # fmt: skip


@router.post("/account/email")
def set_email(request: Request, who: Reader, form: Typed) -> Response:
    email = form.text("email", required=False, longest=people.EMAIL_LONGEST)
    if form.ok:
        try:
            people.set_email(who.actor, email or "")
            return redirect_after_post(request, "/account", flash=N_("Đã ghi."))
        except Invalid as fault:
            form.take(fault)
    return _account(request, who, Form(old="", new="", again=""), 422, mail=form)


@router.get("/password")
def password_page(request: Request, who: Reader) -> Response:
    return _account(request, who, Form(old="", new="", again=""))


@router.post("/password")
def change_password(request: Request, who: Reader, form: Typed) -> Response:
    old, new = form.text("old", longest=1000), _new_password(form)
    if old is not None and new is not None:
        try:
            passwords.change_password(who, form.get("old"), new)
            said = N_("Đã đổi mật khẩu. Các phiên khác của bạn đã kết thúc.")
            return redirect_after_post(request, "/account", flash=said)
        except Invalid as fault:
            form.take(fault)
    return _account(request, who, form, 422)


def _new_password(form: Form) -> str | None:
    """The new password, typed twice alike."""
    new = form.get("new") if form.text("new", longest=1000) is not None else None
    if new is not None and form.get("again") != new:
        form.fail("again", N_("Hai lần nhập chưa giống nhau"))
        return None
    return new


@router.post("/account/sessions/{session_id}/end")
def end_own_session(request: Request, who: Reader, session_id: uuid.UUID) -> Response:
    end_session(who.actor, session_id)
    return redirect_after_post(request, "/account", flash=N_("Đã kết thúc phiên."))


def end_session(actor: Actor, session_id: uuid.UUID) -> None:
    login.end_session(actor, session_id)


# A link that sets a password, once


@router.get("/password/set/{token}")
def set_password_page(request: Request, token: str) -> Response:
    form = Form(new="", again="")
    return _open_form(request, "identity/set_password.html", form=form, username=passwords.link_owner(token))


@router.post("/password/set/{token}")
async def set_password(request: Request, token: str) -> Response:
    form = await _sent(request)
    return await run_in_threadpool(_set_password, request, form, token)


def _set_password(request: Request, form: Form, token: str) -> Response:
    count_login(request)
    username = passwords.link_owner(token)
    new = _new_password(form)
    if new is not None:
        try:
            passwords.set_password_by_link(token, new)
            said = N_("Đã đặt mật khẩu. Mời đăng nhập.")
            return redirect_after_post(request, LOGIN, flash=said)
        except Fault as fault:
            form.take(fault)
    return _open_form(request, "identity/set_password.html", status=422, form=form, username=username)
