"""What happens just while a request that several notices share waits for its next try.

By chance alone that is rare, and it is where notices were lost: what ends one must take nothing from those that ride
along, and what speaks of nothing any more must not be said.
"""

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass
from random import Random

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from bot.simulator.phone import PhoneError
from core.access import system
from core.accounts.links import unbind
from core.accounts.models import BindingEnd
from core.audit import Door
from core.context import Core
from core.notices.models import Notice, NoticeDuty, NoticeState
from tests.city.talk import Talk
from tests.city.work import Work

OFTEN = 0.5
"""Of the times at which such a request waits, so many."""
LEAVERS = frozenset({"s1", "s1b", "w1b", "contact", "help", "center"})
"""Whose account may be closed within the month."""


@dataclass(frozen=True)
class Shared:
    """A request that several notices share: whose its first notice is, and the duties it speaks of."""

    account_id: int | None
    duties: tuple[int, ...]


@dataclass(frozen=True)
class Meanwhile:
    """Those who work, and their phones."""

    core: Core
    talk: Talk
    work: Work
    chance: Random

    def happens(self) -> bool:
        """Let what a first notice speaks of be done, or its person be reached there no more; say whether it was so."""
        chance = self.chance
        if chance.random() > OFTEN or not (found := shared(self.core)):
            return False
        one = chance.choice(found)
        (what,) = chance.choices(("done", "blocked", "parted", "gone"), (8 if one.duties else 0, 1, 1, 1))
        if what == "done":
            self.work.finish(one.duties)
        elif one.account_id is not None:
            self._ends(one.account_id, what)
        return True

    def _ends(self, account_id: int, what: str) -> None:
        """Let somebody block the bot, be parted from their phone by staff, or go for good."""
        who = next(who for who, each in self.talk.city.staff.items() if each.account_id == account_id)
        if what == "blocked":
            with suppress(PhoneError):
                self.talk.block(who, self.talk.city.phones[who])
            self.talk.deliver()
            self.talk.house.talk()
        elif what == "parted":
            with self.core.transaction(system("test"), Door.DESK) as ctx:
                unbind(ctx, account_id, BindingEnd.BY_STAFF)
        elif who in LEAVERS:
            self.work.dismiss(self.talk.city.staff[who].code)


def shared(core: Core) -> list[Shared]:
    """Return the requests that several notices share and that wait for another try."""
    duties: dict[tuple[int, int | None], list[int]] = defaultdict(list)
    with core.store.reading() as session:
        for row in session.execute(_SHARED):
            duties[row.id, row.account_id] += [] if row.duty_id is None else [row.duty_id]
    return [Shared(account_id, tuple(each)) for (_, account_id), each in duties.items()]


_RIDER = aliased(Notice)
_SHARED = (
    select(Notice.id, Notice.account_id, NoticeDuty.duty_id)
    .join(NoticeDuty, NoticeDuty.notice_id == Notice.id, isouter=True)
    .where(Notice.state == NoticeState.CREATED, exists().where(_RIDER.carried_by == Notice.id))
    .order_by(Notice.id, NoticeDuty.duty_id)
)
