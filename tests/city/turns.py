"""What turns out otherwise between writing and sending: whose it is, what it speaks of, and whether the day is worked.

People change unit, role and permissions, and come back; a check goes to another unit or comes anew, somebody else is
named for a case; today becomes a day off. Mostly it concerns what waits to be sent just then.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from random import Random

from sqlalchemy import or_, select

from core.access import system
from core.accounts.models import Account, Grant, Permission, Role
from core.amendments import DayStatus
from core.audit import Door
from core.context import Core
from core.notices.models import Notice, NoticeDuty, NoticeState
from tests.city.cards import Cards
from tests.city.people import City
from tests.city.work import Work
from tests.core.life.town import OWN

ACTOR = system("test")
TURNERS = ("s1", "s1b", "s2", "w1", "w1b", "head", "edu", "social", "contact")
"""Who changes; those who act for the main system and the desk stay. What is done under their names goes on."""
OTHER_ROLES = (Role.CASEWORKER, Role.HELPDESK)
OPEN = (NoticeState.CREATED, NoticeState.CLAIMED)


@dataclass(frozen=True)
class Standing:
    """What of an account decides on what its person sees."""

    unit_id: int
    role: Role
    permissions: frozenset[Permission]


@dataclass(frozen=True)
class Waiting:
    """What waits to be sent: whose it is, and the duties it speaks of."""

    account_id: int
    duties: tuple[int, ...]


@dataclass
class Turns:
    """The city, and who of it stands otherwise than at its founding."""

    core: Core
    city: City
    work: Work
    cards: Cards
    chance: Random
    done: list[str] = field(default_factory=list)
    _founded: dict[str, Standing] = field(default_factory=dict)

    def happens(self, often: float) -> bool:
        """Let something turn, now and then, about what waits to be sent; say whether it was so."""
        chance = self.chance
        if chance.random() > often or not (found := waiting(self.core)):
            return False
        one = chance.choice(found)
        what = ("leaves", "loses", "role", "duty", "day", "back")
        (turn,) = chance.choices(what, (3, 2, 1, 4 if one.duties else 0, 1, 2))
        who = self._who(one.account_id)
        if turn == "duty":
            self.work.look()
            self.work.move(chance.choice(one.duties))
        elif turn == "day":
            self.work.amend(self.work.town.today, chance.choice((DayStatus.OFF, DayStatus.OFF, DayStatus.WORKING)))
        elif turn == "back":
            self.come_back()
        elif who in TURNERS:
            self._turn(who, turn)
        self.done.append(f"{self.core.clock.now():%m-%d %H:%M} {who} {turn}")
        return True

    def come_back(self) -> None:
        """Let somebody who changed stand as at the founding."""
        changed = [who for who in self._founded if self._of(who) != self._founded[who]]
        if changed:
            who = self.chance.choice(changed)
            self._becomes(who, self._founded[who])

    def ask(self) -> None:
        """Let another area say something routine to those of a unit."""
        unit_id = self.chance.choice([*self.work.town.units.values()])
        with self.core.transaction(ACTOR, Door.JOB) as ctx:
            self.cards.ask(ctx, unit_id)

    def _turn(self, who: str, turn: str) -> None:
        chance, now = self.chance, self._of(who)
        self._founded.setdefault(who, now)
        if turn == "leaves":
            units = [self.work.town.units[code] for code in OWN if self.work.town.units[code] != now.unit_id]
            self._becomes(who, Standing(chance.choice(units), now.role, now.permissions))
        elif turn == "loses" and now.permissions:
            lost = chance.choice([*sorted(now.permissions), None])  # None: all of them
            kept = now.permissions - {lost} if lost else frozenset[Permission]()
            self._becomes(who, Standing(now.unit_id, now.role, kept))
        elif turn == "role":
            self._becomes(who, Standing(now.unit_id, chance.choice(OTHER_ROLES), now.permissions))

    def _of(self, who: str) -> Standing:
        with self.core.store.reading() as session:
            account = session.get_one(Account, self.city.staff[who].account_id)
            return Standing(account.unit_id, account.role, frozenset(account.permissions))

    def _becomes(self, who: str, now: Standing) -> None:
        """Let an account stand so, as a list of accounts may say it."""
        with self.core.transaction(ACTOR, Door.COMMAND) as ctx:
            account = ctx.session.get_one(Account, self.city.staff[who].account_id)
            account.unit_id, account.role = now.unit_id, now.role
            held = {each.permission for each in account.grants}
            kept = [each for each in account.grants if each.permission in now.permissions]
            account.grants = [*kept, *(Grant(permission=each) for each in sorted(now.permissions - held))]

    def _who(self, account_id: int) -> str:
        return next(who for who, each in self.city.staff.items() if each.account_id == account_id)


def waiting(core: Core) -> list[Waiting]:
    """Return what of the daily work waits to be sent."""
    asked = (
        select(Notice.id, Notice.account_id, NoticeDuty.duty_id)
        .join(NoticeDuty, NoticeDuty.notice_id == Notice.id, isouter=True)
        .where(Notice.state.in_(OPEN), Notice.account_id.is_not(None))
        .where(or_(NoticeDuty.duty_id.is_not(None), Notice.dedupe_key.startswith("digest:")))
        .order_by(Notice.id, NoticeDuty.duty_id)
    )
    found: dict[tuple[int, int], list[int]] = defaultdict(list)
    with core.store.reading() as session:
        for row in session.execute(asked):
            found[row.id, row.account_id] += [] if row.duty_id is None else [row.duty_id]
    return [Waiting(account_id, _sorted(duties)) for (_, account_id), duties in found.items()]


def _sorted(duties: Collection[int]) -> tuple[int, ...]:
    return tuple(sorted(duties))
