"""Pages of support models: proposed, sent, handed over, visited, evaluated by who may; nothing typed is lost."""

from __future__ import annotations

import re
from datetime import date

import pytest

from app.domain import support
from app.domain.documents import attaching
from app.domain.support import ModelFilter, ModelView
from app.domain.workflow import Order
from app.models.identity import ROLES
from app.views.ledger.common import pager, window
from tests.support.folk import NAME, household, of_years
from tests.support.pages import Visitor, hidden, words
from tests.support.papers import image
from tests.support.supporting import funded, given, input_of, people_of, running, visited, whole_model
from tests.support.world import MILLION, World, actor


def herd() -> ModelView:
    """A cattle model that runs, with one delivery and one visit."""
    folk = [household(code=f"TS-{n}", statuses=of_years(y2023="poor")) for n in (1, 2)]
    made = running(whole_model(folk))
    support.deliver(actor("officer"), made.id, given(made, 2))
    support.visit(actor("officer"), made.id, visited(made, alive=2))
    return made


def test_every_role_reads_them_names_masked_for_some_and_nobody_without_a_session(world: World) -> None:
    made = herd()
    pages = [
        "/support",
        *(f"/support/{made.id}{end}" for end in ("", "/deliveries", "/visits", "/documents")),
    ]
    for role in ROLES:
        visitor = Visitor.logged_in(role)
        assert [visitor.get(path).status_code for path in pages] == [200] * len(pages)
    for path in pages:
        assert Visitor.stranger().get(path).headers["location"].startswith("/login?next=")
    elsewhere = Visitor.logged_in("khac")
    assert [elsewhere.get(path).status_code for path in pages] == [200, 404, 404, 404, 404]
    assert NAME in words(Visitor.logged_in("officer").page(pages[1]))
    assert NAME not in words(Visitor.logged_in("reviewer").page(pages[1]))


def test_a_household_shows_what_it_received(world: World) -> None:
    made = herd()
    first, second = people_of(made)
    visitor = Visitor.logged_in("officer")
    assert f"{made.name} (GNBV.2, 2023): 1 lần, trị giá 40" in words(visitor.page(f"/households/{first}"))
    assert "Chưa nhận hỗ trợ nào từ mô hình" in words(visitor.page(f"/households/{second}"))


def test_a_model_is_proposed_and_sent_by_its_pages(world: World) -> None:
    one, other = (household(code=f"TS-{n}", statuses=of_years(y2023="poor")) for n in (1, 2))
    book = funded()
    visitor = Visitor.logged_in("officer")
    answer = visitor.send_form(
        "/support/new", id=hidden(visitor.page("/support/new"), "id"), name="Nuôi bò", project_code="GNBV.2",
        unit_code="20770@legacy", year="2023", template="cattle",
    )  # fmt: skip
    assert answer.status_code == 303
    made = support.models(actor("officer"), ModelFilter())[0]
    edit = f"/support/{made.id}/edit"
    page = visitor.page(edit)
    assert "TS-1" in words(page)
    assert "TS-2" in words(page)
    typed = {
        "version": hidden(page, "version"), "name": "Nuôi bò", "project_code": "GNBV.2", "year": "2023",
        "group_name": "Tổ bò", "head_id": one.id, f"take-{one.id}": "1", f"take-{other.id}": "1",
        f"before-{one.id}": "10 triệu", "i0_kind": "Bò cái", "i0_measure": "con", "i0_quantity": "2",
        "i0_unit_price": "20 triệu", "b0_line": book.id, "b0_amount": "30 triệu", "household_share": "10 triệu",
    }  # fmt: skip
    refused = visitor.send_form(edit, **(typed | {"i0_unit_price": "0"}))
    assert refused.status_code == 422
    assert 'value="Bò cái"' in refused.text
    assert "Số tiền phải lớn hơn 0" in words(refused.text)
    assert visitor.send_form(edit, **typed).status_code == 303
    whole = support.whole(actor("officer"), made.id)
    assert (whole.total, [m.income_before for m in whole.members]) == (40 * MILLION, [10 * MILLION, None])
    stale = visitor.send_form(edit, **(typed | {"name": "Tên khác"}))
    assert stale.status_code == 409
    assert 'value="Tên khác"' in stale.text
    assert "do người khác vừa sửa" in words(stale.text)
    at = f"/support/{made.id}"
    seen = hidden(visitor.page(at), "seen")
    assert visitor.send_form(f"{at}/submit", seen=seen, on="10/03/2023").status_code == 303
    assert support.get(actor("officer"), made.id).state == "submitted"


def test_households_are_ticked_and_receive_all_or_none(world: World) -> None:
    made = running(whole_model([household(statuses=of_years(y2023="poor")) for _ in range(2)]))
    visitor, at = Visitor.logged_in("officer"), f"/support/{made.id}/deliveries"
    page, people = visitor.page(f"{at}/new"), people_of(made)
    cow = support.whole(actor("officer"), made.id).inputs[0].id
    typed = {
        "id": hidden(page, "id"), "input_id": cow, "delivered_on": "20/04/2023", "signed": "1",
        **{f"take-{h}": "1" for h in people}, f"quantity-{people[0]}": "4", f"quantity-{people[1]}": "7",
    }  # fmt: skip
    refused = visitor.send_form(f"{at}/new", **typed)
    assert refused.status_code == 409
    assert "phần được duyệt chỉ còn" in words(refused.text)
    assert 'value="7"' in refused.text
    assert support.deliveries(actor("officer"), made.id) == []
    typed[f"quantity-{people[1]}"] = "6"
    assert [visitor.send_form(f"{at}/new", **typed).status_code for _ in (1, 2)] == [303, 303]
    found = support.deliveries(actor("officer"), made.id)
    assert sorted((int(d.quantity), d.signed) for d in found) == [(4, True), (6, True)]
    back = f"{at}/{found[0].id}/withdraw"
    assert visitor.send_form(back, reason="").status_code == 422
    assert visitor.send_form(back, reason="Ghi nhầm hộ").status_code == 303
    assert "Ghi nhầm hộ" in words(visitor.page(at))


def test_one_photo_shows_every_ticked_household_and_what_nothing_proves_stands_out(world: World) -> None:
    made = running(whole_model([household(statuses=of_years(y2023="poor")) for _ in range(2)]))
    visitor, at = Visitor.logged_in("officer"), f"/support/{made.id}/deliveries"
    page, people = visitor.page(f"{at}/new"), people_of(made)
    typed = {
        "id": hidden(page, "id"), "input_id": str(input_of(made)),
        "delivered_on": "20/04/2023", **{f"{name}-{h}": "1" for h in people for name in ("take", "quantity")},
    }  # fmt: skip
    refused = visitor.send_form(f"{at}/new", **typed)
    assert refused.status_code == 422
    assert "Đánh dấu hộ đã ký nhận, hoặc kèm ảnh" in words(refused.text)
    shown = [("files", ("anh.jpg", image(), "image/jpeg"))]
    sent = {"csrf": visitor.token, **typed}
    assert visitor.post(f"{at}/new", data=sent, files=shown).status_code == 303
    found = support.deliveries(actor("officer"), made.id)
    assert [len(d.documents) for d in found] == [1, 1]
    assert words(visitor.page(at)).count("có ảnh") == 2
    attaching.detach(actor("officer"), found[0].documents[0].id, "delivery", found[0].id)
    assert words(visitor.page(at)).count("thiếu ký nhận, ảnh") == 1
    assert "Chữ ký nhận hoặc ảnh bàn giao: còn 1 trong 2 lần cấp phát" in words(
        visitor.page(f"/support/{made.id}")
    )


def test_many_deliveries_and_visits_are_paged(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    made, officer = running(whole_model([household(statuses=of_years(y2023="poor"))])), actor("officer")
    for day in (date(2023, 5, 1), date(2023, 5, 2), date(2023, 5, 3)):
        support.deliver(officer, made.id, given(made, delivered_on=day))
        support.visit(officer, made.id, visited(made, visited_on=day))
    monkeypatch.setattr(window, "__defaults__", (2,))
    monkeypatch.setattr(pager, "__defaults__", (2,))
    visitor = Visitor.logged_in("officer")
    for part in ("deliveries", "visits"):
        at = f"/support/{made.id}/{part}"
        first, second = words(visitor.page(at)), words(visitor.page(f"{at}?page=2"))
        assert ("03/05/2023" in first, "01/05/2023" in first, "1–2 trong 3" in first) == (True, False, True)
        # Above the visits stands when each household was visited last.
        assert (second.count("03/05/2023"), "01/05/2023" in second) == (part == "visits", True)
        assert len(visitor.get(f"{at}?format=csv").text.strip().splitlines()) >= 4, "a file holds all"


def test_a_withdrawal_that_is_refused_comes_back_with_its_reason_whatever_page_it_was_on(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, officer = running(whole_model([household(statuses=of_years(y2023="poor"))])), actor("officer")
    gifts = [given(made, delivered_on=date(2023, 5, n)) for n in (3, 2, 1)]
    for gift in gifts:
        support.deliver(officer, made.id, gift)
    for module in (window, pager):
        monkeypatch.setattr(module, "__defaults__", (1,))
    visitor, at = Visitor.logged_in("officer"), f"/support/{made.id}/deliveries"
    back = f"{at}/{gifts[1].id}/withdraw?page=2"
    assert f'action="{back}"' in visitor.page(f"{at}?page=2")
    refused = visitor.send_form(back, reason="x" * 1001)
    assert (refused.status_code, "x" * 1001 + "</textarea>" in refused.text) == (422, True)
    assert "02/05/2023" in words(refused.text)
    done = visitor.send_form(back, reason="Ghi nhầm hộ")
    assert (done.status_code, done.headers["location"]) == (303, f"{at}?page=2")
    # Somebody closed the model meanwhile, and it is not of the first page.
    support.evaluate(officer, made.id, "Đàn bò khỏe", {}, Order(on=date(2023, 12, 1)))
    support.move(officer, made.id, "close", Order())
    late = visitor.send_form(f"{at}/{gifts[2].id}/withdraw", reason="Ghi nhầm ngày")
    assert (late.status_code, "Ghi nhầm ngày</textarea>" in late.text) == (409, True)
    assert "Mô hình không ở bước đang thực hiện" in words(late.text)


def test_a_visit_begins_from_the_last_one(world: World) -> None:
    made = herd()
    visitor, at = Visitor.logged_in("officer"), f"/support/{made.id}/visits"
    who = people_of(made)[0]
    page = visitor.page(f"{at}/new?household={who}")
    assert re.search(r"name=\"alive\"[^>]*value=\"2\"", page)
    typed = {"id": hidden(page, "id"), "household_id": who, "visited_on": "01/08/2023", "alive": "3"}
    refused = visitor.send_form(f"{at}/new", **typed)
    assert refused.status_code == 409
    assert 'value="3"' in refused.text
    assert visitor.send_form(f"{at}/new", **(typed | {"dead": "1", "born": "2"})).status_code == 303
    assert [(v.dead, v.born) for v in support.visits(actor("officer"), made.id)] == [(0, 0), (1, 2)]
    assert "sống 3, chết 1, bán 0, ốm 0, sinh thêm 2" in words(visitor.page(f"/support/{made.id}"))


def test_what_came_of_it_is_said_with_incomes(world: World) -> None:
    made = herd()
    visitor, at = Visitor.logged_in("officer"), f"/support/{made.id}"
    who = people_of(made)[0]
    typed = {"evaluation": "Đàn bò khỏe", f"income-{who}": "25 triệu", "on": "01/12/2023"}
    assert visitor.send_form(f"{at}/evaluate", **(typed | {"evaluation": ""})).status_code == 422
    # A field that names no household is nobody's income.
    assert visitor.send_form(f"{at}/evaluate", **typed, **{"income-x": "1"}).status_code == 303
    whole = support.whole(actor("officer"), made.id)
    assert (whole.model.evaluation, whole.members[0].income_after) == ("Đàn bò khỏe", 25 * MILLION)
