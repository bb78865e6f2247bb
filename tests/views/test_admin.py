"""Administration: people, systems, sessions, the record of changes, parameters, units."""

from __future__ import annotations

import ast
import re
from datetime import date
from pathlib import Path

import pytest

from app import domain
from app.domain import programs
from app.domain.identity import common, login, people
from app.domain.identity.clients import issue_token
from app.domain.ledger.deadlines import day_of
from app.errors import Unauthenticated
from app.reports.audit import AUDIT_ACTIONS, AUDIT_SUBJECTS
from tests.support import world as w
from tests.support.pages import Visitor, hidden, links, words
from tests.support.world import PASSWORD, World


def shown(page: str, field: str) -> str:
    found = re.search(rf'id="f-{field}" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def person(username: str) -> people.UserView:
    return next(u for u in people.users(common.system_actor()) if u.username == username)


def test_people_are_found_without_diacritics(world: World) -> None:
    page = Visitor.logged_in("quantri").page("/admin/users?q=tham dinh")
    assert "Lê Thẩm Định" in words(page)
    assert "Nguyễn Thị Officer" not in words(page)


def test_a_new_person_gets_a_link_that_is_shown_once(world: World) -> None:
    visitor = Visitor.logged_in("administrator")
    values = {
        "full_name": "Đinh Thị Ánh",
        "username": "anh.dt",
        "role": "officer",
        "unit_code": "20770@legacy",
    }
    made = visitor.send_form("/admin/users/new", **values)
    assert made.status_code == 201
    link = shown(made.text, "link")
    assert Visitor.stranger().get(link[link.index("/password") :]).status_code == 200
    assert link not in visitor.page(f"/admin/users/{person('anh.dt').id}")


def test_a_refused_person_comes_back_with_what_was_typed(world: World) -> None:
    visitor = Visitor.logged_in("administrator")
    values = {
        "full_name": "Đinh Thị Ánh",
        "username": "officer",
        "role": "officer",
        "unit_code": "20770@legacy",
    }
    answer = visitor.send_form("/admin/users/new", **values)
    assert answer.status_code == 422
    assert 'href="#f-username">Tên đăng nhập: Tên đăng nhập này đã có người dùng.' in answer.text
    assert 'value="Đinh Thị Ánh"' in answer.text


def test_without_scripts_a_unit_is_found_by_what_was_typed(world: World) -> None:
    visitor = Visitor.logged_in("quantri")
    values = {"full_name": "Đinh Thị Ánh", "username": "anh.dt", "role": "officer"}
    several = visitor.send_form("/admin/users/new", **values, unit_code_find="phuoc tra")
    assert several.status_code == 422
    assert {'value="20770@2025"', 'value="20773@legacy"'} <= set(
        re.findall(r'value="[^"]+@[^"]+"', several.text)
    )
    assert visitor.send_form("/admin/users/new", **values, unit_code_find="song tra").status_code == 201
    assert person("anh.dt").unit_name == "Xã Sông Trà"


def test_disabling_somebody_ends_their_sessions_and_oneself_is_refused(world: World) -> None:
    visitor, officer = Visitor.logged_in("administrator"), Visitor.logged_in("officer")
    for username, status in (("officer", 303), ("administrator", 422)):
        who = person(username)
        values = {
            "full_name": who.full_name,
            "role": who.role,
            "unit_code": who.exact_unit,
            "version": who.version,
        }
        answer = visitor.send_form(f"/admin/users/{who.id}", **values, disabled="1")
        assert answer.status_code == status
    assert officer.get("/account").status_code == 303
    with pytest.raises(Unauthenticated):
        login.log_in("officer", PASSWORD)


def test_a_person_changed_by_another_meanwhile_is_not_overwritten(world: World) -> None:
    who = person("officer")
    people.update_user(common.system_actor(), who.id, who.version, {"title": "Công chức địa chính"})
    values = {"full_name": "Tên Khác", "role": "officer", "unit_code": who.exact_unit, "version": who.version}
    answer = Visitor.logged_in("administrator").send_form(f"/admin/users/{who.id}", **values)
    assert answer.status_code == 422
    assert "đã được người khác sửa" in words(answer.text)
    assert person("officer").full_name == who.full_name


def test_nobody_administers_people_of_another_unit(world: World) -> None:
    visitor = Visitor.logged_in("administrator")
    assert visitor.get(f"/admin/users/{person('khac').id}").status_code == 404
    assert visitor.send_form(f"/admin/users/{person('khac').id}/link").status_code == 404


def test_a_system_s_secret_is_shown_once_and_ends_with_it(world: World) -> None:
    visitor = Visitor.logged_in("administrator")
    made = visitor.send_form("/admin/clients", name="Kho bạc", scope="read", unit_code="20770@legacy")
    assert made.status_code == 201
    client_id, secret = shown(made.text, "client"), shown(made.text, "secret")
    assert issue_token(client_id, secret)
    page = visitor.page("/admin/clients")
    assert (client_id in page, secret in page) == (True, False)
    [end] = re.findall(r'action="(/admin/clients/[^"]+/end)"', page)
    assert visitor.send_form(end).status_code == 303
    with pytest.raises(Unauthenticated):
        issue_token(client_id, secret)


def test_an_administrator_ends_somebody_s_session(world: World) -> None:
    visitor, officer = Visitor.logged_in("administrator"), Visitor.logged_in("officer")
    [end] = re.findall(r'action="(/admin/sessions/[^"]+/end)"', visitor.page("/admin/sessions"))
    assert Visitor.logged_in("leader").send_form(end).status_code == 403
    assert visitor.send_form(end).status_code == 303
    assert officer.get("/account").status_code == 303


def test_the_record_is_read_newest_first_by_who_and_what(world: World) -> None:
    w.line(w.actor("accountant"))
    page = words(Visitor.logged_in("inspector").page("/admin/audit"))
    assert page.index("Đăng nhập · Phiên đăng nhập") < page.index("Mở dòng vốn · Dòng vốn")
    lines = words(Visitor.logged_in("inspector").page("/admin/audit?kind=budget_line&who_did=accountant"))
    assert "Mở dòng vốn · Dòng vốn" in lines
    assert "Đăng nhập · Phiên đăng nhập" not in lines


def test_a_long_record_has_a_next_page(world: World) -> None:
    for year in range(2000, 2101):
        w.line(year=year)
    visitor = Visitor.logged_in("inspector")
    [older] = [link for link in links(visitor.page("/admin/audit?kind=budget_line")) if "before=" in link]
    assert words(visitor.page(older)).count("Mở dòng vốn · Dòng vốn") == 1


def test_every_recorded_action_has_its_words() -> None:
    said = set()
    for file in Path(domain.__path__[0]).rglob("*.py"):
        for call in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(call, ast.Call) and ast.unparse(call.func) == "audit.record":
                said |= {a.value for a in call.args[2:4] if isinstance(a, ast.Constant)}
    assert len(said) > 20
    assert said <= AUDIT_ACTIONS.keys() | AUDIT_SUBJECTS.keys()


def parameter(key: str) -> programs.ParameterView:
    return next(
        p for p in programs.parameters(common.system_actor()) if p.key == key and p.valid_from.year > 2023
    )


def change(visitor: Visitor, of: programs.ParameterView, **values: str) -> tuple[int, str]:
    stored = {
        "value": of.value or "", "valid_from": "01/01/2026", "source": of.source, "certainty": of.certainty,
        "version": str(of.version),
    }  # fmt: skip
    answer = visitor.send_form(f"/admin/parameters/{of.id}", **{**stored, **values})
    return answer.status_code, words(answer.text)


def test_parameters_are_said_in_words_with_their_certainty(world: World) -> None:
    page = words(Visitor.logged_in("supervisor").page("/admin/parameters"))
    for said in ("ngày 31/1 năm sau", "ngày 31/12 cùng năm", "30,0 %", "chưa có mức", "chờ xác nhận"):
        assert said in page.replace("\u00a0", " ")


def test_the_nation_s_administrator_changes_a_parameter(world: World) -> None:
    nation, commune = Visitor.logged_in("quantri"), Visitor.logged_in("administrator")
    of = parameter("deadline.recurrent")
    assert change(commune, of, value="01-15+1")[0] == 403
    assert change(nation, of, value="01-15+1", certainty="sure")[0] == 303
    now = parameter("deadline.recurrent")
    assert (day_of(now.value or "", 2026), now.certainty) == (date(2027, 1, 15), "sure")
    assert change(nation, of, value="01-20+1")[0] == 422  # somebody has changed it since


@pytest.mark.parametrize("value", ["31-12", "02-29", "cuối năm", "12-31-1", "13-01"])
def test_a_deadline_that_is_no_day_is_refused_beside_its_field(world: World, value: str) -> None:
    status, said = change(Visitor.logged_in("quantri"), parameter("deadline.recurrent"), value=value)
    assert (status, "Giá trị: Ghi" in said) == (422, True)


def test_a_validity_that_ends_before_it_begins_is_refused(world: World) -> None:
    status, said = change(Visitor.logged_in("quantri"), parameter("advance.limit"), valid_to="31/12/2025")
    assert (status, "Ngày hết hiệu lực không trước" in said) == (422, True)


def test_a_leader_makes_systems_wait_for_a_checker(world: World) -> None:
    visitor = Visitor.logged_in("leader")
    page = visitor.page("/admin/units")
    version = hidden(page, "version")
    answer = visitor.send_form("/admin/units/20770@legacy", version=version, required="1")
    assert answer.status_code == 303
    assert world.unit("20770@legacy").requires_checker
    assert visitor.send_form("/admin/units/00001@legacy", version="1", required="1").status_code == 404


def test_a_unit_s_page_says_what_it_became(world: World) -> None:
    page = words(Visitor.logged_in("officer").page("/units/20770@legacy"))
    assert "Việt Nam › Tỉnh Quảng Nam › Huyện Hiệp Đức" in page
    assert "Nay thuộc về Xã Phước Trà toàn bộ 20770 · Thành phố Đà Nẵng · từ 01/07/2025" in page
    assert "Thôn Trà Huỳnh" in page


def test_units_are_searched_within_one_s_scope(world: World) -> None:
    found = words(Visitor.logged_in("huyen").page("/units/search?q=phuoc"))
    assert ("Xã Phước Gia" in found, "Xã Phước Trà" in found, "Phúc Xá" in found) == (True, True, False)
    options = Visitor.logged_in("huyen").get(
        "/units/search?name=unit&unit_find=phuoc gia", headers={"hx-request": "true"}
    )
    assert 'name="unit" value="20776@legacy" checked' in options.text
    assert "<html" not in options.text
