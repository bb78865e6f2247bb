"""What the pages of plans share."""

from __future__ import annotations

from starlette.requests import Request

from app.domain import programs
from app.domain.access import Actor
from app.domain.plans import PlanView
from app.i18n import N_, translate
from app.reports.plans import href
from app.views.templating import language


def program_options(actor: Actor) -> list[tuple[str, str]]:
    """Programs by code, in the catalogue's order."""
    return [(p.code, p.short_name) for p in programs.programs(actor)]


def crumbs(plan: PlanView, request: Request) -> list[tuple[str, str | None]]:
    """The way to a page of a plan."""
    return [(translate(language(request), N_("Các kế hoạch")), "/plans"), (plan.title, href(plan))]


def tabs(plan: PlanView, request: Request) -> list[tuple[str, str, str]]:
    """The pages of a plan: (key, words, address)."""
    here, lang = href(plan), language(request)
    return [
        (key, translate(lang, text), f"{here}{path}")
        for key, text, path in (
            ("plan", N_("Kế hoạch"), ""),
            ("actual", N_("Thực hiện"), "/actual"),
            ("tasks", N_("Nhiệm vụ"), "/tasks"),
            ("versions", N_("Các bản đã gửi"), "/versions"),
            ("documents", N_("Văn bản"), "/documents"),
        )
    ]
