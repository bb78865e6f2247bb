"""A work's dossier: in the order of its procedure, once each, nothing spoiled or secret in it, and on record."""

from __future__ import annotations

import io
import uuid
import zipfile

import sqlalchemy as sa

from app import db
from app.domain import audit
from app.domain.documents import files
from app.domain.works import clearance, dossier, step_editing
from app.models.clearance import PersonalView
from app.reports import dossier as packed
from tests.support.papers import PDF, document, image
from tests.support.procedure import step
from tests.support.world import World, actor, contract, work


def taken_out(work_id: uuid.UUID, role: str = "leader") -> tuple[dossier.Dossier, dict[str, bytes]]:
    whole, paths = dossier.to_download(actor(role), work_id)
    target = io.BytesIO()
    packed.write(whole, paths, target, "vi")
    with zipfile.ZipFile(target) as archive:
        return whole, {name: archive.read(name) for name in archive.namelist()}


def test_documents_stand_in_the_order_of_the_procedure_with_clearance_inside(world: World) -> None:
    its = work(procedure="special")
    clearance.begin(actor(), its.id)
    signed = contract(its.id)
    for kind, subject in (
        ("letter", ("work", its.id)), ("contract", ("contract", signed.id)),
        ("works_list", ("step", step(its.id, "list").id)),
        ("clearance_notice", ("step", step(its.id, "notice", track="clearance").id)),
    ):  # fmt: skip
        document(content=None, kind=kind, subject=subject, number=kind)
    whole = dossier.dossier(actor(), its.id)
    found = [(s.step.code if s.step else s.kind, [d.kind for d in s.documents]) for s in whole.sections]
    assert [x for x in found if x[1]] == [
        ("list", ["works_list"]), ("notice", ["clearance_notice"]), ("contract", ["contract"]), ("work", ["letter"]),
    ]  # fmt: skip
    codes = [code for code, _ in found]
    assert (
        codes.index("clearance") + 1 == codes.index("notice") < codes.index("handover") < codes.index("start")
    )
    lacks = {s.step.code: s.lacks for s in whole.sections if s.step and s.step.track == "main"}
    assert lacks["list"] == ()
    assert lacks["building"] == ("volume_acceptance", "community_supervision")
    step_editing.update(
        actor(), its.id, step(its.id, "dossier").id, 1, {"status": "waived", "reason": "Có hồ sơ mẫu"}
    )
    assert (
        next(
            s for s in dossier.dossier(actor(), its.id).sections if s.step and s.step.code == "dossier"
        ).lacks
        == ()
    )


def test_a_file_that_the_disk_spoiled_is_named_and_left_out(world: World) -> None:
    its = work(procedure="special")
    good = document(subject=("work", its.id), number="1")
    bad = document(content=image(), subject=("work", its.id), number="2")
    files.path_of(bad.files[0].sha256).write_bytes(b"x")
    whole, archive = taken_out(its.id)
    assert whole.damaged == {bad.files[0].sha256}
    assert [line.split("  ")[0] for line in archive["SHA256SUMS.txt"].decode().splitlines()] == [
        good.files[0].sha256
    ]
    assert "1 tệp hỏng hoặc mất trên đĩa" in archive["MUC-LUC.html"].decode()


def test_files_that_name_persons_come_only_for_who_may_see_them_and_are_on_record(world: World) -> None:
    its = work(procedure="special")
    document(subject=("work", its.id), personal=True)
    _, without = taken_out(its.id, "reviewer")
    assert [name for name in without if name.endswith(".pdf")] == []
    assert "không kèm: có dữ liệu cá nhân" in without["MUC-LUC.html"].decode()
    whole, archive = taken_out(its.id, "leader")
    assert [content for name, content in archive.items() if name.endswith(".pdf")] == [PDF]
    assert whole.withheld == set()
    with db.transaction() as session:
        seen = session.execute(
            sa.select(PersonalView.actor, PersonalView.subject_kind, PersonalView.purpose)
        ).all()
    assert seen == [("leader", "work", "export")]
    rows = audit.history(actor("inspector"), subject_kind="work", subject_id=str(its.id))
    assert [r.actor for r in rows if r.action == "work.dossier"] == ["leader", "reviewer"]


def test_names_in_the_archive_are_plain_and_each_its_own(world: World) -> None:
    its = work(procedure="special", code="CT/2023 ../Đ")
    for number in range(3):
        document(content=image(size=(20, 20 + number)), subject=("work", its.id), number="15/QĐ-UBND")
    whole, archive = taken_out(its.id)
    names = [name for name in archive if "/" in name]
    assert len(set(names)) == 3
    assert all(name.isascii() and ".." not in name and name.count("/") == 1 for name in names)
    assert packed.file_name(whole) == "ho-so-ct-2023-d.zip"
