"""Logs: one line of JSON an event, on standard error, each with the id of the request it belongs to.

What the libraries log through `logging` (uvicorn, alembic, sqlalchemy) goes the same way, so that one reader
understands all of it. Bodies, query strings, tokens and passwords are never logged.
"""

from __future__ import annotations

import logging
import logging.config
import sys
from contextvars import ContextVar
from typing import Final

import orjson
import structlog
from structlog.typing import EventDict, FilteringBoundLogger, Processor, WrappedLogger

from app.settings import Settings

request_id: Final[ContextVar[str]] = ContextVar("request_id", default="")


class _StandardError:
    """Writes to whatever standard error is at that moment; standard output belongs to commands' answers."""

    def msg(self, line: str) -> None:
        sys.stderr.write(line + "\n")

    log = debug = info = warning = error = critical = exception = msg


def _add_request_id(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    if current := request_id.get():
        event["request_id"] = current
    return event


def _as_json(_logger: WrappedLogger, _method: str, event: EventDict) -> str:
    return orjson.dumps(event, default=str).decode()


def _processors() -> list[Processor]:
    return [
        _add_request_id,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]


def configure(settings: Settings) -> None:
    """Set up structlog and `logging` alike; safe to repeat."""
    level = logging.getLevelNamesMapping().get(settings.log_level.upper(), logging.INFO)
    ending: list[Processor] = (
        [structlog.processors.format_exc_info, _as_json]
        if settings.log_json
        else [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())]
    )
    structlog.configure(
        processors=[*_processors(), *ending],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=lambda *_args: _StandardError(),
        cache_logger_on_first_use=False,
    )
    logging.config.dictConfig(_stdlib_config(level, ending))


def _stdlib_config(level: int, ending: list[Processor]) -> dict[str, object]:
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "structlog": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": [structlog.stdlib.add_logger_name, *_processors()],
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *ending],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "structlog"}},
        "root": {"handlers": ["stderr"], "level": max(level, logging.INFO)},
        "loggers": {
            # Ours writes one access line a request; uvicorn's would show query strings.
            "uvicorn.access": {"handlers": [], "propagate": False},
            # Its addresses may hold what a webhook's owner keeps secret.
            "httpx": {"level": max(level, logging.WARNING)},
            # It names its engine at every look, and /readyz looks often.
            "alembic.runtime.migration": {"level": max(level, logging.WARNING)},
            "uvicorn": {"handlers": [], "propagate": True},
            "uvicorn.error": {"handlers": [], "propagate": True},
        },
    }


def get(name: str) -> FilteringBoundLogger:
    """A logger that names its room in each line."""
    logger: FilteringBoundLogger = structlog.get_logger(room=name)
    return logger
