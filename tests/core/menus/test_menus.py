"""Whose phone shows which menu: by role, once, and again when it is found to show another."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from core.accounts.links import mark_blocked, mark_unblocked
from core.accounts.models import Account, Role
from core.clock import FixedClock
from core.context import Context, Core
from core.menus import service
from core.menus.models import MenuKind, MenuLink
from core.menus.rules import menu_of
from scheduler.menus import Menus, menu_jobs
from scheduler.runner import run_due
from tests.builders import a_bound_account, inside
from tests.core.menus.phones import ACCOUNT, AT_TWO, CASEWORK, DESK, UNITS, Line, ends, learned, linked


def test_every_role_has_a_menu_and_nobody_bound_has_everybodys() -> None:
    assert {menu_of(role) for role in Role} | {menu_of(None)} == set(MenuKind)


def test_each_phone_gets_the_menu_of_its_role_once(core: Core, line: Line) -> None:
    learned(core)
    people = {role: a_bound_account(core, role=role) for role in (Role.CASEWORKER, Role.CONTACT, Role.ADMIN)}
    assert linked(core, line) == 3
    assert [line.phones[each.line_user] for each in people.values()] == [CASEWORK, UNITS, DESK]
    assert linked(core, line) == 0
    assert len(line.asked) == 3


def test_before_the_menus_stand_at_line_nothing_is_asked(core: Core, line: Line) -> None:
    a_bound_account(core)
    assert linked(core, line) == 0
    assert line.asked == []


def test_another_role_is_another_menu(core: Core, line: Line) -> None:
    learned(core)
    bound = a_bound_account(core)
    linked(core, line)
    with inside(core) as ctx:
        ctx.session.get_one(Account, bound.account.id).role = Role.SUPERVISOR
    assert linked(core, line) == 1
    assert line.phones == {bound.line_user: UNITS}


def test_who_is_bound_no_more_sees_everybodys_menu(core: Core, line: Line) -> None:
    learned(core)
    bound = a_bound_account(core)
    linked(core, line)
    ends(core, bound)
    assert (linked(core, line), linked(core, line)) == (1, 0)
    assert line.phones == {}
    with core.store.reading() as session:
        assert session.scalars(select(MenuLink)).all() == []


def test_who_comes_back_after_blocking_gets_theirs_again(core_sqlite: Core, line: Line) -> None:
    learned(core_sqlite)
    bound = a_bound_account(core_sqlite)
    linked(core_sqlite, line)
    with inside(core_sqlite) as ctx:
        mark_blocked(ctx, bound.person)
    linked(core_sqlite, line)
    assert line.phones == {}
    with inside(core_sqlite) as ctx:
        mark_unblocked(ctx, bound.person)
    assert linked(core_sqlite, line) == 1
    assert line.phones == {bound.line_user: CASEWORK}


def test_a_new_picture_is_a_new_menu_for_everybody(core_sqlite: Core, line: Line) -> None:
    learned(core_sqlite)
    bound = a_bound_account(core_sqlite)
    linked(core_sqlite, line)
    learned(core_sqlite, casework="richmenu-redrawn")
    assert linked(core_sqlite, line) == 1
    assert line.phones == {bound.line_user: "richmenu-redrawn"}


def test_what_line_does_not_take_is_tried_again_ten_minutes_later(
    core_sqlite: Core, line: Line, clock: FixedClock
) -> None:
    learned(core_sqlite)
    bound = a_bound_account(core_sqlite)
    line.is_down = True
    assert linked(core_sqlite, line) == 0
    line.is_down = False
    clock.move(service.LATER - timedelta(seconds=1))
    assert linked(core_sqlite, line) == 0
    clock.move(timedelta(seconds=1))
    assert linked(core_sqlite, line) == 1
    assert line.phones == {bound.line_user: CASEWORK}


def test_two_machines_ask_for_one_person_once(core: Core, clock: FixedClock) -> None:
    learned(core)
    bound = a_bound_account(core)
    with inside(core) as ctx:
        assert [each.line_user_id for each in service.claim(ctx, 10)] == [bound.line_user]
    with inside(core) as ctx:
        assert service.claim(ctx, 10) == ()
    clock.move(service.ASKING)  # the first one died in between
    with inside(core) as ctx:
        assert [each.menu_id for each in service.claim(ctx, 10)] == [CASEWORK]


def test_a_wish_that_changed_meanwhile_comes_after_the_one_under_way(core_sqlite: Core, line: Line) -> None:
    learned(core_sqlite)
    bound = a_bound_account(core_sqlite)
    with inside(core_sqlite) as ctx:
        under_way = service.claim(ctx, 10)
    ends(core_sqlite, bound)
    assert linked(core_sqlite, line) == 0
    line.show(CASEWORK, [each.line_user_id for each in under_way])
    with inside(core_sqlite) as ctx:
        service.settle(ctx, under_way)
    assert linked(core_sqlite, line) == 1
    assert line.phones == {}


def test_a_request_holds_five_hundred_people(core_sqlite: Core, line: Line) -> None:
    learned(core_sqlite)
    with inside(core_sqlite) as ctx:
        ctx.session.add_all(a_leftover(ctx, number) for number in range(501))
    assert linked(core_sqlite, line) == 501
    assert line.asked == [("", 500), ("", 1)]


def a_leftover(ctx: Context, number: int) -> MenuLink:
    sealed = ctx.vault.seal(f"U{number:032x}")
    return MenuLink(person=f"p{number}", line_user=sealed, menu_id=CASEWORK, linked_at=ctx.now, checked_at=ctx.now)


def test_at_night_each_phone_is_looked_at_once(core_sqlite: Core, line: Line, clock: FixedClock) -> None:
    learned(core_sqlite)
    right, turned, wrong = (a_bound_account(core_sqlite) for _ in range(3))
    linked(core_sqlite, line)
    line.phones |= {turned.line_user: ACCOUNT, wrong.line_user: UNITS}
    clock.at = AT_TWO
    assert Menus(line).check(core_sqlite, clock.now()) == 1
    assert [each for each in line.asked if each == ("?", 1)] == [("?", 1)] * 3
    assert Menus(line).check(core_sqlite, clock.now()) == 0
    assert linked(core_sqlite, line) == 1
    assert line.phones == {right.line_user: CASEWORK, turned.line_user: ACCOUNT, wrong.line_user: CASEWORK}


@pytest.mark.parametrize(
    ("hour", "looks"), [("01:59:59", False), ("02:00:00", True), ("04:59:59", True), ("05:00:00", False)]
)
def test_it_is_looked_at_night_only(core_sqlite: Core, line: Line, clock: FixedClock, hour: str, looks: bool) -> None:
    learned(core_sqlite)
    a_bound_account(core_sqlite)
    linked(core_sqlite, line)
    clock.at = datetime.fromisoformat(f"2026-03-05T{hour}+08:00")
    Menus(line).check(core_sqlite, clock.now())
    assert (("?", 1) in line.asked) is looks


def test_while_line_is_down_nothing_counts_as_looked_at(core_sqlite: Core, line: Line, clock: FixedClock) -> None:
    learned(core_sqlite)
    a_bound_account(core_sqlite)
    linked(core_sqlite, line)
    line.phones.clear()
    clock.at, line.is_down = AT_TWO, True
    assert Menus(line).check(core_sqlite, clock.now()) == 0
    line.is_down = False
    assert run_due(core_sqlite, menu_jobs(line)) == 2  # found, and put right
