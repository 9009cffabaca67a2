"""Logs: one JSON object a line, fixed event names and fields; never a name, text, code, token or LINE id."""

from __future__ import annotations

import logging
import sys
import traceback

import structlog
from structlog.typing import EventDict


def set_up_logs(*, level: int = logging.INFO) -> None:
    """Write structured logs to standard error, so that standard output stays a command's answer."""
    logging.basicConfig(stream=sys.stderr, level=max(level, logging.WARNING), format="%(message)s", force=True)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _where_it_broke,
            structlog.processors.JSONRenderer(ensure_ascii=True),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )


def _where_it_broke(_logger: object, _name: str, event: EventDict) -> EventDict:
    """Write an exception as its type and its frames: its message may hold what a person typed."""
    if event.pop("exc_info", None):
        kind, _, trace = sys.exc_info()
        event["error"] = kind.__name__ if kind else ""
        event["frames"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]
    return event
