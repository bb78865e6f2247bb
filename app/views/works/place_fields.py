"""The place of a work in its form: a point, and a line with a corner in each line of text."""

from __future__ import annotations

from typing import Any

from app.domain.works import WorkView
from app.domain.works.places import BadPlace, parse_degree, parse_path, place_faults, say_degree, say_path
from app.i18n import N_
from app.views.forms import Form


def place_texts(work: WorkView) -> dict[str, str]:
    """A work's place as the form shows it."""
    return {"lat": say_degree(work.lat), "lon": say_degree(work.lon), "path": say_path(work.path)}


def place_values(form: Form) -> dict[str, Any]:
    """`lat`, `lon` and `path` as typed, None where nothing is; what is wrong is noted beside its field."""
    values: dict[str, Any] = {name: degree(form, name) for name in ("lat", "lon")}
    values["path"] = _path(form)
    for fault in place_faults(values):
        form.fail(fault.field, fault.message, **fault.facts)
    return values


def degree(form: Form, name: str) -> float | None:
    """Degrees as typed, None where nothing is or after noting that it is no number of degrees."""
    typed = form.get(name)
    if not typed.strip():
        return None
    try:
        return parse_degree(typed)
    except BadPlace:
        form.fail(name, N_("Không phải số độ. Ví dụ: 15,5269"))
        return None


def _path(form: Form) -> tuple[tuple[float, float], ...] | None:
    try:
        return parse_path(form.get("path")) or None
    except BadPlace as bad:
        message = N_(
            "Dòng {line:number} không phải một điểm. Mỗi dòng một điểm, vĩ độ trước: 15,5269 108,0291"
        )
        form.fail("path", message, line=bad.line)
        return None
