"""Progress reports, milestones and pace over the interface."""

from __future__ import annotations

from datetime import timedelta

from app.clock import today
from tests.api.client import Api, fields, new_id
from tests.api.rows import MILLION, Rows


def test_a_report_is_made_once_and_sets_what_the_work_has_reached(api: Api) -> None:
    rows = Rows(api)
    work = rows.work()
    path, at = f"works/{work['id']}/progress", f"works/{work['id']}"
    before = api.etag(at)
    body = rows.report_body(
        accepted_value=90 * MILLION, note="Đào nền xong\nđoạn 1", lat=15.5287, lon=108.0263
    )
    made = api.post(path, body)
    assert made | body == made
    assert (made["documents"], made["photos"], made["work_id"]) == ([], [], work["id"])
    assert api.post(path, body, 200) == made
    assert api.get(path)["items"] == [made] == [api.get(f"{path}/{made['id']}")]
    assert api.get(at)["physical_percent"] == 20
    assert api.etag(at) != before
    assert api.patch(at, {"physical_percent": 25}, before, 412)["current"]["physical_percent"] == 20
    assert api.patch(at, {"physical_percent": 25}, api.etag(at))["physical_percent"] == 25
    twin = api.post(path, rows.report_body(physical_percent=30), 409)
    assert (twin["type"], twin["report_id"], twin["held"]) == ("/problems/conflict", made["id"], 20)
    fall = rows.report_body(reported_on="2023-07-31", physical_percent=19)
    assert fields(api.post(path, fall, 422)) == ["note"]
    assert api.post(path, fall | {"note": "Đo lại"})["physical_percent"] == 19
    other = rows.work()
    api.get(f"works/{other['id']}/progress/{made['id']}", 404)


def test_photos_are_uploads_that_came_before(api: Api) -> None:
    rows = Rows(api)
    path = f"works/{rows.work()['id']}/progress"
    paper, sent = rows.document(), rows.upload(whole=True)["id"]
    body = rows.report_body(uploads=[sent], documents=[paper["id"]])
    made = api.post(path, body)
    assert api.post(path, body, 200) == made
    assert made["documents"][0] == paper["id"]
    (photo,) = (d for d in made["documents"] if d != paper["id"])
    whole = api.get(f"documents/{photo}")
    assert (whole["kind"], whole["date"]) == ("photo", "2023-06-30")
    assert whole["attached_to"] == [{"kind": "progress", "id": made["id"]}]
    one = f"{path}/{made['id']}"
    changed = api.patch(one, {"documents": [photo], "note": "Thêm"}, api.etag(one))
    assert (changed["documents"], changed["note"], changed["physical_percent"]) == ([photo], "Thêm", 20)
    for wrong, field in (({"uploads": [new_id()]}, "uploads"), ({"documents": [new_id()]}, "documents")):
        assert fields(api.post(path, rows.report_body(reported_on="2023-07-31", **wrong), 404)) == [field]
    assert [r["id"] for r in api.get(path)["items"]] == [made["id"]]


def test_a_report_is_changed_under_its_version(api: Api) -> None:
    made = Rows(api).report()
    path = f"works/{made['work_id']}/progress/{made['id']}"
    tag = api.etag(path)
    api.patch(path, {"physical_percent": 30}, None, 428)
    changed = api.patch(path, {"physical_percent": 30, "lat": 15.5, "lon": 108}, tag)
    assert (changed["physical_percent"], changed["lat"], changed["note"]) == (30, 15.5, "")
    stale = api.patch(path, {"physical_percent": 40}, tag, 412)
    assert stale["current"] == changed
    for wrong in (
        {"physical_percent": 101},
        {"physical_percent": 30.5},
        {"accepted_value": -1},
        {"lat": 91},
        {"reported_on": (today() + timedelta(2)).isoformat()},
        {"note": "x" * 2001},
    ):
        assert fields(api.patch(path, wrong, api.etag(path), 422)) == list(wrong)
    assert fields(api.patch(path, {"lon": None}, api.etag(path), 422)) == ["lon"]


def test_reports_are_paged_in_the_order_in_which_they_changed(api: Api) -> None:
    rows = Rows(api)
    path = f"works/{rows.work()['id']}/progress"
    made = [
        api.post(path, rows.report_body(reported_on=f"2023-06-0{n}", physical_percent=n)) for n in (3, 2, 1)
    ]
    assert [r["id"] for r in api.pages(path, 1)] == [r["id"] for r in made]
    since = made[1]["updated_at"]
    assert [r["id"] for r in api.get(path, updated_since=since)["items"]] == [r["id"] for r in made[1:]]
    assert fields(api.get(path, 422, state="x")) == ["state"]


def test_milestones_are_put_as_a_whole(api: Api) -> None:
    path = f"works/{Rows(api).work()['id']}/milestones"
    assert api.get(path) == {"milestones": []}
    wanted = {
        "milestones": [
            {"planned_on": "2023-06-30", "percent": 45},
            {"planned_on": "2023-11-30", "percent": 100},
        ]
    }
    for _ in range(2):
        answer = api.call("PUT", path, json=wanted)
        assert (answer.status_code, answer.json()) == (200, wanted)
    falling = {"milestones": [*wanted["milestones"], {"planned_on": "2023-11-30", "percent": 100}]}
    problem = api.call("PUT", path, json=falling)
    assert problem.status_code == 422
    assert fields(problem.json()) == ["milestones.2.planned_on", "milestones.2.percent"]
    assert api.get(path) == wanted


def test_pace_says_what_is_planned_built_and_paid(api: Api) -> None:
    rows = Rows(api)
    line = rows.funded(500 * MILLION)
    work = f"works/{line['work_id']}"
    api.patch(work, {"planned_start": "2023-03-01", "planned_finish": "2023-06-09"}, api.etag(work))
    api.record(line, "pay", 123_456_789, "2023-04-01", no_contract_reason="Chi phí quản lý")
    api.post(f"{work}/progress", rows.report_body(reported_on="2023-03-21", physical_percent=15))
    api.post(f"{work}/progress", rows.report_body(reported_on="2023-04-10", physical_percent=30))
    assert api.get(f"{work}/pace", as_of="2023-04-20") == {
        "as_of": "2023-04-20", "planned_percent": 50, "physical_percent": 30, "money_percent": 0.1235,
        "slippage_points": 20, "slippage_days": 20, "held_by_step_code": None, "forecast_on": "2023-07-13",
    }  # fmt: skip
    assert api.get(f"{work}/pace", as_of="2023-03-31")["money_percent"] == 0
    now = api.get(f"{work}/pace")
    assert (now["planned_percent"], now["physical_percent"], now["forecast_on"]) == (100, 30, None)
    assert fields(api.get(f"{work}/pace", 422, as_of="2023")) == ["as_of"]


def test_pace_of_a_work_of_which_nothing_is_known(api: Api) -> None:
    bare = Rows(api).work(total_investment=None)
    found = api.get(f"works/{bare['id']}/pace")
    unknown = ("planned_percent", "money_percent", "slippage_points", "slippage_days", "held_by_step_code")
    assert [found[name] for name in (*unknown, "forecast_on")] == [None] * 6
    held = Rows(api).work(procedure="special", planned_finish="2023-06-09", planned_start="2023-03-01")
    assert api.get(f"works/{held['id']}/pace", as_of="2023-06-10")["held_by_step_code"] == "list"
