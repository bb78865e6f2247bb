"""Steps, stages, procedures and dossiers over the interface, as a client goes from list to ground."""

from __future__ import annotations

import hashlib
import io
import zipfile
from html.parser import HTMLParser

from tests.api.client import Api, Json, fields, new_id
from tests.api.rows import Rows, send_piece
from tests.support.papers import PDF, image


def step(api: Api, work_id: str, code: str) -> Json:
    found = api.get(f"works/{work_id}/steps")["items"]
    return next(s for s in found if s["code"] == code and s["track"] == "main")


def paper(api: Api, kind: str, content: bytes | None = None, **values: object) -> str:
    """A document of a kind, with a file where content is given."""
    body: Json = {
        "id": new_id(), "number": "01/VB", "date": "2023-02-20", "issuer": "UBND xã Sông Trà", "kind": kind,
    }  # fmt: skip
    if content is not None:
        upload: Json = {"id": new_id(), "name": f"{kind}.pdf", "size": len(content)}
        api.post("uploads", upload)
        send_piece(api, upload["id"], 0, content)
        body["uploads"] = [upload["id"]]
    return str(api.post("documents", body | values)["id"])


def settle(api: Api, work_id: str, code: str, day: str = "2023-03-01") -> Json:
    """A step done with each document that it requires."""
    now = step(api, work_id, code)
    path = f"works/{work_id}/steps/{now['id']}"
    papers = [paper(api, kind) for kind in now["required_documents"]]
    return api.patch(path, {"status": "done", "done_on": day, "documents": papers}, api.etag(path))


def test_a_work_breaks_ground_once_its_list_of_what_is_missing_is_empty(api: Api) -> None:
    work = Rows(api).work(procedure="ordinary")
    path = f"works/{work['id']}"
    assert [m["step_code"] for m in work["missing"]] == [
        "policy", "report", "community", "appraisal", "approval", "selection_plan", "selection", "contract",
        "clearance", "start",
    ]  # fmt: skip
    assert work["missing"][7]["documents"] == ["contract", "performance_guarantee"]
    barred = api.patch(path, {"stage": "construction"}, api.etag(path), 409)
    assert (barred["rule"], barred["n"]) == ("stage_missing", 10)
    assert barred["missing"] == work["missing"]
    assert [gate["stage"] for gate in work["readiness"]] == [
        "construction",
        "completed",
        "handed_over",
        "settled",
    ]
    for missing in work["missing"]:
        assert settle(api, work["id"], missing["step_code"])["status"] == "done"
    assert api.get(path)["missing"] == []
    entered = api.patch(path, {"stage": "construction"}, api.etag(path))
    assert (entered["stage"], entered["started_on"], entered["overrides"]) == (
        "construction",
        "2023-03-01",
        [],
    )
    listed = api.get("works", stage="construction")["items"]
    assert [(w["id"], [m["rule"] for m in w["missing"]]) for w in listed] == [
        (work["id"], ["step", "physical"])
    ]


def test_an_override_needs_its_reason_and_stays(api: Api) -> None:
    work = Rows(api).work(procedure="special")
    path = f"works/{work['id']}"
    for wrong in ({"stage": "construction", "override_reason": " "}, {"override_reason": "gấp"}):
        assert fields(api.patch(path, wrong, api.etag(path), 422)) == ["override_reason"]
    passed = api.patch(path, {"stage": "construction", "override_reason": "Khắc phục bão"}, api.etag(path))
    (kept,) = passed["overrides"]
    assert (kept["stage"], kept["reason"], len(kept["missing"])) == ("construction", "Khắc phục bão", 9)
    assert kept["by"].startswith("client:")
    assert api.get(path)["overrides"] == [kept]


def test_a_step_is_refused_by_rule_with_its_figures(api: Api) -> None:
    work = Rows(api).work(procedure="special")
    first, second = (step(api, work["id"], code) for code in ("list", "dossier"))
    path = f"works/{work['id']}/steps"
    late = api.patch(f"{path}/{second['id']}", {"status": "done"}, '"1"', 409)
    assert (late["rule"], late["names"]) == ("step_order", "Danh mục công trình")
    lacks = api.patch(f"{path}/{first['id']}", {"status": "done"}, '"1"', 409)
    assert (lacks["rule"], lacks["lacks"]) == ("step_documents", "Danh mục công trình của hội đồng nhân dân")
    for wrong, field in (
        ({"status": "finished"}, "status"),
        ({"status": "done", "done_on": "2999-01-01"}, "done_on"),
        ({"status": "waived"}, "reason"),
        ({"done_on": "2023-01-01"}, "done_on"),
    ):
        assert fields(api.patch(f"{path}/{first['id']}", wrong, '"1"', 422)) == [field]
    assert fields(api.patch(f"{path}/{first['id']}", {"documents": [new_id()]}, '"1"', 404)) == ["documents"]
    waived = api.patch(f"{path}/{first['id']}", {"status": "waived", "reason": "Nghị quyết chung"}, '"1"')
    assert (waived["status"], waived["done_on"], waived["reason"]) == ("waived", None, "Nghị quyết chung")
    stale = api.patch(f"{path}/{first['id']}", {"due_on": "2023-05-01"}, '"1"', 412)
    assert stale["current"] == waived
    assert api.get(f"{path}/{first['id']}") == waived


def test_steps_are_listed_in_order_page_by_page(api: Api, elsewhere: Api) -> None:
    work = Rows(api).work(procedure="special")
    path = f"works/{work['id']}/steps"
    whole = api.get(path)["items"]
    assert [s["position"] for s in whole] == list(range(1, 13))
    assert list(api.pages(path, 5)) == whole
    assert api.get(path, status="done")["items"] == []
    assert api.get(path, track="clearance")["items"] == []
    elsewhere.get(path, 404)
    elsewhere.get(f"{path}/{whole[0]['id']}", 404)
    api.get(f"works/{Rows(api).work(procedure='special')['id']}/steps/{whole[0]['id']}", 404)


def test_a_new_version_of_a_procedure_is_the_nations(api: Api, administrator: Api) -> None:
    running = Rows(api).work(procedure="special")
    (newest, *_) = api.get("procedures", code="special")["items"]
    body = api.get(f"procedures/special/{newest['number']}")
    version = {k: v for k, v in body.items() if k not in ("created_at", "created_by")}
    version |= {"number": 2, "steps": body["steps"][:3]}
    api.post("procedures", version, 403)
    made = administrator.post("procedures", version)
    assert (made["number"], len(made["steps"])) == (2, 3)
    assert administrator.post("procedures", version, 200) == made
    assert administrator.post("procedures", version | {"name": "Khác"}, 409)["type"] == "/problems/conflict"
    assert administrator.post("procedures", version | {"number": 4}, 409)["next"] == 3
    wrong = version | {"number": 3, "steps": [body["steps"][1], {**body["steps"][0], "days": -1}]}
    assert fields(administrator.post("procedures", wrong, 422)) == ["steps.1.days"]
    wrong["steps"][1] = {**body["steps"][0], "required_documents": ["none"]}
    assert fields(administrator.post("procedures", wrong, 422)) == [
        "steps.0.after",
        "steps.1.required_documents",
    ]
    assert len(api.get(f"works/{running['id']}/steps")["items"]) == 12
    assert len(api.get(f"works/{Rows(api).work(procedure='special')['id']}/steps")["items"]) == 3
    assert len(list(api.pages("procedures", 1))) == 4


class Links(HTMLParser):
    """Where the index leads, and the checksums that it tells."""

    def __init__(self) -> None:
        super().__init__()
        self.hrefs: list[str] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.hrefs += [value or "" for name, value in attrs if name == "href"]

    def handle_data(self, data: str) -> None:
        self.texts.append(data.strip())


def test_the_dossier_opens_and_its_index_matches_attachments_and_checksums(api: Api, elsewhere: Api) -> None:
    work = Rows(api).work(procedure="special")
    first = step(api, work["id"], "list")
    contents = {"a": PDF, "b": image("PNG")}
    listed = paper(
        api, "works_list", contents["a"], number="12/NQ-HĐND", attach_to={"kind": "step", "id": first["id"]}
    )
    paper(api, "letter", contents["b"], number="13/CV", attach_to={"kind": "work", "id": work["id"]})
    api.post(f"documents/{listed}/attachments", {"kind": "work", "id": work["id"]}, 200)
    response = api.call("GET", f"works/{work['id']}/dossier")
    assert response.headers["content-type"] == "application/zip"
    assert 'filename="ho-so-ct-' in response.headers["content-disposition"]
    with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
        assert archive.testzip() is None
        names = set(archive.namelist())
        sums = [line.split("  ") for line in archive.read("SHA256SUMS.txt").decode().splitlines()]
        index = archive.read("MUC-LUC.html").decode()
        for checksum, name in sums:
            assert hashlib.sha256(archive.read(name)).hexdigest() == checksum
    assert {name for _, name in sums} == names - {"MUC-LUC.html", "SHA256SUMS.txt", "muc-luc.css"}
    assert {checksum for checksum, _ in sums} == {hashlib.sha256(c).hexdigest() for c in contents.values()}
    assert sorted(name.split("/")[0] for _, name in sums) == [
        "01-danh-muc-cong-trinh",
        "13-van-ban-khac-cua-cong-trinh",
    ]
    read = Links()
    read.feed(index)
    assert set(read.hrefs) == {name for _, name in sums}
    assert (
        read.hrefs.count(next(n for _, n in sums if n.startswith("01-"))) == 2
    )  # attached twice, brought once
    assert {checksum for checksum, _ in sums} <= set(read.texts)
    assert "Thẩm định" in index
    assert "Thiếu: Báo cáo thẩm định" in index
    elsewhere.get(f"works/{work['id']}/dossier", 404)
