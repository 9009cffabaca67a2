"""上班日 at the desk: what would move is shown, nothing else is done, and who decided stands in the list (A45)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from core import amendments
from core.access import system
from core.accounts.models import Role
from core.amendments import DayStatus
from core.audit import Door
from core.calendar_changes import DayChange, apply_amendment, plan_amendment
from core.context import Core
from core.dates import parse_date
from core.duties.models import Duty
from tests.handlers.desk.conftest import Place
from tests.handlers.desk.test_requests import sends
from tests.handlers.pages.conftest import Browser, forms

Seated = Callable[[Role], Browser]
THURSDAY = parse_date("2026-03-05")
TYPHOON = "/desk/calendar?day=115/03/05&status=off&reason=颱風停班"


@pytest.fixture
def admin(seated: Seated, core_sqlite: Core, place: Place) -> Browser:
    """An administrator, before a reply that is to be told on Thursday."""
    with core_sqlite.store.transaction() as session:
        duty = session.get_one(Duty, place.late.id)
        duty.reminded_at = core_sqlite.clock.now()
        duty.remind_at = core_sqlite.clock.now() + timedelta(hours=14)
    return seated(Role.ADMIN)


def decided(core: Core) -> dict[str, str]:
    with core.store.reading() as session:
        return {day.isoformat(): each.reason for day, each in amendments.load(session).amendments.items()}


def amends(core: Core, status: DayStatus, reason: str) -> None:
    """Let an operator amend the same day meanwhile."""
    with core.transaction(system("command line"), Door.COMMAND) as ctx:
        apply_amendment(ctx, plan_amendment(ctx, (DayChange(THURSDAY, status, reason),)))


def test_what_would_move_is_shown_and_then_done_once(core_sqlite: Core, admin: Browser) -> None:
    admin.opens(TYPHOON)
    assert "115/03/05（四）：上班 → 不上班（颱風停班）" in admin.text
    assert "<dt>派案回覆</dt><dd>下次提醒 1 筆改期</dd>" in admin.text
    assert "沒有調整過，都依原公布" in admin.text
    assert decided(core_sqlite) == {}
    action, fields = forms(admin.text)[-1]
    assert sends(admin, "/calendar", **fields) == 303
    assert "已調整 115/03/05（四）：上班 → 不上班（颱風停班），2 筆改期。" in admin.text
    assert decided(core_sqlite) == {"2026-03-05": "颱風停班"}
    assert admin.client.post(action, data=fields).status_code == 303
    admin.opens("/desk/calendar")
    assert "這一天已經是這樣" in admin.text
    assert "共 1 筆" in admin.text
    assert 'data-label="決定者">A' in admin.text


def test_no_number_of_a_case_is_shown(admin: Browser, place: Place) -> None:
    admin.opens(TYPHOON)
    assert place.late_case not in admin.text


def test_where_something_else_would_come_out_that_is_shown_first(core_sqlite: Core, admin: Browser) -> None:
    admin.opens(TYPHOON)
    amends(core_sqlite, DayStatus.WORKING, "補行上班")
    assert sends(admin, "/calendar", **forms(admin.text)[-1][1]) == 409
    assert "還沒有套用" in admin.text
    assert decided(core_sqlite) == {"2026-03-05": "補行上班"}
    assert "維運人員（指令）" in admin.text
    assert sends(admin, "/calendar", **forms(admin.text)[-1][1]) == 303
    assert decided(core_sqlite) == {"2026-03-05": "颱風停班"}


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ("day=&status=off&reason=颱風", "day"),
        ("day=115/02/30&status=off&reason=颱風", "day"),
        ("day=115/03/05&reason=颱風", "status"),
        ("day=115/03/05&status=maybe&reason=颱風", "status"),
        ("day=115/03/05&status=off&reason= ", "reason"),
        (f"day=115/03/05&status=off&reason={'長' * 61}", "reason"),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_what_was_typed_stays(admin: Browser, typed: str, field: str) -> None:
    assert admin.opens(f"/desk/calendar?{typed}").status_code == 422
    assert f'id="{field}-error"' in admin.text
    assert admin.text.count('class="error"') == 1
    for given in typed.split("&"):
        name, value = given.split("=")
        assert name == "status" or f'name="{name}" autocomplete="off"' in admin.text
        assert name != "day" or f'value="{value}"' in admin.text


def test_the_longest_reason_is_taken_and_a_day_as_published_needs_none(core_sqlite: Core, admin: Browser) -> None:
    for asked, kept in ((f"status=off&reason={'長' * 60}", {"2026-03-05": "長" * 60}), ("status=published", {})):
        admin.opens(f"/desk/calendar?day=115/03/05&{asked}")
        assert sends(admin, "/calendar", **forms(admin.text)[-1][1]) == 303
        assert decided(core_sqlite) == kept
