"""Logging in and out, one's own account, the link that sets a password."""

from __future__ import annotations

import re

import httpx
import pytest

from app.domain.identity import common, passwords, people
from app.domain.identity.login import authenticate_session, log_in
from app.settings import settings
from tests.support.pages import Visitor, hidden, words
from tests.support.world import PASSWORD, World


def knock(
    visitor: Visitor, username: str, password: str, next: str = "/", lang: str = "vi"
) -> httpx.Response:
    form = visitor.get("/login", params={"next": next}).text
    values = {"csrf": hidden(form, "csrf"), "next": hidden(form, "next")}
    answer: httpx.Response = visitor.post(
        "/login", data={**values, "username": username, "password": password}
    )
    return answer


def test_a_page_sends_whoever_is_not_logged_in_to_the_door_and_back(world: World) -> None:
    stranger = Visitor.stranger()
    turned = stranger.get("/dashboard?year=2023")
    assert turned.status_code == 303
    assert turned.headers["location"] == "/login?next=%2Fdashboard%3Fyear%3D2023"
    entered = knock(stranger, "accountant", PASSWORD, "/dashboard?year=2023")
    assert (entered.status_code, entered.headers["location"]) == (303, "/dashboard?year=2023")
    assert stranger.get("/dashboard?year=2023").status_code == 200


def test_htmx_is_told_the_way_to_the_door_by_a_header(world: World) -> None:
    headers = {"hx-request": "true", "hx-current-url": "http://testserver/works?unit=20770"}
    answer = Visitor.stranger().get("/units/search?name=unit", headers=headers)
    assert answer.status_code == 204
    assert answer.headers["hx-redirect"] == "/login?next=%2Fworks%3Funit%3D20770"


@pytest.mark.parametrize(
    "next", ["//other.example/", "https://other.example/", "/\\other.example", "/login?next=/"]
)
def test_the_way_back_never_leads_elsewhere(world: World, next: str) -> None:
    answer = knock(Visitor.stranger(), "officer", PASSWORD, next)
    assert answer.headers["location"] == "/"


def test_a_wrong_password_comes_back_with_what_was_typed_but_not_the_password(world: World) -> None:
    answer = knock(Visitor.stranger(), "officer", "Sai-mat-khau-1")
    assert answer.status_code == 422
    assert "Sai tên đăng nhập hoặc mật khẩu." in words(answer.text)
    assert 'value="officer"' in answer.text
    assert "Sai-mat-khau-1" not in answer.text


def test_an_account_is_locked_after_wrong_passwords_and_says_for_how_long(world: World) -> None:
    visitor = Visitor.stranger()
    for _ in range(settings().login_attempts):
        assert knock(visitor, "officer", "Sai-mat-khau-1").status_code == 422
    locked = knock(visitor, "officer", PASSWORD)
    assert locked.status_code == 429
    assert int(locked.headers["retry-after"]) > 0
    assert "Tài khoản tạm khóa" in words(locked.text)


def test_one_address_may_not_try_for_ever(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MTQG_LOGIN_PER_MINUTE", "3")
    settings.cache_clear()
    visitor = Visitor.stranger()
    statuses = [knock(visitor, f"nguoi{i}", "Sai-mat-khau-1").status_code for i in range(5)]
    assert statuses == [422, 422, 422, 429, 429]


def test_the_door_takes_only_its_own_form(world: World) -> None:
    visitor = Visitor.stranger()
    visitor.get("/login")
    values = {"username": "officer", "password": PASSWORD}
    assert visitor.post("/login", data=values).status_code == 403
    other = Visitor.stranger()
    theirs = hidden(other.get("/login").text, "csrf")
    assert visitor.post("/login", data={**values, "csrf": theirs}).status_code == 403


def test_logging_out_ends_the_session_itself(world: World) -> None:
    visitor = Visitor.logged_in("officer")
    cookie = visitor.cookies["mtqg"]
    assert visitor.send_form("/logout").headers["location"] == "/login"
    assert authenticate_session(cookie) is None
    assert visitor.get("/account").status_code == 303


def test_the_session_cookie_is_out_of_reach_of_scripts(world: World) -> None:
    made = knock(Visitor.stranger(), "officer", PASSWORD)
    cookie = next(v for v in made.headers.get_list("set-cookie") if v.startswith("mtqg="))
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie


def test_a_new_password_ends_the_other_sessions(world: World) -> None:
    here, there = Visitor.logged_in("officer"), Visitor.logged_in("officer")
    wrong = here.send_form("/password", old="khong-dung", new="Mat-khau-moi-22", again="Mat-khau-moi-22")
    assert (wrong.status_code, "Mật khẩu hiện tại không đúng." in words(wrong.text)) == (422, True)
    unlike = here.send_form("/password", old=PASSWORD, new="Mat-khau-moi-22", again="Mat-khau-moi-23")
    assert (unlike.status_code, "Hai lần nhập chưa giống nhau" in words(unlike.text)) == (422, True)
    assert (
        here.send_form("/password", old=PASSWORD, new="Mat-khau-moi-22", again="Mat-khau-moi-22").status_code
        == 303
    )
    assert (here.get("/account").status_code, there.get("/account").status_code) == (200, 303)
    assert log_in("officer", "Mat-khau-moi-22")


def test_one_ends_one_s_own_sessions_and_nobody_else_s(world: World) -> None:
    here, there = Visitor.logged_in("officer"), Visitor.logged_in("officer")
    [other] = re.findall(r'action="(/account/sessions/[^"]+/end)"', here.page("/account"))
    assert Visitor.logged_in("accountant").post(other, data={"csrf": "x.y"}).status_code == 403
    assert Visitor.logged_in("accountant").send_form(other).status_code == 404
    assert here.send_form(other).status_code == 303
    assert there.get("/account").status_code == 303


def test_a_link_sets_a_password_once(world: World) -> None:
    [someone] = [u for u in people.users(common.system_actor()) if u.username == "officer"]
    token = passwords.make_password_link(common.system_actor(), someone.id)
    visitor = Visitor.stranger()
    form = visitor.page(f"/password/set/{token}")
    assert "officer" in words(form)
    values = {"csrf": hidden(form, "csrf"), "again": "Mat-khau-moi-22"}
    weak = visitor.post(f"/password/set/{token}", data={**values, "new": "ngan", "again": "ngan"})
    assert (weak.status_code, "Mật khẩu dài từ" in words(weak.text)) == (422, True)
    done = visitor.post(f"/password/set/{token}", data={**values, "new": "Mat-khau-moi-22"})
    assert (done.status_code, done.headers["location"]) == (303, "/login")
    assert log_in("officer", "Mat-khau-moi-22")
    assert visitor.get(f"/password/set/{token}").status_code == 404


def test_the_door_speaks_english_too(world: World) -> None:
    page = Visitor.stranger("en").page("/login")
    assert "Sign in" in words(page)
    assert 'href="/language/vi?next=/login"' in page
