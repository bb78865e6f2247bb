"""What a meeting is about: what the books offer (late, at risk, due, standing), what was picked of it and typed."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import db
from app.clock import today
from app.domain import directives, obstacles, plans, targets
from app.domain.access import Actor, require
from app.domain.directives import DirectiveFilter
from app.domain.documents.subjects import subjects
from app.domain.ledger.risky import risky
from app.domain.meetings.views import AgendaView, MeetingView, one
from app.domain.obstacles import ObstacleFilter
from app.domain.plans import PlanFilter
from app.domain.works import most_pressing
from app.errors import FieldError, Invalid, NotFound
from app.i18n import DEFAULT, N_, Message, say
from app.models.programs import Program
from app.models.steering import AgendaItem, CommitteeProgram

KINDS: Final = ("directive", "work", "line", "target", "obstacle", "plan")
LONGEST: Final = 1000
MOST: Final = 100  # items of one agenda
EACH: Final = 8  # offers of a kind
SOON: Final = timedelta(days=30)  # after the meeting: what falls due before the next one
_LOOK: Final = 40  # obstacles that are looked at for those of the board's programs
_SHORT: Final = 300
_WAITING: Final = {
    "draft": N_("Kế hoạch chưa gửi thẩm định: {title}"),
    "returned": N_("Kế hoạch bị trả lại: {title}"),
    "submitted": N_("Kế hoạch chờ thẩm định: {title}"),
    "appraised": N_("Kế hoạch chờ phê duyệt: {title}"),
}


@dataclass(frozen=True, slots=True)
class Offer:
    """Something that calls for the board: `text` as it would stand on the agenda."""

    kind: str
    id: uuid.UUID
    text: Message

    def item(self) -> AgendaView:
        """As it is put on the agenda, in the language of the minutes."""
        return AgendaView(say(DEFAULT, self.text)[:LONGEST], self.kind, self.id)


def replace_all(session: Session, actor: Actor, meeting_id: uuid.UUID, items: Sequence[AgendaView]) -> None:
    """Make a locked meeting's agenda exactly this, in this order.

    Invalid for an item without words; NotFound names the `subject` that does not exist in the actor's scope.
    """
    faults = []
    if len(items) > MOST:
        faults.append(FieldError("agenda", N_("Nhiều nhất {most:number} nội dung."), {"most": MOST}))
    for i, item in enumerate(items):
        if not item.text.strip():
            faults.append(FieldError(f"agenda.{i}.text", N_("Chưa điền")))
        elif len(item.text) > LONGEST:
            message = N_("Dài quá {longest:number} ký tự")
            faults.append(FieldError(f"agenda.{i}.text", message, {"longest": LONGEST}))
        if (item.subject_id is None) != (item.subject_kind == "") or item.subject_kind not in ("", *KINDS):
            faults.append(FieldError(f"agenda.{i}.subject", N_("Không có trong danh sách")))
    if faults:
        raise Invalid(*faults)
    _refuse_out_of_scope(session, actor, items)
    session.execute(sa.delete(AgendaItem).where(AgendaItem.meeting_id == meeting_id))
    if items:
        session.execute(
            sa.insert(AgendaItem),
            [
                {
                    "id": uuid.uuid4(), "meeting_id": meeting_id, "position": i, "text": item.text.strip(),
                    "subject_kind": item.subject_kind, "subject_id": item.subject_id,
                }
                for i, item in enumerate(items)
            ],
        )  # fmt: skip


def _refuse_out_of_scope(session: Session, actor: Actor, items: Sequence[AgendaView]) -> None:
    keys = [(i, (item.subject_kind, item.subject_id)) for i, item in enumerate(items) if item.subject_id]
    known = subjects(session, actor, {key for _, key in keys})
    for i, key in keys:
        if key not in known:
            message = N_("Không có nội dung này trong phạm vi của bạn.")
            raise NotFound(message, field=f"agenda.{i}.subject")


def offers(actor: Actor, meeting: MeetingView, *, but: Collection[uuid.UUID] = ()) -> list[Offer]:
    """What calls for the board on the meeting's day, by kind: directives that are late or fall due, works late, lines
    with money at risk, targets off track, obstacles that stand, plans that wait; of the board's programs where it has
    some. Without those `but`, which the agenda has already.
    """
    require(actor, "read")
    with db.transaction() as session:
        programs = frozenset(
            session.execute(
                sa.select(Program.code)
                .join(CommitteeProgram, CommitteeProgram.program_id == Program.id)
                .where(CommitteeProgram.committee_id == meeting.committee_id)
            ).scalars()
        )
    found = [
        offer
        for gather in (_directives, _works, _lines, _targets, _obstacles, _plans)
        for offer in list(gather(actor, meeting, programs))[:EACH]
    ]
    return [offer for offer in found if offer.id not in but]


def offered(actor: Actor, meeting_id: uuid.UUID, *, but: Collection[uuid.UUID] = ()) -> list[Offer]:
    """`offers` of a meeting by its id; NotFound out of scope."""
    with db.transaction() as session:
        meeting = one(session, actor, meeting_id)
    return offers(actor, meeting, but=but)


def _of(programs: frozenset[str], project_code: str) -> bool:
    """Whether a project is of the board's programs, of which none means all."""
    return not programs or project_code.partition(".")[0] in programs


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHORT else line[: _SHORT - 1].rsplit(" ", 1)[0] + " …"


def _directives(actor: Actor, meeting: MeetingView, _programs: frozenset[str]) -> Iterator[Offer]:
    wanted = DirectiveFilter(
        unit=meeting.exact_unit, as_of=min(meeting.date, today()), standing=True, due_to=meeting.date + SOON
    )
    for d in directives.directives(actor, wanted, late_first=True, limit=EACH):
        facts = {"text": _short(d.text), "who": d.assignee_name, "due": d.due_on}
        text = (
            N_("Nhiệm vụ quá hạn {due:date}: {text} ({who})")
            if d.due_on < meeting.date
            else N_("Nhiệm vụ đến hạn {due:date}: {text} ({who})")
        )
        yield Offer("directive", d.id, Message(text, facts))


def _works(actor: Actor, meeting: MeetingView, programs: frozenset[str]) -> Iterator[Offer]:
    with db.transaction() as session:
        found, _ = most_pressing(
            session, actor, meeting.unit_id, EACH, on=meeting.date, late_only=True, programs=programs
        )
    for work in found:
        facts = {"name": work.name, "days": work.days_late(meeting.date), "percent": work.physical_percent}
        text = N_("Công trình {name} chậm {days:number} ngày, khối lượng {percent:number} %")
        yield Offer("work", work.id, Message(text, facts))


def _lines(actor: Actor, meeting: MeetingView, programs: frozenset[str]) -> Iterator[Offer]:
    with db.transaction() as session:
        found, *_ = risky(session, actor, meeting.unit_id, meeting.date.year, EACH, programs=programs)
    for line in found:
        facts = {
            "name": line.name, "code": line.project_code, "sum": line.at_risk, "left": line.available,
        }  # fmt: skip
        text = N_("Vốn {code}, {name}: còn {left:money}, nguy cơ mất {sum:money}")
        yield Offer("line", line.id, Message(text, facts))


def _targets(actor: Actor, meeting: MeetingView, programs: frozenset[str]) -> Iterator[Offer]:
    if programs and "NTM" not in programs:
        return
    for target in targets.heads(actor, meeting.unit_id, min(meeting.date, today())):
        soon = target.lost or target.due_on <= meeting.date + SOON
        if target.reached_on is not None or not soon:
            continue
        name = (
            f"{target.criterion_number}. {target.criterion_name}"
            if target.criterion_number
            else target.unit_name
        )
        text = (
            N_("Tiêu chí {name} không còn đạt, hạn {due:date}")
            if target.lost
            else N_("Chỉ tiêu {name} chưa đạt, hạn {due:date}")
        )
        yield Offer("target", target.id, Message(text, {"name": name, "due": target.due_on}))


def _obstacles(actor: Actor, meeting: MeetingView, programs: frozenset[str]) -> Iterator[Offer]:
    wanted = ObstacleFilter(unit=meeting.exact_unit, standing=True)
    for obstacle in obstacles.obstacles(actor, wanted, by_money=True, limit=_LOOK):
        other = obstacle.line_project is not None and not _of(programs, obstacle.line_project)
        if other or obstacle.raised_on > meeting.date:
            continue
        facts = {"text": _short(obstacle.text), "about": obstacle.about(DEFAULT), "held": obstacle.money_held}
        text = (
            N_("Vướng mắc: {text} ({about}), đang giữ {held:money}")
            if obstacle.money_held
            else N_("Vướng mắc: {text} ({about})")
        )
        yield Offer("obstacle", obstacle.id, Message(text, facts))


def _plans(actor: Actor, meeting: MeetingView, programs: frozenset[str]) -> Iterator[Offer]:
    """Plans that are written and not yet approved, or were returned."""
    wanted = PlanFilter(unit=meeting.exact_unit, states=tuple(_WAITING), programs=programs)
    for plan in plans.plans(actor, wanted, by_name=True, limit=EACH):
        yield Offer("plan", plan.id, Message(_WAITING[plan.state], {"title": plan.title}))
