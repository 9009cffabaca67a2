"""Who is told something while the whole system is killed: bound accounts, and checks that come to them bit by bit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.simulator.world import SimUser
from core.access import system
from core.accounts.models import Permission, Unit
from core.audit import Door
from core.checks.rules import due_at
from core.context import Context, Core
from tests.builders import Bound, a_bound_account, a_check, a_unit
from tests.duties import a_duty

PERMISSIONS = (Permission.CASEWORKER, Permission.MEAL_CHECKS)
AT_ONCE = 200


@dataclass(frozen=True)
class People:
    """The people, and what each of them owes by the duty's id: who, and the number that stands on the phone."""

    bound: list[Bound]
    owed: dict[int, tuple[str, str]]


def owe_all(core: Core, users: Sequence[SimUser], checks: int, within: timedelta) -> People:
    """Store a school with one caseworker for each user, and so many checks that are told one by one within a time."""
    bound: list[Bound] = []
    owed: dict[int, tuple[str, str]] = {}
    for first in range(0, len(users), AT_ONCE):
        with core.transaction(system("test"), Door.JOB) as ctx:
            bound += [_settled(ctx, each) for each in users[first : first + AT_ONCE]]
    for first in range(0, checks, AT_ONCE):
        with core.transaction(system("test"), Door.JOB) as ctx:
            for number in range(first, min(first + AT_ONCE, checks)):
                one = bound[number % len(bound)]
                words = f"M1150900{number:05}"
                owed[_owed(ctx, one, words, within * number / checks)] = (one.line_user, words)
    return People(bound, owed)


def _settled(ctx: Context, user: SimUser) -> Bound:
    return a_bound_account(ctx, a_unit(ctx), line_user=user.user_id, permissions=PERMISSIONS)


def _owed(ctx: Context, one: Bound, number: str, after: timedelta) -> int:
    """Store a check and its duty, which is told after a while; return the duty's id."""
    check = a_check(ctx, ctx.session.get_one(Unit, one.account.unit_id), number=number)
    duty = a_duty(ctx, check, due_at=due_at(check.assigned_at), counted_from=ctx.now, remind_at=ctx.now + after)
    return duty.id
