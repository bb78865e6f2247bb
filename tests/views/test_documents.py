"""Pages of documents: who may, recording with and without script, files sent and shown, attaching, search."""

from __future__ import annotations

import io
import re
import uuid
from datetime import date
from typing import Any

import pytest
from fastapi.routing import APIRoute

from app.domain import documents as register
from app.domain.access import PERMISSIONS
from app.domain.documents import DocumentFilter, files
from app.domain.works import progress_editing, steps
from app.models.identity import ROLES
from app.settings import settings
from app.views import documents
from tests.support import supporting
from tests.support.pages import Visitor, hidden, links, words
from tests.support.papers import PDF, document, drained, image, photo
from tests.support.world import World, actor, entry, line, post, work

EDITORS = PERMISSIONS["document.edit"]
SENDERS = PERMISSIONS["file.send"]
EVERYBODY = frozenset(ROLES)
TABLE: dict[str, frozenset[str]] = {
    "GET /documents": EVERYBODY,
    "GET /documents/new": EDITORS,
    "POST /documents/new": EDITORS,
    "GET /documents/attach": EDITORS,
    "GET /documents/{document_id}": EVERYBODY,
    "GET /documents/{document_id}/edit": EDITORS,
    "POST /documents/{document_id}/edit": EDITORS,
    "POST /documents/{document_id}/attach": EDITORS,
    "POST /documents/{document_id}/detach": EDITORS,
    "POST /documents/{document_id}/files": EDITORS,
    "GET /documents/{document_id}/files/{sha256}": EVERYBODY,
    "POST /documents/{document_id}/files/{sha256}/remove": EDITORS,
    "GET /works/{work_id}/documents": EVERYBODY,
    "POST /uploads": SENDERS,
    "GET /uploads/{upload_id}": SENDERS,
    "PATCH /uploads/{upload_id}": SENDERS,
    "DELETE /uploads/{upload_id}": SENDERS,
}
FORM: dict[str, Any] = {
    "kind": "decision", "number": "15/QĐ-UBND", "date": "20/02/2023", "issuer": "UBND xã",
    "summary": "Đường Trà Huỳnh", "next": "", "subject": "",
}  # fmt: skip


def new_id(visitor: Visitor) -> str:
    return hidden(visitor.page("/documents/new"), "id")


def newest() -> register.DocumentView:
    return register.documents(actor(), DocumentFilter(), newest_first=True)[0]


def test_every_page_by_every_role(world: World) -> None:
    made = work()
    paper = document(subject=("work", made.id))
    sha256 = paper.files[0].sha256

    def address(path: str) -> str:
        filled = path.format(document_id=paper.id, sha256=sha256, work_id=made.id, upload_id=paper.id)
        return filled + (f"?subject=work:{made.id}" if path == "/documents/attach" else "")

    routes = [r for router in documents.routers for r in router.routes if isinstance(r, APIRoute)]
    assert {f"{m} {re.sub(r':uuid', '', r.path)}" for r in routes for m in r.methods or ()} == TABLE.keys()
    told, expected = {}, {}
    stranger = Visitor.logged_in("khac")
    for role in ROLES:
        visitor = Visitor.logged_in(role)
        for name, allowed in TABLE.items():
            method, path = name.split()
            if method == "GET":
                told[role, name] = visitor.get(address(path)).status_code
                ok = 404 if path.startswith("/uploads") else 200
                expected[role, name] = ok if role in allowed else 403
            elif role not in allowed:
                headers = {"X-CSRF-Token": visitor.token}
                if method in ("PATCH", "DELETE"):
                    headers |= {"Content-Type": "application/octet-stream", "Upload-Offset": "0"}
                    answer = visitor.request(method, address(path), headers=headers)
                elif path == "/uploads":
                    body = {"id": str(paper.id), "name": "a", "size": 1}
                    answer = visitor.post(path, json=body, headers=headers)
                else:
                    answer = visitor.send_form(address(path), subject=f"work:{made.id}")
                told[role, name], expected[role, name] = answer.status_code, 403
    for name in TABLE:
        method, path = name.split()
        if method != "GET":
            kind = {"Content-Type": "application/octet-stream"} if method in ("PATCH", "DELETE") else {}
            told["no token", name] = (
                Visitor.logged_in("leader").request(method, address(path), headers=kind).status_code
            )
            expected["no token", name] = 403
        elif "{" in path or path == "/documents/attach":
            told["elsewhere", name] = stranger.get(address(path)).status_code
            expected["elsewhere", name] = 404
    assert told == expected


def test_a_document_is_recorded_by_a_plain_form_with_files(world: World) -> None:
    made = work()
    visitor = Visitor.logged_in("officer")
    page = visitor.page(
        f"/documents/new?subject=work:{made.id}&next=/works/{made.id}&kind=contract&number=9&date=2023-02-20"
    )
    assert made.name in words(page)
    assert 'value="20/02/2023"' in page
    form = FORM | {"id": hidden(page, "id"), "subject": f"work:{made.id}", "next": f"/works/{made.id}"}
    sent = [
        ("files", ("..\\quyết định.exe", PDF, "text/html")),
        ("files", ("ảnh.jpg", photo(), "image/jpeg")),
    ]
    for _ in range(2):  # pressed twice
        answer = visitor.post("/documents/new", data={"csrf": visitor.token, **form}, files=sent)
        assert (answer.status_code, answer.headers["location"]) == (303, f"/works/{made.id}")
    assert len(register.documents(actor(), DocumentFilter())) == 1
    paper = newest()
    assert [f.name for f in paper.files] == ["quyết định.exe.pdf", "ảnh.jpg"]
    assert paper.attached_to == (("work", made.id),)
    # Opened again, the form warns of the same paper.
    warned = visitor.page("/documents/new?number=15/QĐ-UBND&date=2023-02-20&issuer=UBND xã")
    assert f"/documents/{paper.id}" in links(warned)
    assert "Có thể trùng" in words(warned)
    shown = visitor.page(f"/documents/{paper.id}")
    assert "Chụp lúc 8:30 15/03/2023" in words(shown)
    assert f"/works/{made.id}/documents" in links(shown)
    listed = visitor.page(f"/works/{made.id}/documents")
    assert f"/documents/{paper.id}" in links(listed)
    assert visitor.get(f"/works/{made.id}/documents?format=csv").status_code == 200
    assert visitor.get("/documents?format=xlsx&q=tra huynh").status_code == 200
    assert "15/QĐ-UBND" in words(visitor.page("/documents?q=duong tra huynh"))
    assert "15/QĐ-UBND" in words(visitor.page("/search?q=tra huynh"))
    assert "Không có văn bản nào khớp" in words(visitor.page("/documents?q=khong co dau"))


def test_a_refused_form_keeps_what_was_typed_and_the_files_that_arrived(world: World) -> None:
    visitor = Visitor.logged_in("officer")
    form = FORM | {"id": new_id(visitor), "date": "31/02/2023"}
    sent = [("files", ("tốt.pdf", PDF)), ("files", ("xấu.exe", b"MZ program")), ("files", ("rỗng.pdf", b""))]
    answer = visitor.post("/documents/new", data={"csrf": visitor.token, **form}, files=sent)
    assert answer.status_code == 422
    said = words(answer.text)
    assert "Không phải ngày" in said
    assert "Tệp xấu.exe không phải loại được nhận" in said
    assert 'value="15/QĐ-UBND"' in answer.text
    kept = hidden(answer.text, "upload")
    assert "tốt.pdf" in said
    parts = [p for p in settings().data_dir.rglob("*") if p.is_file()]
    assert [p.name for p in parts] == [f"{kept}.part"]
    answer = visitor.send_form("/documents/new", **(form | {"date": "20/02/2023", "upload": kept}))
    assert answer.status_code == 303
    assert [f.name for f in newest().files] == ["tốt.pdf"]
    assert not parts[0].exists()


@pytest.mark.parametrize("subject", ["work:1", "x:y", "work:01890a5d-ac96-774b-bcce-b302099a8070"])
def test_a_form_about_nothing_is_not_found(world: World, subject: str) -> None:
    visitor = Visitor.logged_in("officer")
    assert visitor.get(f"/documents/new?subject={subject}").status_code == 404
    sent = FORM | {"id": new_id(visitor), "subject": subject}
    assert visitor.send_form("/documents/new", **sent).status_code == 404


def test_nobody_is_led_to_another_host(world: World) -> None:
    visitor = Visitor.logged_in("officer")
    for onward in ("https://other.example", "//other.example", "/\\other.example"):
        sent = FORM | {"id": new_id(visitor), "next": onward}
        answer = visitor.send_form("/documents/new", **sent)
        assert answer.headers["location"].startswith("/documents/")


def test_pieces_are_taken_with_the_token_in_the_header_alone(world: World) -> None:
    visitor = Visitor.logged_in("officer")
    ours = {"X-CSRF-Token": visitor.token}
    upload = {"id": "01890a5d-ac96-774b-bcce-b302099a80b0", "name": "a.pdf", "size": len(PDF)}
    assert visitor.post("/uploads", json=upload).status_code == 403
    assert visitor.post("/uploads", json=upload, headers=ours).json()["offset"] == 0
    path = f"/uploads/{upload['id']}"
    kind = ours | {"Content-Type": "application/octet-stream"}
    assert visitor.patch(path, content=PDF, headers=kind | {"Upload-Offset": "5"}).json()["offset"] == 0
    assert visitor.patch(path, content=PDF, headers=kind | {"Upload-Offset": "5"}).status_code == 409
    assert visitor.patch(path, content=PDF[:50], headers=kind | {"Upload-Offset": "0"}).json()["offset"] == 50
    assert visitor.get(path).json() == upload | {"offset": 50}
    assert Visitor.logged_in("leader").get(path).status_code == 404
    assert (
        visitor.patch(path, data={"csrf": visitor.token}, headers={"Upload-Offset": "50"}).status_code == 422
    )
    foreign = kind | {"Upload-Offset": "50", "Origin": "https://other.example"}
    assert visitor.patch(path, content=PDF[50:], headers=foreign).status_code == 403
    assert visitor.delete(path, headers=ours).status_code == 204
    large = visitor.post("/uploads", json=upload | {"size": 200 << 20}, headers=ours)
    assert large.status_code == 422
    assert "200 MB, nhiều nhất 25 MB" in large.json()["errors"][0]["message"]


def test_files_are_sent_safely_and_shown_when_asked(world: World) -> None:
    paper = document(content=None)
    sent = [("ảnh.jpg", photo()), ("bản vẽ.pdf", PDF), ("sơ đồ.png", image("PNG"))]
    for name, content in sent:
        paper = register.add_files(actor(), paper.id, [(name, io.BytesIO(content))])
    visitor = Visitor.logged_in("supervisor")
    base = f"/documents/{paper.id}/files/"
    picture, drawing, _ = (f.sha256 for f in paper.files)
    saved = visitor.get(base + drawing)
    assert saved.content == PDF
    assert saved.headers["content-disposition"].startswith('attachment; filename="ban ve.pdf"')
    assert saved.headers["x-content-type-options"] == "nosniff"
    assert saved.headers["cache-control"] == "private, no-cache"
    assert "frame-ancestors 'none'" in saved.headers["content-security-policy"]
    seen = visitor.get(f"{base}{drawing}?inline=1")
    assert seen.headers["content-disposition"].startswith("inline;")
    assert "frame-ancestors 'self'" in seen.headers["content-security-policy"]
    small = visitor.get(f"{base}{picture}?size=preview")
    assert small.headers["content-type"] == "image/jpeg"
    assert small.content != photo()
    again = visitor.get(f"{base}{picture}?size=preview", headers={"If-None-Match": small.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    page = visitor.get(f"/documents/{paper.id}")
    assert "object-src 'self'" in page.headers["content-security-policy"]
    assert "object-src" not in visitor.get("/documents").headers["content-security-policy"]
    assert "Gỡ tệp" not in words(page.text)
    files.path_of(drawing).unlink()
    broken = visitor.get(base + drawing)
    assert broken.status_code == 409
    assert "Tệp bản vẽ.pdf bị hỏng hoặc không còn trên máy chủ" in words(broken.text)


def test_an_image_that_cannot_be_made_small_is_sent_as_it_is(world: World) -> None:
    paper = document(content=drained())
    visitor = Visitor.logged_in("supervisor")
    small = visitor.get(f"/documents/{paper.id}/files/{paper.files[0].sha256}?size=preview")
    assert (small.status_code, small.content) == (200, drained())
    assert small.headers["content-disposition"].startswith("inline;")


def test_files_that_name_persons_are_not_shown_to_who_may_not_see_them(world: World) -> None:
    paper = document(personal=True)
    path = f"/documents/{paper.id}"
    assert paper.files[0].sha256 in Visitor.logged_in("officer").page(path)
    supervisor = Visitor.logged_in("supervisor")
    page = supervisor.page(path)
    assert paper.files[0].sha256 not in page
    assert "quyết định.pdf" not in page
    refused = supervisor.get(f"{path}/files/{paper.files[0].sha256}")
    assert refused.status_code == 403
    assert "thông tin cá nhân" in words(refused.text)


def test_a_paper_of_a_model_is_closed_and_its_form_says_so(world: World) -> None:
    model, visitor = supporting.model(), Visitor.logged_in("officer")
    page = visitor.page(f"/documents/new?subject=support_model:{model.id}")
    assert "Giấy tờ của hộ, của mô hình hỗ trợ được giữ kín" in words(page)
    assert 'name="personal"' not in page
    asked = FORM | {"id": hidden(page, "id"), "subject": hidden(page, "subject"), "kind": "group_list"}
    assert visitor.send_form("/documents/new", **asked).status_code == 303
    assert newest().personal
    assert 'name="personal"' in visitor.page("/documents/new")


def test_a_voucher_has_its_scan_also_while_it_waits(world: World) -> None:
    from app.domain.ledger.posting import record

    on = line()
    posted = post(on.id, "allocate", 10_000_000, "2023-01-05")
    waiting, _ = record(actor("officer"), entry(on.id, "pay", 1_000_000, "2023-03-01"))
    visitor = Visitor.logged_in("accountant")
    for one in (posted, waiting):
        path = f"/ledger/entries/{one.id}"
        [new] = [link for link in links(visitor.page(path)) if link.startswith("/documents/new?")]
        page = visitor.page(new)
        for value in ("0147/UNC", "01/03/2023", "Kho bạc Nhà nước"):
            assert f'value="{value}"' in page
        assert '<option value="voucher" selected>' in page
        form = FORM | {
            "id": hidden(page, "id"), "subject": hidden(page, "subject"), "next": hidden(page, "next"),
            "kind": "voucher", "number": f"{one.kind}-quet",
        }  # fmt: skip
        assert visitor.send_form("/documents/new", **form).headers["location"] == path
        assert f"{one.kind}-quet" in words(visitor.page(path))


def test_a_document_of_the_register_is_attached_and_taken_off(world: World) -> None:
    made, paper = work(), document()
    visitor = Visitor.logged_in("officer")
    about = f"work:{made.id}"
    page = visitor.page(f"/documents/attach?subject={about}&q=tra huynh")
    assert f"/documents/{paper.id}" in links(page)
    answer = visitor.send_form(f"/documents/{paper.id}/attach", subject=about)
    assert answer.headers["location"] == f"/works/{made.id}/documents"
    assert "đã đính kèm" in words(visitor.page(f"/documents/attach?subject={about}"))
    answer = visitor.send_form(f"/documents/{paper.id}/detach", subject=about)
    assert answer.headers["location"] == f"/documents/{paper.id}"
    assert newest().attached_to == ()


def test_changing_a_document_and_its_files(world: World) -> None:
    paper = document()
    visitor = Visitor.logged_in("officer")
    path = f"/documents/{paper.id}"
    page = visitor.page(f"{path}/edit")
    form = FORM | {"version": hidden(page, "version"), "number": "16"}
    assert visitor.send_form(f"{path}/edit", **form).headers["location"] == path
    late = visitor.send_form(f"{path}/edit", **(form | {"number": "17"}))
    assert late.status_code == 409
    assert "Bản hiện tại, do người khác vừa sửa" in words(late.text)
    assert 'value="17"' in late.text
    none = visitor.send_form(f"{path}/files")
    assert none.status_code == 422
    assert "Chọn ít nhất một tệp" in words(none.text)
    sent = [("files", ("thêm.pdf", PDF + b"%")), ("files", ("xấu.txt", b"text"))]
    half = visitor.post(f"{path}/files", data={"csrf": visitor.token}, files=sent)
    assert half.status_code == 422
    kept = hidden(half.text, "upload")
    assert visitor.send_form(f"{path}/files", upload=kept).headers["location"] == path
    assert [f.name for f in newest().files] == ["quyết định.pdf", "thêm.pdf"]
    gone = visitor.send_form(f"{path}/files/{newest().files[0].sha256}/remove")
    assert gone.headers["location"] == path
    assert [f.name for f in newest().files] == ["thêm.pdf"]


def test_a_form_of_two_hundred_megabytes_is_refused_with_both_sizes(world: World) -> None:
    visitor = Visitor.logged_in("officer")
    headers = {"Content-Type": "multipart/form-data; boundary=x", "Content-Length": str(200 << 20)}
    answer = visitor.post("/documents/new", content=b"--x", headers=headers)
    assert answer.status_code == 413
    assert "Gửi lên 200 MB, một lần nhận tối đa 26 MB" in words(answer.text)


def test_the_register_comes_in_pages_and_its_file_whole(world: World) -> None:
    for n in range(51):
        document(content=None, id=uuid.uuid4(), number=f"{n}/CV")
    visitor = Visitor.logged_in("officer")
    page = visitor.page("/documents")
    assert "1–50 trong 51" in words(page)
    assert "/documents?page=2" in links(page)
    assert visitor.page("/documents?page=2").count("/CV</a>") == 1
    assert visitor.get("/documents?format=csv").text.count("/CV") == 51


def test_what_a_document_is_attached_to_is_named_in_the_readers_language(world: World) -> None:
    its = work(procedure="special")
    first = steps.steps(actor(), its.id)[0]
    report, _ = progress_editing.create(
        actor(), progress_editing.NewReport(uuid.uuid4(), its.id, date(2023, 9, 5), 10)
    )
    of_step = document(subject=("step", first.id))
    of_report = document(subject=("progress", report.id), number="2/BB")
    for lang, step_name, day in (("vi", first.name, "05/09/2023"), ("en", first.name_en, "5 Sep 2023")):
        visitor = Visitor.logged_in("officer", lang)
        assert step_name in words(visitor.page(f"/documents/{of_step.id}"))
        assert day in words(visitor.page(f"/documents/{of_report.id}"))
        listed = words(visitor.page(f"/works/{its.id}/documents"))
        assert step_name in listed
        assert day in listed
        assert "2023-09-05" not in listed
