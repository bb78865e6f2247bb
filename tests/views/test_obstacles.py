"""Pages of obstacles: who may, the list that names what waits, raising, every button, both languages."""

from __future__ import annotations

import re
import uuid
from datetime import date
from typing import Any

import pytest

from app.clock import today
from app.domain import obstacles
from app.domain.access import PERMISSIONS
from app.domain.obstacles import NewObstacle, ObstacleView
from app.domain.works import steps
from app.i18n import format_date
from app.models.identity import ROLES
from app.views import obstacles as pages
from tests.support.databases import both_engines
from tests.support.doors import check_doors
from tests.support.pages import Visitor, hidden, links, words
from tests.support.papers import document
from tests.support.world import MILLION, World, actor, line, post, work

EVERYBODY = frozenset(ROLES)
RAISERS, ANSWERERS, RESOLVERS = (PERMISSIONS[f"obstacle.{a}"] for a in ("raise", "answer", "resolve"))
TABLE: dict[str, frozenset[str]] = {
    "GET /obstacles": EVERYBODY,
    "GET /obstacles/new": RAISERS,
    "POST /obstacles/new": RAISERS,
    "GET /obstacles/{obstacle_id}": EVERYBODY,
    "GET /obstacles/{obstacle_id}/edit": RAISERS,
    "POST /obstacles/{obstacle_id}/edit": RAISERS,
    "POST /obstacles/{obstacle_id}/escalate": RESOLVERS,
    "POST /obstacles/{obstacle_id}/answer": ANSWERERS,
    "POST /obstacles/{obstacle_id}/resolve": RESOLVERS,
    "POST /obstacles/{obstacle_id}/reopen": RESOLVERS,
}
RAISED = date(2023, 8, 12)


def obstacle(about: tuple[str, uuid.UUID] | None = None, who: str = "officer", **values: Any) -> ObstacleView:
    kind, id_ = about or ("work", work().id)
    new: dict[str, Any] = {
        "text": "Ba hộ chưa thống nhất giá cây cối", "kind": "land", "resolver": "Phòng TN&MT", "raised_on": RAISED
    }  # fmt: skip
    return obstacles.create(actor(who), NewObstacle(uuid.uuid4(), kind, id_, **(new | values)))[0]


def escalated(made: ObstacleView | None = None) -> ObstacleView:
    return obstacles.escalate(
        actor("officer"), (made or obstacle()).id, "Đề nghị hướng dẫn", on=date(2023, 8, 25)
    )


def funded_work(amount: int, **values: Any) -> uuid.UUID:
    its = work(**values)
    made = line(project_code="DTTS.4.1", capital_kind="investment", work_id=its.id)
    post(made.id, "allocate", amount, "2023-01-05")
    return its.id


@both_engines
def test_every_page_by_every_role(world: World) -> None:
    made = obstacle()
    check_doors(
        pages.routers, TABLE, {"obstacle_id": made.id}, elsewhere=lambda allowed: 404 if "accountant" in allowed else 403
    )  # fmt: skip
    assert Visitor.stranger().get("/obstacles").headers["location"].startswith("/login?next=")


def test_raised_about_a_work_it_stands_on_its_page(world: World) -> None:
    officer, its = Visitor.logged_in("officer"), funded_work(500 * MILLION, name="Cầu treo Trà Sơn")
    page = officer.page(f"/works/{its}")
    assert "Không có vướng mắc nào chưa giải quyết." in words(page)
    path = f"/obstacles/new?subject=work%3A{its}"
    assert path in links(page)
    page = officer.page(path)
    form = {
        "id": hidden(page, "id"), "subject": hidden(page, "subject"), "next": "", "kind": "", "text": "Giá cây cối",
        "resolver": "UBND huyện", "raised_on": "12/08/2023",
    }  # fmt: skip
    bad = officer.send_form("/obstacles/new", **(form | {"raised_on": "31/02/2023"}))
    assert bad.status_code == 422
    assert ('href="#f-kind"' in bad.text, 'href="#f-raised_on"' in bad.text) == (True, True)
    assert "Giá cây cối</textarea>" in bad.text
    form["kind"] = "land"
    late = officer.send_form("/obstacles/new", **(form | {"raised_on": "01/01/2999"}))
    assert (late.status_code, 'href="#f-raised_on"' in late.text) == (422, True)
    for _ in range(2):
        done = officer.send_form("/obstacles/new", **form)
        assert (done.status_code, done.headers["location"]) == (303, f"/obstacles/{form['id']}")
    said = words(officer.page(f"/works/{its}"))
    days = (today() - RAISED).days
    assert f"Giá cây cối chưa giải quyết {days:,} ngày".replace(",", ".") in said
    assert "giữ 500 triệu đồng · UBND huyện" in said.replace("\u00a0", " ")
    on_its_page = words(officer.page(done.headers["location"]))
    assert "Cầu treo Trà Sơn Giá cây cối Xã Sông Trà · Mặt bằng" in on_its_page
    assert "500 triệu đồng còn lại đang bị giữ" in on_its_page.replace("\u00a0", " ")


def test_a_line_and_a_step_lead_to_the_form(world: World) -> None:
    its = work(procedure="special")
    step, its_line = steps.steps(actor(), its.id)[0], line()
    officer = Visitor.logged_in("supervisor")
    for page, subject in (
        (f"/works/{its.id}/steps/{step.id}", f"step:{step.id}"), (f"/ledger/lines/{its_line.id}", f"line:{its_line.id}"),
    ):  # fmt: skip
        (path,) = [h for h in links(officer.page(page)) if h.startswith("/obstacles/new")]
        form = officer.page(path)
        assert hidden(form, "subject") == subject
        sent = officer.send_form(
            "/obstacles/new", id=hidden(form, "id"), subject=subject, kind="other", text="Chưa có hướng dẫn",
            raised_on="12/08/2023", next=page,
        )  # fmt: skip
        assert (sent.status_code, sent.headers["location"]) == (303, page)
    assert "Chưa có hướng dẫn" in words(officer.page(f"/ledger/lines/{its_line.id}"))
    assert f"Chưa có hướng dẫn chưa giải quyết {(today() - RAISED).days:,} ngày {step.name}".replace(
        ",", "."
    ) in words(officer.page(f"/works/{its.id}"))
    for wrong in (f"contract:{its.id}", f"work:{uuid.uuid4()}", "x"):
        assert officer.get(f"/obstacles/new?subject={wrong}").status_code == 404
        assert officer.get(f"/obstacles?subject={wrong}").status_code == 404
        assert officer.send_form("/obstacles/new", subject=wrong).status_code == 404


def test_without_a_subject_one_is_found_first(world: World) -> None:
    its, other = work(name="Cầu treo Trà Sơn"), work(name="Nhà văn hóa")
    its_line = line(work_id=its.id, project_code="DTTS.4.1", capital_kind="investment")
    page = Visitor.logged_in("officer").page("/obstacles/new?q=cau+treo")
    assert {f"/obstacles/new?subject=work%3A{its.id}", f"/obstacles/new?subject=line%3A{its_line.id}"} <= set(
        links(page)
    )
    assert str(other.id) not in page
    assert "Không có dòng vốn nào khớp" in words(Visitor.logged_in("officer").page("/obstacles/new?q=zzz"))


def test_the_list_names_what_waits_and_sorts_by_money(world: World) -> None:
    poor, rich = funded_work(10 * MILLION, name="Kênh mương"), funded_work(90 * MILLION, name="Đường thôn")
    small = escalated(obstacle(("work", poor), text="Mưa lớn"))
    big = obstacle(("work", rich), kind="money", text="Thiếu vốn")
    done = obstacle(("work", rich), text="Đã xong việc này")
    obstacles.resolve(actor(), done.id, "Xong")
    commune = words(Visitor.logged_in("officer").page("/obstacles")).replace("\u00a0", " ")
    assert "Đang chờ cấp trên trả lời: 1 Mưa lớn : Kênh mương, gửi Huyện Hiệp Đức 25/08/2023, giữ 10 triệu đồng" in commune  # fmt: skip
    assert "100 triệu đồng còn lại của các dòng vốn đang có 2 vướng mắc chưa giải quyết" in commune
    page = Visitor.logged_in("huyen").page("/obstacles")
    assert "Chờ ông/bà trả lời: 1 Mưa lớn" in words(page)
    rows = [h for h in links(page[page.index('id="bang"') :]) if re.match(r"/obstacles/[0-9a-f]", h)]
    assert rows == [f"/obstacles/{o.id}" for o in (big, small, done)]
    assert "Cộng 3 vướng mắc – 100" in words(page)


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ("q=CAU+treo", {"Mưa lớn"}), ("q=mưa", {"Mưa lớn"}), ("kind=money", {"Thiếu vốn"}), ("state=resolved", {"Xong việc"}),
        ("waiting=mine", {"Mưa lớn"}), ("waiting=any", {"Mưa lớn"}), ("unit=20773@legacy", set()),
        ("subject=work:{work}", {"Mưa lớn"}), ("kind=none&state=none&waiting=none", {"Mưa lớn", "Thiếu vốn", "Xong việc"}),
    ],
)  # fmt: skip
def test_filters_narrow_the_list_and_its_files(world: World, query: str, seen: set[str]) -> None:
    bridge = work(name="Cầu treo")
    escalated(obstacle(("work", bridge.id), text="Mưa lớn", kind="weather"))
    obstacle(kind="money", text="Thiếu vốn")
    obstacles.resolve(actor(), obstacle(text="Xong việc").id, "Xong")
    reader = Visitor.logged_in("huyen")
    csv = reader.get("/obstacles?format=csv&" + query.format(work=bridge.id)).text
    rows = csv.split("\r\n\r\n")[-1]
    assert {text for text in ("Mưa lớn", "Thiếu vốn", "Xong việc") if text in rows} == seen
    assert "Tiền bị giữ" in csv
    assert reader.get("/obstacles?format=xlsx").content[:2] == b"PK"


def buttons(role: str, made: ObstacleView) -> set[str]:
    """The moves that a page offers somebody, and changing it."""
    page = Visitor.logged_in(role).page(f"/obstacles/{made.id}")
    moves = set(re.findall(rf'action="/obstacles/{made.id}/(\w+)"', page))
    return moves | ({"edit"} if f"/obstacles/{made.id}/edit" in links(page) else set())


def test_each_reader_is_offered_what_they_may_do_now(world: World) -> None:
    made = obstacle()
    own = obstacle(who="supervisor")
    assert buttons("officer", made) == {"edit", "escalate", "resolve"} == buttons("leader", made)
    assert (buttons("supervisor", made), buttons("supervisor", own)) == (set(), {"edit"})
    assert (buttons("inspector", made), buttons("huyen", made)) == (set(), {"escalate", "resolve"})
    escalated(made)
    assert buttons("leader", made) == {"edit", "resolve"}  # not the answer to what they asked themselves
    assert buttons("huyen", made) == {"answer", "resolve"}
    obstacles.answer(actor("reviewer", "512@legacy"), made.id, "Đồng ý")
    assert buttons("officer", made) == {"edit", "escalate", "resolve"}
    obstacles.resolve(actor(), made.id, "Xong")
    assert (buttons("officer", made), buttons("inspector", made)) == ({"reopen"}, set())


def test_up_to_the_district_and_back_by_the_buttons(world: World) -> None:
    made = obstacle()
    path = f"/obstacles/{made.id}"
    officer, district = Visitor.logged_in("officer"), Visitor.logged_in("huyen")
    assert 'value="512@legacy" selected' in officer.page(path)
    moves: list[tuple[Visitor, str, dict[str, str], str]] = [
        (officer, "escalate", {"to": "512@legacy", "text": "Đề nghị áp giá", "escalated_on": "25/08/2023"}, "Chờ Huyện Hiệp Đức trả lời"),
        (district, "answer", {"text": "Áp giá tỉnh", "answered_on": "05/09/2023"}, "Huyện Hiệp Đức trả lời 05/09/2023 Áp giá tỉnh · Lê Thẩm Định, Huyện Hiệp Đức"),
        (officer, "resolve", {"text": "Đã ký biên bản", "resolved_on": "12/09/2023"}, "đã giải quyết nêu ngày 12/08/2023, đã 31 ngày"),
        (officer, "reopen", {"reason": "Một hộ rút lại"}, "Mở lại " + format_date(today()) + " Một hộ rút lại"),
    ]  # fmt: skip
    for visitor, move, form, said in moves:
        sent = visitor.send_form(f"{path}/{move}", **form)
        assert (sent.status_code, sent.headers["location"]) == (303, path)
        assert said in words(officer.page(path)), move


def test_a_refused_move_keeps_what_was_typed(world: World) -> None:
    made = escalated()
    path = f"/obstacles/{made.id}"
    leader, district = Visitor.logged_in("leader"), Visitor.logged_in("huyen")
    own = leader.send_form(f"{path}/answer", text="Tự trả lời", answered_on="01/09/2023")
    assert own.status_code == 409
    assert "Vướng mắc đã chuyển Huyện Hiệp Đức: nơi đó trả lời" in words(own.text)
    early = district.send_form(f"{path}/answer", text="Đồng ý với xã", answered_on="24/08/2023")
    assert early.status_code == 422
    assert 'href="#f-answer-answered_on"' in early.text
    assert "Đồng ý với xã</textarea>" in early.text
    empty = leader.send_form(f"{path}/resolve", text=" ", resolved_on="01/09/2023")
    assert (empty.status_code, 'href="#f-resolve-text"' in empty.text) == (422, True)
    twice = leader.send_form(f"{path}/escalate", to="512@legacy", text="Nhắc lại", escalated_on="01/09/2023")
    assert (twice.status_code, "đang chờ cấp trên trả lời" in words(twice.text)) == (409, True)
    assert obstacles.get(actor(), made.id).version == made.version


def test_a_stale_edit_shows_both_versions_and_loses_nothing(world: World) -> None:
    made = obstacle()
    path, officer = f"/obstacles/{made.id}/edit", Visitor.logged_in("officer")
    page = officer.page(path)
    assert 'value="land" checked' in page
    form = {
        "version": hidden(page, "version"), "kind": "money", "text": "Tôi sửa", "resolver": "",
        "raised_on": "10/08/2023",
    }  # fmt: skip
    obstacles.update(actor(), made.id, 1, {"text": "Người khác sửa"})
    stale = officer.send_form(path, **form)
    assert stale.status_code == 409
    assert "Người khác sửa" in words(stale.text)
    assert "Tôi sửa</textarea>" in stale.text
    form["version"] = hidden(stale.text, "version")
    assert officer.send_form(path, **form).status_code == 303
    now = obstacles.get(actor(), made.id)
    assert (now.text, now.kind, now.resolver, now.raised_on) == ("Tôi sửa", "money", "", date(2023, 8, 10))
    assert "Đã nêu 10/08/2023 Ba hộ chưa thống nhất" in words(officer.page(f"/obstacles/{made.id}"))


def test_documents_stand_on_the_page_of_the_obstacle(world: World) -> None:
    made = obstacle()
    paper = document(subject=("obstacle", made.id))
    page = Visitor.logged_in("officer").page(f"/obstacles/{made.id}")
    assert f"/documents/{paper.id}" in links(page)
    assert any(h.startswith("/documents/new?") and str(made.id) in h for h in links(page))
    assert f"/obstacles/{made.id}" in links(Visitor.logged_in("officer").page(f"/documents/{paper.id}"))


def test_the_first_page_says_whose_answer_is_awaited(world: World) -> None:
    made, other = escalated(), obstacle(("work", funded_work(90 * MILLION)), text="Thiếu vốn")
    district = words(Visitor.logged_in("huyen").page("/"))
    assert "Ba hộ chưa thống nhất giá cây cối chờ ông/bà trả lời" in district
    assert "Vướng mắc chưa giải quyết: 1 Tất cả Thiếu vốn" in district
    commune = Visitor.logged_in("leader").page("/")
    assert "chờ ông/bà trả lời" not in words(commune)
    assert [h for h in links(commune) if re.match(r"/obstacles/[0-9a-f]", h)] == [
        f"/obstacles/{o.id}" for o in (other, made)
    ]
    assert "Vướng mắc" not in words(Visitor.logged_in("khac").page("/").partition("<main")[2])


def test_pages_speak_english(world: World) -> None:
    made = escalated(obstacle(("work", funded_work(500 * MILLION))))
    reader = Visitor.logged_in("huyen", lang="en")
    said = words(reader.page("/obstacles")).replace("\u00a0", " ")
    assert "Waiting for your answer: 1 Ba hộ chưa thống nhất giá cây cối" in said
    assert "500 million đồng available on the budget lines of 1 obstacles that are not resolved" in said
    one = words(reader.page(f"/obstacles/{made.id}"))
    assert "Escalated to Huyện Hiệp Đức 25 Aug 2023 Đề nghị hướng dẫn" in one
    assert "Waiting for the answer of Huyện Hiệp Đức" in one
    assert "Obstacles" in words(reader.page("/more"))


def test_invented_obstacles_are_marked(world: World) -> None:
    its = work()
    new = NewObstacle(uuid.uuid4(), "work", its.id, "Minh họa")
    obstacles.create(actor(), new, illustrative=True)
    for path in ("/", "/obstacles", f"/obstacles/{new.id}", f"/obstacles/{new.id}/edit"):
        assert "Số liệu minh họa" in words(Visitor.logged_in("officer").page(path)), path
