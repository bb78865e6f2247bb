"""What people are told, in words: on the page of their inbox, and in an e-mail."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from app.domain.notices import NoticeView, Outgoing
from app.i18n import DEFAULT, N_, Message, translate
from app.reports.obstacles import shortened
from app.reports.table import TagKind
from app.settings import settings

_SAID: Final[Mapping[str, str]] = {
    "directive_given": N_("{giver} giao {assignee}, hạn {due:date}: {text}"),
    "directive_progress": N_("{by} báo tiến độ: {text}"),
    "directive_reported": N_("{by} báo cáo đã hoàn thành, chờ ông/bà chấp nhận: {text}"),
    "directive_accepted": N_("{by} chấp nhận hoàn thành: {text}"),
    "directive_returned": N_("{by} trả lại, làm rõ rồi báo cáo lại: {text}"),
    "directive_extended": N_("{by} gia hạn đến {due:date}: {text}"),
    "directive_reworded": N_("{by} sửa lời nhiệm vụ, nay là: {text}"),
    "directive_withdrawn": N_("{by} thu hồi, không phải làm nữa: {text}"),
    "directive_due": N_("Sắp đến hạn {due:date}: {text}"),
    "directive_late": N_("Đã quá hạn {due:date}, {assignee} chưa báo cáo: {text}"),
    "directive_escalated": N_("{unit} đã quá hạn {due:date}, chưa báo cáo: {text}"),
    "directive_waiting": N_("{unit} đã báo cáo, hạn {due:date}, chờ ông/bà chấp nhận: {text}"),
}
_TAGS: Final[Mapping[str, tuple[TagKind, str]]] = {
    "directive_given": ("", N_("giao việc")),
    "directive_progress": ("plain", N_("tiến độ")),
    "directive_reported": ("risk", N_("chờ chấp nhận")),
    "directive_accepted": ("done", N_("hoàn thành")),
    "directive_returned": ("late", N_("trả lại")),
    "directive_extended": ("plain", N_("gia hạn")),
    "directive_reworded": ("risk", N_("sửa lời")),
    "directive_withdrawn": ("plain", N_("đã thu hồi")),
    "directive_due": ("risk", N_("sắp đến hạn")),
    "directive_late": ("late", N_("quá hạn")),
    "directive_escalated": ("late", N_("quá hạn")),
    "directive_waiting": ("risk", N_("chờ chấp nhận")),
}
_PAGES: Final = {"directive": "/directives/{id}"}


def href(notice: NoticeView) -> str:
    """The page of what somebody was told of."""
    return _PAGES[notice.subject_kind].format(id=notice.subject_id)


def said(notice: NoticeView, lang: str) -> str:
    """A notice in a sentence."""
    facts = dict(notice.facts)
    facts["text"] = shortened(str(facts.get("text", "")))
    facts["due"] = date.fromisoformat(facts["due_on"])
    return translate(lang, _SAID[notice.kind], **facts)


def words(notice: NoticeView) -> str:
    """What somebody wrote with what they did."""
    return str(notice.facts.get("words", ""))


def tag(notice: NoticeView) -> tuple[TagKind, Message]:
    kind, text = _TAGS[notice.kind]
    return kind, Message(text)


def mail(out: Outgoing) -> tuple[str, str]:
    """(subject, text) of what one person is sent, in Vietnamese."""
    base = settings().public_url.rstrip("/")
    subject = translate(DEFAULT, N_("Sổ MTQG: {n:number} việc mới trong hộp tin"), n=len(out.notices))
    lines = [translate(DEFAULT, N_("Kính gửi {name},"), name=out.name), ""]
    for notice in out.notices:
        lines.append(f"- {said(notice, DEFAULT)}")
        if words(notice):
            lines.append(f"  {shortened(words(notice), 200)}")
        lines += [f"  {base}{href(notice)}", ""]
    lines.append(
        translate(
            DEFAULT,
            N_("Thư tự động của Sổ MTQG, xin không trả lời. Đổi địa chỉ nhận ở {url}."),
            url=f"{base}/account",
        )
    )
    return subject, "\n".join(lines) + "\n"
