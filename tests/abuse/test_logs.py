"""A41: whatever happens in the whole system, its logs hold no code, name, text, token or id of anybody.

How a log line is written is held in ``tests/bot/test_logs.py``; here a day with everything that is logged on it.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from urllib.parse import quote

import pytest
import structlog
from sqlalchemy import text
from structlog.testing import capture_logs

from bot.app import create_app
from bot.channels.line import LineChannel
from bot.logs import set_up_logs
from bot.settings import load_settings
from core.accounts.models import Role
from core.clock import FixedClock
from core.context import Core
from core.helpdesk.following import follow_path
from tests.abuse.log_scan import found_in, scanning
from tests.builders import a_dispatch, a_unit, an_account
from tests.core.helpdesk.sending import picture
from tests.journeys.browser import Browser
from tests.journeys.town import PASSWORD, a_town

MAILBOX, AGENT = "ak1551@ntpc.gov.tw", "ah0001@ntpc.gov.tw"
PATHS = (
    "/desk/",
    "/desk/help",
    f"/desk/help?q={quote('林小華')}",
    "/desk/help/1",
    "/desk/accounts?code=AK1551",
    "/desk/nothing",
)


@pytest.fixture
def _logs_are_scanned() -> None:
    """Stands in for the plugin's: here what may not be logged is logged on purpose."""


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("U" + "0a" * 16, "a LINE id"),
        ("A123456789", "a national ID"),
        ("王小明", "a text or name"),
        ("\\u738b", "a text or name"),
        ("to=ann@ntpc.gov.tw", "an address"),
        ("Authorization: Bearer x", "a token"),
        ("code=12345678", "a code"),
    ],
)
def test_a41_what_may_not_stand_there_is_found(line: str, kind: str) -> None:
    assert found_in(line) == [kind]
    assert found_in('{"event": "help.file", "file": 1, "level": "info"}', "87654321") == []


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


def test_a41_the_desk_the_pages_and_the_machines_leave_nothing_of_anybody_in_the_logs(
    core_sqlite: Core, clock: FixedClock, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up_logs(level=logging.DEBUG)
    with a_town(core_sqlite, clock) as town:
        unit = a_unit(town.core, "清溪國民小學", code="S01")
        account = an_account(town.core, unit, code="AK1551", name="王小明", email=MAILBOX)
        agent = an_account(town.core, role=Role.HELPDESK, permissions=(), code="AH0001", email=AGENT)
        a_dispatch(town.core, unit, number="WK00017", child="林小華", national_id="A199900012")
        for each in (account, agent):
            town.set_password(each.code)
        page = Browser().opens(f"{town.url}/desk/sign-in")
        page.submits(account="AK1551", password="wrong and secret").submits(account="王小明", password=PASSWORD)
        phone = town.phone("林怡君老師").binds("AK1551", MAILBOX)
        phone.says("案件 WK00017").says("找 林小華").says("A199900012").says("驗證碼收不到").says("客服")
        phone.says("報修").says("我的密碼是 Secret-Word-1")
        desk = town.sits_down(agent.code, AGENT)
        for path in PATHS:
            desk.opens(f"{town.url}{path}")
        for path in ("/p/help", "/link?linkToken=never-given", "/p/nothing", "/api/v1/duties?unit=S01"):
            Browser().opens(f"{town.url}{path}")
        town.passes(timedelta(days=1))
        codes = [town.code_in_mail(each) for each in (MAILBOX, AGENT)]
    logs = capsys.readouterr().err
    assert "webhook.stored" in logs
    assert (
        found_in(logs, *codes, PASSWORD, "wrong and secret", "Secret-Word-1", "AK1551", "WK00017", "never-given") == []
    )


def test_a41_a_line_that_holds_what_it_may_not_is_seen_whoever_sets_up_the_logs() -> None:
    with scanning() as scan:
        structlog.get_logger("any").info("said", text="王小明")
        set_up_logs()
        structlog.get_logger("any").info("said", to=MAILBOX)
        logging.getLogger("library").warning("no answer from %s", "U" + "0a" * 16)
        structlog.get_logger("any").info("notice.tried", notice=1)
    assert [each.partition(":")[0] for each in scan.found] == ["a text or name", "an address", "a LINE id"]


def test_a41_a_failing_database_is_logged_without_the_address_that_opens_a_page(core_sqlite: Core) -> None:
    line = LineChannel("unused", "http://127.0.0.1:9")
    app = create_app(load_settings(secret_key="unused"), core_sqlite, line, lambda: None)
    with core_sqlite.store.transaction() as session:
        session.execute(text("ALTER TABLE help_requests RENAME TO elsewhere"))
    path = follow_path(core_sqlite.vault, 1)
    with capture_logs() as logs:
        status = app.test_client().get(path).status_code
    assert (status, [each["event"] for each in logs]) == (503, ["database.failed"])
    assert path not in str(logs)
