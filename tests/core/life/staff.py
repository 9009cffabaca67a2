"""The machine's ground: a town of its own for each run, what became of each dispatch, and the clock."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from core.closures.following import follow_graduates
from core.context import Context
from core.dispatches.facts import DispatchFacts
from core.dispatches.models import DispatchState, Opening
from core.dispatches.reply_form import ReplyForm
from core.records.following import open_windows
from tests.core.life.holding import Asked, chain_holds, holds, nothing_went_back
from tests.core.life.stand import Stand
from tests.core.life.town import OWN, REVIEWER, STAFF, SYSTEM, Town

T = TypeVar("T")
PICKS = st.integers(0, 11)
"""Which of the things there are: counted round and round."""
WRITES = st.sampled_from(["own", "own", "own", "own", *STAFF])
REVIEWS = st.sampled_from(["over", "over", "over", "over", *STAFF])
"""Mostly whose work it is, and now and then just anybody."""
UNITS = st.sampled_from(["S1", "S1", "S2", "W1"])
EVERY_ONE = 1000


@dataclass
class Part:
    """A dispatch as a plain model knows it."""

    id: int
    facts: DispatchFacts
    """What the list said last."""
    unit: str
    """Where it is now."""
    state: DispatchState
    opening: Opening | None = None
    draft: ReplyForm | None = None
    writer: str = ""
    """Who sent the reply that waits."""
    assessed: bool = False

    @property
    def came_to(self) -> str:
        """The unit it was made to."""
        return self.facts.unit_code


class Staff(RuleBasedStateMachine):
    """Holds everything after every step; the rules stand in the classes below."""

    def __init__(self, town: Callable[[], AbstractContextManager[Town]]) -> None:
        super().__init__()
        self._open = ExitStack()
        self.town = self._open.enter_context(town())
        self.parts: list[Part] = []
        self._asked: Asked = {}
        self.rows: Stand = holds(self.town, self._asked)
        self.is_correction = False
        """The step put an earlier event right: what follows from it may come earlier."""

    def teardown(self) -> None:
        """Ask everybody for everything once more, walk the chain of the audit, and end the town."""
        with self._open:
            holds(self.town, {})
            chain_holds(self.town)

    @invariant()
    def everything_holds(self) -> None:
        """Hold the tables against the rules, the step before and the model."""
        after = holds(self.town, self._asked)
        if not self.is_correction:
            nothing_went_back(self.rows, after)
        self.rows, self.is_correction = after, False
        stored = {row.id: (row.unit_id, row.state, row.opening) for row in after.dispatches.values()}
        assert stored == {each.id: (self.town.units[each.unit], each.state, each.opening) for each in self.parts}

    @rule(by=st.sampled_from([1, 9, 25, 24 * 3, 24 * 11, 24 * 31, 24 * 95]))
    def time_goes_on(self, by: int) -> None:
        """Move the clock by hours; the jobs that time brings are run."""
        self.town.clock.move(timedelta(hours=by))
        assert self.town.does(SYSTEM, lambda ctx: open_windows(ctx, EVERY_ONE)).is_done
        assert self.town.does(SYSTEM, lambda ctx: follow_graduates(ctx, 0, EVERY_ONE)).is_done

    @property
    def today(self) -> date:
        return self.town.today

    def part(self, place: int) -> Part:
        return picked(self.parts, place)

    def somebody(self, who: str, unit: str) -> str:
        """Return who is meant: the unit's caseworker, its supervisor, or the one named."""
        return {"own": OWN[unit], "over": REVIEWER[unit]}.get(who, who)

    def lists(self, act: Callable[[Context], object]) -> object:
        """Let the list come in; it is never refused here."""
        done = self.town.does(SYSTEM, act)
        assert done.is_done, done
        return done.value


def picked(among: Iterable[T], place: int) -> T:
    """Return one of several, counted round and round."""
    each = list(among)
    return each[place % len(each)]
