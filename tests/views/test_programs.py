"""The tree of programs with its money, and the catalogue's editing by the nation's administrator."""

from __future__ import annotations

import re

import pytest

from app.domain import programs
from app.domain.identity import common
from tests.support import world as w
from tests.support.pages import Visitor, words
from tests.support.world import MILLION, World


@pytest.fixture
def kept(world: World) -> World:
    for project, amount in (("GNBV.1.1", 30), ("GNBV.2", 70), ("NTM.2", 5)):
        w.post(w.line(project_code=project).id, "allocate", amount * MILLION, "2023-01-10")
    return world


def test_a_branch_holds_the_sum_of_what_is_below_it(kept: World) -> None:
    page = words(Visitor.logged_in("officer").page("/programs")).replace("\u00a0", " ")
    for code, plan in (("GNBV", 100), ("GNBV.1", 30), ("GNBV.1.1", 30), ("GNBV.2", 70), ("NTM", 5)):
        assert re.search(rf" {re.escape(code)} [^/]* 0 đồng / {plan} triệu đồng", page), code


def test_every_project_of_the_catalogue_is_on_it(kept: World) -> None:
    page = Visitor.logged_in("officer").page("/programs")
    codes = {p.code for p in programs.projects(common.system_actor())}
    assert codes <= set(re.findall(r'href="/programs/([^"]+)"', page))


def test_a_project_s_page_shows_it_alone(kept: World) -> None:
    page = words(Visitor.logged_in("officer").page("/programs/GNBV.1"))
    assert "GNBV.1.1" in page
    assert "GNBV.2" not in page
    assert Visitor.logged_in("officer").get("/programs/KHONG").status_code == 404


def test_only_the_nation_s_administrator_is_offered_and_may_edit(kept: World) -> None:
    nation, commune = Visitor.logged_in("quantri"), Visitor.logged_in("administrator")
    assert "Sửa chương trình" in words(nation.page("/programs/GNBV"))
    assert "Sửa chương trình" not in words(commune.page("/programs/GNBV"))
    for path in ("/programs/new", "/programs/GNBV", "/programs/GNBV/projects"):
        assert commune.send_form(path, name="Khác", version="1").status_code == 403


def test_a_program_of_a_new_period_grows_a_tree(world: World) -> None:
    visitor = Visitor.logged_in("quantri")
    values = {
        "name": "Chương trình của giai đoạn mới",
        "short_name": "Giai đoạn mới",
        "decision": "thử nghiệm",
    }
    made = visitor.send_form("/programs/new", code="CT26", period_from="2026", period_to="2030", **values)
    assert made.headers["location"] == "/programs/CT26"
    assert visitor.send_form("/programs/CT26/projects", code="CT26.1", name="Dự án một").status_code == 303
    assert (
        visitor.send_form("/programs/CT26.1/projects", code="CT26.1.1", name="Tiểu dự án").status_code == 303
    )
    assert "Tiểu dự án" in words(visitor.page("/programs/CT26"))
    backwards = visitor.send_form(
        "/programs/new", code="CT27", period_from="2030", period_to="2026", **values
    )
    assert (backwards.status_code, "Năm cuối không trước năm đầu." in words(backwards.text)) == (422, True)
    assert 'value="CT27"' in backwards.text


def test_a_project_with_lines_is_not_divided_and_codes_continue_the_one_above(kept: World) -> None:
    visitor = Visitor.logged_in("quantri")
    taken = visitor.send_form("/programs/GNBV.2/projects", code="GNBV.2.1", name="Phần")
    assert (taken.status_code, "đã có dòng vốn" in words(taken.text)) == (422, True)
    wrong = visitor.send_form("/programs/GNBV/projects", code="NTM.99", name="Lạc")
    assert (wrong.status_code, "Mã phải nối tiếp mã cấp trên" in words(wrong.text)) == (422, True)
    assert 'value="NTM.99"' in wrong.text


def test_a_name_changed_meanwhile_is_not_overwritten(world: World) -> None:
    visitor = Visitor.logged_in("quantri")
    assert visitor.send_form("/programs/NTM.2", name="Hạ tầng", version="1").status_code == 303
    stale = visitor.send_form("/programs/NTM.2", name="Khác", version="1")
    assert (stale.status_code, "người khác sửa" in words(stale.text)) == (422, True)
    assert programs.project(common.system_actor(), "NTM.2").name == "Hạ tầng"
