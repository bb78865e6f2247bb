"""Pages of criteria: who may, the scorecard, one criterion with its forms, an assessment's buttons, many communes."""

from __future__ import annotations

import re
import uuid
from datetime import date
from decimal import Decimal

import pytest

from app.clock import today
from app.domain.access import PERMISSIONS
from app.domain.criteria import assessing, assessments
from app.domain.criteria.assessments import AssessmentFilter
from app.domain.criteria.proposed import NewCriterion
from app.i18n import format_date
from app.models.identity import ROLES
from app.views.criteria import assessments as assessment_pages
from app.views.criteria import criterion as criterion_pages
from app.views.criteria import scorecard as scorecard_pages
from tests.support.assessing import COMMUNE, DISTRICT, FOUND, aim, assess, meet
from tests.support.book import freeze
from tests.support.criteria import SHIPPED, added, indicator
from tests.support.databases import both_engines
from tests.support.doors import check_doors
from tests.support.pages import Visitor, hidden, links, words
from tests.support.papers import document
from tests.support.statements import counted
from tests.support.world import World, actor

EVERYBODY = frozenset(ROLES)
ASSESSORS, VERIFIERS = PERMISSIONS["assessment.edit"], PERMISSIONS["assessment.verify"]
TABLE: dict[str, frozenset[str]] = {
    "GET /criteria": EVERYBODY,
    "GET /criteria/{number}": EVERYBODY,
    "POST /criteria/{number}": ASSESSORS,
    "GET /assessments": EVERYBODY,
    "GET /assessments/{assessment_id}": EVERYBODY,
    "POST /assessments/{assessment_id}/edit": ASSESSORS,
    "POST /assessments/{assessment_id}/withdraw": ASSESSORS,
    "POST /assessments/{assessment_id}/verify": VERIFIERS,
}
DAY = "as_of=2023-09-14"
SIX = f"/criteria/6?unit=20770%40legacy&set={SHIPPED}"


@both_engines
def test_every_page_by_every_role(world: World) -> None:
    made = assess("6.1", met=True)
    modules = (scorecard_pages, criterion_pages, assessment_pages)
    assert all(roles == EVERYBODY for name, roles in TABLE.items() if name.startswith("GET "))
    ids = {"assessment_id": made.id, "number": 6}
    check_doors((module.router for module in modules), TABLE, ids, elsewhere=None)
    stranger = Visitor.logged_in("khac")
    assert stranger.get(f"/assessments/{made.id}").status_code == 404
    assert stranger.get(SIX).status_code == 404
    for action in ("edit", "withdraw"):
        assert stranger.send_form(f"/assessments/{made.id}/{action}").status_code == 404
    assert stranger.send_form(SIX, indicator="6.1").status_code == 404
    assert Visitor.stranger().get("/criteria").headers["location"].startswith("/login?next=")


def test_the_scorecard_says_what_is_met_lost_at_risk_and_aimed_at(world: World) -> None:
    meet(1, 5, 7, on=date(2023, 3, 1))
    assess("3.1", date(2023, 3, 1), value=95)
    assess("3.2", date(2023, 3, 1), met=True)
    assess("3.1", date(2023, 6, 30), value=85)  # falling, still met
    assess("5.1", date(2023, 8, 1), value=10)
    target = aim(6)
    page = Visitor.logged_in("officer").page(f"/criteria?{DAY}")
    said = words(page)
    assert "3 / 19 tiêu chí đạt" in said
    assert "Còn 16 tiêu chí chưa đạt; chỉ tiêu đến hết năm 2023: 6. 1 tiêu chí đạt nhưng có nguy cơ." in said
    assert "Không còn đạt: 1 tiêu chí 5. Trường học : từ 01/08/2023, chưa đạt 5.1" in said
    assert "giảm so với lần trước 3.1" in said
    assert "I. Quy hoạch · 1/1" in said
    assert 'class="lost" href="/criteria/5?' in page
    assert 'class="goal" href="/criteria/6?' in page
    assert f"/targets/{target.id}" in links(page)
    english = words(Visitor.logged_in("leader", "en").page(f"/criteria?{DAY}"))
    assert "3 / 19 criteria met" in english
    assert "No longer met: 1 criteria 5. Schools" in english
    before = words(Visitor.logged_in("officer").page("/criteria?as_of=2023-07-31"))
    assert "4 / 19 tiêu chí đạt" in before
    assert "Không còn đạt:" not in before


def test_the_scorecard_is_a_file_too(world: World) -> None:
    meet(7)
    text = Visitor.logged_in("officer").get(f"/criteria?{DAY}&format=csv").text
    assert "7. Cơ sở hạ tầng thương mại nông thôn" in text
    assert "Đạt 1 trên 19 tiêu chí" in text
    assert Visitor.logged_in("officer").get(f"/criteria?{DAY}&format=xlsx").content[:2] == b"PK"


def test_assessing_goes_indicator_by_indicator(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    freeze(monkeypatch, date(2023, 9, 14))
    officer = Visitor.logged_in("officer")
    page = officer.page(SIX)
    assert page.count("Ghi đánh giá") == 3
    form = {
        "id": hidden(page, "id"),
        "indicator": "6.1",
        "date": "01/09/2023",
        "met": "1",
        "note": "Đã nghiệm thu",
    }
    for _ in range(2):  # sent twice it is recorded once
        done = officer.send_form(SIX, **form)
        assert (done.status_code, done.headers["location"].endswith("#i-6-2")) == (303, True)
    made = assessments.assessments(actor("officer"), AssessmentFilter(unit=COMMUNE, indicator="6.1"))
    assert [(a.met, a.note, a.assessed_on) for a in made] == [(True, "Đã nghiệm thu", date(2023, 9, 1))]
    by_rule = {"id": str(uuid.uuid4()), "indicator": "6.3", "date": "01/09/2023", "value": "99,5"}
    assert officer.send_form(SIX, **by_rule).status_code == 303
    said = words(officer.page(SIX))
    assert "1/3 chỉ tiêu đạt" in said
    assert "01/09/2023 · 99,5 %" in said


def test_what_is_refused_comes_back_as_it_was_typed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    freeze(monkeypatch, date(2023, 9, 14))
    officer = Visitor.logged_in("officer")
    form = {
        "id": str(uuid.uuid4()),
        "indicator": "6.3",
        "date": "15/09/2023",
        "value": "101",
        "note": "Chưa chắc",
    }
    for change, field in (
        ({}, "date"),
        ({"date": "01/09/2023"}, "value"),
        ({"value": "x"}, "value"),
        ({"value": ""}, "value"),
    ):
        bad = officer.send_form(SIX, **(form | change))
        assert (bad.status_code, f'href="#f-i-6-3-{field}"' in bad.text) == (422, True), change
        assert "Chưa chắc</textarea>" in bad.text
    unsaid = officer.send_form(SIX, id=str(uuid.uuid4()), indicator="6.1", date="01/09/2023")
    assert (unsaid.status_code, 'href="#f-i-6-1-met"' in unsaid.text) == (422, True)
    assert assessments.assessments(actor("officer"), AssessmentFilter(unit=COMMUNE)) == []
    assert officer.send_form(SIX, indicator="7.1").status_code == 404


def test_a_day_that_is_past_is_only_looked_at(world: World) -> None:
    page = Visitor.logged_in("officer").page(f"{SIX}&as_of=2023-09-14")
    assert "Ghi đánh giá" not in page
    assert "Xem hôm nay để ghi đánh giá" in page
    assert "Ghi đánh giá" not in Visitor.logged_in("inspector").page(SIX)


def test_evidence_is_chosen_where_the_set_asks_for_it(world: World) -> None:
    proof = (indicator("1.1", evidence_required=True, threshold=Decimal(80)), indicator("1.2"))
    added("NTM-XA-X", NewCriterion(1, "Quy hoạch", proof), valid_from=date(2022, 1, 1))
    paper, officer = document(number="12/BC-UBND"), Visitor.logged_in("officer")
    address = "/criteria/1?unit=20770%40legacy&set=NTM-XA-X"
    page = officer.page(address)
    assert (page.count('name="documents"'), "12/BC-UBND" in page) == (1, True)
    form = {"id": hidden(page, "id"), "indicator": "1.1", "date": "01/09/2023", "value": "95"}
    refused = officer.send_form(address, **form)
    assert (refused.status_code, "chỉ được ghi đạt khi có văn bản" in refused.text) == (409, True)
    assert officer.send_form(address, **form, documents="x").status_code == 422
    assert officer.send_form(address, **form, documents=str(paper.id)).status_code == 303
    (made,) = assessments.assessments(actor("officer"), AssessmentFilter(unit=COMMUNE, indicator="1.1"))
    assert (made.met, made.documents) == (True, (paper.id,))


def test_an_assessment_is_put_right_verified_and_withdrawn(world: World) -> None:
    made = assess("3.1", value=85)
    officer, district, path = (
        Visitor.logged_in("officer"),
        Visitor.logged_in("huyen"),
        f"/assessments/{made.id}",
    )
    page = officer.page(path)
    assert "85 %" in words(page)
    change = {
        "version": hidden(page, "version"),
        "value": "70,5",
        "date": "30/06/2023",
        "note": "",
        "assessor": "Văn Bình",
    }
    assert officer.send_form(f"{path}/edit", **change).status_code == 303
    stale = officer.send_form(f"{path}/edit", **(change | {"value": "60"}))
    assert stale.status_code == 409
    assert ("Bản hiện tại, do người khác vừa sửa" in stale.text, 'value="60"' in stale.text) == (True, True)
    now = assessments.get(actor("officer"), made.id)
    assert (now.value, now.met, now.assessor) == (Decimal("70.5"), False, "Văn Bình")
    assert "Thẩm tra</summary>" not in page  # the unit does not verify its own
    silent = district.send_form(f"{path}/verify", agreed="0", on=format_date(today()))
    assert (silent.status_code, 'href="#f-verify-note"' in silent.text) == (422, True)
    assert (
        district.send_form(f"{path}/verify", agreed="0", note="Đo lại", on=format_date(today())).status_code
        == 303
    )
    said = words(district.page(path))
    assert "thẩm tra không đồng ý" in said
    assert "Lê Thẩm Định: Đo lại" in said
    late = officer.send_form(f"{path}/edit", **(change | {"version": str(now.version + 1)}))
    assert (late.status_code, "ghi đánh giá mới thay vì sửa" in late.text) == (409, True)
    assert officer.send_form(f"{path}/withdraw", reason="Ghi nhầm xã").status_code == 303
    assert "Đã rút: Ghi nhầm xã" in words(officer.page(path))


def test_what_waits_to_be_verified_is_listed_for_the_district(world: World) -> None:
    first, second = assess("3.1", value=85), assess("6.1", met=True)
    assessing.verify(actor("reviewer", DISTRICT), first.id, True)
    page = Visitor.logged_in("huyen").page(f"/assessments?unit={DISTRICT}&verdict=none")
    assert [link for link in links(page) if link.startswith("/assessments/")] == [f"/assessments/{second.id}"]
    agreed = Visitor.logged_in("huyen").page(f"/assessments?unit={DISTRICT}&verdict=agreed&result=met")
    assert f"/assessments/{first.id}" in links(agreed)
    assert "Xã Sông Trà" in words(agreed)


def test_many_communes_stand_side_by_side(world: World) -> None:
    meet(7)
    aim(6)
    district = Visitor.logged_in("huyen")
    page = district.page(f"/criteria?unit={DISTRICT}&{DAY}")
    said = words(page)
    assert "0 / 3 xã đạt đủ 19 tiêu chí" in said
    assert "Xã Sông Trà 1 – ◆ ✓" in said
    assert "/criteria?unit=20770%40legacy&as_of=2023-09-14" in links(page)
    by_met = district.page(f"/criteria?unit={DISTRICT}&{DAY}&sort=-met")
    rows = re.findall(r'<th scope="row" class="broad"><span><a[^>]*>([^<]+)', by_met)
    assert rows[0] == "Xã Sông Trà"
    assert 'aria-sort="descending"' in by_met
    wrong = district.page(f"/criteria?unit={DISTRICT}&{DAY}&sort=khong-co&by=sai")
    assert "Xã Sông Trà" in words(wrong)  # what an address asks wrongly is left out
    province = Visitor.logged_in("quantri").page(f"/criteria?unit=49@legacy&{DAY}")
    assert "Huyện Hiệp Đức 3 0 1 0,3" in words(province)


def test_a_hamlet_without_a_set_says_what_to_do(world: World) -> None:
    page = Visitor.logged_in("officer").page("/criteria?unit=20770.01@legacy")
    assert "Chưa có bộ tiêu chí nào cho đơn vị này" in words(page)
    assert "/criteria/sets" in links(page)


def test_the_dashboard_shows_the_marks(world: World) -> None:
    meet(5, 7)
    aim(6)
    page = Visitor.logged_in("leader").page("/dashboard?year=2023&as_of=2023-09-14")
    assert "2 / 19 tiêu chí đạt" in words(page)
    assert "Chỉ tiêu 2023: 6 (Cơ sở vật chất văn hóa)" in words(page)
    wide = words(Visitor.logged_in("huyen").page("/dashboard?year=2023&as_of=2023-09-14"))
    assert "0 / 3 xã đạt đủ 19 tiêu chí" in wide
    assert "Bình quân một xã đạt 0,7 tiêu chí" in wide


def test_pages_say_no_more_the_more_there_is(world: World) -> None:
    officer, district = Visitor.logged_in("officer"), Visitor.logged_in("huyen")
    made = assess("6.1", met=True)
    paths = (f"/criteria?{DAY}", f"{SIX}&{DAY}", SIX, "/assessments", f"/assessments/{made.id}")

    def said() -> dict[str, int]:
        found = {}
        for visitor, path in (
            *((officer, path) for path in paths),
            (district, f"/criteria?unit={DISTRICT}&{DAY}"),
        ):
            visitor.page(path)
            with counted() as statements:
                visitor.page(path)
            found[path] = len(statements)
        return found

    few = said()
    meet(1, 5, 7, 19)
    assess("6.1", FOUND, met=False)
    aim(6)
    aim(17)
    more = said()
    assert {path: n for path, n in more.items() if n > 12} == {}
    assert more == few
