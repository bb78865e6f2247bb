"""Boards, their members and their gaps as a table and as short lists: in a reader's words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from app.domain.agencies import ChargeView
from app.domain.boards import AssignmentView, CommitteeView, Gaps, InCharge, MemberView, Thing
from app.i18n import N_, Message, translate
from app.reports.table import Cell, Column, Row, Table, Tag

Item = dict[str, Any]
KINDS: Final = {"steering": N_("Ban chỉ đạo"), "management": N_("Ban quản lý")}
ROLES: Final = {
    "head": N_("Trưởng ban"), "deputy": N_("Phó trưởng ban"), "secretary": N_("Thư ký"), "member": N_("Thành viên ban"),
}  # fmt: skip
SUBJECTS: Final = {
    "program": N_("Chương trình"), "project": N_("Dự án"), "criterion": N_("Tiêu chí"), "work": N_("Công trình"),
    "hamlet": N_("Thôn"), "task": N_("Nhiệm vụ của kế hoạch"),
}  # fmt: skip
_SHOWN: Final = 6  # of each kind that nobody is in charge of


def href(board: CommitteeView) -> str:
    return f"/committees/{board.id}"


def member_href(member: MemberView) -> str:
    return f"/committees/{member.committee_id}/members/{member.id}"


def subject_href(kind: str, key: str) -> str | None:
    """The page of what somebody answers for; of a task of a plan there is none of its own."""
    pages = {
        "program": "/programs/{key}", "project": "/programs/{key}", "work": "/works/{key}",
        "hamlet": "/units/{key}", "criterion": "/criteria/{number}",
    }  # fmt: skip
    if kind not in pages:
        return None
    return pages[kind].format(key=key, number=key.rpartition("/")[2])


def state_tag(board: CommitteeView, day: date) -> Tag:
    if board.stands(day):
        return Tag("done", N_("đang hoạt động"))
    return Tag("plain", N_("đã kết thúc") if board.from_on <= day else N_("chưa bắt đầu"))


def boards_table(
    boards: Sequence[CommitteeView],
    number: int,
    day: date,
    *,
    filters: Sequence[tuple[str, str]],
    programs: Mapping[str, str],
    show_unit: bool,
    name: str,
) -> Table:
    """Boards with their heads; `programs` are short names by code, `number` all that the filters leave."""
    return Table(
        title=N_("Ban chỉ đạo, Ban quản lý"),
        columns=[
            Column("name", N_("Ban"), width=50),
            *([Column("unit", N_("Đơn vị"), width=24)] if show_unit else []),
            Column("kind", N_("Loại"), width=16),
            Column("programs", N_("Chương trình"), width=30),
            Column("head", N_("Trưởng ban"), width=26),
            Column("members", N_("Thành viên"), "number"),
            Column("from", N_("Từ ngày"), "date"),
            Column("state", N_("Tình trạng"), "tag", width=18),
        ],
        rows=[
            Row(
                {
                    "name": Cell(board.name, href(board), board.decision.number),
                    "unit": board.unit_name,
                    "kind": Message(KINDS[board.kind]),
                    "programs": ", ".join(programs.get(code, code) for code in board.programs),
                    "head": _head(board, day),
                    "members": len(board.in_term(day)),
                    "from": board.from_on,
                    "state": state_tag(board, day),
                }
            )
            for board in boards
        ],
        totals=Row({"name": Message(N_("Cộng {n:number} ban"), {"n": number})}, "sum") if number else None,
        filters=filters,
        as_of=day,
        name=name,
    )


def _head(board: CommitteeView, day: date) -> Cell | str:
    head = board.head(day)
    return Cell(head.person, sub=head.title or None) if head is not None else ""


def gap_sections(gaps: Gaps, lang: str, *, several: bool) -> list[tuple[str, list[Item]]]:
    """(kind of tag, title, items) of `ui.missing`: what nobody is in charge of, by name. `several`: of more than one
    board, so that each program says whose it is."""
    sections: list[tuple[str, list[Item]]] = []
    left = [
        item
        for board, member in gaps.left
        for item in _left(board, member, gaps.directives.get(member.id, 0), lang)
    ]
    if left:
        sections.append((N_("Đã thôi, việc chưa bàn giao cho ai"), left))
    heads = [{"name": board.name, "href": href(board)} for board in gaps.headless]
    if heads:
        sections.append((N_("Chưa có trưởng ban"), heads))
    programs = [
        {"name": thing.named(lang), "note": board.name if several else ""} for board, thing in gaps.programs
    ]
    nobody = [*programs, *_by_kind(gaps.nobody, lang)]
    if nobody:
        sections.append((N_("Chưa ai phụ trách"), nobody))
    return sections


def _left(board: CommitteeView, member: MemberView, directives: int, lang: str) -> list[Item]:
    """What somebody left behind: what they answered for is handed over on the board's page, a directive by its giver."""
    items: list[Item] = []
    for number, words, place in (
        (len(member.open), N_("thôi ngày {day:date}, còn {n:number} việc"), f"{href(board)}#m-{member.id}"),
        (directives, N_("thôi ngày {day:date}, còn {n:number} nhiệm vụ được giao"), directives_href(member)),
    ):
        note = translate(lang, words, day=member.to_on, n=number)
        items += [{"name": member.person, "href": place, "note": note}] if number else []
    return items


def directives_href(member: MemberView) -> str:
    """The list of what was given to somebody and is not accepted yet."""
    return f"/directives?which=standing&assignee=person:{member.id}"


def _by_kind(things: Iterable[Thing], lang: str) -> list[Item]:
    """The first of each kind by name, and how many more there are."""
    found: dict[str, list[Thing]] = {}
    for thing in things:
        found.setdefault(thing.kind, []).append(thing)
    items: list[Item] = []
    for kind, of_kind in found.items():
        items += [
            {"name": thing.named(lang), "href": subject_href(thing.kind, thing.key), "note": translate(lang, SUBJECTS[kind])}
            for thing in of_kind[:_SHOWN]
        ]  # fmt: skip
        if len(of_kind) > _SHOWN:
            rest = translate(lang, N_("và {n:number} nữa"), n=len(of_kind) - _SHOWN)
            items.append({"name": rest, "note": translate(lang, SUBJECTS[kind])})
    return items


def assigned(member: MemberView, assignments: Iterable[AssignmentView], lang: str) -> list[Item]:
    """Items of what a member answers for: what, since when, who took it over."""
    return [
        {
            "id": a.id,
            "kind": SUBJECTS[a.kind],
            "name": a.named(lang),
            "href": subject_href(a.kind, a.key),
            "since": max(a.from_on, member.from_on),
            "until": a.to_on,
            "note": a.note,
            "handed_to_id": a.handed_to_id,
        }
        for a in assignments
    ]


def in_charge_line(found: Sequence[InCharge]) -> str:
    """Who answers for something, in one line."""
    people = dict.fromkeys(f"{one.person} ({one.title})" if one.title else one.person for one in found)
    return ", ".join(people)


def charges_table(
    charges: Sequence[ChargeView], day: date, *, show_unit: bool, name: str, may_edit: bool
) -> Table:
    """Agencies in charge of units, with the decision that each stands on."""
    return Table(
        title=N_("Cơ quan phụ trách đơn vị"),
        columns=[
            Column("agency", N_("Cơ quan"), width=40),
            *([Column("unit", N_("Phụ trách"), width=24)] if show_unit else []),
            Column("content", N_("Nội dung"), width=50),
            Column("decision", N_("Quyết định"), width=24),
            Column("from", N_("Từ ngày"), "date"),
            Column("state", N_("Tình trạng"), "tag", width=18),
        ],
        rows=[
            Row(
                {
                    "agency": Cell(
                        c.agency_name, f"/agency-charges/{c.id}/edit" if c.own and may_edit else None, c.agency_unit_name
                    ),
                    "unit": c.unit_name,
                    "content": c.content,
                    "decision": Cell(c.decision.number, sub=c.decision.issuer),
                    "from": c.from_on,
                    "state": _charge_tag(c, day),
                }
            )
            for c in charges
        ],
        name=name,
        as_of=day,
    )  # fmt: skip


def _charge_tag(charge: ChargeView, day: date) -> Tag:
    if charge.stands(day):
        return Tag("done", N_("đang phụ trách"))
    return Tag("plain", N_("đã kết thúc") if charge.from_on <= day else N_("chưa bắt đầu"))
