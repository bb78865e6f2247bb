"""The page of a unit's dossier: missing things first, on any day, in few statements; the file from page and interface."""

from __future__ import annotations

import io
import uuid
import zipfile
from datetime import date

from app.domain import inspections, meetings
from app.domain.inspections import NewInspection
from app.domain.meetings import Minutes, NewMeeting
from tests.support.meeting import board
from tests.support.pages import Visitor, links, words
from tests.support.papers import document
from tests.support.planning import plan
from tests.support.statements import counted
from tests.support.world import MILLION, World, actor, line, post, work

PAGE = "/units/20770@legacy/dossier"
MOST = 12
LANGUAGE = "/language"


def busy(month: int) -> None:
    """Something of everything."""
    plan(year=2023, program_code={2: "GNBV", 3: "NTM", 4: "DTTS"}[month])
    its, district = board(from_on=date(2023, 1, 1)), actor("leader", "512@legacy")
    made, _ = meetings.create(actor("officer"), NewMeeting(uuid.uuid4(), its, date(2023, month, 20)))
    meetings.record_minutes(actor("officer"), made.id, Minutes("Ban nghe báo cáo."))
    held, _ = inspections.create(district, NewInspection(uuid.uuid4(), "20770@legacy", date(2023, month, 21)))
    inspections.hold(district, held.id, date(2023, month, 21))
    document(subject=("committee", its), number=f"{month}/QĐ")
    document(subject=("meeting", made.id), number=f"{month}/GM", personal=True)
    post(line(work_id=work(procedure="special", decision_date=date(2023, 1, 5)).id, project_code="DTTS.4.1", capital_kind="investment").id,
         "allocate", 100 * MILLION, "2023-01-05")  # fmt: skip


def test_the_page_names_what_is_missing_and_says_no_more_to_the_database_the_more_there_is(
    world: World,
) -> None:
    leader, asked = Visitor.logged_in("leader"), f"{PAGE}?as_of=30/06/2023"
    empty = leader.page(asked)
    assert "Chưa có dòng vốn nào của năm 2023" in words(empty)
    assert "Chưa có Ban chỉ đạo" in words(empty)
    busy(2)
    few = said(leader, asked)
    for month in (3, 4):
        busy(month)
    more = said(leader, asked)
    assert more <= min(few, MOST), more
    page = leader.page(asked)
    for told in (
        "tính đến 30/06/2023", "3 công trình chưa đủ điều kiện khởi công", "Chưa có Ban quản lý",
        "3 cuộc kiểm tra chưa có kết luận", "6 văn bản kèm theo ban, cuộc họp, nhiệm vụ, cuộc kiểm tra, kế hoạch",
        "không họp", "Hồ sơ đơn vị",
    ):  # fmt: skip
        assert told in words(page), told
    assert "có dữ liệu cá nhân" not in words(page)
    assert "3 văn bản có dữ liệu cá nhân" in words(Visitor.logged_in("reviewer").page(asked))
    assert "Works" in words(Visitor.logged_in("leader", "en").page(asked))
    own = {href for href in links(page) if href.startswith("/") and not href.startswith(LANGUAGE)}
    assert {href: leader.get(href).status_code for href in own if leader.get(href).status_code != 200} == {}


def test_a_day_that_cannot_be_is_told_beside_its_field_and_others_see_nothing(world: World) -> None:
    leader = Visitor.logged_in("leader")
    for asked, told in (("31/02/2023", "Không phải ngày"), ("01/01/2099", "không được sau hôm nay")):
        page = leader.page(f"{PAGE}?as_of={asked}")
        assert told in words(page)
        assert f'value="{asked}"' in page
        assert leader.get(f"{PAGE}.zip?as_of={asked}").status_code == 422
    stranger = Visitor.logged_in("khac")
    assert [stranger.get(path).status_code for path in (PAGE, f"{PAGE}.zip")] == [404, 404]


def test_the_file_comes_from_the_page(world: World) -> None:
    busy(2)
    answer = Visitor.logged_in("leader").get(f"{PAGE}.zip?as_of=2023-06-30")
    assert answer.headers["content-disposition"].startswith(
        'attachment; filename="ho-so-don-vi-xa-song-tra-2023-06-30.zip"'
    )
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        index = archive.read("MUC-LUC.html").decode()
        assert "Chưa có Ban quản lý" in index
        assert "tính đến 30/06/2023" in index
        assert len([name for name in archive.namelist() if name.startswith("10-van-ban")]) == 2


def said(visitor: Visitor, path: str) -> int:
    visitor.page(path)
    with counted() as statements:
        visitor.page(path)
    return len(statements)
