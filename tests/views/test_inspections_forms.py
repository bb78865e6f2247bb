"""Forms of inspections: two people at one, what was sent before, evidence of the team."""

from __future__ import annotations

import re
import uuid

from app.domain import inspections
from app.domain.identity import common, people
from app.domain.inspections import (
    InspectionFilter,
    NewCheck,
    NewFinding,
)
from tests.support.inspecting import DISTRICT, held
from tests.support.pages import Visitor, hidden, links, words
from tests.support.papers import PDF
from tests.support.world import PASSWORD, World, actor


def leader() -> Visitor:
    """The leader of the district."""
    person = people.NewUser("lanhdaohuyen", "Hoàng Văn Hùng", "leader", DISTRICT)
    people.create_user(common.system_actor(), person, PASSWORD)
    return Visitor.logged_in("lanhdaohuyen")


def test_the_team_attaches_its_evidence(world: World) -> None:
    made, finding = held(), NewFinding(uuid.uuid4(), "Thiếu sổ họp", wanting=True)
    inspections.find(actor("leader", DISTRICT), made.id, finding)
    for role in ("inspector", "reviewer"):
        people.create_user(
            common.system_actor(), people.NewUser(f"{role}2", "Phan A", role, DISTRICT), PASSWORD
        )
        who = Visitor.logged_in(f"{role}2")
        for subject, path in (
            (f"finding:{finding.id}", f"/inspections/{made.id}/findings"),
            (f"inspection:{made.id}", f"/inspections/{made.id}/documents"),
        ):
            (link,) = {
                href for href in links(who.page(path)) if href.startswith("/documents/new") and subject.replace(":", "%3A") in href
            }  # fmt: skip
            form = {
                "id": hidden(who.page(link), "id"), "subject": subject, "next": path, "kind": "other", "number": f"{role}/BB",
                "date": "14/09/2023", "issuer": "Đoàn kiểm tra", "summary": "Biên bản",
            }  # fmt: skip
            sent = who.post(
                "/documents/new", data={"csrf": who.token, **form}, files=[("files", ("a.pdf", PDF, "application/pdf"))]
            )  # fmt: skip
            assert (sent.status_code, sent.headers["location"]) == (303, path), words(sent.text)
            assert f"{role}/BB" in words(who.page(path))
        assert who.get("/documents/new").status_code == 403


def fields_of(page: str) -> dict[str, str]:
    """What the checklist's form would send untouched."""
    names = set(re.findall(r'name="((?:version|rows|c\d+_(?:id|subject|was)))"', page))
    held = {name: hidden(page, name) for name in names}
    texts = re.findall(r'<textarea[^>]* name="(c\d+_text)"[^>]*>([^<]*)</textarea>', page)
    notes = re.findall(r'<input[^>]* name="(c\d+_note)"[^>]* value="([^"]*)"', page)
    results = re.findall(r'name="(c\d+_result)".*?</select>', page, re.S)
    chosen = {
        name: (re.findall(rf'name="{name}".*?</select>', page, re.S)[0].split(" selected")[0].rpartition('value="')[2].strip('"'))
        for name in results
        if " selected" in re.findall(rf'name="{name}".*?</select>', page, re.S)[0]
    }  # fmt: skip
    return held | {name: text.strip() for name, text in [*texts, *notes]} | chosen


def test_two_people_at_one_checklist_lose_nothing(world: World) -> None:
    made, boss, other = held(), leader(), Visitor.logged_in("huyen")
    path, district = f"/inspections/{made.id}/checklist", actor("leader", DISTRICT)
    lines = [NewCheck(text) for text in ("Sổ họp", "Hồ sơ", "Kế hoạch", "Thôn")]
    inspections.set_checklist(district, made.id, made.version, lines)
    mine, theirs = fields_of(boss.page(path)), fields_of(other.page(path))
    # The other ticks a line, words a second one anew, takes the fourth out and adds one.
    changed = {"c0_result": "met", "c1_text": "Hồ sơ dự án", "c3_text": "", "c4_text": "Hiện trường"}
    assert other.send_form(path, **(theirs | changed)).status_code == 303
    typed = mine | {"c1_text": "Hồ sơ công trình", "c2_note": "Chưa duyệt", "c4_note": "Thiếu ảnh"}
    missing = boss.send_form(path, **typed)
    assert (missing.status_code, 'href="#f-c4_text"' in missing.text) == (422, True)
    late = boss.send_form(path, **(typed | {"c4_text": "Ảnh"}))
    assert (late.status_code, "Hồ sơ công trình</textarea>" in late.text) == (409, True)
    assert "Người khác vừa ghi: Hồ sơ dự án" in words(late.text)
    merged = fields_of(late.text)
    assert (merged["c0_result"], merged["c2_note"], merged["c3_text"]) == ("met", "Chưa duyệt", "")
    assert boss.send_form(path, **merged).status_code == 303
    standing = inspections.whole(district, made.id).checklist
    assert [(c.text, c.result, c.note) for c in standing] == [
        ("Sổ họp", "met", ""), ("Hồ sơ công trình", None, ""), ("Kế hoạch", None, "Chưa duyệt"), ("Ảnh", None, "Thiếu ảnh"),
        ("Hiện trường", None, ""),
    ]  # fmt: skip
    # A form that holds one line takes no other out.
    page = boss.page(path)
    alone = {name: hidden(page, name) for name in ("version", "c0_id")} | {"rows": "1", "c0_text": "Sổ"}
    assert boss.send_form(path, **alone).status_code == 303
    assert len(inspections.whole(district, made.id).checklist) == 5


def test_what_was_sent_before_is_not_sent_for_ever(world: World) -> None:
    made, boss = held(), leader()
    path = f"/inspections/{made.id}"
    page = boss.page(f"{path}/demands")
    row = {"rows": "3", "d0_text": "Họp", "d1_text": "Lập sổ"} | {
        f"d{i}_{name}": value
        for i in (0, 1)
        for name, value in (
            ("id", hidden(page, f"d{i}_id")),
            ("assignee", "unit:20770@legacy"),
            ("due_on", "31/10/2023"),
        )
    }
    silent = boss.send_form(f"{path}/demands", **row, d2_quote="họp BCĐ hằng tháng")
    assert (silent.status_code, 'href="#f-d2_text"' in silent.text) == (422, True)
    assert "họp BCĐ hằng tháng</textarea>" in silent.text
    assert boss.send_form(f"{path}/demands", **row).status_code == 303
    again = boss.send_form(f"{path}/demands", **(row | {"d1_text": "Lập sổ họp"}))
    assert (again.status_code, "Yêu cầu này đã giao rồi" in again.text) == (409, True)
    fresh = {name: hidden(again.text, name) for name in ("d0_id", "d1_id")}
    assert (fresh["d0_id"], fresh["d1_id"] != row["d1_id"]) == (row["d0_id"], True)
    assert boss.send_form(f"{path}/demands", **(row | fresh | {"d1_text": "Lập sổ họp"})).status_code == 303
    assert len(inspections.given(actor("leader", DISTRICT), made.id)) == 3
    page = boss.page(f"{path}/findings")
    found = {"id": hidden(page, "id"), "kind": "wanting", "text": "Thiếu sổ"}
    assert boss.send_form(f"{path}/findings", **found).status_code == 303
    taken = boss.send_form(f"{path}/findings", **(found | {"text": "Thiếu sổ họp"}))
    assert (taken.status_code, "Điều này đã ghi rồi" in taken.text) == (409, True)
    again = boss.send_form(f"{path}/findings", **(found | {"id": hidden(taken.text, "id"), "text": "Khác"}))
    assert again.status_code == 303
    huyen = Visitor.logged_in("huyen")
    page = huyen.page("/inspections/plan?for_year=2024")
    year = {"rows": "4", "year": "2024"}
    for i, code in enumerate(("20770", "20773")):
        year |= {f"i{i}_id": hidden(page, f"i{i}_id"), f"i{i}_unit_code": f"{code}@legacy"}
    assert huyen.send_form("/inspections/plan", **year).status_code == 303
    taken = huyen.send_form("/inspections/plan", **year, i1_title="Chuyên đề")
    assert (taken.status_code, 'href="#f-i1_unit_code"' in taken.text) == (409, True)
    fresh = {name: hidden(taken.text, name) for name in ("i0_id", "i1_id")}
    assert huyen.send_form("/inspections/plan", **(year | fresh), i1_title="Chuyên đề").status_code == 303
    assert inspections.counts(actor("leader", DISTRICT), InspectionFilter(year=2024)).all == 3
