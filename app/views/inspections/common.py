"""What the pages of an inspection share: the way to them, their tabs, what they are about, people as they are typed."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request

from app.domain import inspections
from app.domain.access import Actor
from app.domain.inspections import ROLES, InspectionView, NewPerson, PersonView
from app.i18n import N_, translate
from app.reports.inspections import ROLES as ROLE_NAMES
from app.reports.inspections import SUBJECTS, about_name, href
from app.views.forms import Form
from app.views.templating import language

Option = tuple[str, str]


def crumbs(inspection: InspectionView, request: Request) -> list[tuple[str, str | None]]:
    """The way to a page of an inspection."""
    return [
        (translate(language(request), N_("Các cuộc kiểm tra")), "/inspections"),
        (inspection.title, href(inspection)),
    ]


def tabs(inspection: InspectionView, request: Request) -> list[tuple[str, str, str]]:
    """The pages of an inspection: (key, words, address)."""
    here, lang = href(inspection), language(request)
    return [
        (key, translate(lang, text), f"{here}{path}")
        for key, text, path in (
            ("inspection", N_("Cuộc kiểm tra"), ""),
            ("checklist", N_("Nội dung kiểm tra"), "/checklist"),
            ("findings", N_("Kết quả, tồn tại"), "/findings"),
            ("reports", N_("Báo cáo của đơn vị"), "/reports"),
            ("documents", N_("Văn bản"), "/documents"),
        )
    ]


def subject_options(
    request: Request, actor: Actor, inspection: InspectionView
) -> list[tuple[str, list[Option]]]:
    """What of the inspected unit a finding or a line may be about, in groups for a select: `kind:id`."""
    lang, groups = language(request), dict[str, list[Option]]()
    for about in inspections.offered(actor, inspection.unit_id, inspection.year):
        groups.setdefault(about.kind, []).append((f"{about.kind}:{about.id}", about_name(about, lang)))
    return [(translate(lang, SUBJECTS[kind]), options) for kind, options in groups.items()]


def subject_of(text: str) -> tuple[str, str]:
    """(kind, id) of what a select gives; both empty for none."""
    kind, _, id_ = text.partition(":")
    return (kind, id_) if kind in inspections.SUBJECTS else ("", "")


# People, a line each: name; office; role ------------------------------------------------------------------


def people_text(people: Sequence[PersonView], lang: str) -> str:
    """People as they are typed, the role where it is not a plain member's."""
    return "\n".join(
        "; ".join(
            part
            for part in (p.person, p.title, translate(lang, ROLE_NAMES[p.role]).lower() if p.role in ROLES[:2] else "")
            if part
        )
        for p in people
    )  # fmt: skip


def read_people(form: Form, name: str, *, roles: bool) -> tuple[NewPerson, ...]:
    """The people of a field; after the office the role may follow: phó trưởng đoàn, thư ký."""
    found = []
    for line in form.get(name).splitlines():
        parts = [part.strip() for part in line.split(";")] if ";" in line else _by_comma(line)
        if not any(parts):
            continue
        role = _role(parts[-1]) if roles and len(parts) > 1 else None
        words = parts[:-1] if role else parts
        found.append(NewPerson(words[0], "; ".join(words[1:]), role or "member"))
    return tuple(found)


def _by_comma(line: str) -> list[str]:
    person, _, title = line.partition(",")
    return [person.strip(), title.strip()]


def _role(text: str) -> str | None:
    """The role that a word names in either language."""
    for role in ROLES:
        if text.lower() in {translate(lang, ROLE_NAMES[role]).lower() for lang in ("vi", "en")}:
            return role
    return None
