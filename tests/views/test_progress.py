"""What the pages of progress promise."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

import pytest

from app.clock import today
from app.domain.works import progress, progress_editing
from app.domain.works.progress import MilestoneView
from app.domain.works.progress_editing import NewReport
from tests.support.book import freeze
from tests.support.pages import Visitor, hidden, links, words
from tests.support.papers import photo
from tests.support.world import MILLION, World, actor, line, post, work

ON = date(2023, 9, 14)
PLANNED: dict[str, Any] = {"planned_start": date(2023, 6, 6), "planned_finish": date(2023, 9, 14)}


def report(work_id: uuid.UUID, on: date, percent: int, **values: Any) -> uuid.UUID:
    return progress_editing.create(actor(), NewReport(uuid.uuid4(), work_id, on, percent, **values))[0].id


def test_the_sentence_says_plan_volume_money_forecast_and_what_holds(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    its = work(procedure="special", **PLANNED)
    made = line(project_code="DTTS.4.1", capital_kind="investment", work_id=its.id)
    post(made.id, "allocate", 500 * MILLION, "2023-01-05")
    post(made.id, "pay", 250 * MILLION, "2023-07-05", no_contract_reason="Chi phí quản lý")
    report(its.id, date(2023, 7, 16), 20)
    report(its.id, date(2023, 8, 15), 50)
    freeze(monkeypatch, ON)
    said = words(Visitor.logged_in("supervisor").page(f"/works/{its.id}/progress"))
    assert (
        "Khối lượng 50 %, kế hoạch 100 %: chậm 50 điểm, 50 ngày; tiền 25,0 %; giữ nhịp 90 ngày qua thì xong khoảng 04/10/2023."
        in said
    )
    assert "Bước đang giữ: Danh mục" in said
    overview = Visitor.logged_in("officer").page(f"/works/{its.id}")
    assert "chậm 50 điểm, 50 ngày" in words(overview)
    assert f"/works/{its.id}/progress/new" in links(overview)
    assert 'class="spent"' in overview
    english = words(Visitor.logged_in("officer", "en").page(f"/works/{its.id}/progress"))
    assert (
        "Physical progress 50%, plan 100%: 50 points and 50 days behind; money 25.0%; at the pace" in english
    )


@pytest.mark.parametrize(
    ("reports", "said"),
    [
        ([], "90 ngày qua chưa đủ hai báo cáo để ước ngày xong"),
        (
            [(date(2023, 8, 1), 30), (date(2023, 9, 1), 30)],
            "90 ngày qua khối lượng không tăng nên chưa ước được",
        ),
        ([(date(2023, 9, 1), 88)], "kế hoạch 88 %: đúng kế hoạch"),
        ([(date(2023, 9, 1), 95)], "sớm 7 điểm, 7 ngày"),
        ([(date(2023, 8, 1), 90), (date(2023, 9, 1), 100)], "Khối lượng đủ 100 % từ ngày 01/09/2023"),
    ],
)
def test_where_nothing_can_be_foretold_it_says_why(
    world: World, monkeypatch: pytest.MonkeyPatch, reports: list[tuple[date, int]], said: str
) -> None:
    its = work(planned_start=date(2023, 6, 18), planned_finish=date(2023, 9, 26))
    for on, percent in reports:
        report(its.id, on, percent)
    freeze(monkeypatch, ON)
    assert said in words(Visitor.logged_in("officer").page(f"/works/{its.id}/progress"))


def test_a_work_without_plan_reports_and_money_says_so(world: World) -> None:
    said = words(Visitor.logged_in("inspector").page(f"/works/{work(total_investment=None).id}/progress"))
    assert "Khối lượng 0 %, chưa có kế hoạch để so" in said
    assert "Chưa có gì để vẽ" in said
    assert "Chưa có báo cáo nào" in said
    assert "Ghi báo cáo" not in said


def test_reports_stand_newest_first_with_their_photos_and_as_a_file(world: World) -> None:
    its = work()
    officer = Visitor.logged_in("officer")
    send(officer, its.id, on="31/03/2023", percent="10", accepted="90 triệu", photos=[("a.jpg", photo())])
    send(officer, its.id, on="30/04/2023", percent="25", note="=1+1 đã đổ bê tông")
    page = officer.page(f"/works/{its.id}/progress")
    said = words(page)
    assert said.index("30/04/2023 khối lượng 25 %") < said.index("31/03/2023 khối lượng 10 %")
    assert "nghiệm thu 90.000.000 đ" in said
    (shown,) = (p for p in page.split('"') if p.startswith("/documents/") and p.endswith("size=preview"))
    assert officer.get(shown).headers["content-type"] == "image/jpeg"
    assert shown in officer.page(f"/works/{its.id}")
    rows = officer.get(f"/works/{its.id}/progress?format=csv").text.split("\r\n\r\n")[-1]
    assert "2023-03-31,0.1000,90000000" in rows
    assert "'=1+1 đã đổ bê tông" in rows
    picture = progress.reports(actor(), its.id, newest_first=True)[1].photos[0][1]
    assert picture.name == "a.jpg"


def form_of(page: str, **values: str) -> dict[str, str]:
    return {"id": hidden(page, "id"), "physical_percent": "10", "reported_on": "31/03/2023", **values}


def send(
    visitor: Visitor,
    work_id: uuid.UUID,
    *,
    on: str,
    percent: str,
    photos: Any = (),
    note: str = "",
    accepted: str = "",
) -> None:
    path = f"/works/{work_id}/progress/new"
    form = form_of(
        visitor.page(path), physical_percent=percent, reported_on=on, note=note, accepted_value=accepted
    )
    files = [("files", photo) for photo in photos]
    answer = visitor.post(path, data={"csrf": visitor.token, **form}, files=files or None)
    assert (answer.status_code, answer.headers.get("location")) == (303, f"/works/{work_id}/progress"), (
        answer.text
    )


def test_a_refused_report_comes_back_whole_with_its_photo(world: World) -> None:
    its = work()
    report(its.id, date(2023, 3, 1), 40)
    officer = Visitor.logged_in("officer")
    path = f"/works/{its.id}/progress/new"
    page = officer.page(path)
    assert "Lần trước, 01/03/2023: 40 %" in words(page)
    assert f'value="{today():%d/%m/%Y}"' in page
    assert f'action="{path}"' in page
    form = form_of(page, note="", lat="15,5287", lon="108,0263", physical_percent="39")
    data = {"csrf": officer.token, **form}
    fallen = officer.post(path, data=data, files=[("files", ("a.jpg", photo()))])
    assert fallen.status_code == 422
    assert "thấp hơn báo cáo ngày 01/03/2023 là 40 %: ghi rõ vì sao" in words(fallen.text)
    assert 'href="#f-note"' in fallen.text
    assert 'value="15,5287"' in fallen.text
    kept = hidden(fallen.text, "upload")
    wrong = officer.send_form(path, **(form | {"upload": kept, "lat": "bắc"}))
    assert 'href="#f-lat"' in wrong.text
    assert "<details open>" in wrong.text
    done = officer.send_form(path, **(form | {"note": "Đo lại"}), upload=hidden(wrong.text, "upload"))
    assert done.status_code == 303
    newest = progress.reports(actor(), its.id, newest_first=True)[0]
    assert (newest.physical_percent, newest.lat, newest.lon) == (39, 15.5287, 108.0263)
    assert [f.name for _, f in newest.photos] == ["a.jpg"]
    again = officer.send_form(path, **(form | {"note": "Đo lại"}), upload=kept)
    assert again.status_code == 303  # sent twice, recorded once
    assert progress.reports(actor(), its.id, newest_first=True)[0] == newest


def test_a_second_report_of_a_day_leads_to_the_first(world: World) -> None:
    its = work()
    first = report(its.id, date(2023, 3, 31), 40)
    officer = Visitor.logged_in("officer")
    path = f"/works/{its.id}/progress/new"
    answer = officer.send_form(path, **form_of(officer.page(path), physical_percent="45"))
    assert answer.status_code == 409
    assert "Ngày 31/03/2023 đã có báo cáo khối lượng 40 %" in words(answer.text)
    assert f"/works/{its.id}/progress/{first}/edit" in links(answer.text)


def test_a_stale_edit_shows_both_versions_and_more_photos_come_beside(world: World) -> None:
    its = work()
    made = report(its.id, date(2023, 3, 31), 40, note="Đào nền")
    officer = Visitor.logged_in("officer")
    path = f"/works/{its.id}/progress/{made}/edit"
    page = officer.page(path)
    form = {
        "version": hidden(page, "version"),
        "physical_percent": "45",
        "reported_on": "31/03/2023",
        "note": "Tôi sửa",
    }
    progress_editing.update(actor(), its.id, made, 1, {"note": "Người khác sửa"})
    data = {"csrf": officer.token, **form}
    stale = officer.post(path, data=data, files=[("files", ("thêm.jpg", photo()))])
    assert stale.status_code == 409
    assert "Người khác sửa" in words(stale.text)
    assert "Tôi sửa" in stale.text
    form |= {"version": hidden(stale.text, "version"), "upload": hidden(stale.text, "upload")}
    assert officer.send_form(path, **form).status_code == 303
    now = progress.get(actor(), its.id, made)
    assert (now.note, now.physical_percent, [f.name for _, f in now.photos]) == ("Tôi sửa", 45, ["thêm.jpg"])
    assert "thêm.jpg" in officer.page(path)


def test_milestones_are_set_row_by_row_and_refused_beside_their_rows(world: World) -> None:
    its = work()
    marks = [MilestoneView(date(2023, 4, 30), 20), MilestoneView(date(2023, 8, 31), 100)]
    progress_editing.set_milestones(actor(), its.id, marks)
    leader = Visitor.logged_in("leader")
    path = f"/works/{its.id}/progress/milestones"
    page = leader.page(path)
    assert 'name="day_1" value="31/08/2023"' in page
    assert page.count("<legend>Mốc") == 6
    rows = {
        "day_0": "30/04/2023",
        "percent_0": "20",
        "day_1": "",
        "percent_1": "",
        "day_2": "30/04/2023",
        "percent_2": "15",
    }
    refused = leader.send_form(path, **rows)
    assert refused.status_code == 422
    assert 'href="#f-day_2"' in refused.text
    assert 'href="#f-percent_2"' in refused.text
    half = leader.send_form(path, **(rows | {"percent_2": ""}))
    assert 'href="#f-percent_2"' in half.text
    done = leader.send_form(path, **(rows | {"day_2": "31/12/2023", "percent_2": "90"}))
    assert done.status_code == 303
    assert progress.milestones(actor(), its.id) == [marks[0], MilestoneView(date(2023, 12, 31), 90)]
    said = words(leader.page(f"/works/{its.id}/progress"))
    assert "31/12/2023 90 %" in said


def test_the_table_behind_the_picture_says_the_same_figures(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    its = work(planned_start=ON - timedelta(100), planned_finish=ON + timedelta(100))
    report(its.id, ON - timedelta(50), 20)
    freeze(monkeypatch, ON)
    said = words(Visitor.logged_in("officer").page(f"/works/{its.id}/progress"))
    assert "26/07/2023 25,0 % 20,0 % 0,0 %" in said
    assert "14/09/2023 50,0 % 20,0 % 0,0 %" in said
