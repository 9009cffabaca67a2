"""Meal-station checks: listed, begun, sent, returned, sent again."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace

from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from core.checks.filled import filled_check
from core.checks.form import CheckForm
from core.checks.models import CheckState
from core.checks.review import return_check
from core.checks.service import CheckFacts, put_check
from core.checks.submission import Batch, Filled, save_draft, submit_check, submit_checks
from core.errors import NotAllowed, NotFound
from core.imports.results import Put
from tests.core.checks.forms import FORM_A, FORM_C
from tests.core.life.pupils import Pupils
from tests.core.life.staff import PICKS, REVIEWS, UNITS, WRITES, picked
from tests.core.life.stand import stand
from tests.core.life.town import SCOPES, STAFF, SUPERVISORS, WRITERS, Town

CHECKERS = WRITERS | SUPERVISORS
"""Everybody here who fills in checks."""


@dataclass
class Meal:
    """A check as a plain model knows it."""

    facts: CheckFacts
    state: CheckState
    need: bool | None = None
    writer: str = ""
    """Who sent it last."""

    @property
    def unit(self) -> str:
        return self.facts.unit_code


class Life(Pupils):
    """Everything at once."""

    def __init__(self, town: Callable[[], AbstractContextManager[Town]]) -> None:
        super().__init__(town)
        self.meals: list[Meal] = []

    @rule(unit=UNITS)
    def meal(self, unit: str) -> None:
        now = self.town.clock.now()
        number = f"M{len(self.meals)}"
        facts = CheckFacts(number, unit, now, now, f"林{number}", CheckState.WAITING, already_high_risk=False)
        self.lists(lambda ctx: put_check(ctx, facts))
        self.meals.append(Meal(facts, CheckState.WAITING))

    @precondition(lambda self: self.meals)
    @rule(place=PICKS, state=st.sampled_from(CheckState), need=st.sampled_from([None, True, False]))
    def list_meal(self, place: int, state: CheckState, need: bool | None) -> None:
        meal = picked(self.meals, place)
        facts = replace(meal.facts, state=state, has_need=need if state is CheckState.CHECKED else None)
        self.lists(lambda ctx: put_check(ctx, facts))
        if state is not meal.facts.state:
            meal.state = state
        if meal.state is CheckState.CHECKED:
            meal.need = meal.need if facts.has_need is None else facts.has_need
        else:
            meal.need = None
        meal.facts = facts

    @precondition(lambda self: self.meals)
    @rule(place=PICKS)
    def list_the_same_meal(self, place: int) -> None:
        facts = picked(self.meals, place).facts
        assert self.lists(lambda ctx: put_check(ctx, facts)) is Put.SAME
        with self.town.core.store.reading() as session:
            assert stand(session) == self.rows

    @precondition(lambda self: self.meals)
    @rule(place=PICKS, who=WRITES, form=st.sampled_from([FORM_A, FORM_C, CheckForm()]))
    def fill(self, place: int, who: str, form: CheckForm) -> None:
        meal = picked(self.meals, place)
        who = self.somebody(who, meal.unit)
        can = self.town.may(who, meal.unit, CHECKERS) and meal.state is not CheckState.CHECKED
        saved = self.town.does(who, lambda ctx: save_draft(ctx, meal.facts.number, form))
        assert saved.is_done is can
        sent = self.town.does(who, lambda ctx: submit_check(ctx, meal.facts.number, form, confirmed=True))
        assert sent.is_done is (can and form != CheckForm())
        if sent.is_done:
            meal.state, meal.need, meal.writer = CheckState.CHECKED, form is FORM_A, who
        elif can:
            kept = self.town.does(who, lambda ctx: filled_check(ctx, meal.facts.number).form)
            assert kept.value == form

    @precondition(lambda self: len(self.meals) > 1)
    @rule(place=PICKS, who=WRITES, form=st.sampled_from([FORM_C, FORM_C, CheckForm()]))
    def fill_two(self, place: int, who: str, form: CheckForm) -> None:
        """Two at once, each with its own answers: both are sent, or none."""
        one, other = picked(self.meals, place), picked(self.meals, place + 1)
        who = self.somebody(who, one.unit)
        batch = (Filled(one.facts.number, FORM_A, confirmed=True), Filled(other.facts.number, form, confirmed=True))
        is_open = {each.state for each in (one, other)}.isdisjoint({CheckState.CHECKED})
        can = is_open and all(self.town.may(who, each.unit, CHECKERS) for each in (one, other))
        done = self.town.does(who, lambda ctx: submit_checks(ctx, batch))
        assert done.is_done is can
        if isinstance(done.value, Batch):
            assert done.value.is_sent is (form is FORM_C)
        if can and form is FORM_C:
            for each, need in ((one, True), (other, False)):
                each.state, each.need, each.writer = CheckState.CHECKED, need, who

    @precondition(lambda self: self.meals)
    @rule(place=PICKS, who=REVIEWS)
    def give_back(self, place: int, who: str) -> None:
        meal = picked(self.meals, place)
        who = self.somebody(who, meal.unit)
        done = self.town.does(who, lambda ctx: return_check(ctx, meal.facts.number, "請補充。"))
        can = self.town.may(who, meal.unit, SUPERVISORS) and meal.state is CheckState.CHECKED
        assert done.is_done is (can and meal.writer != who)
        if done.is_done:
            meal.state, meal.need = CheckState.RETURNED, None

    @precondition(lambda self: self.meals)
    @rule(place=PICKS, who=st.sampled_from(STAFF))
    def pry_meal(self, place: int, who: str) -> None:
        meal = picked(self.meals, place)
        number = meal.facts.number
        seen = self.town.does(who, lambda ctx: filled_check(ctx, number))
        assert seen.is_done is (meal.unit in SCOPES[who])
        if not seen.is_done:
            refused = self.town.does(who, lambda ctx: return_check(ctx, number, "請補充。"))
            assert isinstance(refused.error, (NotFound, NotAllowed))

    @invariant()
    def meals_are_as_done(self) -> None:
        stored = {row.number: (row.state, row.has_need) for row in self.rows.checks.values()}
        assert stored == {each.facts.number: (each.state, each.need) for each in self.meals}
