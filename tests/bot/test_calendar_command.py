"""``frontdoor calendar``: what is shown before anything changes, what is asked, and how it ends."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from click.testing import CliRunner, Result

from bot import cli
from core import amendments, migrations
from core.access import system
from core.audit import Door
from core.clock import FixedClock, end_of_day
from core.context import Core
from core.dates import parse_moment
from core.duties.models import Duty
from tests.builders import a_dispatch
from tests.duties import a_duty

SATURDAY = date(2026, 11, 28)
TYPHOON = ("amend", "2026-11-25", "off", "--reason", "颱風停班")
Run = Callable[..., Result]


@pytest.fixture
def core(house: Core) -> Core:
    """The case module on the database that the command opens, with a reply to be told on 25 November."""
    clock = FixedClock(parse_moment("2026-11-20 10:00"))
    core = replace(house, clock=clock)
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        at = parse_moment("2026-11-25 00:00")
        a_duty(
            ctx, a_dispatch(ctx, number="WK00017"), due_at=end_of_day(SATURDAY), remind_at=at, reminded_at=clock.now()
        )
    return core


@pytest.fixture
def run(core: Core) -> Run:
    assert migrations.current(core.store)
    return lambda *words, answer="": CliRunner().invoke(cli.frontdoor, ["calendar", *words], input=answer)


def is_changed(core: Core) -> bool:
    with core.store.reading() as session:
        moved = session.get_one(Duty, 1).remind_at == parse_moment("2026-11-24 00:00")
        assert moved == bool(amendments.load(session).amendments)
        return moved


def test_dry_run_prints_what_moves_and_changes_nothing(core: Core, run: Run) -> None:
    shown = run(*TYPHOON, "--dry-run")
    assert (shown.exit_code, is_changed(core)) == (0, False)
    assert shown.output.splitlines() == [
        "115/11/25（三）: 上班 -> 不上班 (颱風停班)",
        "To be moved: 1. What the helpdesk owes in working time moves with the days, nothing else.",
        "duty      number   what      before           after",
        "派案回覆  WK00017  下次提醒  115/11/25（三）  115/11/24（二）",
        "Dry run: nothing was saved.",
    ]


@pytest.mark.parametrize(("answer", "is_done"), [("y\n", True), ("n\n", False), ("\n", False)])
def test_without_yes_it_asks(core: Core, run: Run, answer: str, is_done: bool) -> None:
    ended = run(*TYPHOON, answer=answer)
    assert (ended.exit_code, is_changed(core)) == (0, is_done)
    assert ("Applied: 1 moved." if is_done else "Nothing was changed.") in ended.output


def test_without_an_answer_it_fails_and_changes_nothing(core: Core, run: Run) -> None:
    assert (run(*TYPHOON).exit_code, is_changed(core)) == (1, False)


def test_yes_does_not_ask_and_the_same_again_has_nothing_to_do(core: Core, run: Run) -> None:
    assert "Applied" in run(*TYPHOON, "--yes").output
    assert is_changed(core)
    assert run(*TYPHOON).output == "115/11/25（三） is so already: nothing to change.\n"


def test_list_holds_every_decision_of_the_span(run: Run) -> None:
    run(*TYPHOON, "--yes")
    run("amend", "115/11/25", "published", "--yes")
    run("amend", "115/11/28", "working", "--reason", "補行上班", "--yes")
    listed = run("list", "--from", "115/11/25", "--to", "115/11/27").output.splitlines()
    assert listed[0] == "115/11/25（三） to 115/11/27（五）: 2 decisions"
    assert [line.split()[:4] for line in listed[2:]] == [
        ["115/11/25（三）", "不上班", "颱風停班", "依原公布"],
        ["115/11/25（三）", "依原公布", "不上班（颱風停班）", "維運人員（指令）"],
    ]


@pytest.mark.usefixtures("core")
@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("amend", "2026-11-31", "off", "--reason", "颱風停班"), "只有 1 到 30 日"),
        (("amend", "2026-11-25", "off"), "請填寫原因"),
        (("amend", "2026-11-25", "maybe"), "'working', 'off', 'published'"),
        (("list", "--from", "115/11/25", "--to", "115/11/24"), "--to is before --from"),
    ],
)
def test_bad_input_is_one_line_and_status_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], says: str
) -> None:
    monkeypatch.setattr("bot.logs.set_up_logs", lambda: None)
    monkeypatch.setattr(sys, "argv", ["frontdoor", "calendar", *words])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    out, err = capsys.readouterr()
    assert (ended.value.code, out, err.count("\n")) == (2, "", 1)
    assert says in err
