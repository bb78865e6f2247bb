"""Who may call what: every route of the table of routes, for every kind of caller. A new route must be named here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from starlette.testclient import TestClient

from app.api.examples_boards import RENEWAL
from app.api.examples_criteria_sets import NEW_CRITERIA_SET, NEW_THRESHOLD
from app.api.examples_directives import NEW_DIRECTIVE
from tests.api.client import Api, Json, at, new_id
from tests.api.rows import DOCUMENT, MILLION, Rows, by_decision
from tests.support import meeting as meetings
from tests.support.meeting import board
from tests.support.papers import PDF

Call = tuple[str, Json | None]  # path, body


class Raw(dict[str, Any]):
    """What is sent as it stands, where it is no JSON: arguments of the client."""


# What each caller is answered: one that reads, one that writes elsewhere, at the row's unit, at the unit above it.
# Without a token it is always 401.
CALLERS: Final = ("reader", "elsewhere", "at the unit", "above")
OPEN, READ = (200, 200, 200, 200), (200, 404, 200, 200)
MADE, NOBODY = (403, 404, 201, 201), (403, 403, 403, 403)
CHANGED = (403, 404, 200, 200)
TABLE: Final[dict[str, tuple[int, int, int, int]]] = {
    "GET /api/v1/units": OPEN,
    "GET /api/v1/units/{code}": READ,
    "PATCH /api/v1/units/{code}": (403, 404, 200, 412),  # the one before has changed it
    "GET /api/v1/programs": OPEN,
    "GET /api/v1/programs/{code}": OPEN,
    "POST /api/v1/programs": NOBODY,
    "PATCH /api/v1/programs/{code}": NOBODY,
    "GET /api/v1/projects": OPEN,
    "GET /api/v1/projects/{code}": OPEN,
    "POST /api/v1/projects": NOBODY,
    "PATCH /api/v1/projects/{code}": NOBODY,
    "GET /api/v1/funding-sources": OPEN,
    "GET /api/v1/funding-sources/{code}": OPEN,
    "PATCH /api/v1/funding-sources/{code}": NOBODY,
    "GET /api/v1/budget-lines": OPEN,
    "GET /api/v1/budget-lines/{id}": READ,
    "POST /api/v1/budget-lines": MADE,
    "PATCH /api/v1/budget-lines/{id}": (403, 404, 200, 200),
    "POST /api/v1/budget-lines/{id}/distribute": MADE,
    "GET /api/v1/ledger-entries": OPEN,
    "GET /api/v1/ledger-entries/{id}": READ,
    "POST /api/v1/ledger-entries": MADE,
    "POST /api/v1/ledger-entries/batch": MADE,
    "POST /api/v1/ledger-entries/{id}/post": (403, 404, 200, 200),
    "POST /api/v1/ledger-entries/{id}/reject": (403, 404, 200, 200),
    "POST /api/v1/ledger-entries/{id}/cancel": (403, 404, 403, 403),  # only who made it
    "GET /api/v1/disbursements": OPEN,
    "GET /api/v1/deadline-extensions": OPEN,
    "GET /api/v1/closed-periods": OPEN,
    "GET /api/v1/works": OPEN,
    "GET /api/v1/works/{id}": READ,
    "POST /api/v1/works": MADE,
    "PATCH /api/v1/works/{id}": (403, 404, 200, 200),
    "GET /api/v1/works/{work_id}/steps": READ,
    "GET /api/v1/works/{work_id}/steps/{id}": READ,
    "PATCH /api/v1/works/{work_id}/steps/{id}": CHANGED,
    "GET /api/v1/works/{work_id}/dossier": READ,
    "GET /api/v1/units/{code}/dossier": READ,
    "GET /api/v1/meetings/{id}/minutes.{form}": READ,
    "GET /api/v1/inspections/{id}/minutes.{form}": READ,
    "GET /api/v1/inspections/{id}/conclusion.{form}": READ,
    "GET /api/v1/inspections/{id}/reports/{report_id}/paper.{form}": READ,
    "GET /api/v1/procedures": OPEN,
    "GET /api/v1/procedures/{code}/{number}": OPEN,
    "POST /api/v1/procedures": NOBODY,
    "GET /api/v1/works/{work_id}/contracts": READ,
    "GET /api/v1/works/{work_id}/contracts/{id}": READ,
    "POST /api/v1/works/{work_id}/contracts": MADE,
    "PATCH /api/v1/works/{work_id}/contracts/{id}": (403, 404, 200, 200),
    "GET /api/v1/works/{work_id}/contracts/{contract_id}/acceptances": READ,
    "GET /api/v1/works/{work_id}/contracts/{contract_id}/acceptances/{id}": READ,
    "POST /api/v1/works/{work_id}/contracts/{contract_id}/acceptances": MADE,
    "PATCH /api/v1/works/{work_id}/contracts/{contract_id}/acceptances/{id}": CHANGED,
    "DELETE /api/v1/works/{work_id}/contracts/{contract_id}/acceptances/{id}": CHANGED,
    "GET /api/v1/works/{work_id}/contracts/{contract_id}/payment-dossiers": READ,
    "GET /api/v1/works/{work_id}/contracts/{contract_id}/payment-dossiers/{id}": READ,
    "POST /api/v1/works/{work_id}/contracts/{contract_id}/payment-dossiers": MADE,
    "PATCH /api/v1/works/{work_id}/contracts/{contract_id}/payment-dossiers/{id}": CHANGED,
    "DELETE /api/v1/works/{work_id}/contracts/{contract_id}/payment-dossiers/{id}": CHANGED,
    "POST /api/v1/works/{work_id}/contracts/{contract_id}/payment-dossiers/{id}/submit": CHANGED,
    "POST /api/v1/works/{work_id}/contracts/{contract_id}/payment-dossiers/{id}/return": CHANGED,
    "POST /api/v1/works/{work_id}/contracts/{contract_id}/payment-dossiers/{id}/paid": CHANGED,
    "GET /api/v1/works/{work_id}/settlement": READ,
    "POST /api/v1/works/{work_id}/settlement": MADE,
    "PATCH /api/v1/works/{work_id}/settlement": CHANGED,
    "POST /api/v1/works/{work_id}/settlement/decide": CHANGED,
    "GET /api/v1/works/{work_id}/progress": READ,
    "GET /api/v1/works/{work_id}/progress/{id}": READ,
    "POST /api/v1/works/{work_id}/progress": MADE,
    "PATCH /api/v1/works/{work_id}/progress/{id}": CHANGED,
    "GET /api/v1/works/{work_id}/milestones": READ,
    "PUT /api/v1/works/{work_id}/milestones": CHANGED,
    "GET /api/v1/works/{work_id}/pace": READ,
    "GET /api/v1/works/{work_id}/site-clearance": READ,
    "PATCH /api/v1/works/{work_id}/site-clearance": CHANGED,
    "GET /api/v1/works/{work_id}/site-clearance/households": READ,
    "GET /api/v1/works/{work_id}/site-clearance/households/{id}": READ,
    "POST /api/v1/works/{work_id}/site-clearance/households": MADE,
    "PATCH /api/v1/works/{work_id}/site-clearance/households/{id}": CHANGED,
    "POST /api/v1/works/{work_id}/site-clearance/households/{id}/payments": MADE,
    "DELETE /api/v1/works/{work_id}/site-clearance/households/{id}/payments/{entry_id}": CHANGED,
    "GET /api/v1/document-kinds": OPEN,
    "GET /api/v1/documents": OPEN,
    "GET /api/v1/documents/{id}": READ,
    "POST /api/v1/documents": MADE,
    "PATCH /api/v1/documents/{id}": CHANGED,
    "GET /api/v1/documents/{id}/files/{sha256}": READ,
    "POST /api/v1/documents/{id}/files": CHANGED,
    "DELETE /api/v1/documents/{id}/files/{sha256}": CHANGED,
    "POST /api/v1/documents/{id}/uploads": (403, 404, 404, 404),  # only what the caller sent itself
    "POST /api/v1/documents/{id}/attachments": CHANGED,
    "DELETE /api/v1/documents/{id}/attachments/{kind}/{subject_id}": CHANGED,
    "POST /api/v1/uploads": (403, 201, 201, 201),
    "GET /api/v1/uploads/{id}": (403, 404, 404, 404),  # only who began it
    "PATCH /api/v1/uploads/{id}": (403, 404, 404, 404),
    "DELETE /api/v1/uploads/{id}": (403, 404, 404, 404),
    "GET /api/v1/meetings": OPEN,
    "GET /api/v1/meetings/{id}": READ,
    "POST /api/v1/meetings": (403, 404, 201, 409),  # a board's meetings are kept by its own unit alone
    "PATCH /api/v1/meetings/{id}": (403, 404, 200, 409),
    "POST /api/v1/committees/{id}/meetings": (403, 404, 200, 409),
    "POST /api/v1/meetings/{id}/cancel": (403, 404, 200, 409),
    "GET /api/v1/meetings/{id}/offers": READ,
    "POST /api/v1/meetings/{id}/fill": (403, 404, 200, 409),
    "POST /api/v1/meetings/{id}/minutes": (403, 404, 200, 409),
    "POST /api/v1/meetings/{id}/conclusions": (403, 404, 200, 409),
    "GET /api/v1/obstacles": OPEN,
    "GET /api/v1/obstacles/{id}": READ,
    "POST /api/v1/obstacles": MADE,
    "PATCH /api/v1/obstacles/{id}": CHANGED,
    "POST /api/v1/obstacles/{id}/escalate": CHANGED,
    "POST /api/v1/obstacles/{id}/answer": (403, 404, 409, 200),  # not by the unit that asked
    "POST /api/v1/obstacles/{id}/resolve": CHANGED,
    "POST /api/v1/obstacles/{id}/reopen": CHANGED,
    "GET /api/v1/outreach-events": OPEN,
    "GET /api/v1/outreach-events/{id}": READ,
    "POST /api/v1/outreach-events": (403, 404, 201, 409),  # by people of the unit alone
    "PATCH /api/v1/outreach-events/{id}": (403, 404, 200, 409),
    "POST /api/v1/outreach-events/{id}/withdraw": (403, 404, 200, 409),
    "GET /api/v1/observations": OPEN,
    "GET /api/v1/observations/{id}": READ,
    "POST /api/v1/observations": (403, 404, 201, 409),
    "PATCH /api/v1/observations/{id}": (403, 404, 403, 409),  # by who wrote it alone
    "POST /api/v1/observations/{id}/answer": (403, 404, 200, 409),  # by the unit, not who wrote it
    "POST /api/v1/observations/{id}/close": (403, 404, 403, 403),  # and so are these
    "POST /api/v1/observations/{id}/reopen": (403, 404, 403, 403),
    "POST /api/v1/observations/{id}/raise": CHANGED,
    "GET /api/v1/committees": OPEN,
    "GET /api/v1/committees/{id}": READ,
    "GET /api/v1/committees/{id}/gaps": READ,
    "POST /api/v1/committees": (403, 404, 201, 409),  # by the unit whose board it is
    "PATCH /api/v1/committees/{id}": (403, 404, 200, 409),
    "POST /api/v1/committees/{id}/renew": (403, 404, 201, 409),
    "POST /api/v1/committees/{id}/members": (403, 404, 201, 409),
    "PATCH /api/v1/committees/{id}/members/{member_id}": (403, 404, 200, 409),
    "POST /api/v1/committees/{id}/members/{member_id}/leave": (403, 404, 200, 409),
    "POST /api/v1/committees/{id}/members/{member_id}/assignments": (403, 404, 201, 409),
    "POST /api/v1/committees/{id}/assignments/{assignment_id}/end": (403, 404, 200, 409),
    "GET /api/v1/agencies": OPEN,
    "GET /api/v1/agencies/{id}": READ,
    "POST /api/v1/agencies": (403, 404, 201, 409),  # by the unit whose agency it is
    "PATCH /api/v1/agencies/{id}": (403, 404, 200, 409),
    "GET /api/v1/agency-charges": OPEN,
    "GET /api/v1/agency-charges/{id}": READ,
    "POST /api/v1/agency-charges": (403, 404, 201, 409),  # by the agency's unit
    "PATCH /api/v1/agency-charges/{id}": (403, 404, 200, 409),
    "GET /api/v1/directives": OPEN,
    "GET /api/v1/directives/{id}": READ,
    "POST /api/v1/directives": MADE,
    "PATCH /api/v1/directives/{id}": (403, 404, 409, 200),  # by who gave it
    "POST /api/v1/directives/{id}/progress": (403, 404, 200, 409),  # by who has to do it
    "POST /api/v1/directives/{id}/report": (403, 404, 200, 409),
    "POST /api/v1/directives/{id}/accept": (403, 404, 409, 200),
    "POST /api/v1/directives/{id}/return": (403, 404, 409, 200),
    "POST /api/v1/directives/{id}/extend": (403, 404, 409, 200),
    "POST /api/v1/directives/{id}/withdraw": (403, 404, 409, 200),
    "GET /api/v1/inspections": OPEN,
    "GET /api/v1/inspections/{id}": READ,
    "POST /api/v1/inspections": (403, 404, 409, 201),  # by a unit above alone
    "PATCH /api/v1/inspections/{id}": (403, 404, 409, 200),
    "POST /api/v1/inspections/{id}/hold": (403, 404, 409, 200),
    "POST /api/v1/inspections/{id}/cancel": (403, 404, 409, 200),
    "POST /api/v1/inspections/{id}/checklist/prepare": (403, 404, 409, 200),
    "PUT /api/v1/inspections/{id}/checklist": (403, 404, 409, 200),
    "POST /api/v1/inspections/{id}/findings": (403, 404, 409, 201),
    "POST /api/v1/inspections/{id}/findings/{finding_id}/withdraw": (403, 404, 409, 200),
    "POST /api/v1/inspections/{id}/conclude": (403, 404, 409, 200),
    "POST /api/v1/inspections/{id}/demands": (403, 404, 409, 200),
    "GET /api/v1/inspections/{id}/earlier-demands": READ,
    "GET /api/v1/inspections/{id}/report-preview": READ,
    "GET /api/v1/inspections/{id}/reports": READ,
    "GET /api/v1/inspections/{id}/reports/{report_id}": READ,
    "POST /api/v1/inspections/{id}/reports": (403, 404, 201, 409),
    "GET /api/v1/households": OPEN,
    "GET /api/v1/households/{id}": READ,
    "POST /api/v1/households": MADE,
    "PATCH /api/v1/households/{id}": CHANGED,
    "PUT /api/v1/households/{id}/statuses/{year}": CHANGED,
    "POST /api/v1/households/{id}/merge": CHANGED,
    "GET /api/v1/reports/household-flow": READ,
    "GET /api/v1/reports/support-received": READ,
    "GET /api/v1/reports/support-outcomes": READ,
    "GET /api/v1/model-templates": OPEN,
    "GET /api/v1/support-models": OPEN,
    "GET /api/v1/support-models/{id}": READ,
    "POST /api/v1/support-models": (403, 404, 201, 409),  # by who is to keep it
    "PATCH /api/v1/support-models/{id}": (403, 404, 200, 409),
    "GET /api/v1/support-models/{id}/mix": READ,
    "POST /api/v1/support-models/{id}/submit": (403, 404, 200, 409),  # by who keeps it
    "POST /api/v1/support-models/{id}/appraise": (403, 404, 409, 200),  # by the unit above
    "POST /api/v1/support-models/{id}/approve": (403, 404, 409, 200),
    "POST /api/v1/support-models/{id}/return": (403, 404, 409, 200),
    "POST /api/v1/support-models/{id}/start": (403, 404, 200, 409),
    "POST /api/v1/support-models/{id}/evaluate": (403, 404, 200, 409),
    "POST /api/v1/support-models/{id}/close": (403, 404, 200, 409),
    "GET /api/v1/support-models/{id}/deliveries": READ,
    "POST /api/v1/support-models/{id}/deliveries": (403, 404, 201, 409),
    "POST /api/v1/support-models/{id}/deliveries/{delivery_id}/withdraw": (403, 404, 200, 409),
    "GET /api/v1/support-models/{id}/visits": READ,
    "POST /api/v1/support-models/{id}/visits": (403, 404, 201, 409),
    "GET /api/v1/plans": OPEN,
    "GET /api/v1/plans/{id}": READ,
    "POST /api/v1/plans": (403, 404, 201, 409),  # by who keeps it
    "PATCH /api/v1/plans/{id}": (403, 404, 200, 409),
    "POST /api/v1/plans/{id}/submit": (403, 404, 200, 409),  # by who keeps it
    "POST /api/v1/plans/{id}/appraise": (403, 404, 409, 200),  # by the unit above
    "POST /api/v1/plans/{id}/approve": (403, 404, 409, 200),
    "POST /api/v1/plans/{id}/return": (403, 404, 409, 200),
    "POST /api/v1/plans/{id}/recognise": (403, 404, 409, 200),
    "POST /api/v1/plans/{id}/revise": (403, 404, 200, 409),
    "GET /api/v1/plans/{id}/versions": READ,
    "GET /api/v1/plans/{id}/versions/{number}": READ,
    "GET /api/v1/plans/{id}/compare": READ,
    "GET /api/v1/plans/{id}/actual": READ,
    "POST /api/v1/plans/{id}/items/{item_id}/progress": MADE,
    "GET /api/v1/criteria-sets": OPEN,
    "GET /api/v1/criteria-sets/{code}": OPEN,
    "POST /api/v1/criteria-sets": NOBODY,
    "POST /api/v1/criteria-sets/{code}/thresholds": NOBODY,
    "GET /api/v1/criteria-sets/{code}/changes": OPEN,
    "GET /api/v1/assessments": OPEN,
    "GET /api/v1/assessments/{id}": READ,
    "POST /api/v1/assessments": MADE,
    "PATCH /api/v1/assessments/{id}": CHANGED,
    "POST /api/v1/assessments/{id}/withdraw": CHANGED,
    "POST /api/v1/assessments/{id}/verify": (403, 404, 409, 200),  # not by the unit assessed
    "GET /api/v1/targets": OPEN,
    "GET /api/v1/targets/{id}": READ,
    "POST /api/v1/targets": MADE,
    "PATCH /api/v1/targets/{id}": CHANGED,
    "POST /api/v1/targets/{id}/drop": CHANGED,
    "POST /api/v1/targets/{id}/tasks/{task_id}/progress": MADE,
    "GET /api/v1/reports/criteria": READ,
    "GET /api/v1/reports/criteria-matrix": (404, 404, 404, 200),  # of the district
    "GET /api/v1/reports/disbursement": READ,
    "GET /api/v1/reports/works-map": READ,
}


def calls(rows: Rows, above: Api) -> dict[str, Callable[[], Call]]:
    """How each route with a field or a body is called well; made anew for each caller."""

    def new_line() -> Call:
        work = rows.work()
        key = {"unit_code": "20770@legacy", "project_code": "DTTS.4.1", "source": "central", "year": 2023}
        return "budget-lines", {"id": new_id(), "capital_kind": "investment", "work_id": work["id"], **key}

    def distribution() -> Call:
        line, other = rows.funded(), rows.line()
        share = {"budget_line_id": other["id"], "amount": MILLION}
        body = {"id": new_id(), "document": DOCUMENT, "effective_date": "2023-02-01", "to": [share]}
        return f"budget-lines/{line['id']}/distribute", body

    def contract(body: Json | None) -> Call:
        made = rows.contract()
        return f"works/{made['work_id']}/contracts/{made['id']}", body

    def acceptance(body: Json | None = None) -> Call:
        path, made = rows.acceptance()
        return f"{path}/acceptances/{made['id']}", body

    def dossier(body: Json | None = None) -> Call:
        path, made = rows.dossier()
        return f"{path}/payment-dossiers/{made['id']}", body

    def under_contract(suffix: str, body: Json | None = None) -> Call:
        made = rows.contract()
        new = None if body is None else {"id": new_id(), **body}
        return f"works/{made['work_id']}/contracts/{made['id']}/{suffix}", new

    def sent_dossier() -> Call:
        path, made = rows.dossier("payment_request", "invoice", "volume_acceptance")
        return f"{path}/payment-dossiers/{made['id']}/submit", {}

    def returned_dossier() -> Call:
        path, made = rows.sent_dossier()
        return f"{path}/payment-dossiers/{made['id']}/return", {"reason": "Thiếu chữ ký"}

    def paid_dossier() -> Call:
        path, made = rows.sent_dossier()
        work_id, contract_id = path.split("/")[1], made["contract_id"]
        line = rows.maker.line(work_id=work_id, project_code="DTTS.4.1", capital_kind="investment")
        rows.maker.record(line, "allocate", 100 * MILLION, "2023-01-05")
        paid = rows.maker.record(line, "pay", made["amount"], "2023-03-06", contract_id=contract_id)
        return f"{path}/payment-dossiers/{made['id']}/paid", {"entry_id": paid["id"]}

    def settlement(suffix: str = "", body: Json | None = None) -> Call:
        return f"works/{rows.settlement()['work_id']}/settlement{suffix}", body

    def progress(body: Json | None) -> Call:
        made = rows.report()
        return f"works/{made['work_id']}/progress/{made['id']}", body

    def step(body: Json | None = None) -> Call:
        work_id, step_id = rows.step()
        return f"works/{work_id}/steps/{step_id}", body

    def document(suffix: str = "", body: Json | None = None) -> Call:
        made = rows.document()
        about = made["attached_to"][0]
        places = {"sha256": made["files"][0]["sha256"], "about": f"{about['kind']}/{about['id']}"}
        return f"documents/{made['id']}{suffix.format(**places)}", body

    def new_document() -> Call:
        about = {"kind": "work", "id": rows.work()["id"]}
        body = {"number": "1", "date": "2023-01-05", "issuer": "UBND", "kind": "decision", "attach_to": about}
        return "documents", {"id": new_id(), **body}

    def attachment() -> Call:
        return document("/attachments", {"kind": "work", "id": rows.work()["id"]})

    def upload(body: Json | None = None) -> Call:
        return f"uploads/{rows.upload()['id']}", body

    def clearance(suffix: str = "", body: Json | None = None) -> Call:
        return f"works/{rows.work()['id']}/site-clearance{suffix}", body

    def household(body: Json | None = None) -> Call:
        return rows.place_of(rows.household()), body

    def payment(*, tied: bool) -> Call:
        of, entry = rows.compensated()
        body = {"entry_id": entry["id"], "amount": MILLION}
        place = f"{rows.place_of(of)}/payments"
        if not tied:
            return place, body
        rows.maker.post(place, body)
        return f"{place}/{entry['id']}", None

    def committee(suffix: str = "", body: Json | None = None) -> Call:
        made = rows.committee(assigned="assignment" in suffix)
        member = made["members"][0]
        given = next((one["id"] for one in member["assignments"]), "")
        return f"committees/{made['id']}{suffix.format(member=member['id'], assignment=given)}", body

    def agency(body: Json | None = None) -> Call:
        return f"agencies/{rows.agency()['id']}", body

    def charge(body: Json | None = None) -> Call:
        made = rows.maker.post("agency-charges", rows.charge_body())
        return f"agency-charges/{made['id']}", body

    def directive(suffix: str = "", body: Json | None = None, state: str = "open") -> Call:
        return f"directives/{rows.directive(state=state)['id']}{suffix}", body

    def meeting(suffix: str = "", body: Json | None = None) -> Call:
        return f"meetings/{meetings.called().id}{suffix}", body

    def conclusion() -> Json:
        to = {"kind": "unit", "unit_code": "20770@legacy"}
        return {"id": new_id(), "text": "Họp thôn", "due_on": "2023-09-30", "assignee": to}

    def obstacle(suffix: str = "", body: Json | None = None, state: str = "open") -> Call:
        return f"obstacles/{rows.obstacle(state=state)['id']}{suffix}", body

    def new_obstacle() -> Call:
        about = {"kind": "line", "id": rows.line()["id"]}
        return "obstacles", {"id": new_id(), "subject": about, "text": "Chưa có hướng dẫn"}

    def outreach(suffix: str = "", body: Json | None = None) -> Call:
        return f"outreach-events/{rows.outreach()['id']}{suffix}", body

    def observation(suffix: str = "", body: Json | None = None, state: str = "open") -> Call:
        return f"observations/{rows.observation(state=state)['id']}{suffix}", body

    def inspection(suffix: str = "", body: Json | None = None, state: str = "planned") -> Call:
        return f"inspections/{rows.inspection(state=state)['id']}{suffix}", body

    def finding(*, made: bool) -> Call:
        place, body = inspection(
            "/findings", {"id": new_id(), "text": "Thiếu sổ họp", "wanting": True}, "held"
        )
        if not made or body is None:
            return place, body
        above.post(place, body)
        return f"{place}/{body['id']}/withdraw", None

    def demand() -> Json:
        to = {"kind": "unit", "unit_code": "20770@legacy"}
        return {"id": new_id(), "text": "Họp hằng tháng", "due_on": "2023-10-31", "assignee": to}

    def unit_report(*, made: bool) -> Call:
        body = {"id": new_id(), "as_of": "2023-09-10", "results": "Đã họp"}
        place, _ = inspection("/reports", body)
        if not made:
            return place, body
        rows.maker.post(place, body)
        return f"{place}/{body['id']}", None

    def plan(suffix: str = "", body: Json | None = None, state: str = "draft", **values: object) -> Call:
        return f"plans/{rows.plan(state=state, **values)['id']}{suffix}", body

    def new_plan() -> Call:
        ask = {"kind": "year", "unit_code": "20770@legacy", "program_code": "GNBV", "year": 2023}
        return "plans", {"id": new_id(), **ask}

    def plan_progress() -> Call:
        made = rows.plan()
        return f"plans/{made['id']}/items/{made['items'][0]['id']}/progress", {"id": new_id(), "value": 5}

    hamlet = {"kind": "model_hamlet", "unit_code": "20770.02@legacy", "year": 2025}

    def assessment(suffix: str = "", body: Json | None = None) -> Call:
        return f"assessments/{rows.assessment()['id']}{suffix}", body

    def target(suffix: str = "", body: Json | None = None) -> Call:
        made = rows.target()
        return f"targets/{made['id']}{suffix.format(task=made['tasks'][0]['id'])}", body

    def registered(suffix: str = "", body: Json | None = None) -> Call:
        return f"households/{rows.registered()['id']}{suffix}", body

    def model(suffix: str = "", body: Json | None = None, state: str = "draft") -> Call:
        return f"support-models/{rows.model(state=state)['id']}{suffix}", body

    def delivery(*, made: bool) -> Call:
        running = rows.model(state="running")
        body, place = rows.delivery_body(running), f"support-models/{running['id']}/deliveries"
        if not made:
            return place, body
        rows.maker.post(place, body)
        return f"{place}/{body['id']}/withdraw", {"reason": "Ghi nhầm"}

    def visit() -> Call:
        running = rows.model(state="running")
        body = {"id": new_id(), "household_id": running["members"][0], "visited_on": "2023-07-05"}
        return f"support-models/{running['id']}/visits", body

    piece = Raw(content=b"%PDF-", headers={"Upload-Offset": "0", "Content-Type": "application/octet-stream"})
    program = {
        "code": "X",
        "name": "X",
        "short_name": "X",
        "period_from": 2026,
        "period_to": 2030,
        "decision": "1",
    }
    procedure = {
        "code": "special", "number": 2, "name": "X", "valid_from": "2024-01-01", "source": "X",
        "steps": [{"code": "x", "name": "X"}],
    }  # fmt: skip
    of_2021 = "criteria-sets/NTM-XA-2021-2025"
    criteria_set = NEW_CRITERIA_SET | {"unit_code": None}
    threshold = NEW_THRESHOLD | {"unit_code": None}
    project = {"code": "GNBV.9", "program_code": "GNBV", "name": "X"}
    new_work = {
        "id": new_id(), "name": "Cầu treo", "project_code": "DTTS.4.1", "owner_unit_code": "20770@legacy"
    }  # fmt: skip
    return {
        "GET /api/v1/units/{code}": lambda: ("units/20770@legacy", None),
        "PATCH /api/v1/units/{code}": lambda: ("units/20770@legacy", {"requires_checker": False}),
        "GET /api/v1/programs/{code}": lambda: ("programs/GNBV", None),
        "POST /api/v1/programs": lambda: ("programs", program),
        "PATCH /api/v1/programs/{code}": lambda: ("programs/GNBV", {"name": "X"}),
        "GET /api/v1/projects/{code}": lambda: ("projects/GNBV.2", None),
        "POST /api/v1/projects": lambda: ("projects", project),
        "PATCH /api/v1/projects/{code}": lambda: ("projects/GNBV.2", {"name": "X"}),
        "GET /api/v1/funding-sources/{code}": lambda: ("funding-sources/central", None),
        "PATCH /api/v1/funding-sources/{code}": lambda: ("funding-sources/central", {"name": "X"}),
        "GET /api/v1/budget-lines/{id}": lambda: (f"budget-lines/{rows.line()['id']}", None),
        "POST /api/v1/budget-lines": new_line,
        "PATCH /api/v1/budget-lines/{id}": lambda: (f"budget-lines/{rows.line()['id']}", {"note": "mới"}),
        "POST /api/v1/budget-lines/{id}/distribute": distribution,
        "GET /api/v1/ledger-entries/{id}": lambda: (f"ledger-entries/{rows.entry()['id']}", None),
        "POST /api/v1/ledger-entries": lambda: ("ledger-entries", rows.allocation()),
        "POST /api/v1/ledger-entries/batch": lambda: ("ledger-entries/batch", {"entries": [rows.allocation()]}),
        "POST /api/v1/ledger-entries/{id}/post": lambda: (f"ledger-entries/{rows.proposal()['id']}/post", None),
        "POST /api/v1/ledger-entries/{id}/reject": lambda: (
            f"ledger-entries/{rows.proposal()['id']}/reject", {"reason": "thiếu"}
        ),
        "POST /api/v1/ledger-entries/{id}/cancel": lambda: (
            f"ledger-entries/{rows.proposal()['id']}/cancel", None
        ),
        "GET /api/v1/inspections/{id}": inspection,
        "POST /api/v1/inspections": lambda: ("inspections", {"id": new_id(), "unit_code": "20770@legacy"}),
        "PATCH /api/v1/inspections/{id}": lambda: inspection("", {"team_name": "Đoàn số 2"}),
        "POST /api/v1/inspections/{id}/hold": lambda: inspection("/hold", {"on": "2023-09-14"}),
        "POST /api/v1/inspections/{id}/cancel": lambda: inspection("/cancel", {"reason": "Dời sang năm sau"}),
        "POST /api/v1/inspections/{id}/checklist/prepare": lambda: inspection("/checklist/prepare"),
        "PUT /api/v1/inspections/{id}/checklist": lambda: inspection("/checklist", {"items": [{"text": "Sổ họp"}]}),
        "POST /api/v1/inspections/{id}/findings": lambda: finding(made=False),
        "POST /api/v1/inspections/{id}/findings/{finding_id}/withdraw": lambda: finding(made=True),
        "POST /api/v1/inspections/{id}/conclude": lambda: inspection("/conclude", {"text": "Đạt"}, "held"),
        "POST /api/v1/inspections/{id}/demands": lambda: inspection("/demands", {"demands": [demand()]}, "concluded"),
        "GET /api/v1/inspections/{id}/earlier-demands": lambda: inspection("/earlier-demands"),
        "GET /api/v1/inspections/{id}/report-preview": lambda: inspection("/report-preview"),
        "GET /api/v1/inspections/{id}/reports": lambda: inspection("/reports"),
        "GET /api/v1/inspections/{id}/reports/{report_id}": lambda: unit_report(made=True),
        "POST /api/v1/inspections/{id}/reports": lambda: unit_report(made=False),
        "GET /api/v1/works/{id}": lambda: (f"works/{rows.work()['id']}", None),
        "POST /api/v1/works": lambda: ("works", {**new_work, "id": new_id(), "code": new_id()}),
        "PATCH /api/v1/works/{id}": lambda: (f"works/{rows.work()['id']}", {"physical_percent": 5}),
        "GET /api/v1/works/{work_id}/steps": lambda: (f"works/{rows.step()[0]}/steps", None),
        "GET /api/v1/works/{work_id}/steps/{id}": step,
        "PATCH /api/v1/works/{work_id}/steps/{id}": lambda: step({"due_on": "2023-05-01"}),
        "GET /api/v1/works/{work_id}/dossier": lambda: (f"works/{rows.step()[0]}/dossier", None),
        "GET /api/v1/units/{code}/dossier": lambda: ("units/20770@legacy/dossier", None),
        "GET /api/v1/meetings/{id}/minutes.{form}": lambda: (f"meetings/{meetings.held().id}/minutes.docx", None),
        "GET /api/v1/inspections/{id}/minutes.{form}": lambda: inspection("/minutes.docx", None, "held"),
        "GET /api/v1/inspections/{id}/conclusion.{form}": lambda: inspection("/conclusion.pdf", None, "concluded"),
        "GET /api/v1/inspections/{id}/reports/{report_id}/paper.{form}": lambda: (
            f"{unit_report(made=True)[0]}/paper.pdf", None
        ),
        "GET /api/v1/criteria-sets/{code}": lambda: (of_2021, None),
        "POST /api/v1/criteria-sets": lambda: ("criteria-sets", criteria_set),
        "POST /api/v1/criteria-sets/{code}/thresholds": lambda: (f"{of_2021}/thresholds", threshold),
        "GET /api/v1/criteria-sets/{code}/changes": lambda: (f"{of_2021}/changes?from=NTM-XA-2021-2025", None),
        "GET /api/v1/procedures/{code}/{number}": lambda: ("procedures/special/1", None),
        "POST /api/v1/procedures": lambda: ("procedures", procedure),
        "GET /api/v1/works/{work_id}/contracts": lambda: (f"works/{rows.work()['id']}/contracts", None),
        "GET /api/v1/works/{work_id}/contracts/{id}": lambda: contract(None),
        "POST /api/v1/works/{work_id}/contracts": lambda: (
            f"works/{rows.work()['id']}/contracts", rows.contract_body()
        ),
        "PATCH /api/v1/works/{work_id}/contracts/{id}": lambda: contract({"contractor": "Tổ thợ khác"}),
        "GET /api/v1/works/{work_id}/contracts/{contract_id}/acceptances": lambda: under_contract("acceptances"),
        "GET /api/v1/works/{work_id}/contracts/{contract_id}/acceptances/{id}": acceptance,
        "POST /api/v1/works/{work_id}/contracts/{contract_id}/acceptances": lambda: under_contract("acceptances", {"accepted_on": "2023-03-01", "value": MILLION}),
        "PATCH /api/v1/works/{work_id}/contracts/{contract_id}/acceptances/{id}": lambda: acceptance({"value": MILLION}),
        "DELETE /api/v1/works/{work_id}/contracts/{contract_id}/acceptances/{id}": acceptance,
        "GET /api/v1/works/{work_id}/contracts/{contract_id}/payment-dossiers": lambda: under_contract("payment-dossiers"),
        "GET /api/v1/works/{work_id}/contracts/{contract_id}/payment-dossiers/{id}": dossier,
        "POST /api/v1/works/{work_id}/contracts/{contract_id}/payment-dossiers": lambda: under_contract("payment-dossiers", {"kind": "advance", "amount": MILLION}),
        "PATCH /api/v1/works/{work_id}/contracts/{contract_id}/payment-dossiers/{id}": lambda: dossier({"amount": MILLION}),
        "DELETE /api/v1/works/{work_id}/contracts/{contract_id}/payment-dossiers/{id}": dossier,
        "POST /api/v1/works/{work_id}/contracts/{contract_id}/payment-dossiers/{id}/submit": sent_dossier,
        "POST /api/v1/works/{work_id}/contracts/{contract_id}/payment-dossiers/{id}/return": returned_dossier,
        "POST /api/v1/works/{work_id}/contracts/{contract_id}/payment-dossiers/{id}/paid": paid_dossier,
        "GET /api/v1/works/{work_id}/settlement": settlement,
        "POST /api/v1/works/{work_id}/settlement": lambda: (
            f"works/{rows.work()['id']}/settlement",
            {"id": new_id(), "submitted_on": "2023-06-28", "proposed_value": MILLION},
        ),
        "PATCH /api/v1/works/{work_id}/settlement": lambda: settlement("", {"proposed_value": MILLION}),
        "POST /api/v1/works/{work_id}/settlement/decide": lambda: settlement(
            "/decide",
            {
                "settled_value": MILLION,
                "decided_on": "2023-07-25",
                "decision_number": "46/QĐ-UBND",
                "decision_issuer": "UBND xã Sông Trà",
            },
        ),
        "GET /api/v1/works/{work_id}/progress": lambda: (f"works/{rows.work()['id']}/progress", None),
        "GET /api/v1/works/{work_id}/progress/{id}": lambda: progress(None),
        "POST /api/v1/works/{work_id}/progress": lambda: (
            f"works/{rows.work()['id']}/progress", rows.report_body()
        ),
        "PATCH /api/v1/works/{work_id}/progress/{id}": lambda: progress({"physical_percent": 30}),
        "GET /api/v1/works/{work_id}/milestones": lambda: (f"works/{rows.work()['id']}/milestones", None),
        "PUT /api/v1/works/{work_id}/milestones": lambda: (
            f"works/{rows.work()['id']}/milestones", {"milestones": []}
        ),
        "GET /api/v1/works/{work_id}/pace": lambda: (f"works/{rows.work()['id']}/pace", None),
        "GET /api/v1/works/{work_id}/site-clearance": clearance,
        "PATCH /api/v1/works/{work_id}/site-clearance": lambda: clearance("", {"plan_amount": MILLION}),
        "GET /api/v1/works/{work_id}/site-clearance/households": lambda: clearance("/households"),
        "GET /api/v1/works/{work_id}/site-clearance/households/{id}": household,
        "POST /api/v1/works/{work_id}/site-clearance/households": lambda: clearance(
            "/households", rows.household_body()
        ),
        "PATCH /api/v1/works/{work_id}/site-clearance/households/{id}": lambda: household({"note": "mới"}),
        "POST /api/v1/works/{work_id}/site-clearance/households/{id}/payments": lambda: payment(tied=False),
        "DELETE /api/v1/works/{work_id}/site-clearance/households/{id}/payments/{entry_id}": lambda: payment(
            tied=True
        ),
        "GET /api/v1/documents/{id}": document,
        "POST /api/v1/documents": new_document,
        "PATCH /api/v1/documents/{id}": lambda: document("", {"number": "16"}),
        "GET /api/v1/documents/{id}/files/{sha256}": lambda: document("/files/{sha256}"),
        "POST /api/v1/documents/{id}/files": lambda: document("/files", Raw(files={"files": ("a.pdf", PDF)})),
        "DELETE /api/v1/documents/{id}/files/{sha256}": lambda: document("/files/{sha256}"),
        "POST /api/v1/documents/{id}/uploads": lambda: document("/uploads", {"uploads": [rows.upload()["id"]]}),
        "POST /api/v1/documents/{id}/attachments": attachment,
        "DELETE /api/v1/documents/{id}/attachments/{kind}/{subject_id}": lambda: document("/attachments/{about}"),
        "POST /api/v1/uploads": lambda: ("uploads", {"id": new_id(), "name": "a.pdf", "size": 5}),
        "GET /api/v1/uploads/{id}": upload,
        "PATCH /api/v1/uploads/{id}": lambda: upload(piece),
        "DELETE /api/v1/uploads/{id}": upload,
        "GET /api/v1/households/{id}": registered,
        "POST /api/v1/households": lambda: ("households", rows.registered_body()),
        "PATCH /api/v1/households/{id}": lambda: registered("", {"note": "mới"}),
        "PUT /api/v1/households/{id}/statuses/{year}": lambda: registered("/statuses/2023", {"status": "poor"}),
        "POST /api/v1/households/{id}/merge": lambda: registered("/merge", {"into": rows.registered()["id"]}),
        "GET /api/v1/reports/household-flow": lambda: (
            "reports/household-flow?unit=20770@legacy&year=2023", None
        ),
        "GET /api/v1/support-models/{id}": model,
        "POST /api/v1/support-models": lambda: ("support-models", rows.model_body()),
        "PATCH /api/v1/support-models/{id}": lambda: model("", {"responsible": "Ông Ba"}),
        "GET /api/v1/support-models/{id}/mix": lambda: model("/mix"),
        "POST /api/v1/support-models/{id}/submit": lambda: model("/submit", {}),
        "POST /api/v1/support-models/{id}/appraise": lambda: model("/appraise", {}, "submitted"),
        "POST /api/v1/support-models/{id}/approve": lambda: model("/approve", {}, "appraised"),
        "POST /api/v1/support-models/{id}/return": lambda: model("/return", {"remark": "x"}, "appraised"),
        "POST /api/v1/support-models/{id}/start": lambda: model("/start", {}, "approved"),
        "POST /api/v1/support-models/{id}/evaluate": lambda: model(
            "/evaluate", {"evaluation": "Tốt"}, "running"
        ),
        "POST /api/v1/support-models/{id}/close": lambda: model("/close", {}, "evaluated"),
        "GET /api/v1/support-models/{id}/deliveries": lambda: model("/deliveries"),
        "POST /api/v1/support-models/{id}/deliveries": lambda: delivery(made=False),
        "POST /api/v1/support-models/{id}/deliveries/{delivery_id}/withdraw": lambda: delivery(made=True),
        "GET /api/v1/support-models/{id}/visits": lambda: model("/visits"),
        "POST /api/v1/support-models/{id}/visits": visit,
        "GET /api/v1/plans/{id}": plan,
        "POST /api/v1/plans": new_plan,
        "PATCH /api/v1/plans/{id}": lambda: plan("", {"responsible": "Ông Ba"}),
        "POST /api/v1/plans/{id}/submit": lambda: plan("/submit", {}),
        "POST /api/v1/plans/{id}/appraise": lambda: plan("/appraise", {}, "submitted"),
        "POST /api/v1/plans/{id}/approve": lambda: plan("/approve", {}, "appraised"),
        "POST /api/v1/plans/{id}/return": lambda: plan("/return", {"remark": "x"}, "appraised"),
        "POST /api/v1/plans/{id}/recognise": lambda: plan("/recognise", {}, "approved", **hamlet),
        "POST /api/v1/plans/{id}/revise": lambda: plan("/revise", {"remark": "x"}, "approved"),
        "GET /api/v1/plans/{id}/versions": lambda: plan("/versions"),
        "GET /api/v1/plans/{id}/versions/{number}": lambda: plan("/versions/1", None, "submitted"),
        "GET /api/v1/plans/{id}/compare": lambda: plan("/compare", None, "submitted"),
        "GET /api/v1/plans/{id}/actual": lambda: plan("/actual"),
        "POST /api/v1/plans/{id}/items/{item_id}/progress": plan_progress,
        "GET /api/v1/committees/{id}": committee,
        "GET /api/v1/committees/{id}/gaps": lambda: committee("/gaps"),
        "POST /api/v1/committees": lambda: ("committees", {**by_decision(), "id": new_id(), "members": []}),
        "PATCH /api/v1/committees/{id}": lambda: committee("", {"meeting_day": 20}),
        "POST /api/v1/committees/{id}/renew": lambda: committee("/renew", by_decision(of=RENEWAL) | {"id": new_id()}),
        "POST /api/v1/committees/{id}/members": lambda: committee("/members", {"id": new_id(), "person": "x"}),
        "PATCH /api/v1/committees/{id}/members/{member_id}": lambda: committee("/members/{member}", {"title": "x"}),
        "POST /api/v1/committees/{id}/members/{member_id}/leave": lambda: committee(
            "/members/{member}/leave", {"on": "2023-12-31"}
        ),
        "POST /api/v1/committees/{id}/members/{member_id}/assignments": lambda: committee(
            "/members/{member}/assignments", {"id": new_id(), "subject": {"kind": "program", "id": "GNBV"}}
        ),
        "POST /api/v1/committees/{id}/assignments/{assignment_id}/end": lambda: committee(
            "/assignments/{assignment}/end", {}
        ),
        "GET /api/v1/agencies/{id}": agency,
        "POST /api/v1/agencies": lambda: (
            "agencies", {"id": new_id(), "unit_code": "20770@legacy", "name": "Mặt trận xã"}
        ),
        "PATCH /api/v1/agencies/{id}": lambda: agency({"short_name": "MTTQ"}),
        "GET /api/v1/agency-charges/{id}": charge,
        "POST /api/v1/agency-charges": lambda: ("agency-charges", rows.charge_body()),
        "PATCH /api/v1/agency-charges/{id}": lambda: charge({"content": "x"}),
        "GET /api/v1/directives/{id}": directive,
        "POST /api/v1/directives": lambda: (
            "directives",
            {**NEW_DIRECTIVE, "id": new_id()},
        ),
        "PATCH /api/v1/directives/{id}": lambda: directive("", {"text": "x"}),
        "POST /api/v1/directives/{id}/progress": lambda: directive("/progress", {"text": "x"}),
        "POST /api/v1/directives/{id}/report": lambda: directive("/report", {"text": "x"}),
        "POST /api/v1/directives/{id}/accept": lambda: directive("/accept", {}, "reported"),
        "POST /api/v1/directives/{id}/return": lambda: directive("/return", {"text": "x"}, "reported"),
        "POST /api/v1/directives/{id}/extend": lambda: directive("/extend", {"due_on": "2100-01-01", "reason": "x"}),
        "POST /api/v1/directives/{id}/withdraw": lambda: directive("/withdraw", {"reason": "x"}),
        "GET /api/v1/meetings/{id}": meeting,
        "POST /api/v1/meetings": lambda: (
            "meetings", {"id": new_id(), "committee_id": str(board()), "date": "2023-08-25"}
        ),
        "PATCH /api/v1/meetings/{id}": lambda: meeting("", {"place": "Nhà văn hóa"}),
        "POST /api/v1/committees/{id}/meetings": lambda: (f"committees/{board()}/meetings", {}),
        "POST /api/v1/meetings/{id}/cancel": lambda: meeting("/cancel", {"reason": "x"}),
        "GET /api/v1/meetings/{id}/offers": lambda: meeting("/offers"),
        "POST /api/v1/meetings/{id}/fill": lambda: meeting("/fill", {}),
        "POST /api/v1/meetings/{id}/minutes": lambda: meeting("/minutes", {"minutes": "x"}),
        "POST /api/v1/meetings/{id}/conclusions": lambda: (
            f"meetings/{meetings.held().id}/conclusions", {"conclusions": [conclusion()]}
        ),
        "GET /api/v1/obstacles/{id}": obstacle,
        "GET /api/v1/outreach-events/{id}": outreach,
        "POST /api/v1/outreach-events": lambda: ("outreach-events", rows.outreach_body()),
        "PATCH /api/v1/outreach-events/{id}": lambda: outreach("", {"people": 45}),
        "POST /api/v1/outreach-events/{id}/withdraw": lambda: outreach("/withdraw", {"reason": "x"}),
        "GET /api/v1/observations/{id}": observation,
        "POST /api/v1/observations": lambda: ("observations", rows.observation_body()),
        "PATCH /api/v1/observations/{id}": lambda: observation("", {"text": "x"}),
        "POST /api/v1/observations/{id}/answer": lambda: observation("/answer", {"text": "x"}),
        "POST /api/v1/observations/{id}/close": lambda: observation("/close", {"text": "x"}),
        "POST /api/v1/observations/{id}/reopen": lambda: observation("/reopen", {"text": "x"}, "answered"),
        "POST /api/v1/observations/{id}/raise": lambda: observation("/raise", {"id": new_id()}),
        "POST /api/v1/obstacles": new_obstacle,
        "PATCH /api/v1/obstacles/{id}": lambda: obstacle("", {"resolver": "UBND tỉnh"}),
        "POST /api/v1/obstacles/{id}/escalate": lambda: obstacle("/escalate", {"text": "x"}),
        "POST /api/v1/obstacles/{id}/answer": lambda: obstacle("/answer", {"text": "x"}, "escalated"),
        "POST /api/v1/obstacles/{id}/resolve": lambda: obstacle("/resolve", {"text": "x"}),
        "POST /api/v1/obstacles/{id}/reopen": lambda: obstacle("/reopen", {"reason": "x"}, "resolved"),
        "GET /api/v1/assessments/{id}": assessment,
        "POST /api/v1/assessments": lambda: ("assessments", rows.assessment_body()),
        "PATCH /api/v1/assessments/{id}": lambda: assessment("", {"met": False}),
        "POST /api/v1/assessments/{id}/withdraw": lambda: assessment("/withdraw", {"reason": "x"}),
        "POST /api/v1/assessments/{id}/verify": lambda: assessment("/verify", {"agreed": True}),
        "GET /api/v1/targets/{id}": target,
        "POST /api/v1/targets": lambda: ("targets", rows.target_body()),
        "PATCH /api/v1/targets/{id}": lambda: target("", {"responsible": "Trần Văn Hòa"}),
        "POST /api/v1/targets/{id}/drop": lambda: target("/drop", {"reason": "x"}),
        "POST /api/v1/targets/{id}/tasks/{task_id}/progress": lambda: target(
            "/tasks/{task}/progress", {"id": new_id(), "value": 40}
        ),
        "GET /api/v1/reports/criteria": lambda: ("reports/criteria?unit=20770@legacy", None),
        "GET /api/v1/reports/support-received": lambda: (
            "reports/support-received?unit=20770@legacy&year=2023", None
        ),
        "GET /api/v1/reports/support-outcomes": lambda: (
            "reports/support-outcomes?unit=20770@legacy&year=2023", None
        ),
        "GET /api/v1/reports/criteria-matrix": lambda: ("reports/criteria-matrix?unit=512@legacy", None),
        "GET /api/v1/reports/disbursement": lambda: ("reports/disbursement?unit=20770@legacy&year=2023", None),
        "GET /api/v1/reports/works-map": lambda: ("reports/works-map?unit=20770@legacy", None),
    }  # fmt: skip


def routes(http: TestClient) -> set[str]:
    """Every route under /api/v1 but the description itself, which is public."""
    table = http.app.table  # type: ignore[attr-defined]  # our Application's
    found = [(method, route.path) for route in table.routes for method in route.methods]
    return {f"{m} {p}" for m, p in found if p.startswith("/api/v1/")} - {"GET /api/v1/openapi.json"}


def test_every_route_has_its_row_in_the_table(http: TestClient) -> None:
    assert routes(http) == set(TABLE)


def test_every_caller_gets_what_the_table_says(http: TestClient) -> None:
    rows = Rows(at(http))
    callers = (at(http, scope="read"), at(http, "00001@legacy"), at(http), at(http, "512@legacy"))
    wanted = calls(rows, callers[-1])
    told, expected = {}, {}
    for name, row in TABLE.items():
        method = name.split()[0]
        call = wanted.get(name, lambda name=name: (name.split("/api/v1/")[1], None))
        nobody = answered(Api(http, None), method, call())
        told[name] = (nobody, *(answered(caller, method, call()) for caller in callers))
        expected[name] = (401, *row)
    assert told == expected


def answered(caller: Api, method: str, call: Call) -> int:
    path, body = call
    if isinstance(body, Raw):
        return caller.call(method, path, **body).status_code
    headers = {"If-Match": '"1"'} if method in ("PATCH", "PUT") else {}
    return caller.call(method, path, json=body, headers=headers).status_code
