"""Official documents (văn bản): the register, their files, what they are attached to, uploads under way."""

from __future__ import annotations

from app.domain.documents.attaching import Subject, attach, detach
from app.domain.documents.contents import MOST_FILES, add_files, open_file, remove_file
from app.domain.documents.files import FileDamaged, FileView, Stored
from app.domain.documents.kinds import DocumentKindView, kinds
from app.domain.documents.register import (
    DocumentFilter,
    NewDocument,
    alike,
    count,
    create,
    documents,
    get,
    update,
)
from app.domain.documents.rights import may_attach, require_attach
from app.domain.documents.views import DocumentView

__all__ = [
    "MOST_FILES",
    "DocumentFilter",
    "DocumentKindView",
    "DocumentView",
    "FileDamaged",
    "FileView",
    "NewDocument",
    "Stored",
    "Subject",
    "add_files",
    "alike",
    "attach",
    "count",
    "create",
    "detach",
    "documents",
    "get",
    "kinds",
    "may_attach",
    "open_file",
    "remove_file",
    "require_attach",
    "update",
]  # fmt: skip
