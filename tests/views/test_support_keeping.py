"""Who keeps a support model has its buttons; what bars it and what its payment lacks is said until it is closed."""

from __future__ import annotations

from app.domain import support
from app.domain.support import NewBudget
from app.domain.workflow import Order
from tests.support.pages import Visitor, links, words
from tests.support.supporting import STARTED, approved, funded, model, people_of, running, whole_model
from tests.support.world import MILLION, PASSWORD, World, actor, post


def test_units_above_have_no_buttons_to_write_what_they_appraise(world: World) -> None:
    draft, above, own = model(), leader_above(), Visitor.logged_in("leader")
    at = f"/support/{draft.id}"
    assert f"{at}/edit" in links(own.page(at))
    assert f"{at}/edit" not in links(above.page(at))
    refused = above.send_form(f"{at}/edit", version="1", name="Khác", project_code="GNBV.2", year="2023")
    assert refused.status_code == 409
    assert "cấp trên không làm thay" in words(refused.text)
    assert 'value="20770@legacy"' not in above.page("/support/new")


def leader_above() -> Visitor:
    """Somebody of the district who may do whatever a commune's officer may."""
    from app.domain.identity import common, people

    person = people.NewUser("lanhdao.huyen", "Lê Lãnh Đạo", "leader", "512@legacy")
    people.create_user(common.system_actor(), person, PASSWORD)
    return Visitor.logged_in("lanhdao.huyen")


def test_a_line_cut_below_what_models_draw_stands_on_the_page(world: World) -> None:
    source = funded(180 * MILLION)
    made = approved(whole_model(budget=(NewBudget(source.id, 180 * MILLION),)))
    visitor, at = Visitor.logged_in("officer"), f"/support/{made.id}"
    assert "vượt kế hoạch" not in words(visitor.page(at))
    post(source.id, "withdraw", 3 * MILLION, "2023-02-10")
    page = words(visitor.page(at))
    assert "Dòng vốn mà các mô hình lấy vượt kế hoạch: 1" in page
    assert "vượt 3.000.000 đ" in page
    refused = visitor.send_form(f"{at}/start", on="03/04/2023")
    assert (refused.status_code, support.get(actor("officer"), made.id).state) == (409, "approved")


def test_what_came_of_a_model_is_put_right_and_paid_for_until_it_is_closed(world: World) -> None:
    made, officer = running(), actor("officer")
    who = people_of(made)[0]
    support.evaluate(officer, made.id, "Đàn bò khỏe", {who: 20 * MILLION}, Order(on=STARTED))
    visitor, at = Visitor.logged_in("officer"), f"/support/{made.id}"
    page = visitor.page(at)
    assert "Hồ sơ thanh toán còn thiếu" in words(page)
    assert "Ghi thanh toán từ" in words(page)
    assert "Đàn bò khỏe</textarea>" in page
    version = support.get(officer, made.id).version
    typed = {"evaluation": "Chết một con", f"income-{who}": "", "on": "01/12/2030"}
    assert visitor.send_form(f"{at}/evaluate", seen=version, **typed).status_code == 422
    typed["on"] = "01/12/2023"
    stale = visitor.send_form(f"{at}/evaluate", seen=version - 1, **typed)
    assert stale.status_code == 412
    assert "Chết một con</textarea>" in stale.text
    assert visitor.send_form(f"{at}/evaluate", seen=version, **typed).status_code == 303
    whole = support.whole(officer, made.id)
    assert (whole.model.evaluation, whole.members[0].income_after) == ("Chết một con", None)
    assert "Đã sửa đánh giá" in words(visitor.page(at))
    support.move(officer, made.id, "close", Order())
    closed = words(visitor.page(at))
    assert "Ghi thanh toán từ" not in closed
    assert "Hồ sơ thanh toán còn thiếu" not in closed
