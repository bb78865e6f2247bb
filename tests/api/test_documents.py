"""Documents through the interface: recording, files, uploads in pieces, attaching, and what must not get in."""

from __future__ import annotations

import hashlib

import httpx

from app.domain.documents import files
from app.settings import settings
from tests.api.client import Api, Json, fields, new_id
from tests.api.rows import Rows, send_piece
from tests.support.papers import PDF, image

SUM = hashlib.sha256(PDF).hexdigest()
PIECE = 512 * 1024


def body(**values: object) -> Json:
    sane: Json = {
        "id": new_id(), "number": "15/QĐ-UBND", "date": "2023-02-20", "issuer": "UBND xã Sông Trà",
        "kind": "approval_decision", "summary": "Đường bê tông Trà Huỳnh",
    }  # fmt: skip
    return sane | values


def send(api: Api, document: Json, *sent: tuple[str, bytes, str]) -> httpx.Response:
    return api.call("POST", f"documents/{document['id']}/files", files=[("files", one) for one in sent])


def test_a_document_is_recorded_with_what_was_uploaded_in_pieces(api: Api, above: Api) -> None:
    work = Rows(api).work()
    content = PDF + b"%" + b"x" * PIECE
    upload: Json = {"id": new_id(), "name": "../quyết định.exe", "size": len(content)}
    begun = api.post("uploads", upload)
    assert (begun["offset"], begun["name"]) == (0, "quyết định.exe")
    assert send_piece(api, upload["id"], 0, content[:PIECE]).json()["offset"] == PIECE
    again = send_piece(api, upload["id"], 0, content[:PIECE])
    assert (again.status_code, again.json()["type"]) == (409, "/problems/upload-offset")
    assert again.json()["offset"] == PIECE
    assert api.post("uploads", upload, 200)["offset"] == PIECE
    assert api.get(f"uploads/{upload['id']}")["offset"] == PIECE
    early = api.post("documents", body(uploads=[upload["id"]]), 422)
    assert fields(early) == ["uploads"]
    assert send_piece(api, upload["id"], PIECE, content[PIECE:]).json()["offset"] == len(content)
    asked = body(uploads=[upload["id"]], attach_to={"kind": "work", "id": work["id"]})
    made = api.post("documents", asked)
    sha256 = hashlib.sha256(content).hexdigest()
    [file] = made["files"]
    assert {k: file[k] for k in ("name", "size", "sha256", "media_type")} == {
        "name": "quyết định.exe.pdf", "size": len(content), "sha256": sha256, "media_type": "application/pdf",
    }  # fmt: skip
    assert made["attached_to"] == [{"kind": "work", "id": work["id"]}]
    assert made["unit_code"] == "20770"
    assert api.post("documents", asked, 200) == made
    assert api.post("documents", asked | {"number": "16"}, 409)["type"] == "/problems/id-taken"
    answer = above.call("GET", f"documents/{made['id']}/files/{sha256}")
    assert answer.content == content
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "private, no-cache"
    assert answer.headers["content-disposition"] == (
        "attachment; filename=\"quyet dinh.exe.pdf\"; filename*=UTF-8''quy%E1%BA%BFt%20%C4%91%E1%BB%8Bnh.exe.pdf"
    )


def test_documents_are_listed_under_filters_and_page_by_page(api: Api, elsewhere: Api) -> None:
    work = Rows(api).work()
    about = f"work:{work['id']}"
    first = api.post("documents", body(attach_to={"kind": "work", "id": work["id"]}))
    second = api.post("documents", body(number="07/BB", kind="minutes", summary="Giám sát cộng đồng"))
    both = [first["id"], second["id"]]

    def found(**wanted: object) -> list[str]:
        return [d["id"] for d in api.get("documents", 200, **wanted)["items"]]

    assert found() == found(unit="20770@legacy") == [d["id"] for d in api.pages("documents", 1)] == both
    assert (
        found(q="duong be tong") == found(subject=about) == found(kind="approval_decision") == [first["id"]]
    )
    assert found(q="giám sát") == found(number="07/BB") == [second["id"]]
    assert found(date_from="2023-02-20", date_to="2023-02-20") == both
    assert elsewhere.get("documents")["items"] == []
    elsewhere.get("documents", 404, subject=about)
    for wrong in ("work", "work:1", f"x:{work['id']}", "", ":"):
        assert fields(api.get("documents", 422, subject=wrong)) == ["subject"]
    # Being attached is a change that followers see.
    api.post(f"documents/{first['id']}/attachments", {"kind": "work", "id": Rows(api).work()["id"]}, 200)
    assert found() == found(updated_since=first["updated_at"]) == both[::-1]
    kinds = [kind["code"] for kind in api.pages("document-kinds", 10)]
    assert {"approval_decision", "voucher", "photo"} <= set(kinds)


def test_files_are_added_by_their_content_and_taken_out(api: Api) -> None:
    made = api.post("documents", body())
    answer = send(api, made, ("a.jpg", PDF, "image/jpeg"), ("b", image(), "text/html"), ("c.pdf", PDF, ""))
    assert [(f["name"], f["media_type"]) for f in answer.json()["files"]] == [
        ("a.pdf", "application/pdf"), ("b.jpg", "image/jpeg"),
    ]  # fmt: skip
    assert api.call("DELETE", f"documents/{made['id']}/files/{SUM}").json()["files"][0]["name"] == "b.jpg"
    assert api.call("GET", f"documents/{made['id']}/files/{SUM}").status_code == 404
    for path in ("..%2f..%2fetc%2fpasswd", "0" * 64, "A" * 64, "%2e%2e"):
        assert (
            api.http.get(f"/api/v1/documents/{made['id']}/files/{path}", headers=api.headers).status_code
            == 404
        )


def test_bad_files_are_refused_and_nothing_is_half_stored(api: Api) -> None:
    made = api.post("documents", body())
    before = {p for p in settings().data_dir.rglob("*") if p.is_file()}
    for content in (b"MZ program", b"", b"<svg onload=alert(1)>", b"PK\x03\x04 not whole", b"%PD"):
        refused = send(api, made, ("../../x.pdf", content, "application/pdf"))
        assert (refused.status_code, fields(refused.json())) == (422, ["files"])
    assert fields(api.post("uploads", {"id": new_id(), "name": "x.pdf", "size": 200 << 20}, 422)) == ["size"]
    upload = api.post("uploads", {"id": new_id(), "name": "x.pdf", "size": 100})
    wrong = send_piece(api, upload["id"], 0, b"MZ" * 50)
    assert (wrong.status_code, fields(wrong.json())) == (422, ["files"])
    api.get(f"uploads/{upload['id']}", 404)
    headers = {"Upload-Offset": "0", "Content-Type": "text/plain"}
    upload = api.post("uploads", {"id": new_id(), "name": "x.pdf", "size": 100})
    assert api.call("PATCH", f"uploads/{upload['id']}", content=b"%PDF-", headers=headers).status_code == 422
    api.call("DELETE", f"uploads/{upload['id']}")
    assert {p for p in settings().data_dir.rglob("*") if p.is_file()} == before
    assert api.get(f"documents/{made['id']}")["files"] == []


def test_two_hundred_megabytes_are_refused_before_they_are_read(api: Api) -> None:
    made = api.post("documents", body())
    headers = {"Content-Type": "multipart/form-data; boundary=x", "Content-Length": str(200 << 20)}
    refused = api.call("POST", f"documents/{made['id']}/files", content=b"--x", headers=headers)
    assert refused.status_code == 413
    assert (refused.json()["asked"], refused.json()["held"]) == (200, 26)
    assert "200 MB" in refused.json()["detail"]
    assert "26 MB" in refused.json()["detail"]


def test_a_file_that_the_disk_spoiled_is_told_by_name(api: Api) -> None:
    made = Rows(api).document()
    [file] = made["files"]
    files.path_of(file["sha256"]).write_bytes(b"%PDF-1.4 spoiled")
    refused = api.call("GET", f"documents/{made['id']}/files/{file['sha256']}")
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/file-damaged")
    assert (refused.json()["file"], refused.json()["sha256"]) == (file["name"], file["sha256"])
    send(api, made, ("lại.pdf", PDF, "application/pdf"))
    assert api.call("GET", f"documents/{made['id']}/files/{file['sha256']}").content == PDF


def test_personal_files_are_listed_but_not_sent_to_a_client_that_was_not_admitted(api: Api) -> None:
    made = api.post("documents", body(personal=True))
    send(api, made, ("a.pdf", PDF, ""))
    assert api.get(f"documents/{made['id']}")["files"][0]["sha256"] == SUM
    refused = api.call("GET", f"documents/{made['id']}/files/{SUM}")
    assert refused.status_code == 403
    assert "thông tin cá nhân" in refused.json()["detail"]


def test_changing_and_attaching(api: Api) -> None:
    made, work = api.post("documents", body()), Rows(api).work()
    path = f"documents/{made['id']}"
    assert api.patch(path, {"number": "16"}, '"1"')["number"] == "16"
    assert api.patch(path, {"number": "17"}, '"1"', 412)["current"]["number"] == "16"
    about = {"kind": "work", "id": work["id"]}
    for _ in range(2):
        assert api.post(f"{path}/attachments", about, 200)["attached_to"] == [about]
    assert api.call("DELETE", f"{path}/attachments/work/{work['id']}").json()["attached_to"] == []
    assert api.call("DELETE", f"{path}/attachments/work/{work['id']}").status_code == 404
    assert api.call("DELETE", f"{path}/attachments/none/{work['id']}").status_code == 404
    assert fields(api.post(f"{path}/attachments", about | {"id": new_id()}, 404)) == ["id"]
    assert fields(api.post("documents", body(kind="none"), 404)) == ["kind"]
    assert fields(api.post("documents", body(number="", summary=""), 422)) == ["number"]
