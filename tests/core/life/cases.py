"""Dispatches: listed and listed again, assessed, answered, reviewed, handed over, joined to families."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from core.dispatches.assessment import AssessmentForm
from core.dispatches.facts import DispatchFacts
from core.dispatches.families import know_member
from core.dispatches.form_queries import show_assessment, show_reply
from core.dispatches.handing import hand_over
from core.dispatches.history import history
from core.dispatches.kinds import Contact, Decision, NotOpenReason, VisitWay
from core.dispatches.models import DispatchState, Opening
from core.dispatches.queries import case_of
from core.dispatches.reply_form import ReplyForm
from core.dispatches.replying import save_assessment, save_reply, submit_assessment, submit_reply
from core.dispatches.reviewing import approve_reply, return_reply
from core.dispatches.service import put_dispatch
from core.errors import NotAllowed, NotFound
from core.imports.results import Put
from tests.builders import a_national_id
from tests.core.life.staff import PICKS, REVIEWS, UNITS, WRITES, Part, Staff
from tests.core.life.stand import OPENS, stand
from tests.core.life.town import SCOPES, STAFF, SUPERVISORS, WRITERS

LONG_AGO = date(2026, 2, 1)
CHILDREN = {
    "WK1": ("王小明", a_national_id(901)),
    "WK2": ("王小明", a_national_id(901)),
    "WK3": ("李小美", a_national_id(902)),
    "WK4": ("林小華", None),
}
NUMBERS = st.sampled_from(["WK1", "WK1", "WK2", "WK3", "WK4"])
DECLINES = ReplyForm(
    contact=Contact.REACHED,
    contacted_on=LONG_AGO,
    visited_on=LONG_AGO,
    goal="穩定就學",
    decision=Decision.NOT_OPEN,
    reasons=frozenset({NotOpenReason.NEEDS_MET}),
    explanation="已提供早餐券。",
)
ASSESSED = AssessmentForm(LONG_AGO, "陳怡君", "02-29603456", VisitWay.PHONE, no_risks=True)
OWES_REPLY = frozenset({DispatchState.WAITING, DispatchState.RETURNED})
COURSE = (DispatchState.WAITING, DispatchState.SUBMITTED, DispatchState.ANSWERED, DispatchState.CLOSED)
LISTED = st.sampled_from([*DispatchState, DispatchState.WAITING])


def opens(opening: Opening) -> ReplyForm:
    """Return a reply that opens the case."""
    return ReplyForm(
        contact=Contact.NOT_REACHED,
        unreached_reason="家中無人應門",
        decision=Decision.OPEN,
        opening=opening,
        responsible="陳怡君",
        explanation="將再次訪視。",
    )


class Cases(Staff):
    """What happens to dispatches."""

    @initialize(unit=UNITS)
    def a_month_begins(self, unit: str) -> None:
        self.dispatch("WK1", unit, 0, needs=False)

    @rule(number=NUMBERS, unit=UNITS, ago=st.sampled_from([0, 0, 0, 1, 12]), needs=st.booleans())
    def dispatch(self, number: str, unit: str, ago: int, *, needs: bool) -> None:
        child, national_id = CHILDREN[number]
        facts = DispatchFacts(
            number, unit, self.today - timedelta(days=ago), LONG_AGO, child, DispatchState.WAITING, needs,
            reported_by="派出所", national_id=national_id, household=(child,),
        )  # fmt: skip
        known = self._known(facts)
        self.is_correction = ago > 0  # it came in late, and is no later event
        self.lists(lambda ctx: put_dispatch(ctx, facts))
        if known is None:
            with self.town.core.store.reading() as session:
                part_id = max(stand(session).dispatches)
            self.parts.append(Part(part_id, facts, unit, DispatchState.WAITING))
        else:
            self._is_listed(known, facts)

    @rule(place=PICKS, state=LISTED, opening=st.sampled_from([Opening.NEW, Opening.NOT_OPEN]))
    def list_otherwise(self, place: int, state: DispatchState, opening: Opening) -> None:
        part = self.part(place)
        settled = state in {DispatchState.ANSWERED, DispatchState.CLOSED, DispatchState.SUBMITTED}
        facts = replace(part.facts, state=state, opening=opening if settled else None)
        self.lists(lambda ctx: put_dispatch(ctx, facts))
        self._is_listed(part, facts)

    @rule(place=PICKS)
    def list_the_same(self, place: int) -> None:
        """The same row again changes nothing, whatever was done here since."""
        facts = self.part(place).facts
        assert self.lists(lambda ctx: put_dispatch(ctx, facts)) is Put.SAME
        with self.town.core.store.reading() as session:
            assert stand(session) == self.rows

    @rule(place=PICKS, who=WRITES, form=st.sampled_from([ASSESSED, ASSESSED, AssessmentForm()]))
    def assess(self, place: int, who: str, form: AssessmentForm) -> None:
        part = self.part(place)
        who = self.somebody(who, part.unit)
        can = self.town.may(who, part.unit, WRITERS) and not part.assessed
        assert self.town.does(who, lambda ctx: save_assessment(ctx, part.id, form)).is_done is can
        sent = self.town.does(who, lambda ctx: submit_assessment(ctx, part.id))
        assert sent.is_done is (can and form is ASSESSED)
        part.assessed |= sent.is_done

    @rule(place=PICKS, who=WRITES, form=st.sampled_from([*map(opens, OPENS), DECLINES, ReplyForm(), "true", "true"]))
    def draft(self, place: int, who: str, form: ReplyForm | str) -> None:
        part = self.part(place)
        who = self.somebody(who, part.unit)
        answers = form if isinstance(form, ReplyForm) else opens(self._true_opening(part))
        saved = self.town.does(who, lambda ctx: save_reply(ctx, part.id, answers))
        assert saved.is_done is (self.town.may(who, part.unit, WRITERS) and part.state in OWES_REPLY)
        if saved.is_done:
            part.draft = answers

    @rule(place=PICKS, who=WRITES)
    def send(self, place: int, who: str) -> None:
        part = self.part(place)
        who = self.somebody(who, part.unit)
        sent = self.town.does(who, lambda ctx: submit_reply(ctx, part.id))
        can = self.town.may(who, part.unit, WRITERS) and part.state in OWES_REPLY
        assert sent.is_done is (can and self._is_right(part))
        if sent.is_done and part.draft is not None:
            part.state, part.writer = DispatchState.SUBMITTED, who
            part.opening, part.draft = part.draft.opening or Opening.NOT_OPEN, None
        elif can and part.draft is not None:
            assert self.town.does(who, lambda ctx: show_reply(ctx, part.id).form).value == part.draft

    @rule(place=PICKS, who=WRITES)
    def answer(self, place: int, who: str) -> None:
        """Do all that an answer needs at once: else few runs come so far."""
        self.assess(place, who, ASSESSED)
        self.draft(place, who, "true")
        self.send(place, who)

    @rule(place=PICKS, who=REVIEWS, approves=st.sampled_from([True, True, False]))
    def review(self, place: int, who: str, *, approves: bool) -> None:
        part = self.part(place)
        who = self.somebody(who, part.unit)
        if approves:
            done = self.town.does(who, lambda ctx: approve_reply(ctx, part.id))
        else:
            done = self.town.does(who, lambda ctx: return_reply(ctx, part.id, "請補充就學情形"))
        can = self.town.may(who, part.unit, SUPERVISORS) and part.state is DispatchState.SUBMITTED
        is_true = not approves or not part.writer or part.opening in {Opening.NOT_OPEN, self._true_opening(part)}
        assert done.is_done is (can and part.writer != who and is_true)
        if done.is_done:
            part.state = DispatchState.ANSWERED if approves else DispatchState.RETURNED
            part.writer = ""

    @rule(place=PICKS, who=WRITES, unit=UNITS)
    def hand_over(self, place: int, who: str, unit: str) -> None:
        part = self.part(place)
        who = self.somebody(who, part.unit)
        has_it = any(
            (each.facts.case_number, each.unit, each.facts.dispatched_on)
            == (part.facts.case_number, unit, part.facts.dispatched_on)
            for each in self.parts
        )
        done = self.town.does(who, lambda ctx: hand_over(ctx, part.id, unit, "案家已搬遷"))
        is_today = part.state is DispatchState.WAITING and part.facts.dispatched_on == self.today
        assert done.is_done is (part.unit in SCOPES[who] and is_today and not has_it)
        if done.is_done:
            part.unit, self.is_correction = unit, True  # the dispatch was never the first unit's

    @rule(place=PICKS, who=WRITES, number=st.sampled_from(["WK1", "WK3"]))
    def know_member(self, place: int, who: str, number: str) -> None:
        """Join two families by what one of them says of a sibling."""
        part = self.part(place)
        name, national_id = CHILDREN[number]
        who = self.somebody(who, part.unit)
        self.town.does(who, lambda ctx: know_member(ctx, part.facts.case_number, name, national_id or ""))

    @precondition(lambda self: self.parts)
    @rule(place=PICKS, who=st.sampled_from(STAFF))
    def pry(self, place: int, who: str) -> None:
        """What is not one's own is not there, as what does not exist (A28)."""
        part = self.part(place)
        if part.unit in SCOPES[who]:
            return
        for act in (show_reply, show_assessment, approve_reply, submit_reply, submit_assessment):
            for number in (part.id, 10**6):
                refused = self.town.does(who, lambda ctx, act=act, number=number: act(ctx, number))  # type: ignore[misc]
                assert isinstance(refused.error, (NotFound, NotAllowed))
        row = self.rows.dispatches[part.id]
        of_case = {each.unit for each in self.parts if each.facts.case_number == part.facts.case_number}
        of_family = {each.unit for each in self.parts if self.rows.dispatches[each.id].family_id == row.family_id}
        seen = self.town.does(who, lambda ctx: case_of(ctx, part.facts.case_number))
        assert seen.is_done is bool(of_case & SCOPES[who])
        told = self.town.does(who, lambda ctx: history(ctx, row.family_id))
        assert told.is_done is bool(of_family & SCOPES[who])

    def _known(self, facts: DispatchFacts) -> Part | None:
        """Return the dispatch a row of the list speaks of: where it is now, or else where it was made to."""
        same = [
            each
            for each in self.parts
            if (each.facts.case_number, each.facts.dispatched_on) == (facts.case_number, facts.dispatched_on)
        ]
        here = [each for each in same if each.unit == facts.unit_code]
        return next(iter(here or [each for each in same if each.came_to == facts.unit_code]), None)

    def _is_listed(self, part: Part, facts: DispatchFacts) -> None:
        """Say in the model what a row of the list does: news hold; what is old, or gone beyond here, undoes nothing."""
        if part.unit != facts.unit_code:
            return
        went_on = part.state in COURSE and part.state is not part.facts.state
        is_behind = went_on and facts.state in COURSE[: COURSE.index(part.state)]
        before, is_news = part.state, facts.state is not part.facts.state and not is_behind
        if is_news and facts.state is not before:
            part.state, part.writer = facts.state, ""
        if part.state is facts.state and not (part.state is before is DispatchState.SUBMITTED):
            part.opening = facts.opening or (part.opening if part.state is not DispatchState.WAITING else None)
        part.facts = facts

    def _true_opening(self, part: Part) -> Opening:
        """Return the one opening that is true (REPLY-6)."""
        family_id = self.rows.dispatches[part.id].family_id
        services = self.rows.of_family(family_id, self.town.units[part.unit])
        if any(each.closed_on is None for each in services):
            return Opening.IN_PROGRESS
        return Opening.REOPENED if services else Opening.NEW

    def _is_right(self, part: Part) -> bool:
        if part.draft is None or part.draft.decision is None or (part.facts.needs_assessment and not part.assessed):
            return False
        return part.draft.opening in {None, self._true_opening(part)}
