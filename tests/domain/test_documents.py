"""Documents: recording once, files, attaching, uploads in pieces, personal files, what a done step keeps."""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from app import db
from app.clock import utcnow
from app.domain import documents, support
from app.domain.documents import DocumentFilter, FileDamaged, NewDocument, files, uploads
from app.domain.documents.attaching import attached, documents_of_work, set_attached
from app.domain.documents.uploads import OffsetDiffers
from app.domain.ledger.posting import record
from app.errors import Forbidden, IdTaken, Invalid, NotFound, RuleBroken, Stale
from app.models.clearance import PersonalView
from app.models.documents import Document, DocumentFile, Upload
from app.models.identity import AuditRow
from app.models.procedures import Procedure, WorkStep
from app.settings import settings
from tests.support import supporting
from tests.support.book import execute
from tests.support.land import household
from tests.support.papers import PDF, document, image
from tests.support.world import World, actor, contract, entry, line, work


def count(model: type) -> int:
    with db.transaction() as session:
        return session.execute(sa.select(sa.func.count()).select_from(model)).scalar_one()


def on_disk() -> list[Path]:
    return [p for p in settings().data_dir.rglob("*") if p.is_file()]


def step(work_id: uuid.UUID, required: list[str]) -> uuid.UUID:
    """A done step of a work."""
    step_id = uuid.uuid4()
    with db.transaction(write=True) as session:
        procedure = session.execute(sa.select(sa.func.min(Procedure.id))).scalar_one()
        session.execute(
            sa.insert(WorkStep).values(
                id=step_id, work_id=work_id, procedure_id=procedure, track="main", position=1, code="x",
                name="Phê duyệt", name_en="Approval", gate="", after=[], required_documents=required,
                prepares="", approves="", status="done", done_on=date(2023, 3, 1), reason="", search="phe duyet",
                version=1, updated_at=utcnow(),
            )
        )  # fmt: skip
    return step_id


def test_a_document_is_recorded_once_with_its_files(world: World) -> None:
    made = work()
    who, id_ = actor("officer"), uuid.uuid4()
    stored = [
        files.take(PDF, "quyết định.pdf"),
        files.take(image(), "quyết định.jpg"),
        files.take(PDF, "lại.pdf"),
    ]
    new = NewDocument(id_, "15/QĐ-UBND", date(2023, 2, 20), "UBND xã", "approval_decision", "Đường Trà Huỳnh")
    first, is_new = documents.create(who, new, stored, ("work", made.id))
    assert is_new
    assert [f.name for f in first.files] == ["quyết định.pdf", "quyết định.jpg"]  # a content stands once
    assert first.attached_to == (("work", made.id),)
    assert (first.unit_code, first.unit_structure) == ("20770", "legacy")
    assert documents.create(who, new, stored, ("work", made.id)) == (first, False)
    with pytest.raises(IdTaken):
        documents.create(who, new, stored[:1], ("work", made.id))
    with pytest.raises(IdTaken):
        documents.create(who, NewDocument(id_, "16", new.date, "UBND xã", "approval_decision"))
    assert count(Document) == 1
    assert [d.id for d in documents.alike(who, None, "15/QĐ-UBND", new.date, "UBND xã")] == [id_]
    assert documents.alike(who, None, "15/QĐ-UBND", new.date, "UBND xã", but=id_) == []


def test_what_is_wrong_with_a_document_is_said_and_leaves_nothing(world: World) -> None:
    def new(**values: object) -> NewDocument:
        sane = {"number": "1", "date": date(2023, 1, 1), "issuer": "UBND", "kind": "decision"}
        return NewDocument(uuid.uuid4(), **(sane | values))  # type: ignore[arg-type]

    wrong: list[tuple[NewDocument, str]] = [
        (new(date=date(2100, 1, 1)), "date"), (new(date=date(1900, 1, 1)), "date"), (new(number=" "), "number"),
        (new(kind="none"), "kind"), (new(unit_code="00001@legacy"), "unit_code"),
        (new(uploads=(uuid.uuid4(),)), "uploads"),
    ]  # fmt: skip
    for asked, field in wrong:
        with pytest.raises((Invalid, NotFound)) as refused:
            documents.create(actor(), asked)
        assert [e.field for e in refused.value.errors] == [field]
    with pytest.raises(NotFound):
        documents.create(actor(), new(), subject=("work", uuid.uuid4()))
    with pytest.raises(NotFound):  # another unit's work
        documents.create(actor(unit="00001@legacy"), new(), subject=("work", work().id))
    assert count(Document) == 0


def test_documents_are_found_with_and_without_marks_and_only_in_scope(world: World) -> None:
    made = work()
    first = document(subject=("work", made.id))
    document(
        number="07/BB", kind="minutes", issuer="Ban giám sát", summary="Thôn Trà Sơn", date=date(2023, 5, 1)
    )

    def found(unit: str = "20770@legacy", **wanted: object) -> list[str]:
        listed = documents.documents(actor("supervisor", unit), DocumentFilter(**wanted), newest_first=True)  # type: ignore[arg-type]
        assert documents.count(actor("supervisor", unit), DocumentFilter(**wanted)) == len(listed)  # type: ignore[arg-type]
        return [d.number for d in listed]

    assert found() == ["07/BB", "15/QĐ-UBND"]
    assert found(q="duong be tong TRA HUYNH") == found(q="bê tông Huỳnh") == ["15/QĐ-UBND"]
    assert found(q="giam sat") == found(kind="minutes") == found(date_from=date(2023, 3, 1)) == ["07/BB"]
    assert found(date_to=date(2023, 3, 1)) == found(subject=("work", made.id)) == found(number="15/QĐ-UBND")
    assert found(q="100%_") == []
    assert found("20770@2025") == found("512@legacy") == ["07/BB", "15/QĐ-UBND"]
    assert found("00001@legacy") == []
    with pytest.raises(NotFound):
        documents.get(actor(unit="00001@legacy"), first.id)
    with pytest.raises(NotFound):
        found("00001@legacy", subject=("work", made.id))


def test_changing_is_by_version_and_the_record_keeps_no_summary(world: World) -> None:
    made = document(summary="Hộ ông Nguyễn Văn A", personal=True)
    changed = documents.update(actor(), made.id, 1, {"number": "15a", "summary": "Hộ bà Trần Thị B"})
    assert (changed.version, changed.number) == (2, "15a")
    with pytest.raises(Stale):
        documents.update(actor(), made.id, 1, {"number": "15b"})
    assert [d.id for d in documents.documents(actor(), DocumentFilter(q="tran thi b 15a"))] == [made.id]
    with db.transaction() as session:
        said = str(list(session.execute(sa.select(AuditRow.facts)).scalars()))
    assert "15a" in said
    assert "Nguyễn Văn A" not in said
    assert "Trần Thị B" not in said


def test_attaching_and_taking_off(world: World) -> None:
    made, on = work(), line()
    signed = contract(made.id)
    proposed, _ = record(actor("officer"), entry(on.id, "allocate", 1000, "2023-02-01"))
    paper, other = document(), document(number="16")
    who = actor("officer")
    for kind, id_ in (("work", made.id), ("contract", signed.id), ("entry", proposed.id), ("line", on.id)):
        documents.attach(who, paper.id, kind, id_)
        documents.attach(who, paper.id, kind, id_)
    assert len(documents.get(who, paper.id).attached_to) == 4
    with db.transaction(write=True) as session:
        set_attached(session, who, "work", made.id, made.owner_unit_id, [other.id])
        with pytest.raises(NotFound) as refused:
            set_attached(session, who, "work", made.id, made.owner_unit_id, [uuid.uuid4()], field="papers")
        assert refused.value.errors[0].field == "papers"
        found = attached(session, "work", [made.id, uuid.uuid4()])
    assert [d.id for d in found[made.id]] == [other.id]
    assert {x.document.id: [s.kind for s in x.about] for x in documents_of_work(who, made.id)} == {
        paper.id: ["contract"], other.id: ["work"]
    }  # fmt: skip
    documents.detach(who, paper.id, "contract", signed.id)
    with pytest.raises(NotFound):
        documents.detach(who, paper.id, "contract", signed.id)
    for kind, id_, fault in (("work", uuid.uuid4(), NotFound), ("x", made.id, Invalid)):
        with pytest.raises(fault):
            documents.attach(who, paper.id, kind, id_)
    with pytest.raises(NotFound):
        documents.attach(actor(unit="00001@legacy"), paper.id, "work", made.id)


def test_a_done_step_keeps_what_it_requires(world: World) -> None:
    done = step(work().id, ["approval_decision"])
    paper = document(subject=("step", done))
    acts: list[Callable[[], object]] = [
        lambda: documents.detach(actor(), paper.id, "step", done),
        lambda: documents.update(actor(), paper.id, 1, {"kind": "letter"}),
    ]
    for act in acts:
        with pytest.raises(RuleBroken) as refused:
            act()
        assert (refused.value.rule, refused.value.facts["step"]) == ("step_documents", "Phê duyệt")
    document(number="16", subject=("step", done))
    documents.detach(actor(), paper.id, "step", done)


def test_files_are_added_once_opened_verified_and_taken_out(world: World) -> None:
    made = document()
    [sha256] = [f.sha256 for f in made.files]
    assert documents.open_file(actor("supervisor"), made.id, sha256).path.read_bytes() == PDF
    files.path_of(sha256).write_bytes(b"spoiled")
    with pytest.raises(FileDamaged):
        documents.open_file(actor(), made.id, sha256)
    mended = documents.add_files(
        actor(), made.id, [("lại.pdf", io.BytesIO(PDF)), ("ảnh.pdf", io.BytesIO(image()))]
    )
    assert [f.name for f in mended.files] == ["quyết định.pdf", "ảnh.jpg"]
    assert documents.open_file(actor(), made.id, sha256).path.read_bytes() == PDF
    assert len(documents.remove_file(actor(), made.id, sha256).files) == 1
    with pytest.raises(NotFound):
        documents.open_file(actor(), made.id, sha256)
    with pytest.raises(Invalid):
        documents.add_files(actor(), made.id, [("tốt.pdf", io.BytesIO(PDF)), ("xấu.exe", io.BytesIO(b"MZ"))])
    assert count(DocumentFile) == 1


def test_files_that_name_persons_open_only_for_who_may_see_them(world: World) -> None:
    made = document(personal=True)
    sha256 = made.files[0].sha256
    for role in ("administrator", "reviewer", "supervisor", "client:read", "client:write"):
        assert documents.get(actor(role), made.id).files  # the row is shown
        with pytest.raises(Forbidden):
            documents.open_file(actor(role), made.id, sha256)
    for role in ("officer", "accountant", "leader", "inspector"):
        assert documents.open_file(actor(role), made.id, sha256).path.exists()
    with db.transaction() as session:
        views = sa.select(PersonalView.actor, PersonalView.subject_kind, PersonalView.subject_id)
        assert session.execute(views.order_by(PersonalView.id)).all() == [
            (role, "document", str(made.id)) for role in ("officer", "accountant", "leader", "inspector")
        ]


def test_that_a_document_names_persons_is_taken_back_only_by_who_may_see_them(world: World) -> None:
    made = document(personal=True)
    with pytest.raises(Forbidden):
        documents.update(actor(), made.id, made.version, {"personal": False})
    same = documents.update(actor(), made.id, made.version, {"personal": True, "summary": "Danh sách"})
    assert not documents.update(actor("officer"), made.id, same.version, {"personal": False}).personal


def test_an_upload_goes_on_where_it_broke(world: World) -> None:
    who, id_ = actor("officer"), uuid.uuid4()
    content = image(size=(900, 700), quality=95)
    begun, is_new = uploads.begin(who, id_, "ảnh hiện trường.jpg", len(content))
    assert (begun.offset, is_new) == (0, True)
    assert uploads.append(who, id_, 0, content[:1000]).offset == 1000
    for wrong in (0, 999, 2000):
        with pytest.raises(OffsetDiffers) as told:
            uploads.append(who, id_, wrong, content[wrong : wrong + 10])
        assert told.value.facts["offset"] == 1000
    assert uploads.begin(who, id_, "ảnh hiện trường.jpg", len(content))[0].offset == 1000
    with pytest.raises(IdTaken):
        uploads.begin(who, id_, "khác.jpg", len(content))
    new = NewDocument(uuid.uuid4(), "", date(2023, 3, 1), "", "photo", uploads=(id_,))
    with pytest.raises(Invalid):
        documents.create(who, new)
    # A write that the row never counted (the process was killed) is written over.
    part = settings().data_dir / "uploads" / f"{id_}.part"
    part.write_bytes(content[:1000] + b"never counted")
    assert uploads.append(who, id_, 1000, content[1000:5000]).offset == 5000
    # What the disk lost is sent again.
    part.write_bytes(content[:3000])
    with pytest.raises(OffsetDiffers):
        uploads.append(who, id_, 5000, content[5000:])
    assert uploads.get(who, id_).offset == 3000
    assert uploads.append(who, id_, 3000, content[3000:]).complete
    made, _ = documents.create(who, new)
    assert documents.open_file(who, made.id, made.files[0].sha256).path.read_bytes() == content
    assert made.files[0].name == "ảnh hiện trường.jpg"
    assert not part.exists()
    assert count(Upload) == 0
    assert documents.create(who, new) == (made, False)
    with pytest.raises(NotFound):
        uploads.get(who, id_)


def test_only_who_began_an_upload_sees_it_and_late_ones_are_dropped(world: World) -> None:
    who, id_ = actor("officer"), uuid.uuid4()
    uploads.begin(who, id_, "a.pdf", len(PDF))
    uploads.append(who, id_, 0, PDF[:100])
    for other in (actor("leader"), actor("officer", "00001@legacy"), actor()):
        if other.ref == who.ref:
            continue
        for act in (
            lambda o=other: uploads.get(o, id_), lambda o=other: uploads.append(o, id_, 100, b"x"),
            lambda o=other: uploads.drop(o, id_),
        ):  # fmt: skip
            with pytest.raises(NotFound):
                act()
    late: datetime = utcnow() - timedelta(days=3)
    with db.transaction(write=True) as session:
        session.execute(sa.update(Upload).values(updated_at=late))
    uploads.begin(who, uuid.uuid4(), "b.pdf", 10)
    assert count(Upload) == 1
    assert on_disk() == []


def test_an_upload_of_a_wrong_kind_or_size_leaves_nothing(world: World) -> None:
    who = actor("officer")
    for size, field in ((0, "size"), (200 * 1024 * 1024, "size")):
        with pytest.raises(Invalid) as refused:
            uploads.begin(who, uuid.uuid4(), "lớn.pdf", size)
        assert [e.field for e in refused.value.errors] == [field]
    assert refused.value.errors[0].facts == {"file": "lớn.pdf", "asked": 200, "held": 25}
    for content in (b"MZ" + b"x" * 100, b"PK\x03\x04" + b"x" * 100, PDF + b"more than announced"):
        id_ = uuid.uuid4()
        uploads.begin(who, id_, "x.pdf", min(len(content), 102 if content[:1] != b"%" else len(PDF)))
        with pytest.raises(Invalid):
            uploads.append(who, id_, 0, content[:102] if content[:1] != b"%" else content)
        with pytest.raises(NotFound):
            uploads.get(who, id_)
    with pytest.raises(Invalid):
        uploads.whole(who, "x.exe", io.BytesIO(b"MZ" + b"x" * 100), uuid.uuid4())
    assert count(Upload) == 0
    assert on_disk() == []
    form = uuid.uuid4()
    once = uploads.whole(who, "x.pdf", io.BytesIO(PDF), form)
    assert uploads.whole(who, "x.pdf", io.BytesIO(PDF), form) == once
    uploads.drop(who, once.id)
    assert on_disk() == []


def test_a_refused_document_keeps_its_uploads(world: World) -> None:
    who = actor("officer")
    sent = uploads.whole(who, "x.pdf", io.BytesIO(PDF), uuid.uuid4())
    with pytest.raises(NotFound):
        documents.create(
            who, NewDocument(uuid.uuid4(), "1", date(2023, 1, 1), "", "none", uploads=(sent.id,))
        )
    assert uploads.mine(who, [sent.id]) == [sent]
    execute("DELETE FROM uploads")


def test_papers_of_households_and_models_name_persons_until_said_otherwise(world: World) -> None:
    its, model = household(work().id), supporting.model()
    new = document(subject=("clearance_household", its.id), personal=False)
    assert new.personal
    listed = document(subject=("support_model", model.id), kind="group_list")
    with pytest.raises(Forbidden):
        documents.open_file(actor("reviewer"), listed.id, listed.files[0].sha256)
    # One that was recorded open, whether it comes by itself or with a delivery.
    paper = document(kind="support_acceptance")
    closed = documents.attach(actor("officer"), paper.id, "support_model", model.id)
    assert (closed.personal, closed.version) == (True, 2)
    with pytest.raises(Stale):  # who read it open does not open it again unawares
        documents.update(actor("officer"), paper.id, paper.version, {"personal": False})
    assert documents.attach(actor("officer"), paper.id, "work", work().id).version == 2
    assert not documents.update(actor("officer"), paper.id, 2, {"personal": False}).personal
    minutes = document(number="16/BB")
    running = supporting.running()
    support.deliver(actor("officer"), running.id, supporting.given(running, documents=(minutes.id,)))
    assert documents.get(actor("officer"), minutes.id).personal
    assert not document(subject=("work", work().id)).personal
