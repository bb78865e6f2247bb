"""Pages of boards and agencies: who may, setting up, appointing, ticking, gaps, handing over, set up anew; statements."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date, timedelta

from app.clock import today
from app.domain import agencies, boards, directives, targets
from app.domain.access import PERMISSIONS
from app.domain.agencies import NewAgency, NewCharge, charges
from app.domain.boards import NewMember
from app.domain.directives import NewDirective
from app.domain.ledger.entries import Document
from app.domain.targets import NewTarget
from app.i18n import format_date
from app.models.identity import ROLES
from app.views import boards as pages
from tests.support.databases import both_engines
from tests.support.doors import check_doors
from tests.support.pages import Visitor, hidden, links, words
from tests.support.statements import counted
from tests.support.steering import DECISION, assigned, board, member
from tests.support.world import World, actor, work

EVERYBODY, KEEPERS = frozenset(ROLES), PERMISSIONS["committee.edit"]
TABLE: dict[str, frozenset[str]] = {
    "GET /committees": EVERYBODY,
    "GET /committees/new": KEEPERS,
    "POST /committees/new": KEEPERS,
    "GET /committees/{committee_id}": EVERYBODY,
    "GET /committees/{committee_id}/edit": KEEPERS,
    "POST /committees/{committee_id}/edit": KEEPERS,
    "GET /committees/{committee_id}/renew": KEEPERS,
    "POST /committees/{committee_id}/renew": KEEPERS,
    "GET /committees/{committee_id}/members/new": KEEPERS,
    "POST /committees/{committee_id}/members/new": KEEPERS,
    "GET /committees/{committee_id}/members/{member_id}/edit": KEEPERS,
    "POST /committees/{committee_id}/members/{member_id}/edit": KEEPERS,
    "GET /committees/{committee_id}/members/{member_id}/leave": KEEPERS,
    "POST /committees/{committee_id}/members/{member_id}/leave": KEEPERS,
    "GET /committees/{committee_id}/members/{member_id}/assign": KEEPERS,
    "POST /committees/{committee_id}/members/{member_id}/assign": KEEPERS,
    "GET /committees/{committee_id}/gaps": KEEPERS,
    "POST /committees/{committee_id}/gaps": KEEPERS,
    "GET /committees/{committee_id}/assignments/{assignment_id}/end": KEEPERS,
    "POST /committees/{committee_id}/assignments/{assignment_id}/end": KEEPERS,
    "GET /agencies": EVERYBODY,
    "GET /agencies/new": KEEPERS,
    "POST /agencies/new": KEEPERS,
    "GET /agencies/{agency_id}/edit": KEEPERS,
    "POST /agencies/{agency_id}/edit": KEEPERS,
    "GET /agencies/{agency_id}/charges/new": KEEPERS,
    "POST /agencies/{agency_id}/charges/new": KEEPERS,
    "GET /agency-charges/{charge_id}/edit": KEEPERS,
    "POST /agency-charges/{charge_id}/edit": KEEPERS,
}
DECIDED = {
    "decision.number": "12/QĐ-UBND", "decision.date": "10/01/2023", "decision.issuer": "UBND xã Sông Trà",
}  # fmt: skip
DISTRICT = "512@legacy"


def agency(unit: str = "20770@legacy", name: str = "Mặt trận xã") -> uuid.UUID:
    return agencies.create(actor("officer", unit), NewAgency(uuid.uuid4(), unit, name))[0].id


def charge(of: uuid.UUID, unit: str, of_unit: str) -> uuid.UUID:
    decision = Document("534/QĐ-UBND", date(2022, 8, 9), "UBND huyện Hiệp Đức")
    return charges.create(actor("officer", of_unit), NewCharge(uuid.uuid4(), of, unit, decision))[0].id


@both_engines
def test_every_page_by_every_role(world: World) -> None:
    made = board()
    who = member(made)
    its, own = assigned(who, "program", "NTM"), agency()
    ids = {
        "committee_id": made.id, "member_id": who.id, "assignment_id": its.id, "agency_id": own,
        "charge_id": charge(own, "20770.01@legacy", "20770@legacy"),
    }  # fmt: skip
    check_doors(pages.routers, TABLE, ids, elsewhere=lambda allowed: 404 if "accountant" in allowed else 403)


def test_a_board_is_set_up_filled_and_its_gaps_closed(world: World) -> None:
    road = work(name="Cầu treo Trà Sơn")
    officer, english = Visitor.logged_in("officer"), Visitor.logged_in("officer", "en")
    page = officer.page("/committees/new")
    form = {
        "id": hidden(page, "id"), "kind": "steering", "name": "Ban Chỉ đạo xã", "program-NTM": "1",
        "program-DTTS": "1", "meeting_day": "15", **DECIDED,
    }  # fmt: skip
    for values, field in (
        ({"name": ""}, "f-name"), ({"meeting_day": "31"}, "f-meeting_day"), ({"from": "01/01/2023"}, "f-from"),
        ({"decision.issuer": ""}, "f-decision.issuer"),
    ):  # fmt: skip
        bad = officer.send_form("/committees/new", **(form | values))
        assert (bad.status_code, f'href="#{field}"' in bad.text) == (422, True), field
    assert "Chọn ít nhất một chương trình." in officer.send_form(
        "/committees/new", **{k: v for k, v in form.items() if not k.startswith("program-")}
    ).text  # fmt: skip
    for _ in range(2):
        done = officer.send_form("/committees/new", **form)
        assert done.status_code == 303
    this = done.headers["location"]
    said = words(officer.page(this))
    assert "Chưa có trưởng ban Ban Chỉ đạo xã" in said
    assert "Chưa ai phụ trách" in said
    assert "Cầu treo Trà Sơn" in said
    page = officer.page(f"{this}/members/new")
    person = {
        "id": hidden(page, "id"), "person": "Lê Văn A", "title": "Chủ tịch UBND xã", "role": "head",
        "username": "leader", "from": "10/01/2023",
    }  # fmt: skip
    stranger = officer.send_form(f"{this}/members/new", **(person | {"username": "khac"}))
    assert (stranger.status_code, 'href="#f-username"' in stranger.text) == (422, True)
    done = officer.send_form(f"{this}/members/new", **person)
    ticks = f"{this}/members/{person['id']}/assign"
    assert (done.status_code, done.headers["location"]) == (303, ticks)
    again = officer.send_form(f"{this}/members/new", **(person | {"id": str(uuid.uuid4()), "person": "B"}))
    assert (again.status_code, "Lê Văn A là trưởng ban từ 10/01/2023" in again.text) == (409, True)
    assert "chưa ai phụ trách" in words(officer.page(ticks))
    ticked = {"on": "10/01/2023", "take-program:NTM": "1", f"take-work:{road.id}": "1"}
    assert officer.send_form(ticks, **ticked).headers["location"] == this
    page = officer.page(this)
    assert f"/works/{road.id}" in links(page)
    assert "Phụ trách: Lê Văn A" in words(officer.page(f"/works/{road.id}"))
    assert "Chưa có trưởng ban" not in words(page)
    bad = officer.send_form(ticks, **(ticked | {"on": "01/01/2023", "take-program:DTTS": "1"}))
    assert (bad.status_code, 'id="f-take-program:DTTS" name="take-program:DTTS" value="1" checked' in bad.text) == (422, True)  # fmt: skip
    offers = words(officer.page(f"{this}/gaps"))
    assert "Thôn Trà Huỳnh" in offers
    assert "Cầu treo Trà Sơn" not in offers
    assert officer.send_form(f"{this}/gaps", on="10/01/2023").status_code == 422
    given = {
        "on": "10/01/2023",
        "give-program:DTTS": person["id"],
        "give-hamlet:20770.02@legacy": person["id"],
    }
    assert officer.send_form(f"{this}/gaps", **given).status_code == 303
    listed = words(officer.page("/committees"))
    assert "Ban Chỉ đạo xã" in listed
    assert "Lê Văn A" in listed
    assert "Chưa ai phụ trách Thôn Trà Sơn : Thôn" in listed
    assert "Nobody is in charge" in words(english.page("/committees"))
    assert (
        officer.get("/committees?format=xlsx").status_code
        == officer.get("/committees?format=csv").status_code
        == 200
    )
    above = words(Visitor.logged_in("huyen").page(this))
    assert ("Lê Văn A" in above, "Thêm thành viên" in above) == (True, False)


def test_a_target_says_who_is_in_charge_of_its_criterion(world: World) -> None:
    new = NewTarget(uuid.uuid4(), "20770@legacy", date(2023, 12, 31), 6)
    targets.create(actor("officer"), new)
    visitor = Visitor.logged_in("supervisor")
    assert "Phụ trách:" not in words(visitor.page(f"/targets/{new.id}"))
    assigned(member(board(), "Phan Thị Lan", title="Công chức"), "criterion", "NTM-XA-2021-2025/6")
    assert "Phụ trách: Phan Thị Lan (Công chức)" in words(visitor.page(f"/targets/{new.id}"))


def test_who_leaves_hands_over_and_a_new_decision_goes_on(world: World) -> None:
    made = board()
    leaver, taker = member(made, "Người đi", role="head"), member(made, "Người nhận")
    program, hamlet = assigned(leaver, "program", "NTM"), assigned(leaver, "hamlet", "20770.01")
    officer, this = Visitor.logged_in("officer"), f"/committees/{made.id}"
    leave = f"{this}/members/{leaver.id}/leave"
    assert "Thôn Trà Sơn" in words(officer.page(leave))
    order = NewDirective(
        uuid.uuid4(), "Nộp hồ sơ quyết toán", "document", today(), "person", leaver.id, document_number="15/CV",
        source_on=date(2023, 8, 1),
    )  # fmt: skip
    directives.create(actor("leader"), order)
    assert f"/directives/{order.id}" in links(officer.page(leave))
    early = officer.send_form(leave, on="01/01/2023", **{f"to-{program.id}": str(taker.id)})
    assert (early.status_code, f'value="{taker.id}" selected' in early.text) == (422, True)
    yesterday = format_date(today() - timedelta(days=1))
    done = officer.send_form(leave, on=yesterday, **{f"to-{program.id}": str(taker.id)})
    assert (done.status_code, done.headers["location"]) == (303, this)
    said = words(officer.page(this))
    assert f"Đã thôi, việc chưa bàn giao cho ai Người đi : thôi ngày {yesterday}, còn 1 việc" in said
    assert "bàn giao cho Người nhận" in said
    end = f"{this}/assignments/{hamlet.id}/end"
    assert end in links(officer.page(this))
    assert officer.send_form(end, on=yesterday, to_member_id=str(taker.id)).status_code == 303
    said = words(officer.page(this))
    assert f"Người đi : thôi ngày {yesterday}, còn 1 nhiệm vụ được giao" in said
    [theirs] = {link for link in links(officer.page(this)) if f"assignee=person:{leaver.id}" in link}
    assert f"/directives/{order.id}" in links(officer.page(theirs))
    directives.report(actor("officer"), order.id, "Đã nộp")
    directives.accept(actor("leader"), order.id)
    assert "chưa bàn giao" not in words(officer.page(this))
    edit = f"{this}/members/{taker.id}/edit"
    page = officer.page(edit)
    form = {
        "person": "Người nhận",
        "title": "Phó Chủ tịch",
        "role": "head",
        "username": "",
        "from": "10/01/2023",
    }
    stale = officer.send_form(edit, version="1", **form)
    assert (stale.status_code, "do người khác vừa sửa" in stale.text) == (409, True)
    clash = officer.send_form(edit, version=hidden(page, "version"), **form)
    assert (clash.status_code, "Người đi là trưởng ban" in clash.text) == (409, True)
    form["role"] = "deputy"
    assert officer.send_form(edit, version=hidden(page, "version"), **form).status_code == 303
    renew = f"{this}/renew"
    page = officer.page(renew)
    assert "Người nhận" in words(page)
    renewal = {"id": hidden(page, "id"), "name": "Ban mới", "program-NTM": "1", **DECIDED}
    assert officer.send_form(renew, **renewal).status_code == 422, "not after the old one began"
    renewal["decision.date"] = format_date(today())
    done = officer.send_form(renew, **renewal)
    assert done.status_code == 303
    new = words(officer.page(done.headers["location"]))
    assert ("Người nhận" in new, "Nông thôn mới" in new, "Người đi" in new) == (True, True, False)
    assert "Đã kiện toàn thành ban mới" in words(officer.page(this))
    page = officer.page(f"{this}/edit")
    form = {"name": "Ban cũ", "program-NTM": "1", "from": "10/01/2023", "to": yesterday, **DECIDED}
    assert officer.send_form(f"{this}/edit", version="1", **form).status_code == 409
    assert "Ban cũ" not in words(officer.page("/committees"))
    assert officer.send_form(f"{this}/edit", version=hidden(page, "version"), **form).status_code == 303
    assert "Ban cũ" in words(officer.page("/committees?ended=1"))


def test_agencies_in_charge_are_seen_from_both_units(world: World) -> None:
    officer, reviewer = Visitor.logged_in("officer"), Visitor.logged_in("huyen")
    theirs = agency(DISTRICT, "Phòng Nông nghiệp huyện")
    its = charge(theirs, "20770@legacy", DISTRICT)
    seen = officer.page("/agencies")
    assert "Phòng Nông nghiệp huyện Huyện Hiệp Đức" in words(seen)
    assert f"/agency-charges/{its}/edit" not in links(seen)
    assert officer.get(f"/agency-charges/{its}/edit").status_code == 404
    assert "Xã Sông Trà" in words(reviewer.page("/agencies"))
    page = officer.page("/agencies/new")
    form = {"id": hidden(page, "id"), "name": "", "short_name": "MTTQ"}
    assert officer.send_form("/agencies/new", **form).status_code == 422
    assert officer.send_form("/agencies/new", **(form | {"name": "Mặt trận xã"})).status_code == 303
    ours = f"/agencies/{form['id']}"
    page = officer.page(f"{ours}/charges/new")
    put = {"id": hidden(page, "id"), "unit_code": "20770.01@legacy", "content": "Vận động", **DECIDED}
    assert officer.send_form(f"{ours}/charges/new", **(put | {"unit_code": ""})).status_code == 422
    assert officer.send_form(f"{ours}/charges/new", **put).status_code == 303
    edit = f"/agency-charges/{put['id']}/edit"
    assert edit in links(officer.page("/agencies"))
    version = hidden(officer.page(edit), "version")
    ended = {"content": "Vận động", "from": "10/01/2023", "to": "31/12/2023", **DECIDED}
    assert officer.send_form(edit, version=version, **ended).status_code == 303
    assert officer.send_form(edit, version=version, **ended).status_code == 409
    assert edit in links(officer.page("/agencies?ended=1"))
    page = officer.page(f"{ours}/edit")
    values = {"name": "Ủy ban Mặt trận", "short_name": "", "ended_on": ""}
    assert officer.send_form(f"{ours}/edit", version=hidden(page, "version"), **values).status_code == 303
    assert officer.send_form(f"{ours}/edit", version=hidden(page, "version"), **values).status_code == 409
    assert "Ủy ban Mặt trận" in words(officer.page("/agencies?q=mat tran"))


def test_no_page_says_more_than_twelve_things_however_much_there_is(world: World) -> None:
    made = board()
    who = member(made, role="head")
    given, own = assigned(who, "program", "NTM"), agency()
    its = charge(own, "20770.01@legacy", "20770@legacy")
    for number in range(3):
        board(kind="management", decision=replace(DECISION, number=f"{number}/QĐ-UBND"))
        extra = boards.add(actor("officer"), made.id, NewMember(uuid.uuid4(), f"Thành viên {number}"))[0]
        assigned(extra, "work", str(work().id))
    ids = {
        "committee_id": made.id, "member_id": who.id, "assignment_id": given.id, "agency_id": own, "charge_id": its,
    }  # fmt: skip
    visitor = Visitor.logged_in("officer")
    said = {}
    for name in TABLE:
        method, path = name.split()
        if method == "GET":
            visitor.page(path.format(**ids))
            with counted() as statements:
                visitor.page(path.format(**ids))
            said[path] = len(statements)
    assert {path: number for path, number in said.items() if number > 12} == {}
