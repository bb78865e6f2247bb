"""Pages of households: who may, the register, one household, its numbers, the review, tables, the flow, what each costs."""

from __future__ import annotations

import re
import uuid
from datetime import date
from typing import Any

import pytest

from app.domain import held, households, programs
from app.domain.access import PERMISSIONS
from app.domain.households import HouseholdView, MemberView, NewStatus, importing
from app.models.identity import ROLES
from app.reports import sheet
from app.settings import settings
from app.views import households as pages
from tests.support.databases import both_engines
from tests.support.doors import check_doors
from tests.support.folk import KEY, MASKED, NAME, found, household, of_years
from tests.support.land import views
from tests.support.pages import Visitor, words
from tests.support.statements import counted
from tests.support.world import World, actor

EVERYBODY, EDITORS, SEES = frozenset(ROLES), PERMISSIONS["household.edit"], PERMISSIONS["person.read"]
TABLE: dict[str, frozenset[str]] = {
    "GET /households": EVERYBODY,
    "GET /households/duplicates": EVERYBODY,
    "GET /households/flow": EVERYBODY,
    "GET /households/review": EDITORS,
    "POST /households/review": EDITORS,
    "GET /households/retention": EDITORS,
    "POST /households/retention": EDITORS,
    "GET /households/import": EDITORS,
    "POST /households/import": EDITORS,
    "GET /households/import/{file_id}": EDITORS,
    "POST /households/import/{file_id}": EDITORS,
    "GET /households/new": EDITORS,
    "POST /households/new": EDITORS,
    "GET /households/{household_id}": EVERYBODY,
    "GET /households/{household_id}/edit": EDITORS,
    "POST /households/{household_id}/edit": EDITORS,
    "GET /households/{household_id}/own-data": SEES,
    "POST /households/{household_id}/numbers": SEES,
    "POST /households/{household_id}/status": EDITORS,
    "POST /households/{household_id}/merge": EDITORS,
}
CSV = "Mã hộ,Chủ hộ,Thôn,Năm sinh,Năm,Diện"
LINES = {"head_name": NAME, "year": "2023"}


@pytest.fixture
def keyed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MTQG_PERSONAL_KEYS", KEY)
    settings.cache_clear()


def place(h: HouseholdView) -> str:
    return f"/households/{h.id}"


@both_engines
def test_every_page_by_every_role(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    made, kept = household(), uuid.uuid4()
    monkeypatch.setattr(held, "uuid7", lambda: kept)
    for role in EDITORS & EVERYBODY:
        importing.keep(actor(role), f"{CSV}\n,{NAME},Trà Sơn,1980,,".encode())
    typed = {"into": str(made.id), "year": "2023", "status": "poor", "version": "1", **LINES}
    check_doors(pages.routers, TABLE, {"household_id": made.id, "file_id": kept}, typed=typed)


def test_the_register_says_first_what_is_missing_then_how_many_count_as_what(world: World) -> None:
    one = household(statuses=of_years(y2022="poor", y2023="escaped"))
    household(statuses=())
    page = Visitor.logged_in("officer").page("/households")
    said = words(page)
    assert "1 hộ chưa xếp diện năm 2023" in said
    assert "Năm 2023: 1 hộ mới thoát nghèo ." in said
    assert f"01.001 · {NAME}" in said
    assert said.index("chưa xếp diện năm 2023") < said.index("Năm 2023: 1")
    masked = words(Visitor.logged_in("supervisor").page("/households"))
    assert (MASKED in masked, NAME in masked) == (True, False)
    assert "Tên người dân được che" in masked
    assert views(masked=False) == [(views()[0][0], "households", "20770@legacy", 2, "page")]
    assert len(views(masked=True)) == 1
    narrowed = words(Visitor.logged_in("officer").page("/households?status=escaped&year=2023"))
    assert ("01.001" in narrowed, "01.002" in narrowed) == (True, False)
    assert f'href="{place(one)}"' in page


@pytest.mark.parametrize(("role", "name"), [("officer", NAME), ("reviewer", MASKED)])
def test_files_hold_names_for_who_sees_them_and_never_numbers(
    world: World, keyed: None, role: str, name: str
) -> None:
    household(
        identity_number="049080001234", phone="0905123456", members=(MemberView("Hồ Thị Lan", 1985, "vợ"),)
    )
    visitor = Visitor.logged_in(role)
    table = visitor.get("/households?format=csv").text
    assert name in table
    assert "049080001234" not in table
    assert "0905123456" not in table
    assert "Số giấy tờ" not in table
    excel = sheet.read(visitor.get("/households?format=xlsx").content)
    assert any(name in line.values for line in excel)
    assert [v[1:] for v in views(masked=role != "officer")] == [
        ("households", "20770@legacy", 2, "export")
    ] * 2


def test_numbers_are_shown_by_asking_and_that_is_recorded(world: World, keyed: None) -> None:
    made = household(identity_number="049080001234", phone="0905123456")
    officer = Visitor.logged_in("officer")
    page = officer.page(place(made))
    assert "049080001234" not in page
    assert "Xem số giấy tờ, điện thoại" in words(page)
    shown = officer.send_form(f"{place(made)}/numbers")
    assert "049080001234" in shown.text
    assert "0905123456" in shown.text
    assert "identity" in [v[4] for v in views()]
    assert "Xem số giấy tờ" not in words(Visitor.logged_in("supervisor").page(place(made)))
    assert "049080001234" not in officer.page(f"{place(made)}/edit")


def test_a_household_is_recorded_changed_and_left(world: World, keyed: None) -> None:
    officer = Visitor.logged_in("officer")
    typed = {
        "id": str(uuid.uuid4()), "unit": "20770@legacy", "head_name": NAME, "birth_year": "1980", "hamlet_code": "20770.01",
        "members": "Hồ Thị Lan (1985, vợ)\nHồ Văn Tí (con)", "identity_number": "049 080 001 234", "phone": "",
        "year": "2023", "status": "poor",
    }  # fmt: skip
    bad = officer.send_form("/households/new", **typed | {"birth_year": "80", "phone": "12"})
    assert bad.status_code == 422
    assert "Hồ Văn Tí (con)" in bad.text
    sent = officer.send_form("/households/new", **typed | {"phone": "12"})
    assert 'href="#f-phone"' in sent.text
    made = officer.send_form("/households/new", **typed)
    [one] = found()
    assert made.headers["location"] == place(one)
    assert [(m.name, m.birth_year, m.relation) for m in one.members] == [
        ("Hồ Thị Lan", 1985, "vợ"), ("Hồ Văn Tí", None, "con"),
    ]  # fmt: skip
    assert households.numbers(actor("officer"), one.id).identity_number == "049080001234"
    edit = {
        **{k: v for k, v in typed.items() if k not in ("identity_number", "id", "unit", "year", "status")},
        "version": "1", "code": "01.001",
    }  # fmt: skip
    gone = edit | {"left_on": "01/05/2023"}
    assert 'href="#f-left_reason"' in officer.send_form(f"{place(one)}/edit", **gone).text
    assert officer.send_form(f"{place(one)}/edit", **gone | {"left_reason": "Chuyển đi"}).status_code == 303
    stale = officer.send_form(f"{place(one)}/edit", **edit | {"head_name": "Hồ Văn Khác"})
    assert (stale.status_code, "Bản hiện tại" in words(stale.text), "Hồ Văn Khác" in stale.text) == (
        409,
        True,
        True,
    )
    assert households.numbers(actor("officer"), one.id).identity_number == "049080001234", (
        "left blank it stays"
    )
    drop = edit | {"version": "2", "drop_identity_number": "1"}
    assert officer.send_form(f"{place(one)}/edit", **drop).status_code == 303
    assert households.numbers(actor("officer"), one.id).identity_number is None
    said = words(officer.page(place(one)))
    assert "Rời xã: Chuyển đi" in said
    assert "Trở lại xã" in said


def test_without_a_key_the_form_says_so(world: World) -> None:
    page = Visitor.logged_in("officer").page("/households/new")
    assert 'name="identity_number"' not in page
    assert "MTQG_PERSONAL_KEYS" in page


def test_a_years_status_is_recorded_on_the_households_page(world: World) -> None:
    made = household()
    officer = Visitor.logged_in("officer")
    address = f"{place(made)}/status"
    half = officer.send_form(address, year="2024", status="escaped", number="1/QĐ")
    assert (half.status_code, 'href="#f-issuer"' in half.text) == (422, True)
    decision = {"number": "1/QĐ", "issued_on": "20/12/2023", "issuer": "UBND xã"}
    assert officer.send_form(address, year="2024", status="escaped", **decision).status_code == 303
    said = words(officer.page(place(made)))
    assert said.index("2024: hộ mới thoát nghèo 1/QĐ ngày 20/12/2023, UBND xã") < said.index("2023: hộ nghèo")
    households.update(actor("officer"), made.id, 1, {"left_on": date(2024, 2, 1), "left_reason": "x"})
    refused = officer.send_form(address, year="2025", status="poor")
    assert (refused.status_code, "không xếp diện năm 2025" in words(refused.text)) == (409, True)


def test_what_looks_like_one_household_is_merged_from_its_page(world: World) -> None:
    kept, other = household(), household(statuses=of_years(y2022="poor"))
    officer = Visitor.logged_in("officer")
    assert "1 cặp hộ có thể trùng nhau" in words(officer.page("/households"))
    assert f"01.001 · {NAME} và 01.002 · {NAME}" in words(officer.page("/households/duplicates"))
    page = officer.page(place(kept))
    assert "Có thể trùng với" in words(page)
    assert "Gộp 01.002 vào 01.001" in words(page)
    assert "Gộp 01.002" not in words(Visitor.logged_in("inspector").page(place(kept)))
    done = officer.send_form(f"{place(other)}/merge", into=str(kept.id))
    assert done.headers["location"] == place(kept)
    assert "Hộ này đã gộp vào hộ khác" in words(officer.page(place(other)))
    assert "Gộp vào hộ 01.001" in words(officer.page(place(other)))
    refused = officer.send_form(f"{place(kept)}/merge", into=str(other.id))
    assert refused.headers["location"] == place(kept), "told on the page that asked"


# --- the review ----------------------------------------------------------------------------------------


def review(visitor: Visitor, **typed: str) -> Any:
    return visitor.send_form("/households/review", hamlet="20770.01", year="2024", **typed)


def test_a_hamlet_is_reviewed_on_one_page(world: World) -> None:
    one, two = household(code="A"), household(code="B", statuses=())
    officer = Visitor.logged_in("officer")
    page = officer.page("/households/review?hamlet=20770.01&year=2024")
    assert "2 trong 2 hộ chưa xếp diện năm 2024" in words(page)
    chosen = re.findall(r'name="status-([0-9a-f-]+)" value="(\w+)" checked', page)
    assert chosen == [(str(one.id), "poor")], "last year's status is chosen, and none where there is none"
    seen = re.search(r'name="seen" value="([^"]+)"', page)
    assert seen is not None
    words_ = {f"status-{one.id}": "escaped", f"status-{two.id}": "other"}
    bad = review(officer, seen=seen[1], number="1/QĐ", **words_)
    assert (bad.status_code, found()[0].status_in(2024)) == (422, None)
    assert re.findall(r'value="(\w+)" checked', bad.text) == ["escaped", "other"], "nothing typed is lost"
    wrong = review(officer, seen=seen[1], **words_ | {f"status-{two.id}": "rich"})
    assert (wrong.status_code, found()[0].status_in(2024)) == (422, None), "all or none"
    assert review(officer, seen=seen[1], **words_).status_code == 303
    assert [h.status_in(2024).status for h in found()] == ["escaped", "other"]  # type: ignore[union-attr]
    assert "Cả 2 hộ đã xếp diện năm 2024" in words(
        officer.page("/households/review?hamlet=20770.01&year=2024")
    )
    households.set_status(actor("leader"), one.id, NewStatus(2024, "poor"))
    stale = review(officer, seen=seen[1], **words_)
    assert (stale.status_code, "Người khác vừa ghi: hộ nghèo" in words(stale.text)) == (409, True)
    again = re.search(r'name="seen" value="([^"]+)"', stale.text)
    assert again is not None
    assert review(officer, seen=again[1], **words_).status_code == 303


# --- tables --------------------------------------------------------------------------------------------


def send(visitor: Visitor, content: bytes, name: str = "ho.csv") -> Any:
    files = {"file": (name, content, "text/csv")}
    return visitor.post("/households/import", data={"csrf": visitor.token}, files=files)


def test_a_table_is_shown_before_it_is_written(world: World) -> None:
    household(code="A")
    household(code="Z", birth_year=1950)
    officer = Visitor.logged_in("officer")
    rows = (
        f"{CSV}\nA,{NAME},Trà Sơn,1980,2023,hộ cận nghèo\n,Lê Thị Hoa,Trà Sơn,1990,,\n,Lê Văn Tư,Trà Sai,,,"
    )
    look = send(officer, rows.encode()).headers["location"]
    said = words(officer.page(look))
    assert "1 hộ mới, 1 hộ sửa, 0 hộ không đổi, 1 dòng có lỗi. Chưa ghi gì." in said
    assert "Dòng 4, cột Thôn : Không có thôn Trà Sai trong xã." in said
    assert "Diện: hộ nghèo → hộ cận nghèo" in said
    assert "Có trong sổ mà không có trong bảng: 1" in said
    refused = officer.send_form(look, how="all")
    assert (refused.status_code, len(found())) == (422, 2)
    assert officer.send_form(look, how="good").status_code == 303
    assert [h.code for h in found()] == ["01.001", "A", "Z"]
    assert officer.get(look).status_code == 404, "used"


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_template_and_the_list_are_files_that_can_be_sent_back(world: World, lang: str) -> None:
    household(code="A", members=(MemberView("Hồ Thị Lan", 1985, "vợ"),), joined_on=date(2020, 1, 1))
    officer = Visitor.logged_in("officer", lang)
    assert send(officer, officer.get("/households/import?format=xlsx").content).status_code == 422
    for form in ("xlsx", "csv"):
        content = officer.get(f"/households?format={form}").content
        page = officer.page(send(officer, content, f"ho.{form}").headers["location"])
        same = "1 hộ không đổi, 0 dòng có lỗi" if lang == "vi" else "1 unchanged, 0 bad rows"
        assert same in words(page)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Chọn tệp Excel hoặc CSV."), (b"%PDF-1.4", "Chỉ nhận Excel (.xlsx) hoặc CSV"),
        ("Mã,Tên\r\n1,x".encode(), "có “Chủ hộ” và “Thôn”"), (CSV.encode(), "Bảng không có dòng nào."),
    ],
)  # fmt: skip
def test_files_that_are_no_tables_are_refused_beside_the_field(
    world: World, content: bytes, said: str
) -> None:
    refused = send(Visitor.logged_in("officer"), content)
    assert (refused.status_code, 'href="#f-file"' in refused.text) == (422, True)
    assert said in words(refused.text)


# --- the flow, retention, own data ---------------------------------------------------------------------


def test_the_flow_is_a_sentence_a_picture_and_a_table(world: World) -> None:
    household(statuses=of_years(y2022="poor", y2023="escaped"))
    household(statuses=of_years(y2022="near_poor"), left_on=date(2023, 3, 1), left_reason="x")
    household(statuses=of_years(y2022="other"))
    page = Visitor.logged_in("supervisor").page("/households/flow?year=2023")
    said = words(page)
    assert "1 hộ ra khỏi nghèo, cận nghèo; 0 hộ thành nghèo, cận nghèo." in said
    assert "1 hộ chưa rà soát năm 2023." in said
    assert page.index("ra khỏi nghèo") < page.index('<svg class="chart flow"') < page.index("Theo thôn")
    assert "<title>nghèo → mới thoát: 1</title>" in page
    assert NAME not in page
    table = Visitor.logged_in("officer").get("/households/flow?year=2023&format=csv").text
    assert "Thôn Trà Sơn,3,0,1,1,1,1,0" in table
    assert "Chưa có hộ nào xếp diện" in words(Visitor.logged_in("officer").page("/households/flow?year=2010"))


def test_numbers_past_the_rule_are_erased_by_choosing_them(world: World, keyed: None) -> None:
    gone: dict[str, Any] = {
        "left_on": date(2020, 1, 1),
        "left_reason": "x",
        "identity_number": "049080001234",
    }
    old, kept = household(**gone), household(**gone | {"left_on": date(2026, 1, 1)})
    officer = Visitor.logged_in("officer")
    page = officer.page("/households/retention")
    assert "2 hộ đã rời xã còn số giấy tờ hoặc điện thoại" in words(page)
    assert f"erase-{old.id}" not in page
    ticked = {f"erase-{old.id}": "1", f"erase-{kept.id}": "1", "unit": "20770@legacy"}
    refused = officer.send_form("/households/retention", **ticked)
    assert (refused.status_code, "Chưa có thời hạn lưu" in words(refused.text)) == (409, True)
    nation = actor("administrator", "VN@2025")
    for rule in programs.parameters(nation):
        if rule.key == "household.retention":
            programs.update(nation, "parameter", rule.id, rule.version, {"value": "5"})
    page = officer.page("/households/retention")
    assert f"erase-{old.id}" in page
    assert f"erase-{kept.id}" not in page
    assert officer.send_form("/households/retention", unit="20770@legacy").status_code == 422
    assert officer.send_form("/households/retention", **ticked).status_code == 303
    assert not households.numbers(actor("officer"), old.id).any
    assert households.numbers(actor("officer"), kept.id).identity_number, (
        "not past the rule, whatever was sent"
    )
    assert [e.what for e in households.history(actor("officer"), old.id)] == ["left", "erased"]


def test_a_household_is_given_its_own_data_on_one_page(world: World, keyed: None) -> None:
    made = household(
        identity_number="049080001234", note="ở nương", members=(MemberView("Hồ Thị Lan", 1985),)
    )
    officer = Visitor.logged_in("officer")
    officer.page(place(made))
    said = words(officer.page(f"{place(made)}/own-data"))
    for text in (NAME, "Hồ Thị Lan (1985)", "049080001234", "ở nương", "2023: hộ nghèo", "Xem trên trang"):
        assert text in said
    assert views()[-1][4] == "subject_request"


# --- what pages cost -----------------------------------------------------------------------------------


def test_no_page_says_more_the_more_there_is(world: World) -> None:
    first = household(members=(MemberView("Hồ Thị Lan", 1985, "vợ"),))
    household()
    officer = Visitor.logged_in("officer")
    paths = [
        "/households", "/households?year=2023&status=poor&q=minh", "/households/duplicates", "/households/flow",
        "/households/review?hamlet=20770.01&year=2024", "/households/retention", "/households/import",
        "/households/new", place(first), f"{place(first)}/edit", f"{place(first)}/own-data",
    ]  # fmt: skip

    def said(path: str) -> int:
        officer.page(path)
        with counted() as statements:
            officer.page(path)
        return len(statements)

    few = {path: said(path) for path in paths}
    for number in range(6):
        household(
            members=(MemberView("Hồ Văn Tí", 2010, "con"),) * number,
            hamlet_code=("20770.01", "20770.02")[number % 2],
        )
    households.set_status(actor("officer"), first.id, NewStatus(2023, "other"))
    more = {path: said(path) for path in paths}
    assert {path: n for path, n in (few | more).items() if n > 12} == {}
    assert {path: (few[path], more[path]) for path in paths if more[path] > few[path]} == {}
