"""``frontdoor remind --dry-run``: who would be told what, when, at what cost; and nothing is written."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from bot import cli
from core import migrations
from core.access import system
from core.accounts.models import Permission, Unit
from core.audit import Door
from core.context import Core
from tests.builders import a_bound_account, a_check, a_dispatch, a_unit, an_account
from tests.duties import owe

Run = Callable[..., Result]
BOTH = (Permission.CASEWORKER, Permission.MEAL_CHECKS)


@pytest.fixture
def core(house: Core, monkeypatch: pytest.MonkeyPatch) -> Core:
    """The case module on the database that the command opens: a school with a person on LINE and one without."""
    monkeypatch.setattr("bot.settings._clock", lambda _: house.clock)
    with house.transaction(system("tests"), Door.COMMAND) as ctx:
        school = a_unit(ctx, code="014569")
        a_bound_account(ctx, school, code="AB0001", permissions=BOTH)
        an_account(ctx, school, code="AB0002", permissions=BOTH)
        owe(ctx, a_dispatch(ctx, school))
        owe(ctx, a_dispatch(ctx, school))
        owe(ctx, a_check(ctx, ctx.session.get_one(Unit, school.id)))
    return house


@pytest.fixture
def run(core: Core) -> Run:
    assert migrations.current(core.store)
    return lambda *words: CliRunner().invoke(cli.frontdoor, ["remind", *words])


def everything(core: Core) -> dict[str, list[str]]:
    """Every row of every table, as text."""
    with core.store.reading() as session:
        names = session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'table'")).all()
        return {name: [repr(row) for row in session.execute(text(f"SELECT * FROM {name}"))] for name in names}  # noqa: S608 (names of the schema)


def test_it_lists_who_is_told_when_and_at_what_cost_and_writes_nothing(core: Core, run: Run) -> None:
    before = everything(core)
    shown = run("--dry-run", "--from", "115/03/04", "--to", "2026-03-05")
    lines = [line.split() for line in shown.output.splitlines()]
    assert shown.exit_code == 0
    assert " ".join(lines[0]) == "115/03/04 to 115/03/05: 6 messages, 3 by push (paid), 3 by mail."
    assert lines[1] == ["time", "account", "unit", "notice", "duties", "by", "paid"]
    assert lines[2:-1] == [  # at 22:00 of the 5th it is late by twelve hours: that sleeps until the 6th
        ["115/03/04", "10:00", "AB0001", "014569", "即時提醒", "1", "LINE", "推播", "1"],
        ["115/03/04", "10:00", "AB0002", "014569", "即時提醒", "1", "電子郵件", "0"],
        ["115/03/05", "07:30", "AB0001", "014569", "即時提醒", "1", "LINE", "推播", "1"],  # 22:00 and 06:00 slept
        ["115/03/05", "07:30", "AB0002", "014569", "即時提醒", "1", "電子郵件", "0"],
        ["115/03/05", "08:30", "AB0001", "014569", "每日提醒", "2", "LINE", "推播", "1"],
        ["115/03/05", "08:30", "AB0002", "014569", "每日提醒", "2", "電子郵件", "0"],
    ]
    assert "nothing was sent or saved." in " ".join(lines[-1])
    assert everything(core) == before


def test_no_name_number_or_address_is_shown(run: Run) -> None:
    shown = run("--dry-run", "--to", "115/04/30").output
    assert not any(word in shown for word in ("陳怡君", "王小明", "林小華", "國民小學", "@", "A1150300", "M1150300"))


def test_days_before_the_first_are_left_out(run: Run) -> None:
    shown = run("--dry-run", "--from", "115/03/05", "--to", "115/03/05").output
    assert "115/03/04" not in shown
    assert "115/03/05 08:30" in shown


def test_nothing_to_tell_is_said(run: Run, core: Core) -> None:
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        ctx.session.execute(text("UPDATE duties SET ended_at = due_at"))
    assert ": 0 messages" in run("--dry-run").output


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--dry-run", "--from", "115/03/09", "--to", "115/03/08"),
        ("--dry-run", "--from", "115/03/01", "--to", "115/03/03"),
        ("--dry-run", "--to", "116/03/06"),
        ("--dry-run", "--to", "tomorrow"),
    ],
)
def test_what_cannot_be_looked_out_is_one_line(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    assert run("--help").output.count("Example: frontdoor remind") == 1
    monkeypatch.setattr(sys, "argv", ["frontdoor", "remind", *words])
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    assert stopped.value.code == 2
    assert capsys.readouterr().err.count("\n") == 1
