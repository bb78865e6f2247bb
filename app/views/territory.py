"""Units: finding one, and the page that says what it is, where it came from and what it became."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app import i18n
from app.domain import territory
from app.domain.access import Actor, require
from app.domain.territory import UnitView
from app.i18n import N_, Message
from app.views import labels
from app.views.access import Reader, Typed
from app.views.forms import REQUIRED, Form
from app.views.templating import fragment, is_htmx, language, redirect_after_post, render

router = APIRouter(include_in_schema=False)

FOUND_AT_MOST = 8
Option = tuple[str, str, str]
_NONE_FOUND = N_("Không thấy đơn vị “{asked}” trong phạm vi của bạn")
_SEVERAL = N_("Nhiều đơn vị khớp: chọn một")


def option(unit: UnitView, lang: str) -> Option:
    """(exact code, name, where and in which structure) for `ui.finder`."""
    structure = i18n.translate(lang, labels.STRUCTURES[unit.structure])
    return unit.exact_code, unit.name, " · ".join(filter(None, (unit.parent_name, structure)))


def pick(request: Request, actor: Actor, form: Form, name: str) -> tuple[str | None, list[Option]]:
    """The exact code of `pick_unit`."""
    found, options = pick_unit(request, actor, form, name)
    return found.exact_code if found is not None else None, options


def pick_unit(request: Request, actor: Actor, form: Form, name: str) -> tuple[UnitView | None, list[Option]]:
    """The unit that a form's `ui.finder` gives, or what to choose from, its error noted.

    Without scripts a form brings what was typed in `<name>_find`: the only match is taken.
    """
    asked = form.get(f"{name}_find").strip()
    lang = language(request)
    if code := form.get(name):
        found = [territory.find(actor, code)]
    elif asked:
        found = territory.units(actor, q=asked, limit=FOUND_AT_MOST)
    else:
        form.fail(name, REQUIRED)
        return None, []
    if len(found) == 1:
        form.values[name] = found[0].exact_code
        return found[0], [option(found[0], lang)]
    if found:
        form.fail(name, _SEVERAL)
    else:
        form.fail(name, _NONE_FOUND, asked=asked)
    return None, [option(unit, lang) for unit in found]


@router.get("/units/search")
def search(request: Request, who: Reader, name: str = "", q: str = "") -> Response:
    """Units by name or code, with diacritics or without: options for a field, or a page of its own."""
    lang = language(request)
    asked = (request.query_params.get(f"{name}_find", "") if name else q)[:100]
    found = territory.units(who.actor, q=asked, limit=FOUND_AT_MOST if name else 50) if asked.strip() else []
    if name and is_htmx(request):
        options = [option(unit, lang) for unit in found]
        return fragment(
            request, "parts/form.html", "finder_options", name=name, options=options, asked=asked.strip()
        )
    return render(
        request, "territory/search.html", q=asked, asked=bool(asked.strip()),
        units=[(unit, option(unit, lang)[2]) for unit in found],
    )  # fmt: skip


@router.get("/units/{code}")
def show(request: Request, who: Reader, code: str) -> Response:
    """A unit: where it stands, since when, what came before and after it, what lies below."""
    unit = territory.find(who.actor, code)
    before, after = territory.succession(who.actor, unit)
    return render(
        request, "territory/unit.html", place="dashboard", unit=unit, labels=labels, before=before, after=after,
        path=territory.path(who.actor, unit)[:-1], children=territory.children(who.actor, unit),
        own=who.actor.unit_id,
    )  # fmt: skip


# Whether every entry of a unit needs a second person


@router.get("/admin/units")
def settings(request: Request, who: Reader, q: str = "") -> Response:
    """The reader's unit and those below it; where there are many, those directly below, or those searched for."""
    require(who.actor, "unit.edit")
    own = territory.own_unit(who.actor)
    found = (
        territory.units(who.actor, q=q[:100], limit=50) if q.strip() else territory.children(who.actor, own)
    )
    units = found if q.strip() else [own, *found]
    return render(
        request,
        "territory/settings.html",
        place="admin",
        units=units,
        form=Form(q=q),
        labels=labels,
        own=own.id,
    )


@router.post("/admin/units/{code}")
def set_checker(request: Request, who: Reader, form: Typed, code: str) -> Response:
    version = form.whole("version")
    form.check()
    required = form.flag("required")
    unit = territory.set_requires_checker(who.actor, code, required, version or 0)
    said = (
        N_("{name}: phiếu của phần mềm từ nay cũng chờ duyệt.")
        if required
        else N_("{name}: phiếu của phần mềm từ nay vào sổ ngay.")
    )
    return redirect_after_post(request, "/admin/units", flash=Message(said, {"name": unit.name}))
