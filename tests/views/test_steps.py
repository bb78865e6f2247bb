"""What the pages of procedures, stages and dossiers promise."""

from __future__ import annotations

import io
import uuid
import zipfile
from datetime import date

import pytest

from app.domain import works
from app.domain.works import procedures, stages, step_editing, steps
from tests.support.book import freeze
from tests.support.pages import Visitor, hidden, links, words
from tests.support.papers import document
from tests.support.procedure import done, step, up_to
from tests.support.world import World, actor, work


def test_a_work_says_first_and_by_name_what_it_lacks(world: World) -> None:
    its = work(procedure="special")
    first = step(its.id, "list")
    step_editing.update(actor(), its.id, first.id, 1, {"due_on": date(2023, 2, 1)})
    page = Visitor.logged_in("officer").page(f"/works/{its.id}")
    said = words(page)
    assert "Chưa đủ điều kiện khởi công: còn thiếu 9" in said
    assert "thiếu Danh mục công trình của hội đồng nhân dân, Hội đồng nhân dân, hạn 01/02/2023, chậm" in said
    assert f"/works/{its.id}/steps/{first.id}" in links(page)
    assert said.index("còn thiếu 9") < said.index("Tiền theo năm và nguồn")
    english = words(Visitor.logged_in("officer", "en").page(f"/works/{its.id}"))
    assert "Not fit to break ground: 9 missing" in english
    assert "List of works : lacks List of works by the people's council" in english


def test_the_timeline_tells_done_late_waiting_and_what_can_begin(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    its = work(procedure="special")
    done(its.id, "list", date(2023, 2, 10))
    late = step(its.id, "dossier")
    step_editing.update(actor(), its.id, late.id, 1, {"due_on": date(2023, 2, 20)})
    freeze(monkeypatch, date(2023, 3, 2))
    said = words(Visitor.logged_in("supervisor").page(f"/works/{its.id}/steps"))
    assert "Đã xong 1 trong 12 bước. Làm được ngay: Hồ sơ xây dựng công trình đơn giản." in said
    assert "Bước quá hạn: 1 Hồ sơ xây dựng công trình đơn giản : hạn 20/02/2023" in said
    assert "hạn 20/02/2023, chậm 10 ngày" in said
    assert "Danh mục công trình 10/02/2023 1 văn bản" in said
    assert "Công khai, lấy ý kiến cộng đồng chờ bước 2" in said
    csv = Visitor.logged_in("supervisor").get(f"/works/{its.id}/steps?format=csv").text
    assert "Hồ sơ xây dựng công trình đơn giản,chậm 10 ngày,2023-02-20" in csv


def test_a_step_is_settled_from_its_page_and_what_is_refused_stays_typed(world: World) -> None:
    its = work(procedure="special")
    first, officer = step(its.id, "list"), Visitor.logged_in("officer")
    path = f"/works/{its.id}/steps/{first.id}"
    page = officer.page(path)
    assert "Còn thiếu văn bản: 1 Danh mục công trình của hội đồng nhân dân" in words(page)
    assert any(
        href.startswith("/documents/new?subject=step") and "kind=works_list" in href for href in links(page)
    )
    form = {"version": hidden(page, "version"), "status": "done", "done_on": "10/02/2023"}
    refused = officer.send_form(path, **form)
    assert refused.status_code == 409
    assert "còn thiếu văn bản: Danh mục công trình của hội đồng nhân dân" in words(refused.text)
    assert 'value="10/02/2023"' in refused.text
    document(content=None, kind="works_list", subject=("step", first.id))
    assert officer.send_form(path, **form).headers["location"] == f"/works/{its.id}/steps"
    assert step(its.id, "list").done_on == date(2023, 2, 10)
    stale = officer.send_form(path, **(form | {"done_on": "11/02/2023"}))
    assert stale.status_code == 409
    assert "Bản hiện tại" in words(stale.text)
    opened = form | {"version": hidden(stale.text, "version"), "status": "open"}
    assert "Ghi lý do đổi tình trạng" in words(officer.send_form(path, **opened).text)
    assert officer.send_form(path, **opened, reason="Nhầm").status_code == 303
    assert 'value="waived"' not in officer.page(path)
    assert 'value="waived"' in Visitor.logged_in("leader").page(path)


def test_the_stage_moves_only_with_nothing_missing_or_a_leaders_word(world: World) -> None:
    its = work(procedure="special")
    path = f"/works/{its.id}/stage"
    officer, leader = Visitor.logged_in("officer"), Visitor.logged_in("leader")
    form = {"version": "1", "stage": "construction"}
    barred = officer.send_form(path, **form)
    assert barred.status_code == 409
    assert "Còn thiếu 9, kể ở đầu trang" in words(barred.text)
    assert "override_reason" not in barred.text
    assert officer.send_form(path, **form, override_reason="Gấp").status_code == 403
    passed = leader.send_form(path, **form, override_reason="Khắc phục sạt lở")
    assert passed.headers["location"] == f"/works/{its.id}"
    said = words(officer.page(f"/works/{its.id}"))
    assert "Đã chuyển sang “Thi công” khi còn thiếu 9 Khắc phục sạt lở Nguyễn Thị Leader" in said
    assert "Lúc đó thiếu: Danh mục công trình; " in said
    ready = work(procedure="special")
    up_to(ready.id, "construction")
    assert officer.send_form(f"/works/{ready.id}/stage", **(form | {"version": "1"})).status_code == 303
    stale = officer.send_form(f"/works/{ready.id}/stage", **form)
    assert stale.status_code == 409
    assert hidden(stale.text, "version") == "2"


def test_a_new_work_in_a_later_stage_is_told_what_it_lacks(world: World) -> None:
    leader = Visitor.logged_in("leader")
    page = leader.page("/works/new")
    form = {
        "id": hidden(page, "id"), "owner_unit_code": hidden(page, "owner_unit_code"), "code": "CT-1",
        "name": "Đường", "project_code": "DTTS.4.1", "stage": "construction", "procedure": "special",
        "physical_percent": "0",
    }  # fmt: skip
    barred = leader.send_form("/works/new", **form)
    assert barred.status_code == 409
    assert "Lý do ghi ở giai đoạn này khi còn thiếu" in words(barred.text)
    assert leader.send_form("/works/new", **form, override_reason="Làm dở từ 2022").status_code == 303
    assert stages.overrides(actor(), uuid.UUID(form["id"]))[0].reason == "Làm dở từ 2022"


def test_the_dossier_is_read_on_its_page_and_taken_out_as_a_zip(world: World) -> None:
    its = work(procedure="special")
    document(subject=("step", step(its.id, "list").id), kind="works_list", number="12/NQ-HĐND")
    reader = Visitor.logged_in("inspector")
    said = words(reader.page(f"/works/{its.id}/dossier"))
    assert "1 văn bản, 1 tệp (1 KB); còn thiếu 14 loại văn bản ." in said
    assert "Thiếu: Hồ sơ xây dựng công trình đơn giản" in said
    answer = reader.get(f"/works/{its.id}/dossier.zip")
    assert answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        assert "Missing" not in archive.read("MUC-LUC.html").decode()
    english = Visitor.logged_in("inspector", "en").get(f"/works/{its.id}/dossier.zip")
    with zipfile.ZipFile(io.BytesIO(english.content)) as archive:
        assert "Missing: Appraisal report" in archive.read("MUC-LUC.html").decode()


def test_procedures_are_read_by_all_and_continued_by_the_nations_administrator(world: World) -> None:
    running = work(procedure="special")
    reader = Visitor.logged_in("supervisor")
    assert "Bản 1" in words(reader.page("/procedures"))
    said = words(reader.page("/procedures/special/1"))
    assert "12 bước. Căn cứ: Nghị định 27/2022/NĐ-CP" in said
    assert "4. Thẩm định" in said
    assert "chờ xác nhận" in said  # of the step that the decree does not name
    for stranger in (reader, Visitor.logged_in("administrator")):
        assert stranger.get("/procedures/special/new").status_code == 403
        assert stranger.send_form("/procedures/special/new", number="2").status_code == 403
    nation = Visitor.logged_in("quantri")
    page = nation.page("/procedures/special/new")
    form = {name: hidden(page, name) for name in ("number", "steps")} | {
        "name": "Cơ chế đặc thù", "valid_from": "01/01/2024", "source": "Nghị định 38/2023/NĐ-CP",
        "certainty": "sure", "s0_order": "20", "s0_code": "late", "s0_name": "Bước sau", "s0_after": "early",
        "s0_certainty": "sure", "s1_order": "10", "s1_code": "early", "s1_name": "Bước đầu", "s1_days": "x",
        "s1_gate": "construction", "s1_required_documents": "works_list", "s1_certainty": "sure",
    }  # fmt: skip
    more = nation.send_form("/procedures/special/new", **form, more="1")
    assert (more.status_code, hidden(more.text, "steps")) == (200, str(int(form["steps"]) + 1))
    assert 'value="Bước sau"' in more.text
    wrong = nation.send_form("/procedures/special/new", **form)
    assert wrong.status_code == 422
    assert 'href="#f-s1_days"' in wrong.text
    wrong = nation.send_form("/procedures/special/new", **(form | {"s1_days": "5", "s0_after": "none"}))
    assert "Bước đứng trước phải có ở phía trên: none." in words(wrong.text)
    made = nation.send_form("/procedures/special/new", **(form | {"s1_days": "5"}))
    assert made.headers["location"] == "/procedures/special/2"
    newest = procedures.get(actor(), "special", 2)
    assert [(s.code, s.after, s.days) for s in newest.steps] == [("early", (), 5), ("late", ("early",), None)]
    assert len(steps.steps(actor(), running.id)) == 12
    assert "Các bản khác: Bản 1" in words(reader.page("/procedures/special/2"))


def test_a_work_without_a_procedure_is_led_to_choose_one(world: World) -> None:
    its = work()
    page = Visitor.logged_in("officer").page(f"/works/{its.id}/steps")
    assert "Công trình chưa có thủ tục" in words(page)
    assert f"/works/{its.id}/edit" in links(page)
    assert works.get(actor(), its.id).missing[0].rule == "procedure"
