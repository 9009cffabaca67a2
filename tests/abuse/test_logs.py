"""A41: whatever happens in the whole system, its logs hold no code, name, text, token or id of anybody.

How a log line is written is held in ``tests/bot/test_logs.py``; here a day with everything that is logged on it.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator

import pytest
import structlog

from bot.logs import set_up_logs
from core.clock import FixedClock
from core.context import Core
from tests.builders import an_account
from tests.core.helpdesk.sending import picture
from tests.journeys.town import PASSWORD, a_town

MAILBOX = "ak1551@ntpc.gov.tw"
KINDS = {
    "a LINE id": re.compile(r"U[0-9a-f]{32}"),
    "a national ID": re.compile(r"[A-Z][1289][0-9]{8}"),
    "a text or name": re.compile(r"[\u3400-\u9fff]|\\u[3-9][0-9a-f]{3}"),
    "an address": re.compile(r"[^\s\"@]+@[^\s\"@]+"),
    "a token": re.compile(r"Bearer |channel token|channel secret|nonce=|linkToken="),
}


@pytest.fixture(autouse=True)
def logs_as_they_were() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


def found_in(logs: str, *secrets: str) -> list[str]:
    """Return what stands in logs that may not."""
    kinds = [name for name, pattern in KINDS.items() if pattern.search(logs)]
    return kinds + [secret for secret in secrets if secret in logs]


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("U" + "0a" * 16, "a LINE id"),
        ("A123456789", "a national ID"),
        ("王小明", "a text or name"),
        ("\\u738b", "a text or name"),
        ("to=ann@ntpc.gov.tw", "an address"),
        ("Authorization: Bearer x", "a token"),
    ],
)
def test_a41_what_may_not_stand_there_is_found(line: str, kind: str) -> None:
    assert found_in(line) == [kind]
    assert found_in('{"event": "help.file", "file": 1, "level": "info"}', "12345678") == []


def test_a41_a_day_of_everything_leaves_nothing_of_anybody_in_the_logs(
    core_sqlite: Core, clock: FixedClock, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up_logs(level=logging.DEBUG)
    with a_town(core_sqlite, clock) as town:
        account = an_account(core_sqlite, code="AK1551", name="王小明", email=MAILBOX)
        town.set_password(account.code)
        phone = town.phone("林怡君老師").binds(account.code, MAILBOX)
        code = town.code_in_mail(MAILBOX)
        town.platform.set_fault("push", "server_error", 2)
        phone.says("A123456789").says("王小明\r\n\x1b[2J 的電話").says("報修").says("畫面是白的")
        town.platform.set_fault("content", "preparing")
        town.platform.send_image(phone.user, picture())
        town.platform.send_file(phone.user, "王小明的成績單.exe", b"MZ")
        town.settle()
        user = phone.user.user_id
    logs = capsys.readouterr().err
    assert "help.file" in logs
    assert found_in(logs, code, PASSWORD, user, "AK1551", "成績單") == []
