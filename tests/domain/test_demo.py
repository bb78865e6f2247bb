"""The whole catalogue and the demonstration, loaded by the command line as anybody would, on both engines."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from app import db
from app.domain import (
    demo,
    demo_base,
    demo_inspections,
    directives,
    households,
    inspections,
    meetings,
    obstacles,
    plans,
    support,
    targets,
    territory,
    works,
)
from app.domain.access import Actor
from app.domain.criteria.scorecard import scorecard
from app.domain.directives import DirectiveFilter
from app.domain.households import HouseholdFilter
from app.domain.identity import common, login, people
from app.domain.inspections import InspectionFilter
from app.domain.ledger import figures, lines, proposals
from app.domain.ledger import verify as ledger_verify
from app.domain.ledger.views import EntryFilter, entries
from app.domain.meetings import MeetingFilter
from app.domain.plans import PlanFilter
from app.domain.support import ModelFilter
from app.domain.targets import TargetFilter
from app.domain.works import clearance, questions, stages
from app.errors import NotFound
from app.models import Base
from app.models.identity import ROLES
from app.text import fold
from tests.support.commands import run
from tests.support.databases import Database, Databases
from tests.support.world import World, actor

INSPECTION = date(2023, 9, 14)
TEN = 10
_first_output: dict[str, str] = {}


def _load() -> None:
    url = db.engine().url.render_as_string(hide_password=False)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MTQG_DATABASE_URL", url)
        result = run("load", "demo")
    assert result.exit_code == 0, result.stderr
    _first_output[db.engine().dialect.name] = result.stdout


@pytest.fixture
def loaded(databases: Databases, engine_name: str) -> Iterator[Database]:
    with databases.fresh(engine_name, _load) as fresh:
        yield fresh


def _counts() -> dict[str, int]:
    with db.transaction() as session:
        return {
            table.name: session.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            for table in Base.metadata.sorted_tables
        }


def _lines(who: Actor, unit: str | None = None) -> list[lines.LineView]:
    return lines.lines(who, lines.LineFilter(year=2023, unit=unit), limit=500)


# --- the catalogue -------------------------------------------------------------------------------------


def test_every_unit_of_both_structures_is_there(loaded: Database) -> None:
    with db.transaction() as session:
        query = sa.text("SELECT structure, level, count(*) FROM units GROUP BY structure, level")
        found = {(structure, level): number for structure, level, number in session.execute(query)}
    assert found == {
        ("legacy", "nation"): 1,
        ("legacy", "province"): 63,
        ("legacy", "district"): 696,
        ("legacy", "commune"): 10_035,
        ("legacy", "hamlet"): 2,
        ("2025", "nation"): 1,
        ("2025", "province"): 34,
        ("2025", "commune"): 3_321,
    }


def test_every_legacy_unit_counts_under_exactly_one_commune_or_province_of_two_tiers(
    loaded: Database,
) -> None:
    with db.transaction() as session:
        query = sa.text("""
            SELECT count(*) FROM (
              SELECT u.id FROM units u
              JOIN unit_scope s ON s.unit_id = u.id
              JOIN units a ON a.id = s.ancestor_id AND a.structure = '2025' AND a.level = 'province'
              WHERE u.structure = 'legacy' AND u.level <> 'nation'
              GROUP BY u.id HAVING count(*) = 1) AS once""")
        assert session.execute(query).scalar_one() == 63 + 696 + 10_035 + 2


def test_the_commune_is_found_without_diacritics(loaded: Database) -> None:
    found = territory.units(actor("reviewer", "VN"), q="song tra", structure="legacy")
    assert "20770" in {unit.code for unit in found}
    assert all({"song", "tra"} <= set(re.findall("song|tra", fold(unit.name))) for unit in found)
    hamlets = territory.units(actor("officer"), q="tra huynh")
    assert [(unit.code, unit.name) for unit in hamlets] == [("20770.02", "Thôn Trà Huỳnh")]


def test_the_successor_sees_the_lines_of_the_commune_and_its_neighbour_does_not(loaded: Database) -> None:
    own = {x.id for x in _lines(actor("accountant"))}
    assert len(own) == 33
    for above in ("20770@2025", "512@legacy", "49@legacy", "48@2025", "VN@2025"):
        assert {x.id for x in _lines(actor("reviewer", above), unit="20770@legacy")} == own
    assert {x.id for x in _lines(actor("accountant", "20770@2025"))} == own
    assert _lines(actor("accountant", "20776@legacy")) == []
    with pytest.raises(NotFound):
        _lines(actor("reviewer", "20776@legacy"), unit="20770@legacy")


def test_loading_the_reference_again_changes_nothing(loaded: Database) -> None:
    before = _counts()
    assert run("load", "reference").exit_code == 0
    assert _counts() == before


# --- the demonstration ---------------------------------------------------------------------------------


def test_loading_the_demonstration_again_changes_nothing_and_tells_no_password(loaded: Database) -> None:
    before = _counts()
    again = run("load", "demo")
    assert (again.exit_code, again.stdout) == (0, "")
    assert "python -m app user link ketoan" in again.stderr
    assert _counts() == before


def test_the_book_of_the_demonstration_is_whole(loaded: Database) -> None:
    assert ledger_verify.verify() is None
    assert run("verify").exit_code == 0


def test_on_the_day_of_the_inspection_56_percent_of_835_billion_was_disbursed(loaded: Database) -> None:
    report = figures.disbursement(actor("leader"), "20770@legacy", 2023, as_of=INSPECTION)
    total = report.total
    assert (total.plan, total.disbursed) == (8_350_000_000, 4_720_450_000)
    assert figures.rate(total.disbursed, total.plan) == 0.5653
    assert (total.advanced, total.settled) == (720_000_000, 680_000_000)
    of: dict[str, list[int]] = {}
    for row in report.rows:
        sums = of.setdefault(row.project_code, [0, 0])
        sums[0] += row.pockets.disbursed
        sums[1] += row.pockets.plan
    rates = {code: figures.rate(*sums) for code, sums in of.items()}
    assert (rates["GNBV.2"], rates["GNBV.3.1"]) == (0.3644, 0.3698)
    assert {"GNBV.1.1", "NTM.2", "NTM.7", "DTTS.1", "DTTS.3.1", "DTTS.4.1"} < rates.keys()


def test_the_year_ends_with_money_left_and_no_other_year_has_lines(loaded: Database) -> None:
    leader = actor("leader")
    assert lines.years(leader, leader.unit_id) == [2023]
    at_end = figures.disbursement(leader, "20770@legacy", 2023, as_of=date(2024, 1, 31)).total
    assert at_end.available > 2_000_000_000
    assert at_end.plan == 8_350_000_000


def test_general_lines_and_lines_of_works_draw_on_five_sources(loaded: Database) -> None:
    found = _lines(actor("leader"))
    assert {x.source for x in found} == {"central", "provincial", "district", "commune", "people"}
    assert {x.capital_kind for x in found} == {"investment", "recurrent"}
    assert {x.capital_kind for x in found if x.work_id} == {"investment"}
    assert all(x.plan > 0 or not x.work_id for x in found)


def test_ten_works_stand_in_different_states(loaded: Database) -> None:
    found = works.works(actor("leader"), works.WorkFilter(), by_code=True)
    assert len(found) == TEN
    assert Counter(w.stage for w in found) == {
        "construction": 4, "preparation": 2, "suspended": 1, "completed": 1, "handed_over": 1, "settled": 1,
    }  # fmt: skip
    by_name = {w.name: w for w in found}
    road = by_name["Đường bê tông thôn Trà Huỳnh – nghĩa trang"]
    assert (road.disbursed, road.contracted, road.physical_percent) == (0, 0, 0)
    assert by_name["Nhà sinh hoạt thôn Trà Sơn"].physical_percent == 65
    assert works.hamlets(actor("leader"), road.id) == [("20770.02", "Thôn Trà Huỳnh")]
    water = next(w for w in found if w.stage == "settled")
    assert all(x.settled == x.plan for x in _lines(actor("leader")) if x.work_id == water.id)


def test_every_kind_of_entry_of_a_year_occurs_and_a_mistake_is_reversed(loaded: Database) -> None:
    book = entries(actor("leader"), EntryFilter(status="posted"), limit=500)
    kinds = {listed.entry.kind for listed in book}
    expected = {"allocate", "withdraw", "advance", "recover", "pay", "refund", "settle", "reversal"}
    assert kinds == expected
    after = [x for x in book if x.entry.effective_date > INSPECTION]
    assert 0 < len(after) < len(book) / 4
    assert max(x.entry.effective_date for x in book) <= date(2024, 1, 31)


def test_the_officer_made_and_the_accountant_posted_every_entry(loaded: Database) -> None:
    book = entries(actor("leader"), EntryFilter(status="posted"), limit=500)
    assert {(x.entry.recorded_by, x.entry.posted_by) for x in book} == {("congchuc", "ketoan")}


def test_what_waits_can_be_posted_by_the_accountant(loaded: Database) -> None:
    accountant = demo_base.actor("ketoan")
    waiting = proposals.waiting(accountant)
    groups = {x.entry.group_id or x.entry.id for x in waiting}
    assert (len(groups), {x.entry.recorded_by for x in waiting}) == (4, {"congchuc"})
    assert {x.entry.effective_date.year for x in waiting} == {2023}
    for listed in waiting:
        assert proposals.post(accountant, listed.entry.id).status == "posted"
    assert proposals.waiting(accountant) == []
    assert ledger_verify.verify() is None


def test_every_invented_row_says_so(loaded: Database) -> None:
    with db.transaction() as session:
        for table in (
            "budget_lines", "works", "ledger_entries", "proposals", "contracts", "acceptances", "payment_dossiers",
            "work_settlements", "documents", "clearance_households", "progress_reports", "obstacles", "assessments", "plans",
            "households", "support_models", "support_deliveries", "support_visits",
            "outreach_events", "observations",
        ):  # fmt: skip
            query = sa.text(f"SELECT count(*), sum(CASE WHEN illustrative THEN 1 ELSE 0 END) FROM {table}")  # noqa: S608
            everything, marked = session.execute(query).one()
            assert everything == marked > 0, table
        for table, column in (
            ("ledger_entries", "document_number"), ("proposals", "document_number"), ("contracts", "code"),
            ("works", "decision_number"), ("workflow_events", "document_number"),
            ("household_statuses", "decision_number"),
        ):  # fmt: skip
            numbers = session.execute(sa.text(f"SELECT {column} FROM {table}")).scalars().all()  # noqa: S608
            assert [n for n in numbers if n and not n.endswith("-MH")] == [], table
        contractors = session.execute(sa.text("SELECT contractor FROM contracts")).scalars().all()
        real = session.execute(sa.text("SELECT count(*) FROM units WHERE illustrative")).scalar_one()
    assert all(name.endswith("(minh họa)") for name in contractors)
    assert real == 2  # the hamlets: their names are real, their codes are not
    assert all(row.illustrative for row in figures.disbursement(actor("leader"), "20770@legacy", 2023).rows)


def test_a_ford_started_by_the_leaders_word_stands_still_for_its_land(loaded: Database) -> None:
    leader = actor("leader")
    (ford,) = works.works(leader, works.WorkFilter(stage="suspended"))
    assert ford.code == "CT-2023-006"
    (override,) = stages.overrides(leader, ford.id)
    assert (override.stage, override.by) == ("construction", "lanhdao")
    assert any(said.startswith("Bàn giao mặt bằng: còn 2 trong 3 hộ") for said in override.missing)
    assert "trước mùa mưa" in override.reason
    summary = clearance.get(leader, ford.id).figures
    assert 0 < summary.waiting < summary.households
    assert summary.unpaid > 0


def test_obstacles_of_the_demonstration_were_raised_escalated_answered_and_resolved(loaded: Database) -> None:
    leader, reviewer = actor("leader"), demo_base.actor("huyen")
    found = obstacles.obstacles(leader, obstacles.ObstacleFilter(), limit=50)
    assert Counter(o.state for o in found) == {"open": 1, "escalated": 2, "resolved": 1}
    (waiting,) = obstacles.obstacles(reviewer, obstacles.ObstacleFilter(mine=True), limit=50)
    assert waiting.text == "3 hộ chưa thống nhất giá cây cối"


def test_what_is_asked_of_works_has_an_answer_in_the_demonstration(loaded: Database) -> None:
    """Each question that a leader asks of works finds one at least: nothing on the page is only for show."""
    leader = actor("leader")
    asked = {
        q: [w.code for w in works.works(leader, works.WorkFilter(question=q))] for q in questions.QUESTIONS
    }
    assert {q for q, codes in asked.items() if not codes} == set()


def test_eleven_of_nineteen_are_met_on_the_day_of_the_inspection(loaded: Database) -> None:
    leader = actor("leader")
    card = scorecard(leader, as_of=INSPECTION)
    assert card is not None
    assert (card.met, card.total, card.illustrative) == (11, 19, True)
    assert [s.criterion.number for s in card.of("met")] == [1, 2, 3, 4, 5, 7, 8, 9, 12, 16, 19]
    assert [s.criterion.number for s in card.goals] == [6, 17]
    assert [s.criterion.number for s in card.of("unmet")] == [10, 11, 13, 14, 15, 18]
    assert {s.criterion.number: s.risks for s in card.at_risk} == {
        1: ("not_reviewed",), 3: ("falling",), 8: ("disputed",),
    }  # fmt: skip
    for state in card.of("targeted"):
        assert 0 < state.met_indicators < len(state.indicators)
    assert all(any(i.assessment for i in state.indicators) for state in card.criteria)
    by_day = [
        scorecard(leader, as_of=day) for day in (date(2022, 6, 30), date(2022, 12, 30), date(2023, 6, 30))
    ]
    assert [[s.criterion.number for s in one.of("lost")] for one in by_day if one] == [[], [4], []]
    assert [met for _, met in card.path] == [1, 5, 11]


def test_the_targets_of_the_demonstration_are_facts_and_their_roadmap_is_invented(loaded: Database) -> None:
    leader = actor("leader")
    found = targets.targets(leader, TargetFilter(as_of=INSPECTION), by_due=True)
    assert [(t.unit_code, t.criterion_number, t.recognition, t.due_on.year) for t in found] == [
        ("20770", 6, None, 2023), ("20770", 17, None, 2023), ("20770.01", None, "model_hamlet", 2024),
        ("20770.02", None, "model_hamlet", 2025),
    ]  # fmt: skip
    assert {(t.state, t.illustrative, t.responsible) for t in found} == {("open", False, "")}
    assert all("UBND huyện Hiệp Đức" in t.basis for t in found)
    for who in (actor("client:read", "20770@2025"), actor("client:read")):
        in_2023 = targets.targets(who, TargetFilter(unit="20770", year=2023), by_due=True)
        assert [t.criterion_number for t in in_2023] == [6, 17]
    tasks = [task for target in found for task in target.tasks]
    assert all(task.text.endswith("(minh họa)") for task in tasks)
    assert {off.code for task in tasks for off in task.off_track} >= {"overdue", "work_held"}
    assert all(t.money.plan > t.money.disbursed > 0 for t in found[:2])


def test_the_hamlets_are_assessed_by_a_set_that_is_marked_as_invented(loaded: Database) -> None:
    for unit, met in (("20770.01", [1, 6]), ("20770.02", [6])):
        card = scorecard(actor("leader"), unit=unit, as_of=INSPECTION)
        assert card is not None
        assert (card.head.code, card.head.illustrative, card.head.certainty) == (
            "THON-KIEU-MAU-MINH-HOA", True, "confirm"
        )  # fmt: skip
        assert (card.head.unit_code, card.total, len(card.criteria[0].indicators)) == ("49", 6, 2)
        assert [s.criterion.number for s in card.of("met")] == met


def test_the_households_of_the_demonstration_moved_between_two_years(loaded: Database) -> None:
    who = actor("leader")
    found = households.households(who, HouseholdFilter(), purpose="page", by_code=True, limit=500)
    assert len(found) == 40
    assert all(h.illustrative and "minh hoa" in fold(h.head_name) for h in found)
    assert all("minh hoa" in fold(m.name) for h in found for m in h.members)
    assert not any(h.has_identity_number or h.has_phone for h in found)
    flow = households.flow(who, "20770@legacy", 2023)
    assert [p.name for p in flow.places] == ["Thôn Trà Huỳnh", "Thôn Trà Sơn"]
    total = flow.total
    assert (total.last, total.this, total.joined, total.left, total.waiting) == (38, 38, 1, 1, 0)
    assert (total.between("poor", "escaped"), total.between("near_poor", "escaped")) == (4, 2)
    assert total.between("other", "poor") == 1, "one fell into poverty"
    [(one, other)] = households.duplicates(who, "20770@legacy", purpose="page")
    assert {one.code, other.code} == {"01.003", "01.021"}


# --- people --------------------------------------------------------------------------------------------


def test_the_support_models_of_the_demonstration_stand_at_several_steps(loaded: Database) -> None:
    who = demo_base.actor("thanhtra")
    found = {w.model.name: w for w in support.with_parts(who, ModelFilter())}
    states = {name.split(",")[0]: w.model.state for name, w in found.items() if "đợt 2" not in name}
    assert states == {
        "Nuôi bò sinh sản": "running", "Nuôi dê sinh sản": "submitted", "Trồng rừng keo": "draft",
    }  # fmt: skip
    cattle = found["Nuôi bò sinh sản, tổ Trà Sơn, đợt 1"]
    assert [m.rule for m in cattle.missing] == ["support_acceptance"]
    mix = support.mix(who, cattle.model.id)
    assert {line.program_code for line in mix.lines} == {"GNBV", "DTTS"}
    assert mix.drawn + mix.household_share == mix.total == cattle.total
    _, people_of = support.members(who, cattle.model.id)
    assert [sum(getattr(p.last, name) for p in people_of if p.last) for name in ("dead", "born")] == [1, 1]
    again = found["Nuôi bò sinh sản, tổ Trà Sơn, đợt 2"]
    assert [(w.household_code, w.model_id) for w in again.warnings] == [("01.009", cattle.model.id)]
    waits, number = support.waiting_for(demo_base.actor("huyen"), 5)
    assert (number, waits[0].template) == (1, "goats")


def test_the_plans_of_the_demonstration_stand_at_every_step(loaded: Database) -> None:
    who = demo_base.actor("thanhtra")
    found = {(p.kind, p.program_code, p.year): p for p in plans.plans(who, PlanFilter())}
    assert {key: p.state for key, p in found.items()} == {
        ("period", "GNBV", None): "approved",
        ("year", "GNBV", 2023): "approved",
        ("year", "DTTS", 2023): "submitted",
        ("year", "NTM", 2023): "draft",
        ("model_hamlet", "NTM", 2024): "appraised",
        ("model_hamlet", "NTM", 2025): "draft",
    }
    assert {found["model_hamlet", "NTM", y].unit_name for y in (2024, 2025)} == {
        "Thôn Trà Sơn",
        "Thôn Trà Huỳnh",
    }
    again = found["year", "DTTS", 2023]
    assert [e.move for e in plans.history(who, again.id)] == ["submit", "return", "submit"]
    assert [c.what for c in plans.compare(who, again.id, before=1, after=2).items] == ["added"]
    for username, waiting in (("huyen", again), ("lanhdaohuyen", found["model_hamlet", "NTM", 2024])):
        assert [p.id for p in plans.waiting_for(demo_base.actor(username), 5)[0]] == [waiting.id]
    on = plans.actual(who, found["year", "GNBV", 2023].id, on=INSPECTION)
    assert (on.done, len(on.items), all(row.plan for row in on.funds)) == (1, 5, True)
    assert [t.text for t in on.items if t.off_track and t.off_track[0].code == "overdue"] == [
        "Hỗ trợ phát triển sản xuất cộng đồng của Dự án 3"
    ]


def test_the_steering_committee_met_every_month_but_one(loaded: Database) -> None:
    officer = demo_base.actor("congchuc")
    for on in (INSPECTION, date(2023, 12, 31)):
        with db.snapshot() as session:
            (missed,) = meetings.months_without(session, officer, officer.unit_id, on)
        assert (missed.months, missed.illustrative) == ((date(2023, 7, 1),), True)
    found = meetings.meetings(officer, MeetingFilter(), by_day=True)
    assert Counter(m.state for m in found) == {"held": TEN, "planned": 2}
    coming = meetings.whole(officer, found[0].id)
    assert (coming.meeting.month, len(coming.agenda) >= TEN) == (date(2024, 1, 1), True)
    assert sum(m.concluded for m in found) == 3


def test_the_inspection_is_as_the_district_reported_it(loaded: Database) -> None:
    text, who = demo_inspections.source(), actor("inspector", "512@legacy")
    held = inspections.whole(who, demo_inspections.INSPECTION)
    assert (held.state, held.held_on, held.unit_code, held.illustrative) == (
        "concluded",
        INSPECTION,
        "20770",
        False,
    )
    assert held.lead is not None
    assert f"{held.lead.person}, {held.lead.title} làm trưởng đoàn" in text
    assert (held.team_name, held.decision_number, held.decision_date) == (
        "Đoàn kiểm tra số 2",
        "596/QĐ-UBND",
        date(2023, 8, 17),
    )
    assert (
        f"{held.team_name} theo Quyết định số {held.decision_number} ngày 17/8/2023 của {held.decision_issuer[:10]}"
        in text
    )
    told = [held.title, held.conclusion, held.summary, *(f.text for f in held.findings)]
    assert [p.person for p in held.unit_people] == [
        f"các đồng chí thành viên {board} các Chương trình mục tiêu Quốc gia xã Sông Trà"
        for board in ("Ban chỉ đạo", "Ban quản lý")
    ]
    assert [(c.text, c.result) for c in held.checklist] == [
        (text, "checked") for text in ("Kiểm tra cơ sở", "Các văn bản chỉ đạo", "Hồ sơ liên quan")
    ]
    named = {f.subject_id: f.text for f in held.findings if f.subject_kind}
    assert named == {"6": "6. Cơ sở vật chất văn hóa", "17": "17. Môi trường và an toàn thực phẩm"}
    assert [said for said in told if said not in text] == []
    demands = inspections.given(who, held.id)
    assert [d.text for d in demands if d.quote not in text or d.quote not in held.conclusion] == []
    assert all(d.illustrative for d in demands)  # the source states no due dates
    asked = {d.assignee_name: d.assignee_kind for d in demands}
    assert (len(demands), set(asked.values())) == (24, {"unit", "board", "agency"})
    # "Trong đó, UBND xã cần tập trung một số nhiệm vụ sau" is said to the commune: each is its own.
    commune = held.conclusion[
        held.conclusion.index("Trong đó, UBND xã") : held.conclusion.index("Trưởng các ngành")
    ]
    assert {d.assignee_kind for d in demands if d.quote in commune} == {"unit"}
    both = [d.assignee_kind for d in demands if d.quote.startswith("UBND và Ban quản lý xã")]
    assert sorted(both) == ["board", "unit"]
    hamlets = [(d.text, d.due_on) for d in demands if d.text.startswith("Tập trung nguồn lực")]
    assert [("Trà Sơn" in text, "Trà Huỳnh" in text, due) for text, due in hamlets] == [
        (True, False, date(2024, 12, 31)), (False, True, date(2025, 12, 31)),
    ]  # fmt: skip
    assert {"Xã Sông Trà", "Đảng ủy xã Sông Trà", "Phòng Tài nguyên và Môi trường"} <= asked.keys()
    late = directives.directives(
        actor("officer"), DirectiveFilter(unit="20770", overdue=True, as_of=date(2024, 1, 1), source=("inspection", held.id))
    )  # fmt: skip
    assert Counter(d.state for d in late) == {"open": 7, "reported": 2, "returned": 1}
    (sent,) = inspections.reports(who, held.id)
    assert (sent.as_of, sent.content["illustrative"], sent.content["criteria"]["met"]) == (
        date(2023, 9, 10),
        True,
        11,
    )
    (later,) = inspections.inspections(who, InspectionFilter(year=2024))
    assert (later.state, later.illustrative, "directive" in {c.subject_kind for c in later.checklist}) == (
        "planned",
        True,
        True,
    )


def test_every_role_has_somebody_and_each_password_that_was_told_logs_in(loaded: Database) -> None:
    rows = [re.split(r"\s{2,}", row) for row in _first_output[loaded.engine].splitlines()]
    head, *told = rows
    assert head[:2] == ["Tên đăng nhập", "Mật khẩu"]
    roles = set()
    for username, password, _role, unit, address in told:
        assert 14 <= len(password) <= 20
        assert address.endswith("/login")
        logged_in = login.authenticate_session(login.log_in(username, password))
        assert logged_in is not None
        assert logged_in.actor.unit_name == unit
        roles.add(logged_in.actor.role)
    assert roles == set(ROLES)
    assert len({row[1] for row in told}) == len(told) == 9


def test_the_people_are_marked_as_invented_and_sit_where_they_should(loaded: Database) -> None:
    found = {u.username: u for u in people.users(common.system_actor())}
    assert all("minh họa" in u.title for u in found.values())
    assert {u.unit_name for u in found.values()} == {"Xã Sông Trà", "Huyện Hiệp Đức", "Việt Nam"}
    assert (found["huyen"].role, found["thanhtra"].role) == ("reviewer", "inspector")
    source = Path(demo.__file__).parent.parent / "reference" / "demo"
    assert not any("Hoàng Văn Hùng" in file.read_text("utf-8") for file in source.glob("*.csv"))


def test_an_account_changed_since_stays_changed(loaded: Database) -> None:
    system = common.system_actor()
    person = people.by_username(system, "giamsat")
    people.update_user(system, person.id, person.version, {"disabled": True})
    assert run("load", "demo").stdout == ""
    assert people.by_username(system, "giamsat").disabled


# --- interrupted ---------------------------------------------------------------------------------------


def test_a_loading_that_broke_off_is_completed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    post, calls = proposals.post, iter(range(1_000))

    def breaks_off(who: Actor, proposal: object) -> object:
        if next(calls) == 20:
            raise RuntimeError("power cut")
        return post(who, proposal)  # type: ignore[arg-type]  # handed on as it came

    monkeypatch.setattr(demo, "_load_people", lambda: iter(()))  # the small world has such names already
    monkeypatch.setattr(proposals, "post", breaks_off)
    with pytest.raises(RuntimeError, match="power cut"):
        demo.load()
    monkeypatch.setattr(proposals, "post", post)
    demo.load()
    report = figures.disbursement(actor("leader"), "20770@legacy", 2023, as_of=INSPECTION)
    assert report.total.disbursed == 4_720_450_000
    assert len(proposals.waiting(actor("accountant"))) == 6
    assert ledger_verify.verify() is None


def test_a_username_that_somebody_else_has_is_refused_in_a_sentence(world: World) -> None:
    result = run("load", "demo")
    assert result.exit_code == 2
    assert "Tên đăng nhập này đã có người dùng." in result.stderr
