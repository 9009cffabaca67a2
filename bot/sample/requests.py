"""What the sample's staff have asked for and nobody has decided yet: permissions, one wanted and one given up."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import select

from bot.sample.load import ACTOR
from core.access import Actor
from core.accounts.models import Account, Grant, Permission, Role
from core.accounts.queries import actor_of
from core.accounts.requests.service import file_permission, file_removal
from core.audit import Door
from core.clock import FixedClock
from core.context import Core
from core.helpdesk.hours import before_working


@dataclass(frozen=True)
class Wish:
    """A request about a permission, of the caseworker at this place among those who hold just the one named first."""

    holding: Permission
    place: int
    permission: Permission
    why: str
    hours_ago: float
    """In working time."""


WISHES = (
    Wish(
        Permission.CASEWORKER,
        1,
        Permission.MEAL_CHECKS,
        "本學期起兼辦幸福保衛站檢核，原承辦的生教組長下個月請育嬰假。",
        11,
    ),
    Wish(
        Permission.MEAL_CHECKS,
        2,
        Permission.MEAL_CHECKS,
        "職務調整，檢核已交給同校的輔導組長。",
        3,
    ),
)


def file_requests(core: Core) -> None:
    """Let each request have been filed when it was; raises ``LookupError`` where the sample has nobody to ask it."""
    for wish in WISHES:
        with core.reading(ACTOR, Door.COMMAND) as ctx:
            filed_at = before_working(ctx.now, timedelta(hours=wish.hours_ago), ctx.calendar)
        with replace(core, clock=FixedClock(filed_at)).transaction(_asker(core, wish), Door.CHAT) as ctx:
            file = file_removal if wish.permission is wish.holding else file_permission
            file(ctx, wish.permission, wish.why)


def _asker(core: Core, wish: Wish) -> Actor:
    others = select(Grant.account_id).where(Grant.permission != wish.holding)
    only = (
        select(Account.id)
        .join(Grant, Grant.account_id == Account.id)
        .where(Account.role == Role.CASEWORKER, Grant.permission == wish.holding, Account.id.not_in(others))
        .order_by(Account.id)
        .offset(wish.place)
        .limit(1)
    )
    with core.reading(ACTOR, Door.COMMAND) as ctx:
        found = ctx.session.scalar(only)
        actor = actor_of(ctx.session, found, ctx.today) if found else None
    if actor is None:
        raise LookupError("the sample has nobody who could ask for this")
    return actor
