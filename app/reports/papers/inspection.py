"""The papers of an inspection: its minutes (biên bản), and what the team concluded (thông báo kết luận)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from app.domain.directives.views import DirectiveView
from app.domain.inspections.views import (
    CONCLUDED,
    HELD,
    CheckView,
    FindingView,
    InspectionView,
    PersonView,
)
from app.errors import NotFound
from app.i18n import N_, format_date
from app.reports.archive import plain
from app.reports.papers.meeting import assignees, demands
from app.reports.papers.paper import (
    Block,
    Col,
    Grid,
    Heading,
    Items,
    Paper,
    Paragraph,
    Signature,
    committee_of,
    in_sentence,
    long_date,
    people_of,
    place_of,
)

_ROLES: Final = {
    "lead": "Trưởng đoàn",
    "deputy": "Phó Trưởng đoàn",
    "secretary": "Thư ký",
    "member": "Thành viên",
}
_RESULTS: Final = {
    "met": "Đạt",
    "not_met": "Chưa đạt",
    "not_applicable": "Không áp dụng",
    "checked": "Đã kiểm tra",
    None: "Chưa ghi",
}
_CHECKS: Final = (
    Col("TT", 1, "center"), Col("Nội dung kiểm tra", 8), Col("Kết quả", 3, "center"), Col("Ghi chú", 4),
)  # fmt: skip


def minutes(inspection: InspectionView) -> Paper:
    """What was looked at and found, signed by both sides. NotFound before it was held."""
    if inspection.state not in (HELD, CONCLUDED) or inspection.held_on is None:
        raise NotFound(N_("Cuộc kiểm tra này chưa thực hiện, chưa có biên bản."))
    unit = in_sentence(inspection.unit_name)
    # Of boards that took part nobody is named.
    unit_head = next((p for p in inspection.unit_people if p.title), None)
    return Paper(
        name=_name("bien-ban-kiem-tra", inspection),
        kind="Biên bản",
        abstract=inspection.title,
        superior=people_of(inspection.by_name),
        issuer=(_team(inspection),),
        sign="BB-ĐKT",
        place=place_of(inspection.unit_name),
        day=inspection.held_on,
        bases=_bases(inspection),
        blocks=(
            Paragraph(
                f"Hôm nay, {long_date(inspection.held_on)}, tại {unit}, {_team(inspection)} thực hiện cuộc "
                f"kiểm tra đối với {unit}."
            ),
            *_committee_of(inspection),
            *_checked(inspection),
            *_found("III. Kết quả kiểm tra", inspection),
        ),
        signatures=(
            Signature(("Đại diện đơn vị", "được kiểm tra"), unit_head.person if unit_head else ""),
            _signed(inspection),
        ),
        recipients=(
            committee_of(inspection.by_name),
            committee_of(inspection.unit_name),
            "Lưu: hồ sơ Đoàn kiểm tra",
        ),
        illustrative=inspection.illustrative or any(f.illustrative for f in inspection.findings),
    )


def conclusion(inspection: InspectionView, given: Sequence[DirectiveView]) -> Paper:
    """What the team concluded and demands (`given`). NotFound before it was."""
    if inspection.state != CONCLUDED or inspection.held_on is None:
        raise NotFound(N_("Cuộc kiểm tra này chưa kết luận."))
    return Paper(
        name=_name("ket-luan-kiem-tra", inspection),
        kind="Thông báo",
        abstract=f"Kết luận {inspection.title[:1].lower()}{inspection.title[1:]}",
        superior=people_of(inspection.by_name),
        issuer=(_team(inspection),),
        number=inspection.conclusion_number,
        sign="TB-ĐKT",
        place=place_of(inspection.by_name),
        day=inspection.concluded_on,
        bases=_bases(inspection),
        blocks=(
            Paragraph(
                f"{long_date(inspection.held_on).capitalize()}, {_team(inspection)} đã kiểm tra tại "
                f"{in_sentence(inspection.unit_name)}. Trưởng đoàn kiểm tra thông báo kết luận như sau:"
            ),
            *_found("I. Kết quả kiểm tra", inspection),
            Heading("II. Kết luận"),
            Paragraph(inspection.conclusion),
            *demands("III. Yêu cầu", given),
        ),
        signatures=(_signed(inspection),),
        recipients=(
            *dict.fromkeys((committee_of(inspection.unit_name), *assignees(given))),
            "Lưu: VT, hồ sơ Đoàn kiểm tra",
        ),
        illustrative=inspection.illustrative
        or any(d.illustrative for d in given)
        or any(f.illustrative for f in inspection.findings),
    )


def _name(kind: str, inspection: InspectionView) -> str:
    day = inspection.day.isoformat() if inspection.day else str(inspection.year)
    return f"{kind}-{plain(place_of(inspection.unit_name))}-{day}"


def _team(inspection: InspectionView) -> str:
    return inspection.team_name or "Đoàn kiểm tra"


def _signed(inspection: InspectionView) -> Signature:
    lead = inspection.lead
    return Signature(("TM. Đoàn kiểm tra", "Trưởng đoàn"), lead.person if lead else "")


def _bases(inspection: InspectionView) -> tuple[str, ...]:
    decision = inspection.decision
    if decision is None:
        return ()
    of = f" của {decision.issuer}" if decision.issuer else ""
    return (f"Căn cứ Quyết định số {decision.number} ngày {format_date(decision.date)}{of}",)


def _committee_of(inspection: InspectionView) -> Iterator[Block]:
    team = [person for person in (inspection.lead, *inspection.team) if person]
    yield Heading("I. Thành phần")
    for lead, side in (
        ("1. Đoàn kiểm tra:", [_person(p) for p in team]),
        (f"2. {inspection.unit_name}:", [_person(p) for p in inspection.unit_people]),
    ):
        yield Paragraph("" if side else "chưa ghi.", lead=lead)
        yield Items(side)


def _person(person: PersonView) -> str:
    said = ", ".join(part for part in (person.person, person.title) if part)
    return f"{said} - {_ROLES[person.role]}" if person.side == "team" else said


def _checked(inspection: InspectionView) -> Iterator[Block]:
    yield Heading("II. Nội dung kiểm tra")
    yield Paragraph(inspection.checked)
    if inspection.checklist:
        rows = [_check(number, item) for number, item in enumerate(inspection.checklist, start=1)]
        yield Grid(_CHECKS, rows)


def _check(number: int, item: CheckView) -> tuple[str, str, str, str]:
    return str(number), item.text, _RESULTS[item.result], item.note


def _found(title: str, inspection: InspectionView) -> Iterator[Block]:
    yield Heading(title)
    yield Paragraph(inspection.summary)
    sections = [
        section
        for section in (
            ("Kết quả đạt được", inspection.achievements),
            ("Tồn tại, hạn chế", inspection.shortcomings),
        )
        if section[1]
    ]
    for number, (name, findings) in enumerate(sections, start=1):
        yield Heading(f"{number}. {name}", 2)
        yield Items([_finding(f) for f in findings])


def _finding(finding: FindingView) -> str:
    """A finding with what it is about and the numbers of its evidence."""
    about = finding.about.name if finding.about is not None and finding.about.name not in finding.text else ""
    numbers = ", ".join(d.title for d in finding.documents if not d.personal)
    beside = "; ".join(part for part in (about, f"chứng cứ: {numbers}" if numbers else "") if part)
    return f"{finding.text} ({beside})" if beside else finding.text
