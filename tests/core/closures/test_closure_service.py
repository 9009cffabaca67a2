"""Sending, reviewing, correcting and deleting closure forms, and their duties (CLOSE-1 to CLOSE-12)."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import count
from threading import Barrier, Thread

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from core.access import system
from core.accounts.models import Account
from core.audit import Door
from core.clock import TAIPEI, FixedClock, end_of_day, start_of_day, taipei_date
from core.closures.facts import Leaving, NewReport, Statement
from core.closures.filing import Filing
from core.closures.following import follow_service
from core.closures.form import ClosureForm, Summary
from core.closures.kinds import (
    ClosingReason,
    ClosureBucket,
    ClosureState,
    Destination,
    Ground,
    Leave,
    Need,
    Remaining,
)
from core.closures.loading import live_closure
from core.closures.queries import buckets, can_close, closure_draft, closure_of, in_bucket
from core.closures.reviewing import approve_closure, return_closure
from core.closures.service import (
    Sent,
    apply_closure,
    delete_closure,
    note_graduation,
    note_leaving,
    resend_closure,
    save_closure_draft,
)
from core.context import Context, Core
from core.dispatches.models import CaseLight, Opened
from core.dispatches.queries import case_of
from core.duties.explain import explain
from core.duties.models import Duty, Ending, SubjectKind
from core.duties.plans import DutyKind
from core.duties.queries import owed
from core.errors import Conflict, NotAllowed, NotFound, RulesBroken
from core.notices.models import Notice, NoticeKind
from core.records.kinds import Schooling
from scheduler.audits import follow_graduates
from tests.builders import a_case, a_dispatch, a_unit, an_account
from tests.databases import Beginnings, kept
from tests.services import Serving, a_service, a_serving_school, a_supervisor, acting

DISPATCHED = date(2026, 1, 5)
RIPE = date(2026, 7, 5)
"""Six months on; windows end on 2/3, 3/5, 4/4, 5/4, 6/3, 7/3 and 8/2."""
NUMBERS = count(20000)
DAYS = [date(2026, month, 10) for month in range(1, 7)]
SUMMARY = Summary(schooling="穩定就學", care="照顧良好", services="個案輔導與早餐券", goals="風險已解除")
RIGHT = Filing(
    ClosureForm(RIPE, frozenset({ClosingReason.FAMILY_IMPROVED}), frozenset(), SUMMARY),
    Statement(ground=Ground.NO_RISK, remaining=Remaining.NONE, destination=Destination.STAYS),
)


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=TAIPEI)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(noon(RIPE))


@pytest.fixture
def serving(core: Core, beginnings: Beginnings) -> Serving:
    return replace(beginnings.of(core, all_done), core=core)


def all_done(core: Core) -> Serving:
    """Store a school that has done all its work since January."""
    school = a_serving_school(core, DISPATCHED)
    school.records([*DAYS, RIPE])
    return school


def applied(serving: Serving, filing: Filing = RIGHT) -> Sent:
    with serving.acting() as ctx:
        return apply_closure(ctx, serving.service.id, filing)


def returned(serving: Serving) -> Sent:
    sent = applied(serving)
    with serving.acting(serving.supervisor) as ctx:
        return return_closure(ctx, sent.closure_id, "請補充照顧情形")


def duties(core: Core, kind: DutyKind) -> list[tuple[date, Ending | None]]:
    with core.store.reading() as session:
        found = session.scalars(select(Duty).where(Duty.kind == kind).order_by(Duty.id))
        return [(taipei_date(duty.due_at), duty.ending) for duty in found]


def refused(act: Callable[[], object]) -> list[str]:
    with pytest.raises(RulesBroken) as error:
        act()
    return [broken.rule for broken in error.value.broken]


def stand(serving: Serving) -> dict[ClosureBucket, int]:
    """Return the buckets, once the lists behind them have been counted too (DUTY-2)."""
    with serving.acting() as ctx:
        counts = buckets(ctx)
        for bucket, count in counts.items():
            page = in_bucket(ctx, bucket)
            assert (page.total, len(page.rows)) == (count, min(count, 10))
    return {bucket: count for bucket, count in counts.items() if count}


def test_a_form_goes_from_the_applicant_to_the_supervisor_and_closes(core: Core, serving: Serving) -> None:
    assert stand(serving) == {ClosureBucket.IN_PROGRESS: 1}
    sent = applied(serving)
    assert stand(serving) == {ClosureBucket.APPLIED: 1}
    with serving.acting(serving.supervisor) as ctx:
        done = approve_closure(ctx, sent.closure_id)
    assert (done.state, done.closing_on) == (ClosureState.APPROVED, RIPE)
    assert stand(serving) == {ClosureBucket.CLOSED: 1}
    with core.store.reading() as session:
        assert session.get_one(Opened, serving.service.id).closed_on == RIPE
        told = session.scalars(select(Notice).where(Notice.kind == NoticeKind.DECISION)).all()
        still_open = session.scalars(select(Duty).where(Duty.ended_at.is_(None))).all()
    assert [notice.account_id for notice in told] == [serving.caseworker.id]
    assert still_open == []
    with serving.acting() as ctx:
        assert case_of(ctx, "WK00017").light is CaseLight.G


@pytest.mark.parametrize(("today", "is_ripe"), [(date(2026, 7, 4), False), (RIPE, True)])
def test_six_months_are_followed(core: Core, clock: FixedClock, today: date, is_ripe: bool) -> None:
    clock.at = noon(today)
    school = a_serving_school(core, DISPATCHED)
    school.records([*DAYS, today])
    filing = replace(RIGHT, form=replace(RIGHT.form, closing_on=today))
    with school.acting() as ctx:
        if is_ripe:
            assert apply_closure(ctx, school.service.id, filing).state is ClosureState.APPLIED
        else:
            assert refused(lambda: apply_closure(ctx, school.service.id, filing)) == ["CLOSE-2"]


def test_everything_wrong_is_said_at_once_and_the_draft_stands(core: Core) -> None:
    school = a_serving_school(core, DISPATCHED)
    half = Filing(ClosureForm(summary=Summary(schooling="穩定")), Statement(ground=Ground.NO_RISK))
    with school.acting() as ctx:
        save_closure_draft(ctx, school.service.id, half)
    with school.acting() as ctx:
        rules = refused(lambda: apply_closure(ctx, school.service.id, half))
    assert rules == ["CLOSE-8", "CLOSE-2", "CLOSE-2", "CLOSE-2", "CLOSE-8", *["CLOSE-7"] * 6]
    with school.acting() as ctx:
        assert closure_draft(ctx, school.service.id) == half
        assert buckets(ctx)[ClosureBucket.APPLIED] == 0


def test_a_return_owes_a_correction_for_three_days(core: Core, serving: Serving) -> None:
    sent = returned(serving)
    assert stand(serving) == {ClosureBucket.RETURNED: 1}
    assert duties(core, DutyKind.RETURNED_CLOSURE) == [(RIPE + timedelta(days=3), None)]
    with serving.acting() as ctx:
        row = next(each for each in owed(ctx, 0, 10).rows if each.kind is DutyKind.RETURNED_CLOSURE)
        assert (row.number, explain(ctx, row.duty_id).rule) == ("WK00017", "CLOSE-9")
        assert [step.reason for step in closure_of(ctx, sent.closure_id).steps] == ["請補充照顧情形"]


def test_a_returned_form_is_corrected_its_date_too_and_sent_again(
    core: Core, serving: Serving, clock: FixedClock
) -> None:
    sent = returned(serving)
    clock.at = noon(RIPE + timedelta(days=2))
    serving.records([RIPE + timedelta(days=1)])
    later = replace(RIGHT, form=replace(RIGHT.form, closing_on=RIPE + timedelta(days=2)))
    with serving.acting() as ctx:
        again = resend_closure(ctx, sent.closure_id, later)
    assert (again.closure_id, again.closing_on) == (sent.closure_id, RIPE + timedelta(days=2))
    assert duties(core, DutyKind.RETURNED_CLOSURE) == [(RIPE + timedelta(days=3), Ending.MET)]
    with serving.acting(serving.supervisor) as ctx:
        assert approve_closure(ctx, sent.closure_id).state is ClosureState.APPROVED


def test_a_deleted_form_lets_the_case_go_on(core: Core, serving: Serving) -> None:
    sent = returned(serving)
    with serving.acting() as ctx:
        delete_closure(ctx, sent.closure_id)
    assert stand(serving) == {ClosureBucket.IN_PROGRESS: 1}
    assert duties(core, DutyKind.RETURNED_CLOSURE)[0][1] is Ending.MET
    assert applied(serving).closure_id != sent.closure_id
    with serving.acting() as ctx, pytest.raises(Conflict, match="刪除"):
        resend_closure(ctx, sent.closure_id, RIGHT)


def test_a_second_form_is_refused(serving: Serving) -> None:
    applied(serving)
    with serving.acting() as ctx, pytest.raises(Conflict, match="結案申請中"):
        apply_closure(ctx, serving.service.id, RIGHT)


def test_only_what_was_returned_is_corrected_or_deleted(serving: Serving) -> None:
    sent = applied(serving)
    with serving.acting() as ctx:
        assert refused(lambda: resend_closure(ctx, sent.closure_id, RIGHT)) == ["CLOSE-9"]
        assert refused(lambda: delete_closure(ctx, sent.closure_id)) == ["CLOSE-9"]


def test_nobody_reviews_their_own_form(core: Core, serving: Serving) -> None:
    sent = applied(serving)
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        form = closure_of(ctx, sent.closure_id)
    assert form.state is ClosureState.APPLIED
    with serving.acting(serving.supervisor) as ctx:
        both = replace(ctx.actor, account_id=serving.caseworker.id)
        assert refused(lambda: return_closure(ctx.as_actor(both), sent.closure_id, " ")) == ["CLOSE-9", "CLOSE-9"]
        assert refused(lambda: approve_closure(ctx.as_actor(both), sent.closure_id)) == ["CLOSE-9"]


def test_a_dispatch_that_came_meanwhile_hinders_the_approval(core: Core, serving: Serving) -> None:
    sent = applied(serving)
    with core.transaction(system("import"), Door.COMMAND) as ctx:
        ctx.session.get_one(Opened, serving.service.id).last_dispatched_on = date(2026, 7, 3)
    with serving.acting(serving.supervisor) as ctx:
        assert refused(lambda: approve_closure(ctx, sent.closure_id)) == ["CLOSE-2"]


def test_who_may_do_what(core: Core, serving: Serving) -> None:
    sent = applied(serving)
    with serving.acting() as ctx, pytest.raises(NotAllowed):
        approve_closure(ctx, sent.closure_id)
    with serving.acting(serving.supervisor) as ctx, pytest.raises(NotAllowed):
        apply_closure(ctx, serving.service.id, RIGHT)
    foreign = a_unit(core, "社會局")
    stranger, other = an_account(core, foreign), a_supervisor(core, foreign)

    def asks(ctx: Context) -> object:
        return can_close(ctx, serving.service.id)

    def reads(ctx: Context) -> object:
        return closure_of(ctx, sent.closure_id)

    def applies(ctx: Context) -> object:
        return apply_closure(ctx, serving.service.id, RIGHT)

    def approves(ctx: Context) -> object:
        return approve_closure(ctx, sent.closure_id)

    for account, acts in ((stranger, (asks, reads, applies)), (other, (asks, reads, approves))):
        for act in acts:
            with pytest.raises(NotFound), acting(core, account) as ctx:
                act(ctx)
        with acting(core, account) as ctx:
            assert sum(buckets(ctx).values()) == 0


@pytest.mark.parametrize("second", ["approve", "return"])
def test_two_supervisors_at_once_one_is_told_what_the_other_did(core: Core, serving: Serving, second: str) -> None:
    sent, start = applied(serving), Barrier(2)
    other = a_supervisor(core, serving.bureau)
    done, lost = list[ClosureState](), list[str]()

    def decide(account: Account, act: Callable[[Context], Sent]) -> None:
        start.wait()
        try:
            with serving.acting(account) as ctx:
                state = act(ctx).state
            done.append(state)
        except Conflict as error:
            lost.append(str(error))

    def approve(ctx: Context) -> Sent:
        return approve_closure(ctx, sent.closure_id)

    def send_back(ctx: Context) -> Sent:
        return return_closure(ctx, sent.closure_id, "請補充")

    acts = [approve, approve if second == "approve" else send_back]
    people = (serving.supervisor, other)
    threads = [Thread(target=decide, args=pair) for pair in zip(people, acts, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == 1
    word = "核可結案" if done == [ClosureState.APPROVED] else "退件"
    assert len(lost) == 1
    assert word in lost[0]
    assert "林○導" in lost[0]
    assert "115/07/05" in lost[0]


def test_two_applicants_at_once_send_one_form(core: Core, serving: Serving) -> None:
    start, done, lost = Barrier(2), list[Sent](), list[str]()

    def work() -> None:
        start.wait()
        try:
            sent = applied(serving)
            done.append(sent)
        except Conflict as error:
            lost.append(str(error))

    threads = [Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(done), len(lost)) == (1, 1)
    assert stand(serving) == {ClosureBucket.APPLIED: 1}
    assert core.clock.now() == noon(RIPE)


@pytest.mark.parametrize(
    ("left_on", "due"),
    [(date(2026, 7, 1), date(2026, 7, 31)), (date(2026, 6, 30), date(2026, 6, 30))],
)
def test_leaving_owes_a_closure_in_its_month(core: Core, serving: Serving, left_on: date, due: date) -> None:
    with serving.acting() as ctx:
        note_leaving(ctx, serving.service.id, Leaving(Leave.TRANSFERRED, left_on))
    assert duties(core, DutyKind.CLOSURE_IN_MONTH) == [(due, None)]
    with serving.acting() as ctx:
        row = next(each for each in owed(ctx, 0, 10).rows if each.kind is DutyKind.CLOSURE_IN_MONTH)
        assert explain(ctx, row.duty_id).rule == "CLOSE-3"
        note_leaving(ctx, serving.service.id, None)
    assert duties(core, DutyKind.CLOSURE_IN_MONTH) == [(due, Ending.VOID)]


def test_being_on_leave_owes_nothing(core: Core, serving: Serving) -> None:
    with serving.acting() as ctx:
        note_leaving(ctx, serving.service.id, Leaving(Leave.ON_LEAVE, date(2026, 7, 1)))
    assert duties(core, DutyKind.CLOSURE_IN_MONTH) == []


def test_leaving_s_duty_is_met_by_sending_and_owed_again_after_deleting(core: Core, serving: Serving) -> None:
    said = Statement(
        ground=Ground.LEFT,
        remaining=Remaining.RISK,
        leaving=Leaving(Leave.TRANSFERRED, date(2026, 7, 2)),
        destination=Destination.CITY_SCHOOL,
        new_report=NewReport(start_of_day(date(2026, 7, 3)), "AH0000001"),
    )
    summary = replace(SUMMARY, place="海山國民小學", leftover="照顧者就業不穩定")
    filing = Filing(replace(RIGHT.form, summary=summary), said)
    with serving.acting() as ctx:
        note_leaving(ctx, serving.service.id, said.leaving)
    sent = applied(serving, filing)
    assert duties(core, DutyKind.CLOSURE_IN_MONTH) == [(date(2026, 7, 31), Ending.MET)]
    with serving.acting(serving.supervisor) as ctx:
        return_closure(ctx, sent.closure_id, "請補充")
    with serving.acting() as ctx:
        delete_closure(ctx, sent.closure_id)
    assert duties(core, DutyKind.CLOSURE_IN_MONTH)[-1] == (date(2026, 7, 31), None)


@pytest.mark.parametrize(("today", "is_owed"), [(date(2026, 6, 30), False), (date(2026, 7, 1), True)])
def test_graduates_are_followed_from_1_july(core: Core, clock: FixedClock, today: date, is_owed: bool) -> None:
    clock.at = start_of_day(today)
    school = a_serving_school(core, date(2026, 3, 1))
    with school.acting() as ctx:
        ctx.session.get_one(Opened, school.service.id).graduates_on = date(2026, 6, 20)
    assert follow_graduates(core, clock.now()) == int(is_owed)
    assert follow_graduates(core, clock.now()) == 0
    assert duties(core, DutyKind.FOLLOW_TO_JULY) == ([(date(2026, 7, 31), None)] if is_owed else [])
    if is_owed:
        with school.acting() as ctx:
            row = next(each for each in owed(ctx, 0, 20).rows if each.kind is DutyKind.FOLLOW_TO_JULY)
            found = explain(ctx, row.duty_id)
            assert (found.rule, found.due_at) == ("CLOSE-4", end_of_day(date(2026, 7, 31)))
            note_graduation(ctx, school.service.id, None)
        assert duties(core, DutyKind.FOLLOW_TO_JULY) == [(date(2026, 7, 31), Ending.VOID)]


def test_siblings_at_the_unit_are_known_and_may_be_denied(core: Core, serving: Serving) -> None:
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        case = a_case(ctx, number="WK00020", child="王小美")
        ctx.session.flush()
        case.family_id = serving.service.family_id
        a_dispatch(ctx, serving.unit, case=case)
    with serving.acting() as ctx:
        assert can_close(ctx, serving.service.id).siblings == ("王○美",)
        assert refused(lambda: apply_closure(ctx, serving.service.id, RIGHT)) == ["CLOSE-6"]
        apply_closure(ctx, serving.service.id, replace(RIGHT, sibling_here=False))


def test_may_it_be_closed_with_every_condition_and_the_earliest_day(core: Core, clock: FixedClock) -> None:
    clock.at = noon(date(2026, 4, 20))
    school = a_serving_school(core, DISPATCHED)
    school.records([date(2026, 1, 10), date(2026, 3, 10)], Schooling.BECOMING_STABLE)
    with school.acting() as ctx:
        answer = can_close(ctx, school.service.id)
    unmet = [condition.need for condition in answer.assessment.unmet]
    assert unmet == [Need.SIX_MONTHS, Need.STABLE, Need.WINDOWS, Need.MONTH_RECORD]
    assert answer.assessment.earliest == RIPE
    assert [broken.rule for broken in answer.broken] == ["CLOSE-2", "CLOSE-2", "CLOSE-2", "CLOSE-8"]
    assert (answer.ground, answer.assumes_no_risk) == (Ground.NO_RISK, True)
    assert [window.index for window in answer.windows.missing] == [1]


def test_about_an_opened_service(core: Core, serving: Serving) -> None:
    returned(serving)
    with core.store.reading() as session:
        duty = session.scalars(select(Duty).where(Duty.kind == DutyKind.RETURNED_CLOSURE)).one()
    assert (duty.subject_kind, duty.subject_id, duty.unit_id) == (
        SubjectKind.OPENED,
        serving.service.id,
        serving.unit.id,
    )


ACTS = ("apply", "return", "resend", "delete", "approve", "dispatch")


def do(serving: Serving, act: str, service: Opened) -> None:
    """Try an act on a service; what is refused changes nothing."""
    with serving.acting() as ctx:
        closure = live_closure(ctx, ctx.session.get_one(Opened, service.id))
    closure_id = closure.id if closure else 0
    applicants: dict[str, Callable[[Context], object]] = {
        "apply": lambda ctx: apply_closure(ctx, service.id, RIGHT),
        "resend": lambda ctx: resend_closure(ctx, closure_id, RIGHT),
        "delete": lambda ctx: delete_closure(ctx, closure_id),
        "dispatch": lambda ctx: move_dispatch(ctx, service),
    }
    reviewers: dict[str, Callable[[Context], object]] = {
        "return": lambda ctx: return_closure(ctx, closure_id, "請補充"),
        "approve": lambda ctx: approve_closure(ctx, closure_id),
    }
    who = serving.caseworker if act in applicants else serving.supervisor
    with suppress(Conflict, NotFound, RulesBroken), serving.acting(who) as ctx:
        (applicants | reviewers)[act](ctx)


def move_dispatch(ctx: Context, service: Opened) -> None:
    row = ctx.session.get_one(Opened, service.id)
    row.last_dispatched_on = RIPE - timedelta(days=1)
    follow_service(ctx, row)


@dataclass(frozen=True)
class Begun:
    """A school with three services that may be closed, and a way back to where it began."""

    school: Serving
    services: tuple[Opened, ...]
    anew: Callable[[], None]


@pytest.fixture
def begun(core_sqlite: Core) -> Begun:
    school = a_serving_school(core_sqlite, DISPATCHED, number=f"WK{next(NUMBERS)}")
    cases = [a_case(core_sqlite, number=f"WK{next(NUMBERS)}") for _ in range(2)]
    services = (school.service, *(a_service(core_sqlite, school.unit, case, DISPATCHED) for case in cases))
    for service in services:
        replace(school, service=service).records([*DAYS, RIPE])
    return Begun(school, services, kept(core_sqlite.store))


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 2)), min_size=3, max_size=12))
def test_buckets_hold_every_service_once_whatever_happens(begun: Begun, acts: list[tuple[str, int]]) -> None:
    begun.anew()
    school, mine = begun.school, begun.services
    for act, place in acts:
        do(school, act, mine[place])
        counts = stand(school)
        assert sum(counts.values()) == len(mine)
        with school.acting() as ctx:
            listed = [row.opened_id for bucket in ClosureBucket for row in in_bucket(ctx, bucket).rows]
            assert sorted(listed) == sorted(service.id for service in mine)
            late = {row.kind for row in owed(ctx, 0, 50).rows}
        assert (DutyKind.RETURNED_CLOSURE in late) is (ClosureBucket.RETURNED in counts)
