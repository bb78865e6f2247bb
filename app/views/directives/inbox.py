"""The reader's inbox: what they were told, the latest first."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.domain import notices
from app.domain.notices import NoticeView
from app.i18n import N_
from app.reports.notices import href, said, tag, words
from app.views.access import Reader, Typed
from app.views.ledger.common import pager, window
from app.views.templating import language, redirect_after_post, render

router = APIRouter(include_in_schema=False)


@router.get("/inbox")
def show_inbox(request: Request, who: Reader) -> Response:
    """Everything, or with `?unread=1` what was not read yet."""
    fresh, lang = request.query_params.get("unread") == "1", language(request)
    offset, limit = window(request)
    found, number, unread = notices.inbox(who.actor, unread=fresh, offset=offset, limit=limit)
    return render(
        request, "inbox/list.html", title=N_("Hộp tin"), place="inbox", items=[_item(n, lang) for n in found],
        unread=unread, fresh=fresh, pager=pager(request, number),
    )  # fmt: skip


def _item(notice: NoticeView, lang: str) -> dict[str, object]:
    kind, text = tag(notice)
    return {
        "id": notice.id, "said": said(notice, lang), "words": words(notice), "kind": kind, "tag": text,
        "at": notice.at, "unread": notice.read_at is None,
    }  # fmt: skip


@router.post("/inbox/read")
def read_all(request: Request, who: Reader, _form: Typed) -> Response:
    """Everything is read."""
    notices.mark_read(who.actor)
    return redirect_after_post(request, "/inbox", flash=N_("Đã đánh dấu là đã đọc"))


@router.post("/inbox/{notice_id:int}")
def open_notice(request: Request, who: Reader, _form: Typed, notice_id: int) -> Response:
    """Marks it as read and goes on to what it is about."""
    notice = notices.mark_read(who.actor, notice_id)
    return redirect_after_post(request, href(notice) if notice is not None else "/inbox")
