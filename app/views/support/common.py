"""What the pages of support models share."""

from __future__ import annotations

from starlette.requests import Request

from app.domain.support import ModelView
from app.i18n import N_, translate
from app.reports.support import href
from app.views.templating import language


def crumbs(model: ModelView, request: Request) -> list[tuple[str, str | None]]:
    """The way to a page of a model."""
    return [(translate(language(request), N_("Mô hình hỗ trợ")), "/support"), (model.name, href(model))]


def tabs(model: ModelView, request: Request) -> list[tuple[str, str, str]]:
    """The pages of a model: (key, words, address)."""
    here, lang = href(model), language(request)
    return [
        (key, translate(lang, text), f"{here}{path}")
        for key, text, path in (
            ("model", N_("Mô hình"), ""),
            ("deliveries", N_("Cấp phát"), "/deliveries"),
            ("visits", N_("Thăm hộ"), "/visits"),
            ("documents", N_("Văn bản"), "/documents"),
        )
    ]
