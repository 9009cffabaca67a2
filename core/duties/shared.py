"""What the digests of a batch of people hold, looked up once for all who see the same.

People of one unit with the same permissions owe the same. What only one of them is told - of their own account, or a
duty beyond the week that is new to them - is looked up apart and put in its place. Whom a duty is shown to is noted for
each person, however often it is looked up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, or_, select

from core.access import Actor, Units
from core.accounts.models import Permission, Role
from core.among import among_these
from core.clock import end_of_day
from core.context import Context
from core.duties.counts import counts_by_kind
from core.duties.models import Duty
from core.duties.overview import ROWS_A_SCREEN, Overview, figures_of
from core.duties.plans import DutyKind
from core.duties.queries import Owed, can_be_done, looked_up, note_shown, pressing
from core.duties.watch import SEVERAL_UNITS

DIGEST_DAYS = 7
ENDS = frozenset({DutyKind.ACCOUNT_END, DutyKind.CERTIFICATE_END})

Sight = tuple[Units, Role | None, frozenset[Permission]]
"""What decides which duties of units an account sees."""


class _Own(NamedTuple):
    """A duty of somebody's own account."""

    id: int
    due_at: datetime


@dataclass
class SharedOverviews:
    """The overviews of one batch: what is late, due within seven days, or newly to be told, and the figures."""

    ctx: Context
    common: dict[Sight, Overview] = field(default_factory=dict)
    known: dict[tuple[Sight, frozenset[int], int | None], Overview] = field(default_factory=dict)
    apart: dict[int, frozenset[int]] = field(default_factory=dict)
    owners: frozenset[int] = frozenset()
    """Who has a duty of their own: it stands in their numbers alone."""

    def prepare(self, told: Mapping[int, Collection[int]]) -> None:
        """Find, for accounts and the duties each is told of, what is not in what all of their unit see."""
        own, common = self._own(told), self._in_common({duty for each in told.values() for duty in each})
        week = self._week_end()
        for account_id, duties in told.items():
            presses = {each.id for each in own.get(account_id, ()) if each.due_at <= week}
            self.apart[account_id] = frozenset(presses | (set(duties) - common))
        self.owners = frozenset(own)

    def of(self, actor: Actor) -> Overview:
        """Return what one person's digest holds, and note that it is shown to them."""
        sight = (actor.units, actor.role, actor.permissions)
        apart = self.apart.get(actor.account_id or 0, frozenset())
        is_shared = not apart and actor.account_id not in self.owners
        overview = self._common(actor, sight) if is_shared else self._whole(actor, sight, apart)
        note_shown(self.ctx.as_actor(actor), overview.owed.rows)
        return overview

    def _in_common(self, duties: Collection[int]) -> set[int]:
        """Return which of these everybody sees who sees their unit."""
        common = and_(Duty.unit_id.is_not(None), self._by_week())
        return set(self.ctx.session.scalars(select(Duty.id).where(among_these(Duty.id, duties), common)))

    def _own(self, accounts: Collection[int]) -> defaultdict[int, list[_Own]]:
        """Return what each owes of their own account, and can do something about.

        That no unit owes it is asked of the rows that come: asked of the database, it goes through everybody's.
        """
        is_of_account = and_(Duty.kind.in_(ENDS), can_be_done(self.ctx))
        named = and_(
            among_these(Duty.account_id, accounts), Duty.ended_at.is_(None), or_(self._by_week(), is_of_account)
        )
        found: defaultdict[int, list[_Own]] = defaultdict(list)
        for row in self.ctx.session.execute(select(Duty.id, Duty.account_id, Duty.unit_id, Duty.due_at).where(named)):
            if row.unit_id is None:
                found[row.account_id].append(_Own(row.id, row.due_at))
        return found

    def _by_week(self) -> ColumnElement[bool]:
        return pressing(self._week_end())

    def _week_end(self) -> datetime:
        return end_of_day(self.ctx.today + timedelta(days=DIGEST_DAYS))

    def _whole(self, actor: Actor, sight: Sight, apart: frozenset[int]) -> Overview:
        key = (sight, apart, actor.account_id if actor.account_id in self.owners else None)
        if key not in self.known:
            common = self._common(actor, sight)
            seen = self.ctx.as_actor(actor)
            more = looked_up(seen, Duty.id.in_(apart), 0, ROWS_A_SCREEN)
            counts_kinds = actor.account_id in self.owners and len(common.units) < SEVERAL_UNITS
            kinds = counts_by_kind(seen) if counts_kinds else common.kinds
            self.known[key] = replace(common, owed=_together(common.owed, more), kinds=kinds)
        return self.known[key]

    def _common(self, actor: Actor, sight: Sight) -> Overview:
        """Return what everybody with this sight sees: nothing of their own accounts."""
        if sight not in self.common:
            seen = self.ctx.as_actor(replace(actor, account_id=None))
            self.common[sight] = figures_of(seen, looked_up(seen, self._by_week(), 0, ROWS_A_SCREEN))
        return self.common[sight]


def _together(common: Owed, more: Owed) -> Owed:
    """Return what is owed in two lists that have nothing in common, as one."""
    rows = sorted((*common.rows, *more.rows), key=lambda row: (row.due_at, row.duty_id))
    return Owed(common.total + more.total, common.late + more.late, tuple(rows[:ROWS_A_SCREEN]))
