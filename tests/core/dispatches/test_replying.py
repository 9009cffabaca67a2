"""Drafts, submission, review, races: on both databases (REPLY-3, REPLY-6, REPLY-11, A32)."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial

import pytest
from sqlalchemy import select

from core.access import Actor, system
from core.accounts.models import Account, Permission, Role, Unit, UnitKind
from core.accounts.queries import actor_of
from core.audit import Door
from core.clock import FixedClock, end_of_day, taipei_date
from core.context import Context, Core
from core.dispatches.assessment import AssessmentForm
from core.dispatches.form_queries import show_assessment, show_reply
from core.dispatches.kinds import Contact, Decision, NotOpenReason, Risk, VisitWay
from core.dispatches.models import Dispatch, DispatchBucket, DispatchState, FormState, Opened, Opening, Reply
from core.dispatches.queries import Latest, buckets, case_of, in_bucket
from core.dispatches.reply_form import ReplyForm
from core.dispatches.replying import save_assessment, save_reply, submit_assessment, submit_reply
from core.dispatches.reviewing import approve_reply, return_reply
from core.duties.models import Duty, Ending
from core.duties.plans import DutyKind
from core.errors import Conflict, FrontdoorError, NotAllowed, NotFound, RulesBroken
from core.notices.models import Notice, NoticeKind
from tests.builders import a_dispatch, a_unit, an_account
from tests.core.dispatches.replies import put
from tests.databases import Beginnings
from tests.duties import owe

TODAY = date(2026, 3, 4)
OPENING = ReplyForm(
    contact=Contact.REACHED,
    contacted_on=TODAY,
    visited_on=TODAY,
    goal="穩定就學",
    decision=Decision.OPEN,
    opening=Opening.NEW,
    responsible="陳怡君",
    explanation="已提供早餐券。",
)
DECLINING = replace(
    OPENING,
    decision=Decision.NOT_OPEN,
    opening=None,
    responsible="",
    reasons=frozenset({NotOpenReason.NEEDS_MET}),
)
ASSESSMENT = AssessmentForm(TODAY, "陳怡君", "02-29603456", VisitWay.PHONE, risks=frozenset({Risk.DEBT, Risk.MEALS}))


@dataclass(frozen=True)
class House:
    """A school with a caseworker below a bureau with two supervisors, and one dispatch that waits."""

    core: Core
    school: Unit
    caseworker: Account
    one: Account
    other: Account
    dispatch_id: int

    def does(self, account: Account, act: Callable[[Context], object]) -> object:
        with self.core.transaction(self.actor(account), Door.DESK) as ctx:
            return act(ctx)

    def actor(self, account: Account) -> Actor:
        with self.core.store.reading() as session:
            actor = actor_of(session, account.id, TODAY)
        assert actor is not None
        return actor

    def submits(self, form: ReplyForm = OPENING) -> None:
        self.does(self.caseworker, lambda ctx: save_reply(ctx, self.dispatch_id, form))
        self.does(self.caseworker, lambda ctx: submit_reply(ctx, self.dispatch_id))

    def row(self) -> Dispatch:
        with self.core.store.reading() as session:
            return session.get_one(Dispatch, self.dispatch_id)

    def duties(self) -> dict[DutyKind, Duty]:
        with self.core.store.reading() as session:
            return {duty.kind: duty for duty in session.scalars(select(Duty).order_by(Duty.id))}


@pytest.fixture
def house(core: Core, beginnings: Beginnings) -> House:
    return replace(beginnings.of(core, a_house), core=core)


def a_house(core: Core) -> House:
    bureau = a_unit(core, "教育局", code="E1", kind=UnitKind.BUREAU)
    school = a_unit(core, code="S1", parent=bureau)
    one, other = (
        an_account(core, bureau, name=name, role=Role.SUPERVISOR, permissions=(Permission.SUPERVISOR,))
        for name in ("林督導", "張督導")
    )
    caseworker = an_account(core, school)
    return House(core, school, caseworker, one, other, put(core, "WK1"))


def test_a_draft_may_lack_everything_and_keeps_what_was_typed(house: House) -> None:
    house.does(house.caseworker, lambda ctx: save_reply(ctx, house.dispatch_id, ReplyForm(goal="先存檔")))
    with pytest.raises(RulesBroken) as refused:
        house.does(house.caseworker, lambda ctx: submit_reply(ctx, house.dispatch_id))
    assert {each.rule for each in refused.value.broken} == {"REPLY-4", "REPLY-5", "REPLY-8"}
    view = house.does(house.caseworker, lambda ctx: show_reply(ctx, house.dispatch_id))
    assert view.form == ReplyForm(goal="先存檔")  # type: ignore[attr-defined]
    assert house.row().state is DispatchState.WAITING


def test_a_submitted_reply_meets_what_was_owed_and_waits_for_the_supervisor(house: House) -> None:
    house.submits()
    row = house.row()
    assert (row.state, row.opening, row.responsible_id) == (DispatchState.SUBMITTED, Opening.NEW, house.caseworker.id)
    assert house.duties()[DutyKind.REPLY].ending is Ending.MET
    mine = house.does(house.caseworker, buckets)
    theirs = house.does(house.one, buckets)
    assert mine[DispatchBucket.ANSWERED] == 1  # type: ignore[index]
    assert DispatchBucket.TO_REVIEW not in mine  # type: ignore[operator]
    assert (theirs[DispatchBucket.TO_REVIEW], theirs[DispatchBucket.ANSWERED]) == (1, 0)  # type: ignore[index]
    page = house.does(house.one, lambda ctx: in_bucket(ctx, DispatchBucket.TO_REVIEW))
    assert [each.dispatch_id for each in page.rows] == [house.dispatch_id]  # type: ignore[attr-defined]


def test_an_approved_reply_opens_the_service_and_tells_the_writer(house: House) -> None:
    house.submits()
    house.does(house.one, lambda ctx: approve_reply(ctx, house.dispatch_id))
    assert house.row().state is DispatchState.ANSWERED
    with house.core.store.reading() as session:
        opened = session.scalars(select(Opened)).one()
        told = session.scalars(select(Notice).where(Notice.kind == NoticeKind.DECISION)).one()
    assert (opened.unit_id, opened.opened_as, opened.closed_on) == (house.school.id, Opening.NEW, None)
    assert told.account_id == house.caseworker.id


def test_a_reply_that_does_not_open_opens_nothing(house: House) -> None:
    house.submits(DECLINING)
    house.does(house.one, lambda ctx: approve_reply(ctx, house.dispatch_id))
    assert house.row().opening is Opening.NOT_OPEN
    with house.core.store.reading() as session:
        assert session.scalars(select(Opened)).all() == []


def test_a_returned_reply_is_owed_for_three_days_then_returned_late_and_sent_again(
    house: House, clock: FixedClock
) -> None:
    house.submits()
    house.does(house.one, lambda ctx: return_reply(ctx, house.dispatch_id, "請補充就學情形"))
    assert house.row().state is DispatchState.RETURNED
    due = house.duties()[DutyKind.RETURNED_REPLY].due_at
    assert due == end_of_day(date(2026, 3, 7))
    clock.at = due
    assert house.does(house.caseworker, buckets)[DispatchBucket.RETURNED] == 1  # type: ignore[index]
    clock.move(timedelta(milliseconds=1))
    assert house.does(house.caseworker, buckets)[DispatchBucket.RETURNED_LATE] == 1  # type: ignore[index]
    view = house.does(house.caseworker, lambda ctx: show_reply(ctx, house.dispatch_id))
    assert (view.form, view.returned_because) == (OPENING, "請補充就學情形")  # type: ignore[attr-defined]
    house.submits(replace(OPENING, explanation="就學穩定，已提供早餐券。"))
    assert house.duties()[DutyKind.RETURNED_REPLY].ending is Ending.MET
    house.does(house.other, lambda ctx: approve_reply(ctx, house.dispatch_id))
    with house.core.store.reading() as session:
        states = [each.state for each in session.scalars(select(Reply).order_by(Reply.id))]
    assert states == [FormState.RETURNED, FormState.APPROVED]


def test_a_case_shows_what_happened_last_to_its_reply(house: House) -> None:
    def latest() -> Latest | None:
        view = house.does(house.caseworker, lambda ctx: case_of(ctx, house.row().case.number))
        return view.parts[0].latest  # type: ignore[attr-defined,no-any-return]

    today = taipei_date(house.core.clock.now())
    house.does(house.caseworker, lambda ctx: save_reply(ctx, house.dispatch_id, OPENING))
    assert latest() is None
    house.submits()
    assert latest() == Latest(today, FormState.SUBMITTED)
    house.does(house.one, lambda ctx: return_reply(ctx, house.dispatch_id, "請補充就學情形"))
    assert latest() == Latest(today, FormState.RETURNED)
    house.submits(replace(OPENING, explanation="就學穩定，已提供早餐券。"))
    house.does(house.other, lambda ctx: approve_reply(ctx, house.dispatch_id))
    assert latest() == Latest(today, FormState.APPROVED)


@pytest.mark.parametrize("reason", ["", " 。", "無", "字" * 1001])
def test_a_return_says_why(house: House, reason: str) -> None:
    house.submits()
    with pytest.raises(RulesBroken) as refused:
        house.does(house.one, lambda ctx: return_reply(ctx, house.dispatch_id, reason))
    assert [each.rule for each in refused.value.broken] == ["REPLY-11"]
    assert house.row().state is DispatchState.SUBMITTED


def test_a32_nobody_approves_their_own_reply(house: House) -> None:
    both = an_account(
        house.core,
        house.school,
        name="吳主任",
        role=Role.SUPERVISOR,
        permissions=(Permission.CASEWORKER, Permission.SUPERVISOR),
    )
    house.does(both, lambda ctx: save_reply(ctx, house.dispatch_id, OPENING))
    house.does(both, lambda ctx: submit_reply(ctx, house.dispatch_id))
    for act in (approve_reply, lambda ctx, number: return_reply(ctx, number, "補充")):
        with pytest.raises(RulesBroken, match="您自己"):
            house.does(both, lambda ctx, act=act: act(ctx, house.dispatch_id))  # type: ignore[misc]
    house.does(house.one, lambda ctx: approve_reply(ctx, house.dispatch_id))


def test_a_caseworker_reviews_nothing_and_another_school_sees_nothing(house: House) -> None:
    house.submits()
    with pytest.raises(NotAllowed):
        house.does(house.caseworker, lambda ctx: approve_reply(ctx, house.dispatch_id))
    stranger = an_account(house.core, a_unit(house.core))
    for act in (show_reply, show_assessment, submit_reply, submit_assessment):
        with pytest.raises(NotFound):
            house.does(stranger, lambda ctx, act=act: act(ctx, house.dispatch_id))  # type: ignore[misc]


def test_a_submitted_assessment_can_never_be_changed(house: House) -> None:
    house.does(house.caseworker, lambda ctx: save_assessment(ctx, house.dispatch_id, AssessmentForm()))
    with pytest.raises(RulesBroken):
        house.does(house.caseworker, lambda ctx: submit_assessment(ctx, house.dispatch_id))
    house.does(house.caseworker, lambda ctx: save_assessment(ctx, house.dispatch_id, ASSESSMENT))
    sent = house.does(house.caseworker, lambda ctx: submit_assessment(ctx, house.dispatch_id))
    assert sent.score.total == 7  # type: ignore[attr-defined]
    for act in (
        lambda ctx: save_assessment(ctx, house.dispatch_id, ASSESSMENT),
        lambda ctx: submit_assessment(ctx, house.dispatch_id),
    ):
        with pytest.raises(RulesBroken, match="不能再修改"):
            house.does(house.caseworker, act)
    view = house.does(house.caseworker, lambda ctx: show_assessment(ctx, house.dispatch_id))
    assert (view.form, view.state) == (ASSESSMENT, FormState.SUBMITTED)  # type: ignore[attr-defined]


def test_the_reply_waits_for_the_assessment(house: House) -> None:
    needing = put(house.core, "WK2", needs_assessment=True)
    house.does(house.caseworker, lambda ctx: save_reply(ctx, needing, OPENING))
    with pytest.raises(RulesBroken) as refused:
        house.does(house.caseworker, lambda ctx: submit_reply(ctx, needing))
    assert [each.rule for each in refused.value.broken] == ["REPLY-3"]
    house.does(house.caseworker, lambda ctx: save_assessment(ctx, needing, ASSESSMENT))
    house.does(house.caseworker, lambda ctx: submit_assessment(ctx, needing))
    house.does(house.caseworker, lambda ctx: submit_reply(ctx, needing))


def test_the_core_knows_which_opening_is_true(house: House) -> None:
    house.submits()
    house.does(house.one, lambda ctx: approve_reply(ctx, house.dispatch_id))
    again = put(house.core, "WK1", dispatched_on=TODAY)
    house.does(house.caseworker, lambda ctx: save_reply(ctx, again, OPENING))
    with pytest.raises(RulesBroken) as refused:
        house.does(house.caseworker, lambda ctx: submit_reply(ctx, again))
    assert [each.rule for each in refused.value.broken] == ["REPLY-6"]
    assert "處理中個案" in refused.value.broken[0].remedy
    with house.core.store.reading() as session:
        assert session.scalars(select(Opened)).one().last_dispatched_on == TODAY


def test_an_opening_that_is_true_no_more_is_not_approved(house: House) -> None:
    again = put(house.core, "WK1", dispatched_on=TODAY)
    for dispatch_id in (house.dispatch_id, again):
        house.does(house.caseworker, partial(save_reply, dispatch_id=dispatch_id, form=OPENING))
        house.does(house.caseworker, partial(submit_reply, dispatch_id=dispatch_id))
    house.does(house.one, lambda ctx: approve_reply(ctx, house.dispatch_id))
    with pytest.raises(RulesBroken) as refused:
        house.does(house.one, lambda ctx: approve_reply(ctx, again))
    (broken,) = refused.value.broken
    assert (broken.rule, broken.field) == ("REPLY-6", "開案情形")
    assert "退件" in broken.remedy
    assert "處理中個案" in broken.remedy
    house.does(house.one, lambda ctx: return_reply(ctx, again, broken.remedy))
    house.does(house.caseworker, lambda ctx: save_reply(ctx, again, replace(OPENING, opening=Opening.IN_PROGRESS)))
    house.does(house.caseworker, lambda ctx: submit_reply(ctx, again))
    house.does(house.one, lambda ctx: approve_reply(ctx, again))


def test_the_reply_is_about_the_child_to_serve(house: House) -> None:
    sibling = put(house.core, "WK2", served="王小華")
    for dispatch_id, child in ((house.dispatch_id, "王小明"), (sibling, "王小華")):
        view = house.does(house.caseworker, partial(show_reply, dispatch_id=dispatch_id))
        assert view.child == child  # type: ignore[attr-defined]


def test_an_export_that_does_not_know_of_the_reply_yet_does_not_undo_it(house: House) -> None:
    house.submits()
    put(house.core, "WK1", area="板橋區")
    row = house.row()
    assert (row.state, row.opening) == (DispatchState.SUBMITTED, Opening.NEW)


def both_at_once(house: House, *acts: tuple[Account, Callable[[Context], object]]) -> list[object]:
    def run(act: tuple[Account, Callable[[Context], object]]) -> object:
        try:
            return house.does(*act)
        except FrontdoorError as refused:
            return refused

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_of_two_supervisors_the_second_is_told_what_the_first_did(house: House) -> None:
    house.submits()
    done = both_at_once(
        house,
        (house.one, lambda ctx: approve_reply(ctx, house.dispatch_id)),
        (house.other, lambda ctx: approve_reply(ctx, house.dispatch_id)),
    )
    refused = [each for each in done if isinstance(each, Conflict)]
    assert len(refused) == 1
    winner = "林○導" if done.index(refused[0]) == 1 else "張○導"
    assert f"{winner}已在 115/03/04 10:00 核可" in str(refused[0])


def test_approval_and_return_at_once_leave_one_of_them(house: House) -> None:
    house.submits()
    done = both_at_once(
        house,
        (house.one, lambda ctx: approve_reply(ctx, house.dispatch_id)),
        (house.other, lambda ctx: return_reply(ctx, house.dispatch_id, "請補充")),
    )
    refused = [each for each in done if isinstance(each, Conflict)]
    assert len(refused) == 1
    was_returned = done.index(refused[0]) == 0
    assert ("退回" if was_returned else "核可") in str(refused[0])
    assert house.row().state is (DispatchState.RETURNED if was_returned else DispatchState.ANSWERED)
    open_ones = [duty.kind for duty in house.duties().values() if duty.ended_at is None]
    assert open_ones == [DutyKind.RETURNED_REPLY if was_returned else DutyKind.RECORD_WINDOW]


def test_of_two_submissions_the_second_is_told_of_the_first(house: House) -> None:
    house.does(house.caseworker, lambda ctx: save_reply(ctx, house.dispatch_id, OPENING))
    submit = (house.caseworker, lambda ctx: submit_reply(ctx, house.dispatch_id))
    done = both_at_once(house, submit, submit)
    assert [isinstance(each, Conflict) for each in done].count(True) == 1


def test_nothing_is_reviewed_that_does_not_wait(house: House) -> None:
    with pytest.raises(Conflict, match="待回覆"):
        house.does(house.one, lambda ctx: approve_reply(ctx, house.dispatch_id))
    answered = a_dispatch(house.core, house.school, state=DispatchState.ANSWERED)
    with pytest.raises(Conflict, match="已回覆"):
        house.does(house.caseworker, lambda ctx: save_reply(ctx, answered.id, OPENING))
    with pytest.raises(RulesBroken, match="存檔"):
        house.does(house.caseworker, lambda ctx: submit_reply(ctx, house.dispatch_id))
    with pytest.raises(NotAllowed), house.core.transaction(system("tests"), Door.COMMAND) as ctx:
        save_reply(ctx, owe(ctx, a_dispatch(ctx, house.school)).subject_id, OPENING)
