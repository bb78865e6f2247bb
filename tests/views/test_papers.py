"""Papers to take away: minutes, conclusions and reports, for whoever may read the thing, in two forms that say the same."""

from __future__ import annotations

import uuid
from collections import Counter
from datetime import date

from app.domain import directives, inspections, meetings
from app.domain.directives import NewDirective
from app.domain.inspections import Conclusion, NewCheck, NewFinding, NewInspection, NewPerson, NewReport
from app.domain.ledger.entries import Document
from app.domain.meetings import AgendaView, Minutes, NewMeeting, Tick
from tests.reports.test_papers import of_docx, of_pdf, run_on
from tests.support.meeting import DAY as MET_ON
from tests.support.meeting import board, member
from tests.support.pages import Visitor
from tests.support.world import MILLION, World, actor, line, post, work

DISTRICT, COMMUNE = "512@legacy", "20770@legacy"
DAY = date(2023, 9, 14)
INVENTED = "Số liệu minh họa"


def both(path: str, name: str, who: str = "officer") -> str:
    """The text of a paper, which both its forms have."""
    visitor = Visitor.logged_in(who, "en")  # papers are Vietnamese, whoever reads them
    texts = []
    for form, text_of in (("docx", of_docx), ("pdf", of_pdf)):
        answer = visitor.get(f"{path}.{form}")
        assert answer.status_code == 200, (path, form, answer.status_code)
        assert answer.headers["content-disposition"].startswith(f'attachment; filename="{name}.{form}"')
        assert answer.headers["cache-control"] == "private, no-store"
        texts.append(run_on(text_of(answer.content)))
    in_docx, in_pdf = (Counter(text.split()) for text in texts)
    assert in_docx - in_pdf == Counter()
    assert [word for word in in_pdf - in_docx if not word.isdigit()] == []  # numbers of pages
    return texts[0]


def test_the_minutes_of_a_meeting(world: World) -> None:
    its = board()
    chair = member(its, "Nguyễn Văn Ước", role="head")
    away = member(its, "Lê Thị Lựu", role="member")
    made = meetings.create(
        actor(), NewMeeting(uuid.uuid4(), its, MET_ON, agenda=(AgendaView("Công trình chậm khởi công"),))
    )[0]
    visitor = Visitor.logged_in("officer")
    assert visitor.get(f"/meetings/{made.id}/minutes.docx").status_code == 404
    assert "Cuộc họp này chưa ghi biên bản." in visitor.get(f"/meetings/{made.id}/minutes.pdf").text
    meetings.record_minutes(
        actor(), made.id,
        Minutes(
            "Các thành viên báo cáo.\nBan nhắc #strong[hạn] <b>30/9</b>.", "03/BB-BCĐ", "Nguyễn Văn Ước", "Hồ Thị Thư",
            attendance=(Tick(chair, "present"), Tick(away, "excused", "Trần Văn Thay")),
        ),
    )  # fmt: skip
    directives.create(
        actor("leader"),
        NewDirective(
            uuid.uuid4(), "Hoàn thành hồ sơ quyết toán", "meeting", date(2023, 9, 30), "unit", source_id=made.id, unit_code=COMMUNE,
        ),
    )  # fmt: skip
    text = both(f"/meetings/{made.id}/minutes", f"bien-ban-hop-song-tra-{MET_ON.isoformat()}")
    for said in (
        "ỦY BAN NHÂN DÂN XÃ SÔNG TRÀ BAN CHỈ ĐẠO", "Số: 03/BB-BCĐ", "Sông Trà, ngày", "BIÊN BẢN Họp",
        "Chủ trì: Nguyễn Văn Ước", "Có mặt: 1/2 thành viên.", "Lê Thị Lựu", "có lý do (Trần Văn Thay dự thay)",
        "1. Công trình chậm khởi công", "Ban nhắc #strong[hạn] <b>30/9</b>.", "IV. Kết luận TT Nội dung Giao thực hiện Hạn 1 Hoàn thành hồ sơ quyết toán UBND xã Sông Trà",
        "30/09/2023", "THƯ KÝ", "CHỦ TRÌ", "Hồ Thị Thư", "- Lưu: VT.",
    ):  # fmt: skip
        assert said in text, said
    assert INVENTED not in text
    assert Visitor.logged_in("khac").get(f"/meetings/{made.id}/minutes.pdf").status_code == 404


def test_the_papers_of_an_inspection(world: World) -> None:
    district, commune = actor("leader", DISTRICT), actor("leader")
    decision = Document("596/QĐ-UBND", date(2023, 8, 17), "UBND huyện Hiệp Đức")
    made = inspections.create(
        district,
        NewInspection(
            uuid.uuid4(), COMMUNE, date=DAY, team_name="Đoàn kiểm tra số 2", decision=decision,
            title="Kiểm tra kết quả thực hiện các Chương trình MTQG trên địa bàn xã Sông Trà",
            lead=NewPerson("Hoàng Văn Hùng", "UV BTV - Phó Chủ tịch UBND huyện"), team=(NewPerson("Lê Thẩm Định", "Phòng TC-KH"),),
            unit_people=(NewPerson("Nguyễn Thị Xã", "Chủ tịch UBND xã"),),
        ),
    )[0]  # fmt: skip
    path, name = f"/inspections/{made.id}", "song-tra-2023-09-14"
    late = work(name="Đường thôn Trà Huỳnh", planned_finish=date(2023, 6, 1), decision_date=date(2023, 1, 5))
    money = line()
    post(money.id, "allocate", 100 * MILLION, "2023-01-05")
    post(money.id, "pay", 40 * MILLION, "2023-03-01")
    sent, _ = inspections.send(
        commune, made.id, NewReport(uuid.uuid4(), DAY, "Đã kiện toàn Ban chỉ đạo.", "Thiếu người.", "Tập huấn thêm.")
    )  # fmt: skip
    text = both(f"{path}/reports/{sent.id}/paper", "bao-cao-song-tra-2023-09-14")
    for said in (
        "ỦY BAN NHÂN DÂN XÃ SÔNG TRÀ", "BÁO CÁO Tình hình thực hiện", "Số liệu tính đến ngày 14/09/2023.",
        "Đã kiện toàn Ban chỉ đạo.", "100.000.000 40.000.000 60.000.000 40,0 %", "Đường thôn Trà Huỳnh: chậm 105 ngày",
        "Đạt 0/19 tiêu chí", "II. Khó khăn, vướng mắc Thiếu người.", "Tập huấn thêm.", "TM. ỦY BAN NHÂN DÂN CHỦ TỊCH ………",
        "Số: ………/BC-UBND", "Kính gửi: Ủy ban nhân dân huyện Hiệp Đức.", "- Như trên; - Đoàn kiểm tra số 2; - Lưu: VT.",
    ):  # fmt: skip
        assert said in text.replace("\u00a0", " "), said
    # What is called otherwise afterwards was so called when the report was sent.
    anew = {"title": "Tên khác", "team_name": "Đoàn khác"}
    made = inspections.update(district, made.id, made.version, anew)
    assert both(f"{path}/reports/{sent.id}/paper", "bao-cao-song-tra-2023-09-14") == text
    back = {"title": "Kiểm tra kết quả thực hiện các Chương trình MTQG trên địa bàn xã Sông Trà"}
    inspections.update(district, made.id, made.version, back | {"team_name": "Đoàn kiểm tra số 2"})
    visitor = Visitor.logged_in("leader")
    assert [visitor.get(f"{path}/{kind}.docx").status_code for kind in ("minutes", "conclusion")] == [
        404,
        404,
    ]
    held = inspections.hold(district, made.id, DAY)
    inspections.set_checklist(
        district, made.id, held.version, [NewCheck("Họp hằng tháng chưa?", result="not_met", note="Xem sổ")]
    )
    inspections.find(
        district, made.id, NewFinding(uuid.uuid4(), "Hồ sơ lập chậm", True, "work", str(late.id))
    )
    inspections.find(district, made.id, NewFinding(uuid.uuid4(), "Giữ vững 11 tiêu chí", False))
    text = both(f"{path}/minutes", f"bien-ban-kiem-tra-{name}")
    for said in (
        "HUYỆN HIỆP ĐỨC ĐOÀN KIỂM TRA SỐ 2", "Số: ………/BB-ĐKT", "Sông Trà, ngày 14 tháng 9 năm 2023",
        "Căn cứ Quyết định số 596/QĐ-UBND ngày 17/08/2023 của UBND huyện Hiệp Đức.",
        "- Hoàng Văn Hùng, UV BTV - Phó Chủ tịch UBND huyện - Trưởng đoàn", "- Nguyễn Thị Xã, Chủ tịch UBND xã",
        "1 Họp hằng tháng chưa? Chưa đạt Xem sổ", "1. Kết quả đạt được - Giữ vững 11 tiêu chí",
        "2. Tồn tại, hạn chế - Hồ sơ lập chậm (Đường thôn Trà Huỳnh)", "TRƯỞNG ĐOÀN Hoàng Văn Hùng",
    ):  # fmt: skip
        assert said in text, said
    inspections.conclude(
        district, made.id, Conclusion("Yêu cầu xã củng cố Ban chỉ đạo.", "120/TB-ĐKT", date(2023, 9, 20))
    )
    wrong = NewDirective(
        uuid.uuid4(),
        "Giao nhầm",
        "inspection",
        date(2023, 10, 31),
        "unit",
        source_id=made.id,
        unit_code=COMMUNE,
    )
    directives.create(district, wrong)
    directives.take_back(district, wrong.id, "Giao nhầm")
    directives.create(
        district,
        NewDirective(
            uuid.uuid4(), "Họp Ban chỉ đạo hằng tháng", "inspection", date(2023, 10, 31), "unit", source_id=made.id, unit_code=COMMUNE, quote="định kỳ hằng tháng họp BCĐ",
        ),
    )  # fmt: skip
    text = both(f"{path}/conclusion", f"ket-luan-kiem-tra-{name}")
    for said in (
        "Ngày 14 tháng 9 năm 2023, Đoàn kiểm tra số 2 đã kiểm tra tại xã Sông Trà.", "Số: 120/TB-ĐKT", "Hiệp Đức, ngày 20 tháng 9 năm 2023", "THÔNG BÁO Kết luận kiểm tra kết quả thực hiện",
        "II. Kết luận Yêu cầu xã củng cố Ban chỉ đạo.", "III. Yêu cầu", "1 Họp Ban chỉ đạo hằng tháng UBND xã Sông Trà 31/10/2023",
    ):  # fmt: skip
        assert said in text, said
    assert "Giao nhầm" not in text, "withdrawn"
    assert Visitor.logged_in("khac").get(f"{path}/conclusion.pdf").status_code == 404
    assert visitor.get(f"{path}/conclusion.exe").status_code == 404
