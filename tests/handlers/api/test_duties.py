from __future__ import annotations

from datetime import date, timedelta

import pytest

from core.accounts.models import Unit
from core.clock import FixedClock
from core.context import Core
from tests.builders import a_dispatch, a_unit
from tests.duties import owe
from tests.handlers.api.conftest import Caller, said

OWED = 3


@pytest.fixture
def school(core_sqlite: Core, clock: FixedClock) -> Unit:
    """A school that owes three replies, one of them late, beside another that owes one."""
    unit, other = a_unit(core_sqlite, code="S01"), a_unit(core_sqlite, code="S02")
    today = clock.now().date()
    for number in range(OWED):
        day = today - timedelta(days=20 if number == 0 else number)
        owe(core_sqlite, a_dispatch(core_sqlite, unit, number=f"WK0000{number}", dispatched_on=day, child="王小明"))
    owe(core_sqlite, a_dispatch(core_sqlite, other, number="WK99999"))
    return unit


def test_a_units_duties_worst_first_and_no_name(caller: Caller, school: Unit) -> None:
    answer = caller.gets("duties?unit=S01")
    body = said(answer)
    assert (body["unit"], body["unit_name"], body["total"], body["late"]) == ("S01", school.name, OWED, 1)
    assert [each["number"] for each in body["duties"]] == ["WK00000", "WK00002", "WK00001"]
    assert [each["is_late"] for each in body["duties"]] == [True, False, False]
    assert body["duties"][0]["due_at"].endswith("23:59:59.999999+08:00")
    text = answer.get_data(as_text=True)
    assert "王" not in text
    assert "WK99999" not in text


def test_each_deadline_says_how_it_came_about(caller: Caller, core_sqlite: Core) -> None:
    unit = a_unit(core_sqlite, code="S01")
    owe(core_sqlite, a_dispatch(core_sqlite, unit, number="WK00017", dispatched_on=date(2022, 7, 28)))
    (duty,) = said(caller.gets("duties?unit=S01"))["duties"]
    working = duty["working"]
    assert (working["rule"], working["event"], working["event_label"]) == ("REPLY-1", "dispatched", "派案")
    assert working["event_at"] == "2022-07-28T00:00:00+08:00"
    values = [step["value"] for step in working["steps"]]
    assert [value[:9] for value in values[:3]] == ["111/07/28", "111/07/29", "111/08/07"]
    assert working["days_off"] == [
        {"day": "2022-07-30", "why": "週六"},
        {"day": "2022-07-31", "why": "週日"},
        {"day": "2022-08-06", "why": "週六"},
        {"day": "2022-08-07", "why": "週日"},
    ]


def test_pages_follow_one_another(caller: Caller, school: Unit) -> None:
    assert school.code == "S01"
    first = said(caller.gets("duties?unit=S01&limit=2"))
    second = said(caller.gets(f"duties?unit=S01&limit=2&start={first['next_start']}"))
    assert [len(page["duties"]) for page in (first, second)] == [2, 1]
    assert (first["next_start"], second["next_start"], second["total"]) == (2, None, OWED)
    assert said(caller.gets("duties?unit=S01&start=99"))["duties"] == []


@pytest.mark.parametrize(("query", "status"), [
    ("unit=S77", 404), ("unit=", 404), ("unit=%00", 404), ("", 422), ("unit=S01&limit=0", 422),
    ("unit=S01&limit=51", 422),
    ("unit=S01&limit=50", 200), ("unit=S01&start=-1", 422), ("unit=S01&start=x", 422), ("unit=S01&start=1e3", 422),
    (f"unit=S01&start={10**30}", 422), (f"unit=S01&start={2**31 - 1}", 200), ("unit=S01&bureau=1", 422),
])  # fmt: skip
def test_what_may_be_asked(caller: Caller, school: Unit, query: str, status: int) -> None:
    assert school.code == "S01"
    assert caller.gets(f"duties?{query}").status_code == status
