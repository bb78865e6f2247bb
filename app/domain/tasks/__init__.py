"""Tasks (chỉ tiêu, nhiệm vụ, giải pháp) of a plan or of a target: the list, how far each has come, what is off track."""

from __future__ import annotations

from app.domain.tasks.editing import MOST, NewProgress, replace_all, report
from app.domain.tasks.views import (
    KINDS,
    NewTask,
    OffTrack,
    Owner,
    ProgressView,
    TaskView,
    reports_of,
    tasks_of,
    texts_of,
)

__all__ = [
    "KINDS", "MOST", "NewProgress", "NewTask", "OffTrack", "Owner", "ProgressView", "TaskView", "replace_all", "report",
    "reports_of", "tasks_of", "texts_of",
]  # fmt: skip
