"""Cards that ride along with digests: each has a number of its own, by which it is found wherever it is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import select

from core.access import Action
from core.accounts.queries import contacts_of, told_for
from core.cards import Deck, from_json
from core.closures.notices import look_card
from core.context import Context
from core.duties.models import DigestCard
from core.duties.riding import say_with_digest
from core.duties.told import WORK_ON_CASES
from core.notices.models import Notice
from core.secrets import Sealed

FIRST = 700_001
NUMBER = re.compile(r"(?<!\d)7\d{5}(?!\d)")


@dataclass
class Cards:
    """What was asked of units in a month, and of whom."""

    units: dict[int, int] = field(default_factory=dict)
    """The unit whose cases each card is about."""
    told: dict[int, tuple[int, ...]] = field(default_factory=dict)
    """The accounts it was to be said to."""
    _read: dict[int, frozenset[int]] = field(default_factory=dict)

    def ask(self, ctx: Context, unit_id: int) -> None:
        """Ask a unit to look its cases over, as before a semester: those who work on cases, else the contacts."""
        number = FIRST + len(self.units)
        people = told_for(ctx.session, unit_id, WORK_ON_CASES, ctx.today) or contacts_of(
            ctx.session, unit_id, Action.SEE_SERVICES, ctx.today
        )
        for account_id in people:
            say_with_digest(ctx, account_id, look_card("學校", number, {}), unit_id)
        self.units[number], self.told[number] = unit_id, people

    def in_notice(self, ctx: Context, notice: Notice) -> frozenset[int]:
        """Return the cards a notice says."""
        if not notice.dedupe_key.startswith("digest:"):
            return frozenset()
        if notice.id not in self._read:
            self._read[notice.id] = frozenset(_numbers(ctx, [notice.said]))
        return self._read[notice.id]

    def knows_all(self, ctx: Context, notice: Notice) -> bool:
        """Say whether all cards of a notice are of these, and none is of the house's own look before a semester."""
        messages = from_json(ctx.vault.open(notice.said)).messages
        said = [card for each in messages for card in (each.cards if isinstance(each, Deck) else (each,))]
        return len(said) == len(self.in_notice(ctx, notice))

    def waiting(self, ctx: Context) -> list[tuple[int, int]]:
        """Return what waits for a digest: accounts and cards, as often as they do."""
        rows = ctx.session.execute(select(DigestCard.account_id, DigestCard.said)).all()
        return [(row.account_id, number) for row in rows for number in _numbers(ctx, [row.said])]


def _numbers(ctx: Context, sealed: Iterable[Sealed]) -> list[int]:
    return [int(each) for said in sealed for each in NUMBER.findall(ctx.vault.open(said))]
