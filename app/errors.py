"""The one family of errors.

Raised once, in `domain`, and rendered twice: as problem+json (RFC 9457) for API clients, and as the page
or the form again for people. A fault carries a Vietnamese message id with named placeholders and the facts
that fill them, so that each renderer can speak the reader's language.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from app.i18n import N_

Fact = int | str | date | datetime | None


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field; `field` is its path, `entries.0.amount` for a nested one."""

    field: str
    message: str
    facts: Mapping[str, Fact] = dataclasses.field(default_factory=dict)


class Fault(Exception):
    """Base of every refusal that a caller is told about."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "fault"
    title: ClassVar[str] = N_("Không thực hiện được")

    def __init__(self, message: str = "", /, **facts: Fact) -> None:
        super().__init__(message or self.title)
        self.message = message or self.title
        self.facts: dict[str, Fact] = facts
        self.errors: tuple[FieldError, ...] = ()


class Invalid(Fault):
    """Input that cannot be taken as it stands; names each field at fault."""

    status = 422
    code = "invalid"
    title = N_("Dữ liệu chưa hợp lệ")

    def __init__(self, *errors: FieldError, message: str = "") -> None:
        super().__init__(message)
        self.errors = errors

    @classmethod
    def field(cls, name: str, message: str, **facts: Fact) -> Invalid:
        return cls(FieldError(name, message, facts))


class NotFound(Fault):
    """No such row within the caller's scope. `field` names a reference in a body that led nowhere."""

    status = 404
    code = "not_found"
    title = N_("Không tìm thấy")

    def __init__(self, message: str = "", /, *, field: str | None = None, **facts: Fact) -> None:
        super().__init__(message, **facts)
        if field is not None:
            self.errors = (FieldError(field, self.message, facts),)


class Unauthenticated(Fault):
    status = 401
    code = "unauthenticated"
    title = N_("Cần đăng nhập")


class Forbidden(Fault):
    status = 403
    code = "forbidden"
    title = N_("Không có quyền làm việc này")


class Conflict(Fault):
    """The request collides with what is already there."""

    status = 409
    code = "conflict"
    title = N_("Xung đột với dữ liệu đang có")


class IdTaken(Conflict):
    """The client-made id already stands for something else."""

    code = "id_taken"
    title = N_("Mã định danh này đã dùng cho nội dung khác")


class RuleBroken(Conflict):
    """A rule of the domain refuses; `rule` is its stable name, the facts are its figures.

    `listed` are rows that a client is given beside the figures.
    """

    code = "rule"
    title = N_("Trái quy tắc nghiệp vụ")

    def __init__(self, rule: str, message: str, /, **facts: Fact) -> None:
        super().__init__(message, **facts)
        self.rule = rule
        self.listed: dict[str, list[dict[str, object]]] = {}


class Stale(Fault):
    """Somebody changed the row since the caller read it; carries the row as it stands."""

    status = 412
    code = "stale"
    title = N_("Dữ liệu đã được người khác sửa")

    def __init__(self, current: object) -> None:
        super().__init__(N_("Dữ liệu đã được người khác sửa sau khi bạn mở. Xem bản hiện tại rồi sửa lại."))
        self.current = current


class PreconditionRequired(Fault):
    status = 428
    code = "precondition_required"
    title = N_("Thiếu tiêu đề If-Match")


class TooLarge(Fault):
    status = 413
    code = "too_large"
    title = N_("Nội dung gửi lên quá lớn")


class TooMany(Fault):
    """Throttled or locked out; `retry_after` in seconds."""

    status = 429
    code = "too_many"
    title = N_("Thử lại sau")

    def __init__(self, message: str, /, *, retry_after: int, **facts: Fact) -> None:
        super().__init__(message, **facts)
        self.retry_after = retry_after
