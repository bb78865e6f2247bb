"""The description of the JSON interface: what FastAPI knows of the routes, with our errors and security."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

from app.settings import settings
from app.web.problems import MEDIA_TYPE

PATH: Final = "/api/v1/openapi.json"
TOKEN_PATH: Final = "/oauth/token"  # noqa: S105 - an address, no secret
Document = dict[str, Any]  # JSON as OpenAPI 3.1 has it

TAGS: Final = [
    {"name": name, "description": description}
    for name, description in (
        ("identity", "Đăng nhập của phần mềm khác · access of other software"),
        ("territory", "Đơn vị hành chính, cơ quan · administrative units, agencies"),
        ("programs", "Chương trình, dự án, nguồn vốn, kế hoạch · programs, projects, funding sources, plans"),
        ("ledger", "Dòng vốn, chứng từ, giải ngân · budget lines, entries, disbursements"),
        ("works", "Công trình, tiến độ, hợp đồng, mặt bằng · works, progress, contracts, site clearance"),
        ("criteria", "Tiêu chí nông thôn mới · new rural criteria, assessments, targets"),
        ("households", "Hộ dân, mô hình sinh kế · households, support models"),
        (
            "steering",
            "Ban chỉ đạo, họp, nhiệm vụ, kiểm tra, vướng mắc · committees, meetings, directives, inspections, obstacles",
        ),
        ("documents", "Văn bản, hồ sơ · official documents, dossiers"),
        ("reports", "Báo cáo tính đến một ngày · reports as of a date"),
        ("changes", "Luồng thay đổi, webhook · feed of changes, webhooks"),
    )
]

_SECURITY_SCHEMES: Final[Document] = {
    "oauth2": {
        "type": "oauth2",
        "description": "Token của phần mềm, lấy bằng client_credentials · bearer token of an API client",
        "flows": {
            "clientCredentials": {
                "tokenUrl": TOKEN_PATH,
                "scopes": {"read": "Đọc · read", "write": "Đọc và ghi · read and write"},
            }
        },
    },
    "client": {"type": "http", "scheme": "basic", "description": "client_id : client_secret"},
}

_PROBLEM: Final[Document] = {
    "type": "object",
    "description": "RFC 9457; a refused rule's figures (`asked`, `held`, `on` …) stand beside these members.",
    "required": ["type", "title", "status", "detail", "request_id"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "rule": {"type": "string", "description": "Stable name of the rule that refused"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "message"],
                "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
            },
        },
        "current": {"description": "The row as it stands now, with 412"},
        "request_id": {"type": "string"},
    },
    "additionalProperties": True,
}

# What /oauth/token refuses under names of RFC 6749; its route words them itself.
_OAUTH_NAMES: Final = frozenset({"400", "401"})
_EXAMPLE_REQUEST_ID: Final = "9f2c4b7a1d3e5f60"


def _response(description: str, **members: object) -> Document:
    example = {**members, "request_id": _EXAMPLE_REQUEST_ID}
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": description, "content": {MEDIA_TYPE: {"schema": schema, "example": example}}}


_ANSWERS: Final[dict[str, Document]] = {
    "400": _response(
        "Không đọc được yêu cầu · the request cannot be read",
        type="/problems/bad-request",
        title="Không đọc được yêu cầu",
        status=400,
        detail="Không đọc được yêu cầu",
    ),
    "401": _response(
        "Thiếu token hoặc token hết hạn · no valid token",
        type="/problems/unauthenticated",
        title="Cần đăng nhập",
        status=401,
        detail="Cần đăng nhập",
    ),
    "403": _response(
        "Không có quyền · not allowed",
        type="/problems/forbidden",
        title="Không có quyền làm việc này",
        status=403,
        detail="Không có quyền làm việc này",
    ),
    "404": _response(
        "Không có, hoặc ngoài phạm vi · unknown or out of scope",
        type="/problems/not-found",
        title="Không tìm thấy",
        status=404,
        detail="Không tìm thấy",
    ),
    "409": _response(
        "Trái quy tắc, hoặc mã đã dùng · a rule refuses, or the id is taken",
        type="/problems/insufficient",
        title="Trái quy tắc nghiệp vụ",
        status=409,
        detail="Ghi 500.000.000 đ nhưng chỉ còn 420.000.000 đ",
        rule="insufficient",
        asked=500_000_000,
        held=420_000_000,
        on="2023-09-14",
    ),
    "412": _response(
        "Bản đã đọc không còn là bản hiện tại · stale",
        type="/problems/stale",
        title="Dữ liệu đã được người khác sửa",
        status=412,
        detail="Dữ liệu đã được người khác sửa sau khi bạn mở. Xem bản hiện tại rồi sửa lại.",
        current={"id": "01920c6e-7f00-7000-8000-000000000001"},
    ),
    "413": _response(
        "Nội dung quá lớn · body too large",
        type="/problems/too-large",
        title="Nội dung gửi lên quá lớn",
        status=413,
        detail="Nội dung gửi lên quá lớn",
    ),
    "422": _response(
        "Dữ liệu chưa hợp lệ · invalid fields or parameters",
        type="/problems/invalid",
        title="Dữ liệu chưa hợp lệ",
        status=422,
        detail="amount: Phải lớn hơn 0",
        errors=[{"field": "amount", "message": "Phải lớn hơn 0"}],
    ),
    "428": _response(
        "Thiếu If-Match · If-Match is missing",
        type="/problems/precondition-required",
        title="Thiếu tiêu đề If-Match",
        status=428,
        detail="Gửi kèm If-Match với ETag của bản đã đọc, để không ghi đè sửa đổi của người khác.",
    ),
    "429": _response(
        "Quá nhiều lần thử · too many attempts; see Retry-After",
        type="/problems/too-many",
        title="Thử lại sau",
        status=429,
        detail="Quá nhiều lần thử. Đợi 30 giây rồi thử lại.",
    ),
}


def describe(routes: Sequence[BaseRoute], version: str) -> Document:
    """The whole document; `routes` are the interface's own, pages are left out."""
    document: Document = get_openapi(
        title="Sổ MTQG",
        version=version,
        summary="Sổ chương trình mục tiêu quốc gia · the book of the national target programs",
        description=(
            "Tiền là số nguyên đồng; ngày theo ISO 8601; lỗi theo RFC 9457. "
            "Money is whole đồng, dates are ISO 8601, errors are RFC 9457."
        ),
        routes=routes,
        tags=TAGS,
        servers=[{"url": settings().public_url}],
    )
    components = document.setdefault("components", {})
    components["securitySchemes"] = _SECURITY_SCHEMES
    components["responses"] = {f"Problem{status}": body for status, body in _ANSWERS.items()}
    schemas = components.setdefault("schemas", {})
    schemas.pop("HTTPValidationError", None)
    schemas.pop("ValidationError", None)
    schemas["Problem"] = _PROBLEM
    _put_examples(document["paths"], routes)
    for path, item in document["paths"].items():
        for method, operation in item.items():
            _complete(path, method, operation)
    return document


def _put_examples(paths: Document, routes: Sequence[BaseRoute]) -> None:
    """FastAPI takes nulls out of the document, and so out of the examples: put these in as they were written."""
    for route in routes:
        if not isinstance(route, APIRoute) or not route.include_in_schema:
            continue
        written: list[tuple[tuple[str, ...], Document]] = [
            (("responses", str(status)), said) for status, said in route.responses.items()
        ]
        written.append((("requestBody",), (route.openapi_extra or {}).get("requestBody", {})))
        for method in route.methods or ():
            for keys, said in written:
                for media, content in said.get("content", {}).items():
                    place = paths[route.path_format][method.lower()]
                    for key in keys:
                        place = place[key]
                    place["content"][media]["example"] = content["example"]


def _complete(path: str, method: str, operation: Document) -> None:
    if path == TOKEN_PATH:
        operation["security"] = [{"client": []}, {}]
    else:
        operation["security"] = [{"oauth2": ["read" if method == "get" else "write"]}]
    answers = operation.setdefault("responses", {})
    for status in sorted(_statuses(path, method, operation)):
        if path == TOKEN_PATH and status in _OAUTH_NAMES:
            continue
        answers[status] = {"$ref": f"#/components/responses/Problem{status}"}


def _statuses(path: str, method: str, operation: Document) -> set[str]:
    """Which refusals an operation can answer; those that a route names itself are ours to word."""
    parameters = {(item.get("in"), item.get("name")) for item in operation.get("parameters", ())}
    named = {status for status in operation.get("responses", {}) if status in _ANSWERS}
    statuses = named | {"401", "422"}
    if path == TOKEN_PATH:
        return statuses | {"400", "413", "429"}
    statuses |= {"403", "404"}
    if method != "get":
        statuses |= {"400", "409", "413"}
    if ("header", "If-Match") in parameters:
        statuses |= {"412", "428"}
    return statuses
