"""Pages of outreach and community supervision: who may, from a phone with photos to the answer and the obstacle."""

from __future__ import annotations

import uuid
from datetime import date

from app.domain import observations, outreach
from app.domain.access import PERMISSIONS
from app.domain.observations import NewObservation, ObservationFilter
from app.domain.outreach import NewOutreach, OutreachFilter
from app.models.identity import ROLES
from app.views import observations as observing_pages
from app.views import outreach as outreach_pages
from tests.support.databases import both_engines
from tests.support.doors import check_doors
from tests.support.pages import Visitor, hidden, links, words
from tests.support.papers import image
from tests.support.statements import counted
from tests.support.supporting import model
from tests.support.world import World, actor, work

EVERYBODY = frozenset(ROLES)
TELLERS, WRITERS, ANSWERERS, RAISERS = (
    PERMISSIONS[name]
    for name in ("outreach.edit", "observation.edit", "observation.answer", "obstacle.raise")
)
OUTREACH: dict[str, frozenset[str]] = {
    "GET /outreach": EVERYBODY,
    "GET /outreach/new": TELLERS,
    "POST /outreach/new": TELLERS,
    "GET /outreach/{event_id}": EVERYBODY,
    "GET /outreach/{event_id}/edit": TELLERS,
    "POST /outreach/{event_id}/edit": TELLERS,
    "POST /outreach/{event_id}/withdraw": TELLERS,
}
OBSERVATIONS: dict[str, frozenset[str]] = {
    "GET /observations": EVERYBODY,
    "GET /observations/new": WRITERS,
    "POST /observations/new": WRITERS,
    "GET /observations/{observation_id}": EVERYBODY,
    "GET /observations/{observation_id}/edit": WRITERS,
    "POST /observations/{observation_id}/edit": WRITERS,
    "POST /observations/{observation_id}/answer": ANSWERERS,
    "POST /observations/{observation_id}/close": WRITERS,
    "POST /observations/{observation_id}/reopen": WRITERS,
    "POST /observations/{observation_id}/raise": RAISERS,
}
BOARD = "Ban giám sát đầu tư của cộng đồng xã"


@both_engines
def test_each_page_opens_to_the_right_roles(world: World) -> None:
    event, _ = outreach.create(actor("officer"), NewOutreach(uuid.uuid4(), date(2023, 5, 1), "Họp thôn", 9))
    seen, _ = observations.create(
        actor("supervisor"), NewObservation(uuid.uuid4(), BOARD, "Đá mỏng", date(2023, 8, 1))
    )
    check_doors(outreach_pages.routers, OUTREACH, {"event_id": event.id})
    check_doors(observing_pages.routers, OBSERVATIONS, {"observation_id": seen.id})


def test_an_event_is_recorded_on_a_phone_and_withdrawn(world: World) -> None:
    its = work(name="Đường Trà Huỳnh")
    visitor = Visitor.logged_in("supervisor")
    form = visitor.page(f"/outreach/new?work={its.id}&criterion=2")
    assert f'value="{its.id}" selected' in form
    sent = {
        "csrf": visitor.token, "id": hidden(form, "id"), "topic": "Vận động hiến đất", "people": "bốn",
        "held_on": "12/05/2023", "work_id": str(its.id), "criterion": "2", "hamlet_code": "20770.02",
    }  # fmt: skip
    files = {"files": ("anh.jpg", image(), "image/jpeg")}
    back = visitor.post("/outreach/new", data=sent, files=files)
    assert back.status_code == 422
    assert "Vận động hiến đất" in back.text
    kept = hidden(back.text, "upload")
    made = visitor.post("/outreach/new", data=sent | {"people": "42", "upload": kept})
    assert made.status_code == 303
    page = visitor.page(made.headers["location"])
    assert "42 lượt người" in words(page)
    assert 'class="thumb"' in page
    assert f"/works/{its.id}" in links(page)
    listed = words(visitor.page("/outreach?q=hien+dat&first=01/05/2023&last=31/05/2023&program="))
    assert "Cộng 1 buổi 42" in listed.replace("  ", " ")
    assert "Tuyên truyền: 1 buổi, 42 lượt người" in words(visitor.page(f"/works/{its.id}"))
    assert "Tuyên truyền: 1 buổi, 42 lượt người" in words(visitor.page("/criteria/2"))
    assert "Outreach events: 1, people reached: 42" in words(
        Visitor.logged_in("leader", "en").page("/criteria/2")
    )
    event = outreach.events(actor(), OutreachFilter())[0]
    edit = visitor.page(f"/outreach/{event.id}/edit")
    changes = {"topic": "Hiến đất", "people": "45", "held_on": "12/05/2023", "work_id": str(its.id)}
    saved = visitor.send_form(f"/outreach/{event.id}/edit", **changes, version=hidden(edit, "version"))
    assert saved.status_code == 303
    stale = visitor.send_form(f"/outreach/{event.id}/edit", **changes, version="1")
    assert (stale.status_code, "Hiến đất" in stale.text) == (409, True)
    assert visitor.send_form(f"/outreach/{event.id}/withdraw", reason="").status_code == 422
    assert visitor.send_form(f"/outreach/{event.id}/withdraw", reason="Ghi nhầm").status_code == 303
    assert "Đã rút, không tính vào tổng" in words(visitor.page(f"/outreach/{event.id}"))
    assert "Hiến đất" not in visitor.page("/outreach")
    assert "Hiến đất" in visitor.page("/outreach?withdrawn=1")
    assert Visitor.logged_in("khac").get(f"/outreach/{event.id}").status_code == 404


def test_what_was_seen_is_answered_and_becomes_an_obstacle(world: World) -> None:
    grown = model(actor("officer"))
    subject = f"support_model:{grown.id}"
    visitor = Visitor.logged_in("supervisor")
    form = visitor.page(f"/observations/new?subject={subject}")
    assert f'value="{subject}" selected' in form
    sent = {
        "csrf": visitor.token, "id": hidden(form, "id"), "subject": subject, "text": "Bò chưa tiêm phòng",
        "board": BOARD, "observed_on": "01/08/2023", "answer_due_on": "15/08/2023", "lat": "15,53", "lon": "108,01",
    }  # fmt: skip
    made = visitor.post("/observations/new", data=sent, files={"files": ("a.jpg", image(), "image/jpeg")})
    assert made.status_code == 303
    place = made.headers["location"]
    assert "quá hạn trả lời" in words(visitor.page(place))
    assert "/answer" not in visitor.page(place)
    listed = words(visitor.page("/observations"))
    assert "Quá hạn trả lời: 1" in listed
    assert "Giám sát cộng đồng: 1 ý kiến 1 quá hạn trả lời" in words(visitor.page(f"/support/{grown.id}"))
    officer = Visitor.logged_in("officer")
    assert officer.send_form(f"{place}/answer", text="", on="20/08/2023").status_code == 422
    assert officer.send_form(f"{place}/answer", text="Đã tiêm", on="20/08/2023").status_code == 303
    assert "trả lời muộn 5 ngày" in words(officer.page(place))
    assert officer.send_form(f"{place}/answer", text="Khác", on="20/08/2023").status_code == 409
    assert visitor.send_form(f"{place}/reopen", text="Còn hai con", answer_due_on="").status_code == 303
    page = visitor.page(place)
    new = {"id": hidden(page[page.index("/raise") :], "id"), "kind": "other", "text": "Bò chưa tiêm phòng"}
    assert visitor.send_form(f"{place}/raise", **new).status_code == 303
    page = visitor.page(place)
    obstacle = next(link for link in links(page) if link.startswith("/obstacles/") and len(link) > 40)
    assert place in links(visitor.page(obstacle))
    assert f"/support/{grown.id}" in links(visitor.page(obstacle))
    assert "Bò chưa tiêm phòng" in visitor.page(f"/support/{grown.id}")
    assert visitor.send_form(f"{place}/close", text="Đã đủ", on="").status_code == 422
    seen = observations.observations(actor(), ObservationFilter())[0]
    assert seen.state == "open"
    edit = visitor.page(f"{place}/edit")
    changes = {"text": "Hai con chưa tiêm", "board": BOARD, "observed_on": "01/08/2023"}
    saved = visitor.send_form(f"{place}/edit", **changes, version=hidden(edit, "version"))
    assert saved.status_code == 303
    assert "Hai con chưa tiêm" in visitor.page(place)


def test_lists_take_few_statements_however_long(world: World) -> None:
    visitor = Visitor.logged_in("officer")

    def said(path: str) -> int:
        visitor.page(path)
        with counted() as statements:
            visitor.page(path)
        return len(statements)

    its = work()
    counts: list[dict[str, int]] = []
    for _ in range(2):
        for _ in range(2):
            new = NewOutreach(uuid.uuid4(), date(2023, 5, 1), "Họp thôn", 9, work_id=its.id)
            event, _ = outreach.create(actor("officer"), new)
            asked = NewObservation(uuid.uuid4(), BOARD, "Đá mỏng", date(2023, 8, 1), "work", its.id)
            seen, _ = observations.create(actor("supervisor"), asked)
        paths = (
            "/outreach", f"/outreach/{event.id}", f"/outreach/{event.id}/edit", "/observations",
            f"/observations/{seen.id}", "/observations/new", "/criteria/2",
        )  # fmt: skip
        counts.append({path.split("/")[1] + path.rpartition("/")[2][:4]: said(path) for path in paths})
    assert max(counts[-1].values()) <= 12, counts
    assert sorted(counts[0].values()) == sorted(counts[1].values())
