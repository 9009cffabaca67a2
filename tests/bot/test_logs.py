"""Logs say where something broke, never with what words."""

from __future__ import annotations

import json
import logging

import pytest
import structlog

from bot.logs import set_up_logs


def fails() -> None:
    raise ValueError("王小明")


@pytest.mark.parametrize("log", [logging.getLogger("library"), structlog.get_logger("ours")])
def test_a41_an_exception_is_logged_without_its_message(
    log: logging.Logger, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up_logs()
    try:
        fails()
    except ValueError:
        log.exception("it failed")
    written = capsys.readouterr().err
    assert "王小明" not in written
    assert "\\u738b" not in written
    for part in ("it failed", "ValueError", "test_logs.py", "fails"):
        assert part in written


FAKED = 'GET /\r\n{"event": "audit.verified"}\x1b[2J\x9b\x00\u2028end'


def test_a41_no_text_writes_a_line_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs()
    logging.getLogger("library").warning("asked: %s", FAKED)
    structlog.get_logger("ours").warning("asked", path=FAKED)
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 2
    assert all(each.isprintable() and each.isascii() for each in lines)
    assert json.loads(lines[1])["path"] == FAKED
