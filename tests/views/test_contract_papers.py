"""What the pages of contracts, acceptances, payment dossiers and settlement promise."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

import pytest

from app.domain.works import (
    acceptances,
    contracts,
    payment_dossier_editing,
    payment_dossier_moves,
    payment_dossiers,
    settlement,
)
from app.domain.works.acceptances import AcceptanceView, NewAcceptance
from app.domain.works.contracts import ContractView
from app.domain.works.payment_dossier_editing import NewDossier
from app.domain.works.payment_dossiers import DossierView
from app.domain.works.settlement import Decision, NewSettlement
from tests.support.book import freeze
from tests.support.pages import Visitor, hidden, links, words
from tests.support.papers import document
from tests.support.world import MILLION, World, actor, contract, line, post, work

M = MILLION
DAY = date(2023, 3, 1)


def accept(signed: ContractView, value: int = 50 * M) -> AcceptanceView:
    return acceptances.create(actor(), NewAcceptance(uuid.uuid4(), signed.id, DAY, value))[0]


def prepare(signed: ContractView, on: AcceptanceView, amount: int = 20 * M, **more: Any) -> DossierView:
    new = NewDossier(uuid.uuid4(), signed.id, "payment", amount, acceptance_id=on.id, **more)
    return payment_dossier_editing.create(actor(), new)[0]


def paper(kind: str, about: tuple[str, uuid.UUID]) -> None:
    document(subject=about, kind=kind, content=None, id=uuid.uuid4(), number=kind)


def funded(signed: ContractView) -> Any:
    made = line(work_id=signed.work_id, project_code="DTTS.4.1", capital_kind="investment")
    post(made.id, "allocate", 500 * M, "2023-01-05")
    return made


def test_what_is_amiss_with_contracts_comes_first_by_name(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed = contract(
        work().id,
        100 * M,
        code="01/HĐ",
        guarantee="07/BL",
        guarantee_until=date(2023, 9, 30),
        package="Gói 01",
    )
    post(funded(signed).id, "advance", 20 * M, "2023-03-02", contract_id=signed.id)
    prepare(signed, accept(signed, 80 * M))
    page = f"/works/{signed.work_id}/contracts"
    reader = Visitor.logged_in("supervisor")
    freeze(monkeypatch, date(2023, 9, 14))
    said = words(reader.page(page))
    assert "1 hợp đồng, giá trị 100.000.000 đ: đã nghiệm thu 80.000.000 đ, đã giải ngân 20.000.000 đ." in said
    late = said.index("phải thu hồi hết tạm ứng: còn 20.000.000 đ")
    soon = said.index("Bảo lãnh 07/BL hết hạn ngày 30/09/2023, hợp đồng chưa xong")
    assert (
        late
        < soon
        < said.index("Hồ sơ số 1 còn thiếu: Giấy đề nghị thanh toán; Hóa đơn; Biên bản nghiệm thu")
    )
    assert "01/HĐ Gói 01" in said
    freeze(monkeypatch, date(2023, 10, 1))
    for place in (page, f"/contracts/{signed.id}"):
        assert "Bảo lãnh 07/BL đã hết hạn ngày 30/09/2023 khi hợp đồng chưa xong" in words(reader.page(place))
    english = words(Visitor.logged_in("supervisor", "en").page(page))
    assert "Guarantee 07/BL ran out on 30 Sep 2023 with the contract unfinished" in english
    assert "Dossier 1 lacks: Request for payment; Invoice" in english
    for place in (f"/works/{signed.work_id}", f"/works/{signed.work_id}/settlement"):
        english = words(Visitor.logged_in("supervisor", "en").page(place))
        assert "Total" in english
        assert "Cộng" not in english
    assert "01/HĐ" in reader.get(f"{page}?format=csv").text


def test_what_was_paid_before_it_was_accepted_is_said(world: World) -> None:
    signed = contract(work().id)
    post(funded(signed).id, "pay", 60 * M, "2023-03-02", contract_id=signed.id)
    accept(signed, 50 * M)
    said = words(Visitor.logged_in("officer").page(f"/contracts/{signed.id}"))
    assert "Đã thanh toán 60.000.000 đ nhưng mới nghiệm thu 50.000.000 đ" in said


def test_a_contract_is_changed_and_saving_what_stands_changes_nothing(world: World) -> None:
    signed = contract(
        work().id, package="Gói 01", starts_on=DAY, ends_on=date(2023, 12, 31), guarantee="07/BL",
        guarantee_amount=5 * M, guarantee_until=date(2024, 1, 31), advance_limit=2_550,
    )  # fmt: skip
    officer = Visitor.logged_in("officer")
    path = f"/contracts/{signed.id}/edit"
    page = officer.page(path)
    form = {
        "version": hidden(page, "version"), "code": signed.code, "contractor": signed.contractor,
        "package": "Gói 01", "signed_on": "01/02/2023", "starts_on": "01/03/2023", "ends_on": "31/12/2023",
        "advance_limit": "25.5", "guarantee": "07/BL", "guarantee_amount": "5.000.000",
        "guarantee_until": "31/01/2024",
    }  # fmt: skip
    for name, value in form.items():
        assert f'name="{name}"' in page
        assert f'value="{value}"' in page, name
    assert officer.send_form(path, **form).headers["location"] == f"/contracts/{signed.id}"
    kept = contracts.get(actor(), signed.id)
    assert kept.advance_limit == 2_550
    bad = officer.send_form(path, **(form | {"version": "2", "ends_on": "28/02/2023", "package": "Gói khác"}))
    assert bad.status_code == 422
    assert 'href="#f-ends_on"' in bad.text
    assert 'value="Gói khác"' in bad.text
    stale = officer.send_form(path, **(form | {"package": "Gói khác"}))
    assert stale.status_code == 409
    assert "Bản hiện tại, do người khác vừa sửa" in words(stale.text)
    again = form | {"package": "Gói khác", "version": hidden(stale.text, "version"), "advance_limit": ""}
    assert officer.send_form(path, **again).status_code == 303
    now = contracts.get(actor(), signed.id)
    assert (now.package, now.advance_limit) == ("Gói khác", 2_550)
    for wrong in ("101", "25,555", "x"):
        answer = officer.send_form(path, **(again | {"advance_limit": wrong}))
        assert 'href="#f-advance_limit"' in answer.text


def test_a_round_is_recorded_changed_and_taken_back(world: World) -> None:
    signed = contract(work().id, 100 * M)
    officer = Visitor.logged_in("officer")
    path = f"/contracts/{signed.id}/acceptances/new"
    form = {"id": hidden(officer.page(path), "id"), "accepted_on": "01/03/2023", "value": "120 triệu"}
    over = officer.send_form(path, **form)
    assert over.status_code == 409
    assert "hợp đồng chỉ còn 100.000.000 đ chưa nghiệm thu" in words(over.text)
    assert 'href="#f-value"' in over.text
    for _ in range(2):
        done = officer.send_form(path, **(form | {"value": "60 triệu"}))
        assert done.headers["location"] == f"/acceptances/{form['id']}"
    said = words(officer.page(f"/contracts/{signed.id}"))
    assert "Đợt 1 01/03/2023 60 60 60,0 %" in said
    edit = f"/acceptances/{form['id']}/edit"
    version = hidden(officer.page(edit), "version")
    sent = officer.send_form(edit, version=version, accepted_on="02/03/2023", value="70.000.000", note="")
    assert sent.status_code == 303
    stale = officer.send_form(edit, version=version, accepted_on="02/03/2023", value="80 triệu", note="")
    assert stale.status_code == 409
    assert 'value="80 triệu"' in stale.text
    gone = officer.send_form(f"/acceptances/{form['id']}/delete")
    assert gone.headers["location"] == f"/contracts/{signed.id}"
    assert contracts.get(actor(), signed.id).accepted == 0


def test_a_round_that_a_dossier_stands_on_says_why_it_stays(world: World) -> None:
    signed = contract(work().id)
    on = accept(signed)
    prepare(signed, on)
    officer = Visitor.logged_in("officer")
    page = officer.page(f"/acceptances/{on.id}")
    assert f"/acceptances/{on.id}/edit" not in links(page)
    assert "Đã lập hồ sơ thanh toán theo đợt này" in words(page)
    refused = officer.send_form(f"/acceptances/{on.id}/delete")
    assert refused.headers["location"] == f"/acceptances/{on.id}"
    officer.cookies.update(refused.cookies)
    said = words(officer.page(f"/acceptances/{on.id}"))
    assert "Hồ sơ thanh toán số 1 đã lập theo đợt nghiệm thu này." in said


def test_a_dossier_names_what_it_lacks_with_the_way_to_each(world: World) -> None:
    signed = contract(work().id)
    on = accept(signed)
    officer = Visitor.logged_in("officer")
    path = f"/contracts/{signed.id}/payment-dossiers/new"
    page = officer.page(path)
    assert 'value="50.000.000"' in page  # the round that no dossier stands on
    form = {
        "id": hidden(page, "id"), "kind": "payment", "acceptance_id": str(on.id), "amount": "51 triệu",
        "recovered": "",
    }  # fmt: skip
    over = officer.send_form(path, **form)
    assert over.status_code == 409
    assert 'href="#f-amount"' in over.text
    back = officer.send_form(path, **(form | {"amount": "40 triệu", "recovered": "5 triệu"}))
    assert 'href="#f-recovered"' in back.text
    done = officer.send_form(path, **(form | {"amount": "40 triệu"}))
    here = f"/payment-dossiers/{form['id']}"
    assert done.headers["location"] == here
    page = officer.page(here)
    said = words(page)
    assert "Chưa gửi được, còn thiếu Giấy đề nghị thanh toán Hóa đơn Biên bản nghiệm thu khối lượng" in said
    ways = [x for x in links(page) if x.startswith("/documents/new?")]
    assert any(f"subject=acceptance%3A{on.id}&kind=volume_acceptance" in x for x in ways)
    assert "Ghi đã gửi" not in said
    refused = officer.send_form(f"{here}/submit", submitted_on="05/03/2023")
    assert refused.status_code == 409
    assert "Chưa gửi được hồ sơ, còn thiếu: Giấy đề nghị thanh toán; Hóa đơn" in words(refused.text)


def test_from_a_sent_dossier_one_button_leads_to_the_book_filled_in(world: World) -> None:
    signed = contract(work().id)
    own = funded(signed)
    post(own.id, "advance", 10 * M, "2023-03-02", contract_id=signed.id)
    made = prepare(signed, accept(signed), 20 * M, recovered=5 * M)
    about = ("payment_dossier", made.id)
    for kind in ("payment_request", "invoice", "volume_acceptance"):
        paper(kind, about)
    officer = Visitor.logged_in("officer")
    here = f"/payment-dossiers/{made.id}"
    assert officer.send_form(f"{here}/submit", submitted_on="05/03/2023").status_code == 303
    (record,) = [x for x in links(officer.page(here)) if x.startswith("/ledger/record?work=")]
    form = officer.page(record)
    assert 'value="recover_pay" checked' in form
    assert 'name="amount" value="5000000"' in form
    assert 'name="amount_pay" value="20000000"' in form
    assert f'<option value="{signed.id}" selected>' in form
    voucher = {
        "id": hidden(form, "id"), "line": str(own.id), "kind": "recover_pay", "amount": "5000000",
        "amount_pay": "20000000", "contract_id": str(signed.id), "number": "0150/UNC",
        "effective_date": "06/03/2023", "issuer": "Kho bạc Nhà nước",
    }  # fmt: skip
    assert officer.send_form("/ledger/record", **voucher).status_code == 303
    assert "Gắn chứng từ với hồ sơ" not in words(officer.page(here))  # it waits for another person
    leader = Visitor.logged_in("leader")
    assert leader.send_form(f"/ledger/entries/{voucher['id']}/post").status_code == 303
    page = officer.page(here)
    assert "0150/UNC · 06/03/2023 · 25.000.000 đ" in words(page)
    paid = officer.send_form(f"{here}/paid", entry_id=voucher["id"])
    assert paid.headers["location"] == here
    assert payment_dossiers.get(actor(), made.id)[1].settled
    assert f"/ledger/entries/{voucher['id']}" in links(officer.page(here))


def test_a_line_is_chosen_without_losing_what_the_dossier_filled_in(world: World) -> None:
    signed = contract(work().id)
    first = funded(signed)
    line(work_id=signed.work_id, project_code="DTTS.4.1", capital_kind="investment", source="provincial")
    officer = Visitor.logged_in("officer")
    page = officer.page(f"/ledger/record?work={signed.work_id}&kind=pay&amount=20000000&contract={signed.id}")
    (way,) = [x for x in links(page) if f"line={first.id}" in x]
    form = officer.page(way)
    assert 'name="amount" value="20000000"' in form
    assert f'<option value="{signed.id}" selected>' in form


def test_a_returned_dossier_says_why_and_is_mended(world: World) -> None:
    signed = contract(work().id)
    made = prepare(signed, accept(signed))
    for kind in ("payment_request", "invoice", "volume_acceptance"):
        paper(kind, ("payment_dossier", made.id))
    payment_dossier_moves.submit(actor(), made.id, date(2023, 3, 5))
    officer = Visitor.logged_in("officer")
    here = f"/payment-dossiers/{made.id}"
    assert 'href="#f-reason"' in officer.send_form(f"{here}/return", reason=" ").text
    assert officer.send_form(f"{here}/return", reason="Thiếu chữ ký giám sát").status_code == 303
    page = officer.page(here)
    assert "Hồ sơ bị trả lại Thiếu chữ ký giám sát" in words(page)
    edit = f"{here}/edit"
    version = hidden(officer.page(edit), "version")
    sent = {
        "version": version,
        "acceptance_id": str(made.acceptance_id),
        "amount": "21 triệu",
        "recovered": "0",
    }
    assert officer.send_form(edit, **sent).status_code == 303
    assert officer.send_form(edit, **sent).status_code == 409
    assert payment_dossiers.get(actor(), made.id)[1].amount == 21 * M
    dropped = officer.send_form(f"{here}/delete")
    assert dropped.headers["location"] == f"/contracts/{signed.id}"


def test_a_settlement_is_proposed_decided_and_its_difference_said(world: World) -> None:
    of = work()
    signed = contract(of.id, 100 * M)
    own = funded(signed)
    post(own.id, "pay", 60 * M, "2023-03-02", contract_id=signed.id)
    post(own.id, "pay", 15 * M, "2023-03-02", no_contract_reason="Quản lý")
    accept(signed, 55 * M)
    officer, leader = Visitor.logged_in("officer"), Visitor.logged_in("leader")
    path = f"/works/{of.id}/settlement"
    page = officer.page(path)
    assert "Chưa trình quyết toán; đã giải ngân 75.000.000 đ trong 100.000.000 đ hợp đồng đã ký." in words(
        page
    )
    form = {"id": hidden(page, "id"), "submitted_on": "28/06/2023", "proposed_value": "2 tỷ", "note": ""}
    over = officer.send_form(path, **form)
    assert over.status_code == 409
    assert 'href="#f-proposed_value"' in over.text
    assert 'value="2 tỷ"' in over.text
    for _ in range(2):
        assert officer.send_form(path, **(form | {"proposed_value": "72 triệu"})).status_code == 303
    page = officer.page(path)
    assert "Trình quyết toán 72.000.000 đ ngày 28/06/2023, chưa phê duyệt" in words(page)
    assert "Ghi quyết định phê duyệt" not in words(page)
    page = leader.page(path)
    decision = {
        "version": hidden(page, "version"), "settled_value": "70 triệu", "decided_on": "27/06/2023",
        "decision_number": "46/QĐ-UBND", "decision_issuer": "UBND xã Sông Trà",
    }  # fmt: skip
    early = leader.send_form(f"{path}/decide", **decision)
    assert 'href="#f-decided_on"' in early.text
    assert leader.send_form(f"{path}/decide", **(decision | {"decided_on": "25/07/2023"})).status_code == 303
    said = words(leader.page(path))
    assert (
        "Quyết toán được duyệt 70.000.000 đ ngày 25/07/2023; đã giải ngân 75.000.000 đ. Phải thu hồi 5.000.000 đ."
        in said
    )
    assert "Thu hồi 5.000.000 đ đã giải ngân quá giá trị quyết toán" in said
    assert "Chi không theo hợp đồng" in said
    assert "Cộng 100 55 75 – -5" in said
    stale = leader.send_form(
        f"{path}/decide", **(decision | {"decided_on": "25/07/2023", "settled_value": "71 triệu"})
    )
    assert stale.status_code == 409
    assert 'value="71 triệu"' in stale.text
    assert "Bản hiện tại" in words(stale.text)
    assert settlement.get(actor(), of.id).settled_value == 70 * M


def test_a_closed_work_offers_no_change_of_its_settlement(world: World) -> None:
    of = work(stage="settled")
    settlement.propose(actor(), NewSettlement(uuid.uuid4(), of.id, date(2023, 6, 28), 100))
    settlement.decide(actor(), of.id, Decision(90, date(2023, 7, 25), "46/QĐ", "UBND"))
    said = words(Visitor.logged_in("leader").page(f"/works/{of.id}/settlement"))
    assert "Sửa quyết định" not in said
