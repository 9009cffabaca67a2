"""Logs: one JSON object a line, fixed event names and fields; never a name, text, code, token or LINE id."""

from __future__ import annotations

import logging
import sys
import traceback
from types import TracebackType

import structlog
from structlog.typing import EventDict

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def set_up_logs(*, level: int = logging.INFO) -> None:
    """Write structured logs to standard error, so that standard output stays a command's answer."""
    others = logging.StreamHandler(sys.stderr)
    others.setFormatter(_Others("%(message)s"))
    logging.basicConfig(handlers=[others], level=max(level, logging.WARNING), force=True)
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


_UNPRINTED = {code: f"\\x{code:02x}" for code in (*range(0x20), *range(0x7F, 0xA0))} | {
    0x2028: "\\u2028",
    0x2029: "\\u2029",
}
"""What ends a line or speaks to a terminal: no text from outside may write a line of its own (A41)."""


class _Others(logging.Formatter):
    """What libraries log (Flask, waitress, the ticker): an exception as its type and frames, as in our own lines."""

    def formatException(self, ei: ExcInfo) -> str:  # noqa: N802 (its name in the library)
        """Return an exception without its message."""
        kind, _, trace = ei
        return "\n".join([kind.__name__ if kind else "", *_frames(trace)])

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 (its name in the library)
        """Return the message on one line."""
        return super().formatMessage(record).translate(_UNPRINTED)

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; a text of the exception that another handler has kept is not taken over."""
        record.exc_text = None
        return super().format(record)


def _frames(trace: TracebackType | None) -> list[str]:
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]


def _where_it_broke(_logger: object, _name: str, event: EventDict) -> EventDict:
    """Write an exception as its type and its frames: its message may hold what a person typed."""
    if event.pop("exc_info", None):
        kind, _, trace = sys.exc_info()
        event["error"] = kind.__name__ if kind else ""
        event["frames"] = _frames(trace)
    return event
