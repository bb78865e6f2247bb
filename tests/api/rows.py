"""Rows to ask for, made through the interface by a client of Sông Trà."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

import httpx

from app.api.directives import NewDirectiveBody
from app.api.examples_boards import NEW_CHARGE, NEW_COMMITTEE
from app.domain import directives, inspections, observations, plans, support, territory, workflow
from app.domain.territory import UnitView
from tests.api.client import Api, Json, entry, new_id
from tests.support import world as small
from tests.support.papers import PDF

MILLION = 1_000_000
PLAN_STATES = ("draft", "submitted", "appraised", "approved")
MODEL_STATES = ("draft", "submitted", "appraised", "approved", "running", "evaluated", "closed")
MODEL_MOVES = (
    ("submit", "20770@legacy"), ("appraise", "512@legacy"), ("approve", "512@legacy"), ("start", "20770@legacy"),
    ("evaluate", "20770@legacy"), ("close", "20770@legacy"),
)  # fmt: skip
MODEL_DAY = date(2023, 4, 3)
PLAN_MOVES = (("submit", "20770@legacy"), ("appraise", "512@legacy"), ("approve", "512@legacy"))
DOCUMENT: Json = {"number": "05/QĐ-UBND", "date": "2023-01-05", "issuer": "UBND xã Sông Trà"}


def by_decision(number: str | None = None, *, of: Json = NEW_COMMITTEE) -> Json:
    """The body of a board, or of one set up anew, by another decision each time: it sets a board up once."""
    return of | {"decision": of["decision"] | {"number": number or f"{uuid.uuid4()}/QĐ"}}


def send_piece(api: Api, upload_id: str, offset: int, piece: bytes) -> httpx.Response:
    headers = {"Upload-Offset": str(offset), "Content-Type": "application/octet-stream"}
    return api.call("PATCH", f"uploads/{upload_id}", content=piece, headers=headers)


def set_checker(required: bool) -> None:
    who = small.actor("administrator", "VN")
    unit: UnitView = territory.find(who, "20770@legacy")
    territory.set_requires_checker(who, "20770@legacy", required, unit.version)


@contextmanager
def checked() -> Iterator[None]:
    """As long as Sông Trà requires a checker for what clients record."""
    set_checker(True)
    yield
    set_checker(False)


@dataclass(frozen=True, slots=True)
class Rows:
    """`maker` records; each method makes a new row and gives it back."""

    maker: Api

    def work(self, **values: object) -> Json:
        body: Json = {
            "id": new_id(), "code": f"CT-{new_id()[:8]}", "name": "Đường bê tông thôn Trà Huỳnh",
            "project_code": "DTTS.4.1", "owner_unit_code": "20770@legacy", "total_investment": 1_000 * MILLION,
        }  # fmt: skip
        return self.maker.post("works", body | values)

    def step(self) -> tuple[str, str]:
        """(a new work that runs a procedure, its first step)."""
        work = self.work(procedure="special")
        return work["id"], self.maker.get(f"works/{work['id']}/steps")["items"][0]["id"]

    def contract_body(self, **values: object) -> Json:
        body: Json = {
            "id": new_id(), "code": f"HĐ-{new_id()[:8]}", "contractor": "Tổ thợ thôn Trà Sơn",
            "value": 100 * MILLION, "signed_on": "2023-02-01",
        }  # fmt: skip
        return body | values

    def contract(self, **values: object) -> Json:
        work = self.work()
        return self.maker.post(f"works/{work['id']}/contracts", self.contract_body(**values))

    def acceptance(self, contract: Json | None = None, **values: object) -> tuple[str, Json]:
        """(the address of a contract, a round of volume accepted under it)."""
        signed = contract or self.contract()
        path = f"works/{signed['work_id']}/contracts/{signed['id']}"
        body: Json = {"id": new_id(), "accepted_on": "2023-03-01", "value": 50 * MILLION}
        return path, self.maker.post(f"{path}/acceptances", body | values)

    def dossier(self, *papers: str, **values: object) -> tuple[str, Json]:
        """(the address of a contract, a payment dossier of it with documents of these kinds)."""
        path, on = self.acceptance()
        body: Json = {"id": new_id(), "kind": "payment", "amount": 20 * MILLION, "acceptance_id": on["id"]}
        made = self.maker.post(f"{path}/payment-dossiers", body | values)
        for kind in papers:
            about = {"kind": "payment_dossier", "id": made["id"]}
            paper = {"id": new_id(), "number": kind, "date": "2023-03-02", "issuer": "UBND", "kind": kind}
            self.maker.post("documents", paper | {"attach_to": about})
        return path, made

    def sent_dossier(self) -> tuple[str, Json]:
        """(the address of a contract, a dossier of it that was sent)."""
        path, made = self.dossier("payment_request", "invoice", "volume_acceptance")
        return path, self.maker.post(f"{path}/payment-dossiers/{made['id']}/submit", {}, 200)

    def settlement(self) -> Json:
        """A proposed settlement of a new work."""
        body = {"id": new_id(), "submitted_on": "2023-06-28", "proposed_value": 400 * MILLION}
        return self.maker.post(f"works/{self.work()['id']}/settlement", body)

    def report_body(self, **values: object) -> Json:
        body: Json = {"id": new_id(), "reported_on": "2023-06-30", "physical_percent": 20}
        return body | values

    def report(self, **values: object) -> Json:
        return self.maker.post(f"works/{self.work()['id']}/progress", self.report_body(**values))

    def household_body(self, **values: object) -> Json:
        body: Json = {
            "id": new_id(), "code": f"H-{new_id()[:8]}", "head_name": "Nguyễn Văn An", "area_m2": 120.5,
            "compensation_due": 10 * MILLION,
        }  # fmt: skip
        return body | values

    def household(self, work: Json | None = None, **values: object) -> Json:
        of = work or self.work()
        return self.maker.post(f"works/{of['id']}/site-clearance/households", self.household_body(**values))

    def registered_body(self, **values: object) -> Json:
        """A household of the register, of Trà Sơn."""
        body: Json = {
            "id": new_id(), "unit_code": "20770@legacy", "head_name": "Nguyễn Văn An", "hamlet_code": "20770.01",
            "birth_year": 1980,
        }  # fmt: skip
        return body | values

    def registered(self, **values: object) -> Json:
        return self.maker.post("households", self.registered_body(**values))

    def place_of(self, household: Json) -> str:
        """Where a household stands."""
        return f"works/{household['work_id']}/site-clearance/households/{household['id']}"

    def compensation(self, work_id: str, amount: int = 10 * MILLION) -> Json:
        """A payment of compensation on a line of a work."""
        key = {"work_id": work_id, "project_code": "DTTS.4.1", "capital_kind": "investment"}
        line = self.maker.line(**key)
        self.maker.record(line, "allocate", amount, "2023-01-05")
        return self.maker.record(line, "pay", amount, "2023-03-01", no_contract_reason="Bồi thường")

    def compensated(self) -> tuple[Json, Json]:
        """A household, and a payment of its work that is tied to nobody yet."""
        household = self.household()
        return household, self.compensation(household["work_id"])

    def document(self) -> Json:
        """A document with one file, attached to a work."""
        body = {
            "id": new_id(), "number": "15/QĐ-UBND", "date": "2023-02-20", "issuer": "UBND xã Sông Trà",
            "kind": "decision", "summary": "Đường Trà Huỳnh",
            "attach_to": {"kind": "work", "id": self.work()["id"]}, "uploads": [self.upload(whole=True)["id"]],
        }  # fmt: skip
        return self.maker.post("documents", body)

    def upload(self, *, whole: bool = False) -> Json:
        """An upload of the maker's, begun or finished."""
        begun = self.maker.post("uploads", {"id": new_id(), "name": "quyết định.pdf", "size": len(PDF)})
        if whole:
            send_piece(self.maker, begun["id"], 0, PDF)
        return begun

    def committee(self, *, assigned: bool = True) -> Json:
        """A board of Sông Trà with one member, who answers for a program, or as it was set up."""
        member = {"id": new_id(), "person": "Lê Văn A"}
        made = self.maker.post("committees", by_decision() | {"id": new_id(), "members": [member]})
        if not assigned:
            return made
        given = {"id": new_id(), "subject": {"kind": "program", "id": "NTM"}}
        return self.maker.post(f"committees/{made['id']}/members/{member['id']}/assignments", given)

    def agency(self) -> Json:
        """An agency of Sông Trà."""
        body = {"id": new_id(), "unit_code": "20770@legacy", "name": "Hội Nông dân xã"}
        return self.maker.post("agencies", body)

    def charge_body(self) -> Json:
        """An agency of Sông Trà in charge of one of its hamlets."""
        return NEW_CHARGE | {
            "id": new_id(), "agency_id": self.agency()["id"], "unit_code": "20770.01@legacy",
        }  # fmt: skip

    def directive(self, *, state: str = "open", **values: object) -> Json:
        """A directive of the district to Sông Trà, as far as a state."""
        body: Json = {
            "id": new_id(), "text": "Họp ban chỉ đạo hằng tháng", "due_on": "2023-12-31",
            "source": {"kind": "document", "document_number": "26/BC-ĐKT", "on": "2023-09-14"},
            "assignee": {"kind": "unit", "unit_code": "20770@legacy"},
        }  # fmt: skip
        above, id_ = small.actor(unit="512@legacy"), new_id()
        new = NewDirectiveBody.model_validate(body | {"id": id_} | values).new()
        directives.create(above, new)
        if state != "open":
            directives.report(small.actor(), new.id, "x")
        if state == "accepted":
            directives.accept(small.actor("reviewer", "512@legacy"), new.id)
        return self.maker.get(f"directives/{id_}")

    def obstacle(self, *, state: str = "open", **values: object) -> Json:
        """An obstacle of a work: open, escalated to the district, or resolved."""
        body: Json = {
            "id": new_id(), "subject": {"kind": "work", "id": self.work()["id"]}, "kind": "land",
            "text": "Ba hộ chưa thống nhất giá cây cối", "resolver": "UBND huyện", "raised_on": "2023-08-12",
        }  # fmt: skip
        made = self.maker.post("obstacles", body | values)
        move = {"escalated": "escalate", "resolved": "resolve"}.get(state)
        return self.maker.post(f"obstacles/{made['id']}/{move}", {"text": "x"}, 200) if move else made

    def outreach_body(self, **values: object) -> Json:
        body: Json = {
            "id": new_id(), "unit_code": "20770@legacy", "held_on": "2023-05-12", "topic": "Vận động hiến đất",
            "people": 42,
        }  # fmt: skip
        return body | values

    def outreach(self, **values: object) -> Json:
        return self.maker.post("outreach-events", self.outreach_body(**values))

    def observation_body(self, **values: object) -> Json:
        """Of a new work."""
        body: Json = {
            "id": new_id(), "subject": {"kind": "work", "id": self.work()["id"]}, "observed_on": "2023-08-01",
            "board": "Ban giám sát đầu tư của cộng đồng", "text": "Đá dăm mỏng hơn thiết kế",
        }  # fmt: skip
        return body | values

    def observation(self, *, state: str = "open", **values: object) -> Json:
        """An observation of the maker's, open or answered by an officer."""
        made = self.maker.post("observations", self.observation_body(**values))
        if state == "answered":
            observations.answer(small.actor("officer"), uuid.UUID(made["id"]), "Đã bù")
        return self.maker.get(f"observations/{made['id']}")

    def inspection(self, *, state: str = "planned") -> Json:
        """An inspection of Sông Trà by the district, as far as a state."""
        who, day = small.actor(unit="512@legacy"), date(2023, 9, 14)
        id_ = uuid.uuid4()
        inspections.create(who, inspections.NewInspection(id_, "20770@legacy", day))
        if state != "planned":
            inspections.hold(who, id_, day)
        if state == "concluded":
            inspections.conclude(who, id_, inspections.Conclusion("Củng cố Ban chỉ đạo", on=day))
        return self.maker.get(f"inspections/{id_}")

    def plan(self, *, state: str = "draft", **values: object) -> Json:
        """A plan of Sông Trà with a task and a row of money, moved on as far as a state."""
        body: Json = {
            "id": new_id(), "kind": "year", "unit_code": "20770@legacy", "program_code": "GNBV", "year": 2023,
            "items": [{"text": "Hỗ trợ bò giống", "measure": "con", "quantity": 20}],
            "funds": [
                {
                    "project_code": "GNBV.2", "source": "central", "capital_kind": "recurrent",
                    "amount": 100 * MILLION,
                }
            ],
        }  # fmt: skip
        made = self.maker.post("plans", body | values)
        for move, unit in PLAN_MOVES[: PLAN_STATES.index(state)]:
            plans.move(small.actor(unit=unit), uuid.UUID(made["id"]), move, workflow.Order("x"))
        return self.maker.get(f"plans/{made['id']}")

    def model_body(self, **values: object) -> Json:
        """A cattle model of a household of Trà Sơn, paid for by a line of its own and the household."""
        member = self.registered(statuses=[{"year": 2023, "status": "poor"}])["id"]
        body: Json = {
            "id": new_id(), "name": "Nuôi bò sinh sản thôn Trà Sơn", "project_code": "GNBV.2",
            "unit_code": "20770@legacy", "year": 2023, "template": "cattle", "hamlet_code": "20770.01",
            "group_name": "Tổ nuôi bò Trà Sơn", "head_id": member, "members": [member],
            "inputs": [{"kind": "Bò cái", "measure": "con", "quantity": 2, "unit_price": 10 * MILLION}],
            "household_share": 20 * MILLION,
        }  # fmt: skip
        return body | values

    def model(self, *, state: str = "draft", **values: object) -> Json:
        """A model that can be sent, moved on as far as a state."""
        made = self.maker.post("support-models", self.model_body(**values))
        for move, unit in MODEL_MOVES[: MODEL_STATES.index(state)]:
            who, id_, order = small.actor(unit=unit), uuid.UUID(made["id"]), workflow.Order("x", on=MODEL_DAY)
            if move == "evaluate":
                support.evaluate(who, id_, "Tốt", {}, order)
            else:
                support.move(who, id_, move, order)
        return self.maker.get(f"support-models/{made['id']}")

    def delivery_body(self, model: Json, **values: object) -> Json:
        """An animal for the first household of a model that runs."""
        body: Json = {
            "id": new_id(), "household_id": model["members"][0], "input_id": model["inputs"][0]["id"], "quantity": 1,
            "delivered_on": "2023-04-20", "signed": True,
        }  # fmt: skip
        return body | values

    def assessment_body(self, **values: object) -> Json:
        """Criterion 7 of Sông Trà as met."""
        body: Json = {
            "id": new_id(), "unit_code": "20770@legacy", "indicator_code": "7.1", "date": "2023-06-30", "met": True,
        }  # fmt: skip
        return body | values

    def assessment(self, **values: object) -> Json:
        return self.maker.post("assessments", self.assessment_body(**values))

    def target_body(self, **values: object) -> Json:
        """Criterion 6 of Sông Trà by the end of 2023, with one task."""
        body: Json = {
            "id": new_id(), "unit_code": "20770@legacy", "criterion_number": 6, "due_on": "2023-12-31",
            "tasks": [{"text": "Hoàn thành nhà sinh hoạt thôn"}],
        }  # fmt: skip
        return body | values

    def target(self, **values: object) -> Json:
        return self.maker.post("targets", self.target_body(**values))

    def line(self, **key: object) -> Json:
        """A line of its own: on a new work, since a key stands but once."""
        work = self.work()
        own = {"work_id": work["id"], "project_code": "DTTS.4.1", "capital_kind": "investment"}
        return self.maker.line(**(own | key))

    def funded(self, amount: int = 100 * MILLION) -> Json:
        """A line that money was allocated to."""
        line = self.line()
        self.maker.record(line, "allocate", amount, "2023-01-05")
        return line

    def entry(self) -> Json:
        return self.maker.record(self.line(), "allocate", MILLION, "2023-01-05")

    def proposal(self) -> Json:
        """An entry that waits for a checker, proposed by `maker`."""
        line = self.line()
        with checked():
            made = self.maker.record(line, "allocate", MILLION, "2023-01-05")
        assert made["status"] == "proposed"
        return made

    def allocation(self) -> Json:
        return entry(self.line(), "allocate", MILLION, "2023-01-05")
