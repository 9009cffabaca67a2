"""What every use case is given: the transaction, who asks, the moment, and the house's numbers and keys.

``Core`` is the core's front door: each entry (event, web request, job step, command) opens one transaction with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from core import amendments, audit
from core.access import Actor
from core.audit import Door
from core.calendar import WorkCalendar
from core.clock import Clock, taipei_date
from core.database import Store
from core.policy import Policy
from core.secrets import Vault


@dataclass(frozen=True)
class Context:
    """One request's surroundings. Services take it first; they never commit."""

    session: Session
    actor: Actor
    door: Door
    now: datetime
    policy: Policy
    vault: Vault
    reckoned_by: WorkCalendar | None = None
    """Another calendar than the one that holds, to see what follows from it."""

    @property
    def calendar(self) -> WorkCalendar:
        """The working days: as they hold when a transaction first asks, and then the same until it ends."""
        return self.reckoned_by or amendments.held_by(self.session)

    @property
    def today(self) -> date:
        """The day in Taipei."""
        return taipei_date(self.now)

    def as_actor(self, actor: Actor) -> Context:
        """Return the same surroundings for another actor."""
        return replace(self, actor=actor)

    def note(self, act: str, subject: str, fields: Iterable[str] = ()) -> None:
        """Write one audit row: what was done or shown, on what, which fields (names, never values)."""
        audit.record(self.session, self.now, self.door, self.actor.name, act=act, subject=subject, fields=fields)

    def note_rows(self, act: str, kind: str, ids: Iterable[int | str], fields: Iterable[str]) -> None:
        """Write which rows of a kind a list showed or changed: of each it can be told later who saw it.

        A list without rows showed nothing, and is not written.
        """
        for subject in audit.subjects(kind, ids):
            self.note(act, subject, fields)

    def note_search(self, act: str, kind: str, ids: Iterable[int | str], fields: Iterable[str]) -> None:
        """Write what somebody who looked for a person or a number was shown, also that it was nothing (A28)."""
        self.note_rows(act, kind, [*ids] or [audit.NOTHING], fields)

    @contextmanager
    def attempt(self, *, keep: bool = True) -> Iterator[None]:
        """Keep what is done inside; after an error, or if it is not to be kept, take it and its audit rows back."""
        noted = len(self.session.info.get(audit.PENDING, ()))
        savepoint, is_kept = self.session.begin_nested(), False
        try:
            yield
            if keep:
                savepoint.commit()
                is_kept = True
        finally:
            if not is_kept:
                savepoint.rollback()
                del self.session.info.get(audit.PENDING, [])[noted:]


@dataclass(frozen=True)
class Core:
    """The case module with everything it stands on."""

    store: Store
    vault: Vault
    policy: Policy
    clock: Clock

    @contextmanager
    def transaction(self, actor: Actor, door: Door) -> Iterator[Context]:
        """Open a transaction at the present moment: returning commits (and chains the audit), raising rolls back."""
        with self.store.transaction() as session:
            yield self._context(session, actor, door)
            session.flush()
            audit.chain_pending(session, self.vault)

    @contextmanager
    def reading(self, actor: Actor, door: Door) -> Iterator[Context]:
        """Open a transaction that shows no personal data and changes nothing."""
        with self.store.reading() as session:
            yield self._context(session, actor, door)

    def _context(self, session: Session, actor: Actor, door: Door) -> Context:
        return Context(session, actor, door, self.clock.now(), self.policy, self.vault)
