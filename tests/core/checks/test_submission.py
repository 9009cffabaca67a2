"""Drafts, sending one check or several, returning, sending again: who may, all rules, only once (CHK-2 to CHK-10)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from core.accounts.models import Permission
from core.audit import AuditRow, Door
from core.checks.filled import explain_check
from core.checks.form import CheckForm
from core.checks.kinds import FormOrigin, Identity, Need, SchoolKnown
from core.checks.models import CheckBucket, CheckDraft, CheckState, CheckSubmission
from core.checks.review import Returned
from core.checks.submission import (
    BATCH_AT_MOST,
    Filled,
    Ready,
    Refused,
    Submitted,
    Unconfirmed,
)
from core.clock import TICK, FixedClock
from core.context import Core
from core.duties.models import Ending
from core.duties.plans import DutyKind
from core.errors import Conflict, InvalidInput, NotAllowed, NotFound, RulesBroken
from tests.builders import a_check, a_national_id, a_unit
from tests.core.checks.forms import FORM_A, FORM_B, FORM_C, NEED, reviews, writes
from tests.core.checks.schools import School

EMPTY = CheckForm()
OTHER_TEXT = replace(FORM_A, with_need=replace(NEED, explanation="這一次是父親出差，祖母不知道要準備晚餐。"))


@pytest.fixture
def school(core: Core) -> School:
    return School(core)


@pytest.mark.parametrize(("form", "has_need"), [(FORM_A, True), (FORM_B, True), (FORM_C, False)])
def test_chk_2_a_sent_check_is_checked_and_its_duty_met(school: School, form: CheckForm, has_need: bool) -> None:
    number = school.check()
    assert school.sends(number, form) == Submitted(number, has_need)
    row = school.row(number)
    assert (row.state, row.has_need) == (CheckState.CHECKED, has_need)
    assert school.duties(number)[DutyKind.CHECK].ending is Ending.MET


def test_somebody_elses_pupil_without_assessment_counts_as_without_need(school: School) -> None:
    number = school.check()
    form = CheckForm(identity=Identity.NOT_OWN, school_known=SchoolKnown.UNKNOWN)
    assert school.sends(number, form) == Submitted(number, has_need=False)


def test_a_refused_form_tells_every_rule_and_changes_nothing(school: School) -> None:
    number = school.check()
    school.saves(number, FORM_B)
    with pytest.raises(RulesBroken) as refused:
        school.sends(number, CheckForm(identity=Identity.OWN, need=Need.NONE))
    assert len(refused.value.broken) == 6
    assert school.row(number).state is CheckState.WAITING
    assert school.duties(number)[DutyKind.CHECK].ended_at is None
    assert school.sees(number).form == FORM_B


def test_what_is_sent_is_stored_sealed_and_comes_back(school: School, core: Core, clock: FixedClock) -> None:
    number = school.check()
    school.sends(number, FORM_B)
    seen = school.sees(number)
    assert (seen.form, seen.origin, seen.writer, seen.written_at) == (FORM_B, FormOrigin.SENT, "AB1001", clock.now())
    with core.store.reading() as session:
        stored = session.scalars(select(CheckSubmission.form)).one().token
    assert NEED.explanation.encode() not in stored
    assert FORM_B.national_id.encode() not in stored


def test_a_draft_may_be_incomplete_and_is_gone_once_sent(school: School, core: Core) -> None:
    number = school.check()
    assert school.sees(number).origin is FormOrigin.EMPTY
    school.saves(number, EMPTY)
    school.saves(number, replace(EMPTY, need=Need.NONE))
    seen = school.sees(number)
    assert (seen.form.need, seen.origin, seen.writer) == (Need.NONE, FormOrigin.DRAFT, "AB1001")
    school.sends(number)
    with core.store.reading() as session:
        assert session.scalars(select(CheckDraft)).all() == []


def test_two_writers_keep_a_draft_each_and_see_their_own_first(school: School) -> None:
    number, other = school.check(), writes(school.unit.id, "AB1002")
    school.saves(number, FORM_A)
    assert school.sees(number, other).form == FORM_A
    school.saves(number, FORM_C, other)
    assert school.sees(number).form == FORM_A
    assert school.sees(number, other).form == FORM_C


def test_a_draft_is_not_shown_to_who_only_reviews(school: School) -> None:
    number = school.check()
    school.saves(number, FORM_A)
    reviewer = replace(school.supervisor, permissions=frozenset({Permission.SUPERVISOR}))
    assert school.sees(number, reviewer).origin is FormOrigin.EMPTY


def test_a30_sending_twice_tells_who_was_first_and_when(school: School) -> None:
    number = school.check()
    school.sends(number)
    for late in (
        lambda: school.sends(number, writer=writes(school.unit.id, "AB1002")),
        lambda: school.saves(number, FORM_A),
    ):
        with pytest.raises(Conflict, match=rf"{number} 已由 AB1001 在 115/03/04 10:00 送出"):
            late()


def test_a_check_the_list_calls_checked_says_so(school: School, core: Core) -> None:
    number = a_check(core, school.unit, state=CheckState.CHECKED).number
    with pytest.raises(Conflict, match="主系統名冊上已檢核"):
        school.sends(number)


def test_chk_10_a_returned_check_is_due_24_hours_after_the_return(school: School, clock: FixedClock) -> None:
    number = school.check()
    school.sends(number)
    clock.move(timedelta(hours=30))
    due = clock.now() + timedelta(hours=24)
    assert school.returns(number) == Returned(number, due)
    duties = school.duties(number)
    assert duties[DutyKind.CHECK].ending is Ending.MET
    assert (duties[DutyKind.RETURNED_CHECK].due_at, duties[DutyKind.RETURNED_CHECK].ended_at) == (due, None)
    assert (school.row(number).state, school.row(number).has_need) == (CheckState.RETURNED, None)


def test_chk_10_a_returned_check_is_corrected_and_sent_again(school: School, clock: FixedClock) -> None:
    number = school.check()
    school.sends(number)
    clock.move(timedelta(minutes=5))
    school.returns(number, "  請補充。 ")
    seen = school.sees(number)
    assert (seen.form, seen.origin) == (FORM_A, FormOrigin.SENT)
    assert seen.returned is not None
    assert (seen.returned.reason, seen.returned.by, seen.returned.at) == ("請補充。", "AB2002", clock.now())
    clock.move(timedelta(minutes=5))
    school.saves(number, FORM_C)
    assert school.sees(number).origin is FormOrigin.DRAFT
    assert school.sends(number, FORM_C) == Submitted(number, has_need=False)
    assert school.duties(number)[DutyKind.RETURNED_CHECK].ending is Ending.MET
    assert school.sees(number).returned is None


def test_a32_a_second_return_tells_who_was_first(school: School) -> None:
    number = school.check()
    school.sends(number)
    school.returns(number)
    with pytest.raises(Conflict, match=r"已由 AB2002 在 115/03/04 10:00 退件"):
        school.returns(number, reviewer=reviews(school.unit.id, name="AB2003"))


def test_chk_10_every_rule_of_a_return_is_told_at_once(school: School) -> None:
    number = school.check()
    with pytest.raises(RulesBroken) as refused:
        school.returns(number, "　")
    assert [each.rule for each in refused.value.broken] == ["CHK-10", "CHK-10"]
    school.sends(number)
    for reason, is_long in (("字" * 1000, False), ("字" * 1001, True)):
        if is_long:
            with pytest.raises(RulesBroken, match="1001"):
                school.returns(number, reason)
    assert school.returns(number, "字" * 1000).number == number


def test_a32_ones_own_check_is_returned_by_somebody_else(school: School) -> None:
    number = school.check()
    school.sends(number, writer=school.supervisor)
    with pytest.raises(RulesBroken, match="您自己送出"):
        school.returns(number)
    assert school.returns(number, reviewer=reviews(school.unit.id, name="AB2003")).number == number


def test_acc_10_who_may_not_is_refused_and_anothers_is_not_there(school: School, core: Core) -> None:
    number, stranger = school.check(), a_unit(core)
    cannot = replace(school.writer, permissions=frozenset({Permission.CASEWORKER}))
    for act in (lambda: school.sends(number, writer=cannot), lambda: school.saves(number, EMPTY, cannot)):
        with pytest.raises(NotAllowed):
            act()
    with pytest.raises(NotAllowed):
        school.returns(number, reviewer=school.writer)
    with pytest.raises(NotAllowed):
        school.sees(number, cannot)
    away = writes(stranger.id)
    missing: tuple[Callable[[], object], ...] = (
        lambda: school.sends(number, writer=away),
        lambda: school.saves(number, EMPTY, away),
        lambda: school.sees(number, away),
        lambda: school.returns(number, reviewer=reviews(stranger.id)),
        lambda: school.sends("M999"),
        lambda: school.sends("\0" * 50),
        lambda: school.sees("字" * 500),
    )
    for look in missing:
        with pytest.raises(NotFound, match="查無檢核單"):
            look()


def test_every_act_and_every_showing_is_in_the_audit(school: School, core: Core) -> None:
    number = school.check()
    school.saves(number, FORM_A)
    school.sends(number)
    school.sees(number)
    school.returns(number)
    with core.store.reading() as session:
        acts = {row.act for row in session.scalars(select(AuditRow).where(AuditRow.subject == f"check:{number}"))}
    assert {"save_check_draft", "submit_check", "show_check", "return_check"} <= acts


# CHK-8: the same text as the child's previous one


def test_chk_8_the_text_of_the_childs_previous_check_is_asked_about(school: School) -> None:
    first, second = school.check(), school.check()
    school.sends(first)
    again = replace(FORM_A, with_need=replace(NEED, explanation=f" {NEED.explanation} "))
    assert school.sends(second, again) == Unconfirmed(second, same_as=first)
    assert school.row(second).state is CheckState.WAITING
    assert school.sends(second, again, confirmed=True) == Submitted(second, has_need=True)


def test_chk_8_only_the_previous_one_counts(school: School) -> None:
    first, second, third = school.check(), school.check(), school.check()
    school.sends(first)
    school.sends(second, OTHER_TEXT)
    assert isinstance(school.sends(third, FORM_A), Submitted)


def test_chk_8_the_same_check_again_is_no_other(school: School) -> None:
    number = school.check()
    school.sends(number)
    school.returns(number)
    assert isinstance(school.sends(number), Submitted)


@pytest.mark.parametrize("confirmed", [False, True])
def test_chk_8_confirming_excuses_no_broken_rule(school: School, confirmed: bool) -> None:
    number = school.check()
    with pytest.raises(RulesBroken, match="CHK-8"):
        school.sends(number, replace(FORM_A, with_need=replace(NEED, explanation="同上")), confirmed=confirmed)


def test_chk_8_another_child_may_have_the_same_text(school: School) -> None:
    first = school.check("林小華")
    school.sends(first, FORM_A)
    other = replace(FORM_A, national_id=a_national_id(2))
    assert isinstance(school.sends(school.check("林小華"), other), Submitted)
    assert isinstance(school.sends(school.check("王大文"), replace(other, national_id=a_national_id(3))), Submitted)
    misread = school.check("林曉華")
    assert isinstance(school.sends(misread, FORM_A), Unconfirmed)


def test_chk_8_another_schools_child_is_not_compared(school: School, core: Core) -> None:
    school.sends(school.check())
    other = School(core)
    assert isinstance(other.sends(other.check()), Submitted)


# several at once


def test_a_batch_sends_each_with_its_own_answers(school: School) -> None:
    first, second = school.check("林小華"), school.check("王大文")
    batch = school.sends_all(Filled(second, FORM_C), Filled(first.lower(), FORM_B))
    assert batch.is_sent
    assert batch.rows == (Submitted(second, has_need=False), Submitted(first, has_need=True))
    assert school.row(first).has_need is True


def test_a_batch_is_sent_as_a_whole_or_not_at_all(school: School, core: Core) -> None:
    good, bad = school.check("林小華"), school.check("王大文")
    batch = school.sends_all(Filled(good, FORM_A), Filled(bad, EMPTY))
    assert not batch.is_sent
    ready, refused = batch.rows
    assert ready == Ready(good)
    assert isinstance(refused, Refused)
    assert [each.rule for each in refused.broken] == ["CHK-3"]
    with core.store.reading() as session:
        assert session.scalars(select(CheckSubmission)).all() == []
    assert school.row(good).state is CheckState.WAITING


def test_chk_8_rows_of_a_batch_stand_alone_too(school: School) -> None:
    first, second, third = school.check(), school.check(), school.check()
    batch = school.sends_all(Filled(first, FORM_A), Filled(second, OTHER_TEXT), Filled(third, OTHER_TEXT))
    assert batch.rows == (Ready(first), Ready(second), Unconfirmed(third, same_as=second))
    batch = school.sends_all(
        Filled(first, FORM_A), Filled(second, OTHER_TEXT), Filled(third, OTHER_TEXT, confirmed=True)
    )
    assert batch.is_sent


def test_a_batch_with_one_sent_before_says_which(school: School) -> None:
    first, second = school.check("林小華"), school.check("王大文")
    school.sends(first)
    with pytest.raises(Conflict, match=first):
        school.sends_all(Filled(second, FORM_C), Filled(first, FORM_A))
    assert school.row(second).state is CheckState.WAITING


def test_a_batch_names_each_check_once_and_has_an_end(school: School) -> None:
    number = school.check()
    with pytest.raises(InvalidInput, match="兩次"):
        school.sends_all(Filled(number, FORM_A), Filled(f" {number.lower()}", FORM_A))
    with pytest.raises(InvalidInput, match="100"):
        school.sends_all()
    with pytest.raises(InvalidInput, match="100"):
        school.sends_all(*(Filled(f"M{each}", FORM_A) for each in range(BATCH_AT_MOST + 1)))
    with pytest.raises(NotFound, match="M0"):
        school.sends_all(*(Filled(f"M{each}", FORM_A) for each in range(BATCH_AT_MOST)))


# the main system's list


def test_a_list_that_says_the_same_again_undoes_nothing(school: School) -> None:
    number = school.check()
    school.lists(number, CheckState.WAITING)
    school.sends(number)
    school.lists(number, CheckState.WAITING)
    assert (school.row(number).state, school.row(number).has_need) == (CheckState.CHECKED, True)
    school.lists(number, CheckState.RETURNED)
    assert school.row(number).state is CheckState.RETURNED
    assert school.sees(number).returned is not None
    school.sends(number, FORM_C)
    school.lists(number, CheckState.RETURNED)
    assert school.row(number).has_need is False
    school.lists(number, CheckState.CHECKED)
    assert (school.row(number).state, school.row(number).has_need) == (CheckState.CHECKED, False)


def test_a_return_by_the_list_has_nobodys_name(school: School) -> None:
    number = school.check()
    school.lists(number, CheckState.RETURNED)
    note = school.sees(number).returned
    assert note is not None
    assert (note.by, note.reason) == ("", "")
    with pytest.raises(Conflict, match="主系統名冊上已退件"):
        school.returns(number)


# how it came to its bucket


def test_a_check_explains_its_bucket(school: School, core: Core, clock: FixedClock) -> None:
    number = school.check()
    assert _explained(school, number) == (CheckBucket.WAITING, ["CHK-1", "CHK-1", "CHK-2"])
    clock.move(timedelta(hours=24))
    assert _explained(school, number)[0] is CheckBucket.WAITING
    clock.move(TICK)
    assert _explained(school, number)[0] is CheckBucket.LATE
    school.sends(number, FORM_B)
    assert _explained(school, number) == (CheckBucket.WITH_NEED, ["CHK-1", "CHK-1", "CHK-10", "CHK-4", "CHK-2"])
    school.returns(number)
    assert _explained(school, number)[0] is CheckBucket.RETURNED
    school.sends(number, FORM_C)
    bucket, rules = _explained(school, number)
    assert bucket is CheckBucket.WITHOUT_NEED
    assert rules == ["CHK-1", "CHK-1", "CHK-10", "CHK-10", "CHK-10", "CHK-4", "CHK-2"]
    listed = a_check(core, school.unit, state=CheckState.CHECKED).number
    assert _explained(school, listed)[0] is CheckBucket.NEED_UNKNOWN


def _explained(school: School, number: str) -> tuple[CheckBucket, list[str]]:
    with school.core.transaction(school.writer, Door.CHAT) as ctx:
        working = explain_check(ctx, number)
    assert (working.steps[-1].value, working.rules[-1]) == (working.result, "CHK-2")
    bucket = CheckBucket.of_label(working.result)
    assert bucket is not None
    return bucket, [step.rule for step in working.steps]
