"""What the pages of site clearance promise: what is missing first, names for whom they are meant, tables in and out."""

from __future__ import annotations

import io
import re
import uuid
from datetime import date

import pytest
from openpyxl import load_workbook

from app.clock import today
from app.domain.works import WorkView, clearance, clearance_editing, clearance_payments
from app.models.identity import ROLES
from tests.support.land import MASKED, NAME, compensation, found, household, planned, views
from tests.support.pages import Visitor, hidden, links, words
from tests.support.world import MILLION, World, actor, post, work

SEES = {"officer", "accountant", "leader", "inspector"}


def place(its: WorkView) -> str:
    return f"/works/{its.id}/clearance"


def test_clearance_is_begun_by_one_button_and_shows_its_seven_steps(world: World) -> None:
    its = work(procedure="special")
    officer = Visitor.logged_in("officer")
    page = officer.page(place(its))
    assert "Công trình này chưa ghi giải phóng mặt bằng" in words(page)
    assert f"{place(its)}/begin" not in Visitor.logged_in("supervisor").page(place(its))
    begun = officer.send_form(f"{place(its)}/begin")
    assert begun.headers["location"] == place(its)
    page = officer.page(place(its))
    said = words(page)
    assert "Chưa ghi hộ nào bị ảnh hưởng." in said
    steps = [link for link in links(page) if link.startswith(f"/works/{its.id}/steps/")]
    assert len(steps) == 7
    assert "chờ bước 1" in said
    assert f"{place(its)}/households/new" in links(page)
    assert f"{place(its)}/import" in links(page)


def test_what_is_missing_comes_first_in_one_sentence(world: World) -> None:
    its = work()
    planned(its.id, 40 * MILLION)
    waiting = household(its.id, code="H01", parcels="Tờ 9, thửa 12", hamlet_code="20770.02")
    household(its.id, code="H02", handed_over_on=date(2023, 6, 1), compensation_due=20 * MILLION)
    household(its.id, code="H03", form="gift", compensation_due=0, handed_over_on=date(2023, 6, 1))
    said = words(Visitor.logged_in("officer").page(place(its)))
    assert "2 trong 3 hộ bàn giao; còn 1 hộ, 30.000.000 đ chưa chi trả." in said
    assert f"Đã bàn giao khi chưa được chi trả đủ H02 · {NAME} : còn 20.000.000 đ chưa chi trả" in said
    assert (
        said.index("Đã bàn giao khi chưa")
        < said.index("Chưa bàn giao H01")
        < said.index("Các hộ bị ảnh hưởng")
    )
    assert "Thôn Trà Huỳnh · Tờ 9, thửa 12 · chưa chi trả" in said
    assert "Phương án bồi thường 40.000.000 đ" in said
    assert "Còn trong phương án 10.000.000 đ" in said
    assert "Cộng 3 hộ" in said
    clearance_editing.hand_over(actor(), its.id, waiting.id)
    assert "Cả 3 hộ đã bàn giao; còn 30.000.000 đ chưa chi trả." in words(
        Visitor.logged_in("officer").page(place(its))
    )


def test_the_work_s_page_has_a_card_of_it_when_there_is_land_to_clear(world: World) -> None:
    plain, special = work(), work(procedure="special")
    officer = Visitor.logged_in("officer")
    assert "Các hộ" not in words(officer.page(f"/works/{plain.id}"))
    assert "chưa ghi hộ nào" in words(officer.page(f"/works/{special.id}"))
    household(plain.id)
    page = officer.page(f"/works/{plain.id}")
    assert "0 trong 1 hộ bàn giao; còn 1 hộ, 10.000.000 đ chưa chi trả." in words(page)
    assert place(plain) in links(page)
    assert views() == [], "the card names nobody"


@pytest.mark.parametrize("role", ROLES)
def test_names_stand_on_pages_and_in_files_for_whom_they_are_meant(world: World, role: str) -> None:
    its = work()
    made = household(its.id, code="H01")
    household(its.id, code="H02")
    visitor = Visitor.logged_in(role)
    one = f"{place(its)}/households/{made.id}"
    texts = [visitor.page(place(its)), visitor.page(one), visitor.page(f"{place(its)}?format=csv")]
    workbook = load_workbook(io.BytesIO(visitor.get(f"{place(its)}?format=xlsx").content))
    texts.append(" ".join(str(cell.value) for row in workbook.worksheets[0].iter_rows() for cell in row))
    for text in texts:
        assert (NAME in text, MASKED in text) == (role in SEES, role not in SEES)
    listed, single = ("site_clearance", str(its.id), 2), ("clearance_household", str(made.id), 1)
    expected = [
        (role, *listed, "page"),
        (role, *single, "page"),
        (role, *listed, "export"),
        (role, *listed, "export"),
    ]
    assert views(masked=role not in SEES) == views() == expected
    hint = "Trang này có tên người dân" if role in SEES else "Tên người dân được che"
    assert hint in words(texts[0])


def test_filters_narrow_the_list_and_its_file(world: World) -> None:
    its = work()
    household(its.id, code="H01", hamlet_code="20770.01", parcels="thửa 31")
    household(its.id, code="H02", handed_over_on=date(2023, 6, 1))
    officer = Visitor.logged_in("officer")
    for query, seen, other in (
        ("state=waiting", "H01", "H02"), ("state=at_risk", "H02", "H01"), ("hamlet=20770.01", "H01", "H02"),
        ("q=THỬA+31", "H01", "H02"), ("state=nonsense&q=h02", "H02", "H01"),
    ):  # fmt: skip
        text = officer.get(f"{place(its)}?format=csv&{query}").text
        assert seen in text, query
        assert other not in text, query
        assert f"{seen} ·" in words(officer.page(f"{place(its)}?{query}"))
    assert "Không có hộ nào khớp" in words(officer.page(f"{place(its)}?q=khong-co"))


def test_a_list_of_many_pages_still_names_first_who_is_missing(world: World) -> None:
    its = work()
    for i in range(101):
        household(its.id, code=f"H{i:03}", compensation_due=0, handed_over_on=date(2023, 6, 1))
    last = household(its.id, code="H999", compensation_due=5)
    late = household(its.id, code="H998", compensation_due=7, handed_over_on=date(2023, 6, 1))
    page = Visitor.logged_in("officer").page(place(its))
    assert "1–100 trong 103" in words(page)
    for missing in (last, late):
        assert f"{place(its)}/households/{missing.id}" in links(page)
    assert [view[3] for view in views()] == [100, 1, 1]


def test_the_plan_is_kept_within_its_bounds_and_what_was_typed_stays(world: World) -> None:
    its = work()
    household(its.id)
    officer = Visitor.logged_in("officer")
    version = hidden(officer.page(place(its)), "version")
    low = officer.send_form(place(its), version=version, plan_amount="9 triệu", note="Đợt 1 <b>")
    assert low.status_code == 409
    assert 'href="#f-plan_amount"' in low.text
    assert 'value="9 triệu"' in low.text
    assert "Đợt 1 &lt;b&gt;" in low.text
    assert "thấp hơn tổng bồi thường của các hộ 10.000.000 đ" in words(low.text)
    assert "<details open" in low.text
    bad = officer.send_form(place(its), version=version, plan_amount="nhiều")
    assert bad.status_code == 422
    done = officer.send_form(place(its), version=version, plan_amount="12 triệu", note="Đợt 1")
    assert done.headers["location"] == place(its)
    stale = officer.send_form(place(its), version=version, plan_amount="15 triệu", note="Đợt 2")
    assert stale.status_code == 409
    assert "Phương án bồi thường 12.000.000 đ" in words(stale.text)
    assert 'value="15 triệu"' in stale.text
    again = officer.send_form(
        place(its), version=hidden(stale.text, "version"), plan_amount="15 triệu", note="Đợt 2"
    )
    assert again.status_code == 303
    assert clearance.get(actor(), its.id).figures.plan_amount == 15 * MILLION


def test_a_household_is_recorded_and_a_refused_form_keeps_what_was_typed(world: World) -> None:
    its = work()
    planned(its.id, 20 * MILLION)
    officer = Visitor.logged_in("officer")
    path = f"{place(its)}/households/new"
    page = officer.page(path)
    assert "data-draft=" not in page, "no name is kept on the device"
    form = {
        "id": hidden(page, "id"), "code": "H01", "head_name": "Hồ Thị Lan", "hamlet_code": "20770.02",
        "parcels": "Tờ 9, thửa 14", "area_m2": "1.164,5", "assets": "30 cây keo", "compensation_form": "money",
        "compensation_due": "18,5 triệu", "handed_over_on": "", "note": "Chờ chi trả",
    }  # fmt: skip
    for changes, status, field in (
        ({"area_m2": "rộng"}, 422, "area_m2"), ({"compensation_due": "25 triệu"}, 409, "compensation_due"),
        ({"compensation_form": "gift"}, 422, "compensation_due"), ({"head_name": ""}, 422, "head_name"),
        ({"head_name": "H*** L***"}, 422, "head_name"), ({"handed_over_on": "40/01/2023"}, 422, "handed_over_on"),
        ({"handed_over_on": "01/01/2999"}, 422, "handed_over_on"), ({"hamlet_code": "20770.99"}, 422, "hamlet_code"),
        ({"compensation_form": "loan"}, 422, "compensation_form"),
    ):  # fmt: skip
        refused = officer.send_form(path, **(form | changes))
        assert refused.status_code == status, changes
        assert f'href="#f-{field}"' in refused.text, changes
        for name in ("code", "parcels"):
            assert f'value="{form[name]}"' in refused.text
        assert "30 cây keo" in refused.text
    assert found(its.id) == []
    for _ in range(2):
        assert officer.send_form(path, **form).headers["location"] == place(its)
    [made] = found(its.id)
    assert (made.head_name, made.area_dm2, made.compensation_due, made.hamlet_code) == (
        "Hồ Thị Lan", 116_450, 18_500_000, "20770.02",
    )  # fmt: skip
    twin = officer.send_form(path, **(form | {"id": str(uuid.uuid4()), "compensation_due": "1"}))
    assert twin.status_code == 409
    assert "đã có hộ mã H01" in words(twin.text)


def test_saving_a_household_as_it_stands_changes_nothing_and_a_stale_form_shows_both(world: World) -> None:
    its = work()
    made = household(
        its.id, code="H01", hamlet_code="20770.02", area_dm2=116_450, parcels="thửa 1", assets="a\r\nb",
        handed_over_on=date(2023, 6, 1), note="x", compensation_due=18_500_000,
    )  # fmt: skip
    path = f"{place(its)}/households/{made.id}"
    officer = Visitor.logged_in("officer")
    page = officer.page(f"{path}/edit")
    form = {
        name: (re.search(rf'name="{name}"[^>]* value="([^"]*)"', page) or ["", ""])[1]
        for name in (
            "version",
            "code",
            "head_name",
            "parcels",
            "area_m2",
            "compensation_due",
            "handed_over_on",
        )
    } | {"hamlet_code": "20770.02", "compensation_form": "money", "assets": "a\r\nb", "note": "x"}
    assert (form["area_m2"], form["compensation_due"], form["handed_over_on"]) == (
        "1.164,50",
        "18.500.000",
        "01/06/2023",
    )
    assert officer.send_form(f"{path}/edit", **form).headers["location"] == path
    assert found(its.id)[0].version == 1
    clearance_editing.update(actor("leader"), its.id, made.id, 1, {"head_name": "Lê Văn Khác"})
    stale = officer.send_form(f"{path}/edit", **(form | {"note": "tôi sửa"}))
    assert stale.status_code == 409
    assert "Lê Văn Khác" in words(stale.text)
    assert f'value="{NAME}"' in stale.text
    assert "tôi sửa" in stale.text
    again = officer.send_form(
        f"{path}/edit", **(form | {"note": "tôi sửa", "version": hidden(stale.text, "version")})
    )
    assert again.status_code == 303
    assert (found(its.id)[0].head_name, found(its.id)[0].note) == (NAME, "tôi sửa")


def test_land_is_handed_over_by_one_tap_from_the_list_or_the_household(world: World) -> None:
    its = work()
    first, second = household(its.id, code="H01"), household(its.id, code="H02")
    officer = Visitor.logged_in("officer")
    path = f"{place(its)}/households"
    assert officer.page(place(its)).count("/hand-over") == 2
    assert officer.send_form(f"{path}/{first.id}/hand-over").headers["location"] == place(its)
    back = officer.send_form(f"{path}/{second.id}/hand-over", next="household").headers["location"]
    assert back == f"{path}/{second.id}"
    page = officer.page(back)
    assert "bàn giao khi chưa chi trả đủ" in words(page)
    assert "/hand-over" not in page
    assert [h.handed_over_on for h in found(its.id)] == [today(), today()]
    assert "Cả 2 hộ đã bàn giao" in words(officer.page(place(its)))


def test_a_payment_of_the_book_is_tied_to_the_household_and_untied(world: World) -> None:
    its = work()
    made = household(its.id, code="H01")
    path = f"{place(its)}/households/{made.id}"
    officer = Visitor.logged_in("officer")
    assert "Chưa có chứng từ chi trả nào còn tiền chưa chia" in words(officer.page(path))
    entry = compensation(its.id, 6 * MILLION)
    page = officer.page(path)
    assert "0147/UNC · 01/03/2023 · 6.000.000 đ · Bồi thường, giải phóng mặt bằng" in words(page)
    assert 'value="10.000.000"' in page
    over = officer.send_form(f"{path}/payments", entry_id=str(entry.id), amount="7 triệu")
    assert over.status_code == 409
    assert 'href="#f-amount"' in over.text
    assert 'value="7 triệu"' in over.text
    assert "chỉ còn 6.000.000 đ chưa chia" in words(over.text)
    for bad in ({"entry_id": "", "amount": "1"}, {"entry_id": str(uuid.uuid4()), "amount": "1"}):
        refused = officer.send_form(f"{path}/payments", **bad)
        assert refused.status_code == 422
        assert 'href="#f-entry_id"' in refused.text
    assert officer.send_form(f"{path}/payments", entry_id=str(entry.id), amount="").status_code == 422
    done = officer.send_form(f"{path}/payments", entry_id=str(entry.id), amount="6 triệu")
    assert done.headers["location"] == path
    page = officer.page(path)
    assert "6 triệu đồng trong 10 triệu đồng phải trả" in words(page)
    assert f"/ledger/entries/{entry.id}" in links(page)
    untied = officer.send_form(f"{path}/payments/{entry.id}/remove")
    assert untied.headers["location"] == path
    assert found(its.id)[0].paid == 0


def test_a_voucher_that_was_reversed_is_said_to_pay_nobody(world: World) -> None:
    its = work()
    made = household(its.id)
    entry = compensation(its.id)
    clearance_payments.pay(actor(), its.id, made.id, entry.id, 10 * MILLION)
    post(entry.budget_line_id, "reversal", None, None, reverses_id=entry.id)
    said = words(Visitor.logged_in("officer").page(f"{place(its)}/households/{made.id}"))
    assert "chứng từ đã đảo, không tính" in said
    assert "0 đồng trong 10 triệu đồng phải trả" in said


def test_views_of_personal_data_are_read_by_those_who_watch(world: World) -> None:
    its = work(code="CT-9")
    made = household(its.id, code="H07")
    officer = Visitor.logged_in("officer")
    officer.page(place(its))
    officer.page(f"{place(its)}?format=csv")
    officer.page(f"{place(its)}/households/{made.id}")
    inspector = Visitor.logged_in("inspector")
    assert "/admin/views" in links(inspector.page("/admin"))
    assert "/admin/views" not in links(officer.page("/admin"))
    page = inspector.page("/admin/views")
    said = words(page)
    assert said.index("Một hộ CT-9 · H07 1 Xem trên trang") < said.index(
        "Các hộ của công trình CT-9 1 Tải tệp về"
    )
    assert "Nguyễn Thị Officer officer" in said
    assert f"{place(its)}/households/{made.id}" in links(page)
    assert NAME not in page
    only = inspector.get("/admin/views?format=csv&purpose=export&kind=site_clearance&who=officer").text
    assert "Tải tệp về" in only
    assert "Một hộ" not in only
    assert "Chưa có lần xem nào khớp" in words(inspector.page("/admin/views?to=01/01/2020"))
    assert "Không phải ngày" in words(inspector.page("/admin/views?from=hôm+nay"))


def test_the_pages_speak_english(world: World) -> None:
    its = work(procedure="special")
    planned(its.id, 10 * MILLION)
    made = household(its.id, code="H01")
    officer = Visitor.logged_in("officer", "en")
    for path, said in (
        (place(its), "0 of 1 households have handed over; 1 have not, 10,000,000 đ still to pay."),
        (f"{place(its)}/households/{made.id}", "No payment is tied to this household yet."),
        (f"{place(its)}/households/new", "Compensation due (đồng)"),
        (f"{place(its)}/import", "Blank cells leave what stands."),
    ):
        assert said in words(officer.page(path)), path
    assert "Record of views of personal data" in words(
        Visitor.logged_in("inspector", "en").page("/admin/views")
    )
