"""What may not stand in a log, found by its look (A41); as a plugin it scans the logs of every test of a run.

``pytest -p tests.abuse.log_scan`` lets a test fail whose work logged a name, a text, a code's mailbox, a LINE id, a
national ID or a token, whatever the test itself looks at.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
import structlog
from structlog.typing import EventDict

KINDS = {
    "a LINE id": re.compile(r"U[0-9a-f]{32}"),
    "a national ID": re.compile(r"[A-Z][1289][0-9]{8}"),
    "a text or name": re.compile(r"[\u3400-\u9fff]|\\u[3-9][0-9a-f]{3}"),
    "an address": re.compile(r"[^\s\"@]+@[^\s\"@]+"),
    "a code": re.compile(r"(?<![\d.:-])\d{8}(?![\d.:-])"),
    "a token": re.compile(r"Bearer |channel token|channel secret|nonce=|linkToken="),
}
LEFT_OUT = ("exc_info", "timestamp")
"""An exception is written as its type and frames by the last step, which is held in ``tests/bot/test_logs.py``."""


def found_in(logs: str, *secrets: str) -> list[str]:
    """Return what stands in logs that may not."""
    kinds = [name for name, pattern in KINDS.items() if pattern.search(logs)]
    return kinds + [secret for secret in secrets if secret in logs]


@dataclass
class Scan:
    """Looks at every line, of ours and of libraries, and keeps those that hold what they may not."""

    found: list[str] = field(default_factory=list)

    def __call__(self, _logger: object, _name: str, event: EventDict) -> EventDict:
        """Look at a line of ours on its way."""
        self._look(json.dumps({name: event[name] for name in event if name not in LEFT_OUT}, default=str))
        return event

    def record(self, *given: Any, **named: Any) -> logging.LogRecord:
        """Make a library's line, and look at it if it is one that is written."""
        record = logging.LogRecord(*given, **named)
        if record.levelno >= logging.WARNING:
            self._look(record.getMessage())
        return record

    def _look(self, line: str) -> None:
        self.found += [f"{kind}: {line}" for kind in found_in(line)]


@contextmanager
def scanning() -> Iterator[Scan]:
    """Scan what is logged while the block lasts, also by a program that sets up its logs in it."""
    scan, configure, factory = Scan(), structlog.configure, logging.getLogRecordFactory()
    usual: list[Any] = structlog.get_config()["processors"]

    def scanned(processors: Any = None, **given: Any) -> None:
        configure(processors and [*processors[:-1], scan, processors[-1]], **given)

    usual.insert(-1, scan)
    structlog.configure = scanned  # type: ignore[assignment]
    logging.setLogRecordFactory(scan.record)
    try:
        yield scan
    finally:
        logging.setLogRecordFactory(factory)
        structlog.configure = configure
        usual.remove(scan)


@pytest.fixture(autouse=True)
def _logs_are_scanned() -> Iterator[None]:
    """As a plugin: fail a test whose logs hold what they may not."""
    with scanning() as scan:
        yield
    assert not scan.found, scan.found
