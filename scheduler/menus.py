"""The jobs about menus: giving each phone that of its role and language, and looking at night whether it shows it.

LINE is asked between two transactions, never inside one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

import structlog

from core.access import system
from core.audit import Door
from core.clock import TAIPEI, FixedClock
from core.context import Core
from core.menus import service
from core.menus.door import AT_ONCE, MenuDoor
from core.menus.service import Wish
from scheduler.batches import BATCHES
from scheduler.jobs import Job

ACTOR = system("menus")
SOON = timedelta(seconds=10)  # somebody who has just bound, or chosen a language, looks at the phone
NIGHTLY = timedelta(minutes=10)
NIGHT = time(2, 0), time(5, 0)
"""Taipei time."""
LOOKS_A_BATCH = 100

log = structlog.get_logger(__name__)


def menu_jobs(door: MenuDoor) -> tuple[Job, ...]:
    """Return the jobs for a channel; whoever wires the process adds them to the table."""
    menus = Menus(door)
    return (
        Job("link_menus", SOON, menus.link, "Gives each phone the menu of its role and language, and takes it back."),
        Job("check_menus", NIGHTLY, menus.check, "Looks at night whether each phone shows its menu; puts it right."),
    )


@dataclass(frozen=True)
class Menus:
    """The work of both jobs on one channel."""

    door: MenuDoor

    def link(self, core: Core, now: datetime) -> int:
        """Give everybody the menu they should have at ``now``; return how many phones changed."""
        at_now, done = replace(core, clock=FixedClock(now)), 0
        for _ in range(BATCHES):
            wishes = self._claimed(at_now)
            if not wishes:
                break
            done += sum(self._carry_out(at_now, each) for each in _by_menu(wishes))
        return done

    def check(self, core: Core, now: datetime) -> int:
        """Look once a night at what each phone shows; return how many showed the wrong menu and get theirs again."""
        since = _night_of(now)
        if since is None:
            return 0
        at_now, wrong = replace(core, clock=FixedClock(now)), 0
        for _ in range(BATCHES):
            with at_now.reading(ACTOR, Door.JOB) as ctx:
                wishes = service.to_check(ctx, since, LOOKS_A_BATCH)
            shown = self._shown(wishes)
            if not shown:
                break
            with at_now.transaction(ACTOR, Door.JOB) as ctx:
                wrong += service.keep_checked(ctx, wishes, shown)
        return wrong

    def _claimed(self, core: Core) -> tuple[Wish, ...]:
        """Claim some of those whose phones should change; mostly there are none, and then no writer is held up."""
        with core.reading(ACTOR, Door.JOB) as ctx:
            if not service.is_anybody_waiting(ctx):
                return ()
        with core.transaction(ACTOR, Door.JOB) as ctx:
            return service.claim(ctx, AT_ONCE)

    def _carry_out(self, core: Core, wishes: Sequence[Wish]) -> int:
        """Ask LINE for people who all get the same menu; return how many it took."""
        people = [each.line_user_id for each in wishes]
        try:
            if wishes[0].menu_id:
                self.door.show(wishes[0].menu_id, people)
            else:
                self.door.take_away(people)
        except ConnectionError as error:
            log.warning("menus.not_linked", people=len(people), error=str(error))
            with core.transaction(ACTOR, Door.JOB) as ctx:
                service.leave_for_later(ctx, wishes)
            return 0
        with core.transaction(ACTOR, Door.JOB) as ctx:
            service.settle(ctx, wishes)
        return len(wishes)

    def _shown(self, wishes: Sequence[Wish]) -> list[str | None]:
        """Return what each phone shows; nothing where LINE does not say: the next run looks again."""
        try:
            return [self.door.shown(each.line_user_id) for each in wishes]
        except ConnectionError as error:
            log.warning("menus.not_checked", error=str(error))
            return []


def _by_menu(wishes: Sequence[Wish]) -> list[list[Wish]]:
    ids = dict.fromkeys(each.menu_id for each in wishes)
    return [[each for each in wishes if each.menu_id == menu_id] for menu_id in ids]


def _night_of(now: datetime) -> datetime | None:
    """Return when the night began that ``now`` lies in; None by day."""
    local, (begins, ends) = now.astimezone(TAIPEI), NIGHT
    if not begins <= local.time() < ends:
        return None
    return local.replace(hour=begins.hour, minute=begins.minute, second=0, microsecond=0)
