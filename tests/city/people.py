"""A small city: the town of the life tests with some more staff, and the phones of those who have one.

Everybody's standing differs from seed to seed: bound or not, blocked, with a mailbox that takes nothing, in English.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random

from sqlalchemy import select

from bot.simulator.platform import Platform
from bot.simulator.world import Friendship, SimUser
from core.access import system
from core.accounts.models import Account, Permission, Role, Unit, UnitKind
from core.audit import Door
from core.clock import FixedClock
from core.context import Core
from core.language.models import Language
from tests.builders import a_unit, an_account, bind
from tests.core.life.town import CASEWORK, Town, a_town
from tests.services import BEGUN, ENDING

ACTOR = system("test")
BOUND, BLOCKED, DEAD_MAILBOX, ENGLISH = 0.65, 0.1, 0.15, 0.15
STRANGERS = 2


@dataclass(frozen=True)
class Staff:
    """One account: its id, its address."""

    account_id: int
    code: str
    address: str


@dataclass
class City:
    """The town, everybody's account, and everybody's phone."""

    town: Town
    staff: Mapping[str, Staff]
    phones: dict[str, SimUser] = field(default_factory=dict)


def found(core: Core, clock: FixedClock) -> City:
    """Store the city, with nobody bound."""
    town = a_town(core, clock)
    with core.transaction(ACTOR, Door.COMMAND) as ctx:
        units = {each.code: each for each in ctx.session.scalars(select(Unit))}
        others: tuple[tuple[str, Unit, Role, frozenset[Permission]], ...] = (
            ("s1b", units["S1"], Role.CASEWORKER, CASEWORK),
            ("w1b", units["W1"], Role.CASEWORKER, CASEWORK),
            ("contact", units["E1"], Role.CONTACT, frozenset({Permission.CONTACT})),
            ("help", a_unit(ctx, "客服", code="H1", kind=UnitKind.OTHER), Role.HELPDESK, frozenset()),
            ("admin", units["C1"], Role.ADMIN, frozenset()),
        )
        more = {
            who: an_account(
                ctx, unit, name=f"人員{who}", role=role, permissions=permissions, starts_on=BEGUN, ends_on=ENDING
            )
            for who, unit, role, permissions in others
        }
        ctx.session.flush()
        ids = {who: account.id for who, account in more.items()}
        ids |= {who: actor.account_id for who, actor in town.actors.items() if actor.account_id is not None}
        rows = {who: ctx.session.get_one(Account, account_id) for who, account_id in ids.items()}
        staff = {who: Staff(row.id, row.code, ctx.vault.open(row.email)) for who, row in rows.items()}
    return City(town, staff)


def settle_in(city: City, core: Core, platform: Platform, chance: Random) -> set[str]:
    """Give people phones, bind some of them; return the addresses that take no letter."""
    people = [*city.staff, *(f"stranger{number}" for number in range(STRANGERS))]
    city.phones = {who: _phone(platform, number) for number, who in enumerate(people, 1)}
    dead: set[str] = set()
    with core.transaction(ACTOR, Door.COMMAND) as ctx:
        for who, each in city.staff.items():
            account, user = ctx.session.get_one(Account, each.account_id), city.phones[who]
            if chance.random() < BOUND:
                is_blocked = chance.random() < BLOCKED
                bind(ctx, account, line_user=user.user_id, blocked_at=ctx.now if is_blocked else None)
                user.friendship = Friendship.BLOCKED if is_blocked else Friendship.FRIEND
            account.language = Language.ENGLISH if chance.random() < ENGLISH else None
            if chance.random() < DEAD_MAILBOX:
                dead.add(each.address)
    return dead


def _phone(platform: Platform, number: int) -> SimUser:
    """Add a person whose id is the same in every run of a seed: who is served first may depend on it."""
    user = SimUser(f"U{number:032x}", f"安安{number}", Friendship.FRIEND)
    platform.world.users[user.user_id] = user
    platform.world.chats[user.user_id] = []
    return user
