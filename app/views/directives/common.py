"""What pages that give directives share: finding who has to do it."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request

from app.domain import directives
from app.domain.access import Actor
from app.domain.directives import Candidate
from app.i18n import N_, translate
from app.reports.directives import ASSIGNEES
from app.views.forms import REQUIRED, Form
from app.views.templating import language

Option = tuple[str, str, str]  # value, name, note


def option(found: Candidate, lang: str) -> Option:
    """A candidate as `ui.finder_options` shows one."""
    what = found.title if found.kind == "person" else translate(lang, ASSIGNEES[found.kind])
    note = " · ".join(part for part in (what, found.unit_name) if part)
    return f"{found.kind}:{found.id}", found.name, note


def options(request: Request, found: Sequence[Candidate]) -> list[Option]:
    return [option(c, language(request)) for c in found]


def pick(
    request: Request, actor: Actor, form: Form, name: str
) -> tuple[tuple[str, str] | None, list[Option]]:
    """(kind, id) of whom a form's `ui.finder` gives, or what to choose from, its error noted.

    Without scripts a form brings what was typed in `<name>_find`: the only match is taken.
    """
    kind, _, id_ = form.get(name).partition(":")
    if kind in ASSIGNEES and id_:
        return (kind, id_), options(request, [directives.candidate(actor, kind, id_)])
    asked = form.get(f"{name}_find").strip()[:100]
    found = directives.candidates(actor, asked) if asked else []
    if len(found) == 1:
        form.values[name] = f"{found[0].kind}:{found[0].id}"
        return (found[0].kind, found[0].id), options(request, found)
    if found:
        form.fail(name, N_("Có nhiều kết quả, chọn một."))
    elif asked:
        form.fail(name, N_("Không thấy “{asked}”"), asked=asked)
    else:
        form.fail(name, REQUIRED)
    return None, options(request, found)
