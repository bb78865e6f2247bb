"""A work's steps as a timeline and as a table, what is missing as a list: in a reader's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from app.domain.works import WorkView
from app.domain.works.readiness import Missing
from app.domain.works.steps import DONE, MAIN, WAIVED, StepView, before, may_begin
from app.i18n import N_, Message, translate
from app.reports.labels import STAGES, STEP_STATES
from app.reports.table import Cell, Column, Row, Table, Tag
from app.text import fold

Names = Mapping[str, tuple[str, str]]  # of kinds of documents: Vietnamese, English
Item = dict[str, Any]


def href(step: StepView) -> str:
    return f"/works/{step.work_id}/steps/{step.id}"


def kinds_named(codes: Sequence[str], names: Names, lang: str) -> str:
    """Kinds of documents by name, one after the other."""
    return "; ".join(names[code][lang == "en"] if code in names else code for code in codes)


def timeline(of_track: Sequence[StepView], on: date, names: Names, lang: str) -> list[Item]:
    """Items of `ui.steps`: each step with its day, and with what it is waiting for."""
    return [
        {
            "state": _state(step, of_track, on),
            "name": step.named(lang),
            "href": href(step),
            "when": _when(step, on, lang),
            "note": _note(step, of_track, names, lang),
        }
        for step in of_track
    ]


def _state(step: StepView, of_track: Sequence[StepView], on: date) -> str:
    if step.settled:
        return "ok" if step.status == DONE else "waived"
    if step.days_late(on):
        return "bad"
    return "now" if may_begin(step, of_track) else "open"


def _when(step: StepView, on: date, lang: str) -> str:
    if step.status == DONE:
        return translate(lang, "{day:date}", day=step.done_on)
    if step.status == WAIVED:
        return translate(lang, STEP_STATES[WAIVED])
    if step.due_on is None:
        return ""
    late = step.days_late(on)
    if late:
        return translate(lang, N_("hạn {day:date}, chậm {late:number} ngày"), day=step.due_on, late=late)
    return translate(lang, N_("hạn {day:date}"), day=step.due_on)


def _note(step: StepView, of_track: Sequence[StepView], names: Names, lang: str) -> str:
    if step.status == DONE:
        return translate(lang, N_("{n:number} văn bản"), n=len(step.papers)) if step.papers else ""
    if step.status == WAIVED:
        return step.reason
    waits = [s for s in before(step, of_track) if not s.settled]
    if waits:
        numbers = ", ".join(str(of_track.index(s) + 1) for s in waits)
        return translate(lang, N_("chờ bước {numbers}"), numbers=numbers)
    parts = []
    if step.lacks:
        lacks = kinds_named(step.lacks, names, lang)
        parts.append(translate(lang, N_("cần: {names}"), names=lacks))
    if step.approves or step.prepares:
        parts.append(step.approves or step.prepares)
    return " · ".join(parts)


def missing_items(
    work: WorkView, missing: Sequence[Missing], on: date, names: Names, lang: str
) -> list[Item]:
    """Items of `ui.missing`: what is missing by name, with who owes it and until when."""
    return [
        {"name": m.said(lang), "href": _mend(work, m), "note": _owed(m, on, names, lang)} for m in missing
    ]


def _mend(work: WorkView, missing: Missing) -> str | None:
    """Where it is mended."""
    base = f"/works/{work.id}"
    if missing.step_id is not None:
        return f"{base}/steps/{missing.step_id}"
    places = {
        "procedure": "/edit", "clearance": "/clearance?state=waiting", "physical": "/progress",
        "settlement": "/settlement", "overpaid": "/settlement", "advance": "/settlement",
    }  # fmt: skip
    return base + places[missing.rule]


def _owed(missing: Missing, on: date, names: Names, lang: str) -> str:
    parts = []
    if missing.lacks:
        parts.append(translate(lang, N_("thiếu {names}"), names=kinds_named(missing.lacks, names, lang)))
    if missing.who:
        parts.append(missing.who)
    if missing.due_on is not None:
        late = (on - missing.due_on).days
        said = N_("hạn {day:date}, chậm {late:number} ngày") if late > 0 else N_("hạn {day:date}")
        parts.append(translate(lang, said, day=missing.due_on, late=late))
    return ", ".join(parts)


def missing_title(work: WorkView, gate: str, number: int) -> Message:
    """What the list says of a stage that something bars."""
    words = {
        "construction": N_("Chưa đủ điều kiện khởi công: còn thiếu {n:number}"),
        "completed": N_("Chưa nghiệm thu hoàn thành được: còn thiếu {n:number}"),
        "handed_over": N_("Chưa bàn giao được: còn thiếu {n:number}"),
        "settled": N_("Chưa quyết toán được: còn thiếu {n:number}"),
    }
    if gate == "construction" and work.stage == "suspended":
        return Message(N_("Chưa thi công trở lại được: còn thiếu {n:number}"), {"n": number})
    return Message(words[gate], {"n": number})


def steps_table(work: WorkView, of_work: Sequence[StepView], on: date, names: Names, lang: str) -> Table:
    """Every step with who prepares and approves it, its days and its documents."""
    return Table(
        title=N_("Các bước thủ tục"),
        columns=[
            Column("step", N_("Bước"), width=46),
            Column("state", N_("Tình trạng"), "tag"),
            Column("due", N_("Hạn"), "date"),
            Column("done", N_("Ngày xong"), "date"),
            Column("papers", N_("Số văn bản"), "number"),
            Column("lacks", N_("Còn thiếu văn bản"), width=46),
            Column("who", N_("Ai lập, ai duyệt"), width=36),
            Column("gate", N_("Cần trước khi"), width=20),
        ],
        rows=[_row(step, on, names, lang) for step in of_work],
        filters=[(N_("Công trình"), work.name)],
        name="thu-tuc-" + "".join(c if c.isascii() and c.isalnum() else "-" for c in fold(work.code)),
    )


def _row(step: StepView, on: date, names: Names, lang: str) -> Row:
    return Row(
        {
            "step": Cell(step.named(lang), href(step)),
            "state": state_tag(step, on),
            "due": step.due_on,
            "done": step.done_on,
            "papers": len(step.papers),
            "lacks": kinds_named(step.lacks, names, lang) if step.status != WAIVED else "",
            "who": " · ".join(part for part in (step.prepares, step.approves) if part),
            "gate": Message(STAGES[step.gate]) if step.gate and step.track == MAIN else "",
        }
    )


def state_tag(step: StepView, on: date) -> Tag:
    late = step.days_late(on)
    if late:
        return Tag("late", Message(N_("chậm {late:number} ngày"), {"late": late}))
    kinds = {"done": "done", "waived": "plain", "open": ""}
    return Tag(kinds[step.status], STEP_STATES[step.status])  # type: ignore[arg-type]  # kinds of tags, all of them
