"""Pages of directives and the inbox: who may, giving, every button, what is warned of, lists, both languages."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from html import unescape

from app.clock import today
from app.domain import directives
from app.domain.access import PERMISSIONS
from app.domain.directives import DirectiveView
from app.domain.documents.attaching import documents_of
from app.i18n import format_date
from app.models.identity import ROLES
from app.views import directives as pages
from tests.domain.test_directives import board, directive, met
from tests.domain.test_notices import person
from tests.support.databases import both_engines
from tests.support.doors import check_doors
from tests.support.pages import Visitor, hidden, links, words
from tests.support.papers import PDF, document
from tests.support.statements import counted
from tests.support.world import World, actor

EVERYBODY = frozenset(ROLES)
GIVERS, DOERS, JUDGES = (PERMISSIONS[f"directive.{a}"] for a in ("give", "report", "accept"))
TABLE: dict[str, frozenset[str]] = {
    "GET /directives": EVERYBODY,
    "GET /directives/new": GIVERS,
    "POST /directives/new": GIVERS,
    "GET /directives/assignees": GIVERS,
    "GET /directives/{directive_id}": EVERYBODY,
    "GET /directives/{directive_id}/edit": GIVERS,
    "POST /directives/{directive_id}/edit": GIVERS,
    "POST /directives/{directive_id}/progress": DOERS,
    "POST /directives/{directive_id}/report": DOERS,
    "POST /directives/{directive_id}/accept": JUDGES,
    "POST /directives/{directive_id}/return": JUDGES,
    "POST /directives/{directive_id}/extend": JUDGES,
    "POST /directives/{directive_id}/withdraw": GIVERS,
    "GET /inbox": EVERYBODY,
    "POST /inbox/read": EVERYBODY,
    "POST /inbox/{notice_id}": EVERYBODY,
}
SOON = today() + timedelta(20)


def given(**values: object) -> DirectiveView:
    return directive(person("huyen"), **({"due_on": SOON} | values))


def state(made: DirectiveView) -> str:
    return directives.get(actor(), made.id).state


@both_engines
def test_every_page_by_every_role(world: World) -> None:
    check_doors(
        pages.routers, TABLE, {"directive_id": given().id, "notice_id": 1},
        elsewhere=lambda allowed: 404 if "accountant" in allowed else 403,
    )  # fmt: skip


def test_a_directive_is_given_from_a_document_and_nothing_typed_is_lost(world: World) -> None:
    huyen = Visitor.logged_in("huyen")
    assert "/directives/new" in links(huyen.page("/directives"))
    page = huyen.page("/directives/new")
    form = {
        "id": hidden(page, "id"), "source": "", "next": "", "text": "Đẩy nhanh giải ngân", "quote": "Giải ngân hết",
        "due_on": "13/09/2023", "priority": "urgent", "document_number": "26/BC-ĐKT", "source_on": "14/09/2023",
        "assignee": "unit:20770@legacy",
    }  # fmt: skip
    early = huyen.send_form("/directives/new", **form)
    assert (early.status_code, 'href="#f-due_on"' in early.text) == (422, True)
    assert "Đẩy nhanh giải ngân</textarea>" in early.text
    assert 'value="unit:20770@legacy" checked' in early.text
    for wrong, field in (
        ({"assignee": "", "assignee_find": "Phuoc"}, "assignee"),  # two communes
        ({"assignee": "", "assignee_find": "không có ai"}, "assignee"),
        ({"assignee": ""}, "assignee"),
        ({"assignee": "unit:00001@legacy"}, None),
        ({"document_number": ""}, "document_number"),
        ({"source_on": "32/13/2023"}, "source_on"),
        ({"text": " "}, "text"),
    ):
        bad = huyen.send_form("/directives/new", **(form | {"due_on": "31/12/2023"} | wrong))
        assert bad.status_code == 422
        assert field is None or f'href="#f-{field}"' in bad.text
    form |= {"assignee": "", "assignee_find": "song tra", "due_on": format_date(SOON)}
    for _ in range(2):
        done = huyen.send_form("/directives/new", **form)
        assert (done.status_code, done.headers["location"]) == (303, f"/directives/{form['id']}")
    said = words(huyen.page(done.headers["location"]))
    for part in (
        "26/BC-ĐKT, 14/09/2023",
        "“Giải ngân hết”",
        "Xã Sông Trà",
        f"hạn {format_date(SOON)}",
        "Gấp",
    ):
        assert part in said


def test_from_a_meeting_it_names_the_meeting(world: World) -> None:
    leader, ours = Visitor.logged_in("leader"), board()
    meeting = met(ours)
    page = leader.page(f"/directives/new?source=meeting:{meeting}&next=/directives")
    assert "Kết luận cuộc họp Họp tháng 9, 14/09/2023" in words(page)
    form = {
        "id": hidden(page, "id"), "source": hidden(page, "source"), "next": hidden(page, "next"), "text": "Rà soát hộ",
        "due_on": format_date(SOON), "priority": "normal", "assignee": f"board:{ours}",
    }  # fmt: skip
    assert f'value="board:{ours}"' in page
    assert leader.send_form("/directives/new", **form).headers["location"] == "/directives"
    found = words(leader.page(f"/directives?source=meeting:{meeting}"))
    assert "Rà soát hộ Họp tháng 9, 14/09/2023 Ban chỉ đạo xã" in found
    ahead = met(ours, state="planned", minutes=None)
    assert leader.get(f"/directives/new?source=meeting:{ahead}").status_code == 409
    for wrong in (f"meeting:{uuid.uuid4()}", f"work:{meeting}", "x"):
        assert leader.get(f"/directives/new?source={wrong}").status_code == 404


def test_reported_returned_extended_and_accepted_by_buttons(world: World) -> None:
    made = given()
    path = f"/directives/{made.id}"
    officer, huyen = Visitor.logged_in("officer"), Visitor.logged_in("huyen")
    on = format_date(today())
    page = officer.page(path)
    assert ("Báo cáo hoàn thành" in page, "Chấp nhận hoàn thành" in page) == (True, False)
    assert officer.send_form(f"{path}/report", id=hidden(page, "id"), text="", on=on).status_code == 422
    officer.send_form(f"{path}/progress", id=hidden(page, "id"), text="Một nửa", percent="50", on=on)
    assert "50 % · Một nửa · Nguyễn Thị Officer, Xã Sông Trà" in words(officer.page(path))
    bare = officer.send_form(f"{path}/report", id=hidden(page, "id"), text="Xong", on=on)
    assert "Đã báo cáo, chưa có minh chứng" in words(officer.page(bare.headers["location"]))
    again = officer.send_form(f"{path}/report", id=hidden(page, "id"), text="Xong nữa", on=on)
    assert (again.status_code, "Xong nữa</textarea>" in again.text) == (409, True)
    assert "Báo cáo chưa có minh chứng" in words(huyen.page(path))
    assert huyen.send_form(f"{path}/return", text=" ", on=on).status_code == 422
    huyen.send_form(f"{path}/return", text="Thiếu hồ sơ", on=on)
    assert state(made) == "returned"
    sent = officer.post(
        f"{path}/report", data={"csrf": officer.token, "id": str(uuid.uuid4()), "text": "Đủ", "on": on},
        files={"files": ("biên bản.pdf", PDF, "application/pdf")},
    )  # fmt: skip
    assert sent.status_code == 303
    assert "biên bản.pdf" in officer.page(path)
    (paper,) = documents_of(actor(), "directive", made.id)
    kept = officer.send_form(f"/documents/{paper.id}/files/{paper.files[0].sha256}/remove")
    assert "Minh chứng của nhiệm vụ đã báo cáo" in words(officer.page(kept.headers["location"]))
    early = huyen.send_form(f"{path}/extend", due_on=format_date(SOON), reason="Chờ", on=on)
    assert (early.status_code, 'href="#f-extend-due_on"' in early.text) == (422, True)
    huyen.send_form(f"{path}/extend", due_on=format_date(SOON + timedelta(9)), reason="Chờ", on=on)
    assert f"Hạn lúc giao {format_date(SOON)}" in words(huyen.page(path))
    own = Visitor.logged_in("leader").send_form(f"{path}/accept", text="", on=on)
    assert (own.status_code, "bên giao nhiệm vụ" in words(own.text)) == (409, True)
    assert huyen.send_form(f"{path}/accept", text="", on=on).status_code == 303
    done = words(huyen.page(path))
    assert ("đã hoàn thành" in done, "Việc tiếp theo" in done, state(made)) == (True, False, "accepted")


def test_what_was_given_in_error_is_withdrawn_by_its_button(world: World) -> None:
    made, on = given(), format_date(today())
    path, huyen = f"/directives/{made.id}", Visitor.logged_in("huyen")
    assert "Vì sao thu hồi" in huyen.page(path)
    assert "Vì sao thu hồi" not in Visitor.logged_in("leader").page(path)
    led = f"/directives/{directive(person('leader'), text='Họp xã', due_on=SOON).id}"
    officer = Visitor.logged_in("officer")
    assert "Vì sao thu hồi" not in officer.page(led)
    assert officer.send_form(f"{led}/withdraw", reason="Không làm", on=on).status_code == 403
    assert "Vì sao thu hồi" in Visitor.logged_in("leader").page(led)
    bare = huyen.send_form(f"{path}/withdraw", reason=" ", on=on)
    assert (bare.status_code, 'href="#f-withdraw-reason"' in bare.text) == (422, True)
    assert huyen.send_form(f"{path}/withdraw", reason="Giao nhầm xã", on=on).status_code == 303
    said = words(huyen.page(path))
    for part in ("đã thu hồi", "Huyện Hiệp Đức thu hồi", "Giao nhầm xã"):
        assert part in said
    assert "Việc tiếp theo" not in said
    assert made.text in huyen.page("/directives?which=withdrawn")
    assert made.text not in huyen.page("/directives?which=standing")


def test_the_same_report_after_a_return_asks_what_is_different(world: World) -> None:
    made, on = given(), format_date(today())
    path = f"/directives/{made.id}"
    officer, huyen = Visitor.logged_in("officer"), Visitor.logged_in("huyen")
    assert officer.send_form(f"{path}/report", text="Xong", on=on).status_code == 303
    huyen.send_form(f"{path}/return", text="Thiếu hồ sơ", on=on)
    again = officer.send_form(f"{path}/report", text="Xong", on=on)
    assert (again.status_code, "ghi rõ lần này khác gì" in words(again.text)) == (422, True)
    assert state(made) == "returned"


def test_who_reports_proves_it_without_keeping_the_register(world: World) -> None:
    made = given(unit_code="512@legacy")
    huyen, path = Visitor.logged_in("huyen"), f"/directives/{made.id}"
    assert (huyen.get("/documents/new").status_code, huyen.get("/documents/attach").status_code) == (403, 403)
    page = huyen.page(path)
    assert "Minh chứng" in words(page)
    (attach,) = {unescape(a) for a in links(page) if a.startswith("/documents/new")}
    form = {
        "id": hidden(huyen.page(attach), "id"), "subject": f"directive:{made.id}", "next": path, "kind": "minutes",
        "number": "3/BB", "date": format_date(today()), "issuer": "", "summary": "",
    }  # fmt: skip
    assert huyen.send_form("/documents/new", **form).headers["location"] == path
    assert "/detach" in huyen.page(path)
    assert huyen.send_form(f"{path}/report", text="Xong", on=format_date(today())).status_code == 303
    said = huyen.page(path)
    assert ("3/BB" in said, "/detach" in said) == (True, False)
    kept = given()
    assert "/documents/new" not in huyen.page(f"/directives/{kept.id}")  # the commune's to prove


def test_its_words_are_mended_and_a_late_change_shows_both(world: World) -> None:
    made = given()
    huyen, path = Visitor.logged_in("huyen"), f"/directives/{made.id}/edit"
    page = huyen.page(path)
    form = {"version": hidden(page, "version"), "text": "Họp hằng tháng", "quote": "", "priority": "normal"}
    assert huyen.send_form(path, **form).status_code == 303
    late = huyen.send_form(path, **(form | {"text": "Họp hằng quý"}))
    assert late.status_code == 409
    assert ("Họp hằng tháng" in late.text, "Họp hằng quý</textarea>" in late.text) == (True, True)


def test_the_list_puts_the_late_first_and_shows_any_day(world: World) -> None:
    late, soon = directive(person("huyen"), text="Việc đã trễ"), given(text="Việc còn hạn")
    mine = given(text="Việc của tôi", assignee_kind="person", assignee_id=person("officer").user_id)
    directives.extend(person("huyen"), late.id, today() - timedelta(1), "Chờ vốn", on=today() - timedelta(9))
    officer = Visitor.logged_in("officer")
    page = officer.page("/directives")
    assert page.index("Việc đã trễ") < page.index("Việc còn hạn")
    assert "quá hạn 1 ngày" in words(page)
    assert "lúc giao 31/12/2023" in words(page)
    assert "3 nhiệm vụ: 3 chưa hoàn thành, trong đó 1 quá hạn" in words(page)
    for query, shown in (
        ("which=overdue", {"Việc đã trễ"}),
        ("which=overdue&as_of=31/12/2023", set()),
        ("which=overdue&as_of=01/01/2024", {"Việc đã trễ"}),
        ("which=standing", {"Việc đã trễ", "Việc còn hạn", "Việc của tôi"}),
        ("which=accepted", set()),
        ("q=con+han", {"Việc còn hạn"}),
        (f"assignee=person:{person('officer').user_id}", {"Việc của tôi"}),
        ("assignee=unit:20770@legacy", {"Việc đã trễ", "Việc còn hạn"}),
    ):
        found = officer.page(f"/directives?{query}")
        assert {d.text for d in (late, soon, mine) if d.text in found} == shown, query
    csv = officer.get("/directives?format=csv&which=overdue").text
    assert ("Việc đã trễ" in csv, "Việc còn hạn" in csv) == (True, False)
    assert officer.get("/directives?format=xlsx").status_code == 200
    assert "overdue by 1 days" in words(Visitor.logged_in("officer", "en").page("/directives"))
    for wrong in ("assignee=person:x", f"source=meeting:{uuid.uuid4()}", f"assignee=board:{uuid.uuid4()}"):
        assert officer.get(f"/directives?{wrong}").status_code == 404


def test_the_inbox_leads_to_what_it_tells_of(world: World) -> None:
    made = given(text="Họp ban chỉ đạo")
    officer = Visitor.logged_in("officer")
    page = officer.page("/inbox")
    assert "1 tin chưa đọc" in words(page)
    assert "Tài khoản: Nguyễn Thị Officer, 1 tin chưa đọc" in page
    assert f"Huyện Hiệp Đức giao Xã Sông Trà, hạn {format_date(SOON)}: Họp ban chỉ đạo" in words(page)
    (action,) = {a for a in actions(page) if a.startswith("/inbox/") and a != "/inbox/read"}
    assert Visitor.logged_in("leader").send_form(action).status_code == 404
    assert officer.send_form(action).headers["location"] == f"/directives/{made.id}"
    assert "tin chưa đọc" not in officer.page("/directives").split("</header>")[0]
    assert "Chưa có tin nào" in words(officer.page("/inbox?unread=1"))
    leader = Visitor.logged_in("leader")
    assert leader.send_form("/inbox/read").status_code == 303
    assert "0 tin chưa đọc" in words(leader.page("/inbox"))


def actions(page: str) -> list[str]:
    return re.findall(r'action="([^"]+)"', page)


def test_no_page_says_more_the_more_there_is(world: World) -> None:
    made = given()
    officer = Visitor.logged_in("officer")
    paths = (
        "/directives", f"/directives/{made.id}", "/inbox", f"/directives?assignee=person:{person('officer').user_id}",
    )  # fmt: skip

    def said(path: str) -> int:
        officer.page(path)
        with counted() as statements:
            officer.page(path)
        return len(statements)

    directives.progress(person("officer"), made.id, "Đang làm", 10)
    document(subject=("directive", made.id))
    few = {path: said(path) for path in paths}
    for number in range(3):
        given(text=f"Việc {number}")
        directives.progress(person("leader"), made.id, f"Đang làm {number}", 10)
        document(subject=("directive", made.id), number=f"{number}/CV")
    more = {path: said(path) for path in paths}
    assert {path: n for path, n in more.items() if n > 12} == {}
    assert more == few
    huyen = Visitor.logged_in("huyen")
    with counted() as statements:
        huyen.page("/directives/new")
    assert len(statements) <= 12


def test_an_account_says_where_its_reminders_go(world: World) -> None:
    officer = Visitor.logged_in("officer")
    assert officer.send_form("/account/email", email="không phải").status_code == 422
    assert officer.send_form("/account/email", email="canbo@song-tra.example").status_code == 303
    assert 'value="canbo@song-tra.example"' in officer.page("/account")
    admin = Visitor.logged_in("administrator")
    path = f"/admin/users/{person('officer').user_id}"
    page = admin.page(path)
    assert 'value="canbo@song-tra.example"' in page
    form = {
        "version": hidden(page, "version"), "full_name": "Nguyễn Thị Officer", "title": "", "role": "officer",
        "unit_code": "20770@legacy", "email": "x@y",
    }  # fmt: skip
    assert admin.send_form(path, **form).status_code == 422
    assert admin.send_form(path, **(form | {"email": ""})).status_code == 303
    assert 'value=""' in officer.page("/account")
