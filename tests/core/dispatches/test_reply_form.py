"""REPLY-3 to REPLY-10 and REPLY-12: what a reply must hold, with both edges of each limit."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.dispatches.kinds import Contact, Decision, Enrolment, NotOpenReason, Uncooperative
from core.dispatches.models import Opening
from core.dispatches.reply_form import (
    OpenedBefore,
    ReplyFacts,
    ReplyForm,
    belongs_to_school,
    broken_rules,
    true_opening,
)

TODAY = date(2026, 3, 4)
REACHED = ReplyForm(
    contact=Contact.REACHED, contacted_on=TODAY, visited_on=TODAY, goal="穩定就學", explanation="已提供早餐券。"
)
OPEN = replace(REACHED, decision=Decision.OPEN, opening=Opening.NEW, responsible="陳怡君")
NOT_OPEN = replace(REACHED, decision=Decision.NOT_OPEN, reasons=frozenset({NotOpenReason.NEEDS_MET}))
REFERRED = replace(REACHED, decision=Decision.REFERRED, referred_to="板橋社會福利服務中心")
NOTHING_ASKED = ReplyFacts()
NEVER = OpenedBefore()
GOING_ON = OpenedBefore(open_since=date(2026, 1, 5))
CLOSED = OpenedBefore(closed_on=date(2025, 6, 30))
WEAK = (NotOpenReason.REFUSED, NotOpenReason.UNWILLING, NotOpenReason.LOST, NotOpenReason.UNCOOPERATIVE)


def rules(form: ReplyForm, facts: ReplyFacts = NOTHING_ASKED) -> list[str]:
    return [each.rule for each in broken_rules(form, facts, TODAY)]


def changed(form: ReplyForm, **fields: object) -> ReplyForm:
    return replace(form, **fields)  # type: ignore[arg-type]  # a test's shorthand


@pytest.mark.parametrize("form", [OPEN, NOT_OPEN, REFERRED])
def test_each_decision_made_completely_may_be_sent(form: ReplyForm) -> None:
    assert rules(form) == []


def test_an_empty_reply_is_told_everything_at_once() -> None:
    facts = ReplyFacts(needs_assessment=True, asks_guidance=True)
    assert rules(ReplyForm(), facts) == ["REPLY-3", "REPLY-4", "REPLY-5", "REPLY-10", "REPLY-8"]


@pytest.mark.parametrize(
    ("needs", "assessed", "expected"),
    [(True, False, ["REPLY-3"]), (True, True, []), (False, False, []), (False, True, [])],
)
def test_the_assessment_comes_first_where_it_is_asked_for(needs: bool, assessed: bool, expected: list[str]) -> None:
    assert rules(OPEN, ReplyFacts(needs_assessment=needs, assessed=assessed)) == expected


@pytest.mark.parametrize("form", [OPEN, NOT_OPEN, REFERRED])
@pytest.mark.parametrize(
    "fields",
    [
        {"contact": None},
        {"contacted_on": None},
        {"contacted_on": TODAY + timedelta(days=1)},
        {"visited_on": None},
        {"visited_on": TODAY + timedelta(days=1)},
        {"goal": "無"},
        {"unreached_reason": "搬家"},
        {"contact": Contact.NOT_REACHED, "unreached_reason": "搬家"},
        {"contact": Contact.NOT_REACHED, "contacted_on": None, "visited_on": None, "goal": ""},
    ],
)
def test_the_contact_is_exactly_one_whatever_is_decided(form: ReplyForm, fields: dict[str, object]) -> None:
    assert rules(changed(form, **fields)) == ["REPLY-4"]


NOT_REACHED = {
    "contact": Contact.NOT_REACHED,
    "contacted_on": None,
    "visited_on": None,
    "goal": "",
    "unreached_reason": "電話為空號",
}


def test_who_was_not_reached_needs_the_reason_only() -> None:
    assert rules(changed(NOT_OPEN, **NOT_REACHED)) == []


@pytest.mark.parametrize("said", [{"contacted_on": TODAY}, {"visited_on": TODAY}, {"goal": "穩定就學"}])
def test_whatever_was_reached_contradicts_not_having_reached(said: dict[str, object]) -> None:
    assert rules(changed(NOT_OPEN, **(NOT_REACHED | said))) == ["REPLY-4"]


def test_a_contact_may_lie_in_the_past() -> None:
    yesterday = TODAY - timedelta(days=1)
    assert rules(changed(OPEN, contacted_on=yesterday, visited_on=yesterday)) == []


@pytest.mark.parametrize(
    ("form", "fields"),
    [
        (OPEN, {"decision": None}),
        (OPEN, {"referred_to": "衛生局"}),
        (OPEN, {"reasons": frozenset({NotOpenReason.NEEDS_MET})}),
        (NOT_OPEN, {"opening": Opening.NEW}),
        (NOT_OPEN, {"responsible": "陳怡君"}),
        (NOT_OPEN, {"referred_to": "衛生局"}),
        (REFERRED, {"reasons": frozenset({NotOpenReason.NEEDS_MET})}),
        (REFERRED, {"referred_to": " "}),
    ],
)
def test_exactly_one_decision_is_made(form: ReplyForm, fields: dict[str, object]) -> None:
    assert rules(changed(form, **fields)) == ["REPLY-5"]


@pytest.mark.parametrize("opening", [Opening.NEW, Opening.IN_PROGRESS, Opening.REOPENED, Opening.NOT_OPEN])
@pytest.mark.parametrize(
    ("before", "true", "why"),
    [
        (NEVER, Opening.NEW, "從未開案"),
        (GOING_ON, Opening.IN_PROGRESS, "115/01/05 開案"),
        (CLOSED, Opening.REOPENED, "114/06/30 結案"),
        (OpenedBefore(date(2026, 1, 5), date(2025, 6, 30)), Opening.IN_PROGRESS, "115/01/05 開案"),
    ],
)
def test_only_the_true_kind_of_opening_is_taken(
    opening: Opening, before: OpenedBefore, true: Opening, why: str
) -> None:
    assert true_opening(before) is true
    found = broken_rules(changed(OPEN, opening=opening), ReplyFacts(before=before), TODAY)
    if opening is true:
        assert found == ()
    else:
        assert [each.rule for each in found] == ["REPLY-6"]
        assert true.label in found[0].remedy
        assert why in found[0].remedy


@pytest.mark.parametrize("fields", [{"opening": None}, {"responsible": "　"}])
def test_opening_names_its_kind_and_who_is_responsible(fields: dict[str, object]) -> None:
    assert rules(changed(OPEN, **fields)) == ["REPLY-6"]


def test_there_are_sixteen_reasons() -> None:
    assert len(NotOpenReason) == 16


def with_reasons(*reasons: NotOpenReason, **fields: object) -> ReplyForm:
    texts = {
        "transferred_to": "桃園市",
        "other_reason": "已返回原居地",
        "uncooperative": frozenset({Uncooperative.ATTITUDE}),
    }
    return changed(NOT_OPEN, reasons=frozenset(reasons), **(texts | fields))


@pytest.mark.parametrize("reason", NotOpenReason)
def test_a_reason_stands_alone_unless_it_is_a_weak_one(reason: NotOpenReason) -> None:
    assert rules(with_reasons(reason)) == (["REPLY-7"] if reason in WEAK else [])
    assert rules(with_reasons(reason, has_no_vulnerability=True)) == []


@given(st.sets(st.sampled_from(NotOpenReason), min_size=1))
def test_weak_reasons_are_refused_only_when_there_are_no_others(reasons: set[NotOpenReason]) -> None:
    assert (rules(with_reasons(*reasons)) == ["REPLY-7"]) is (reasons <= set(WEAK))


def test_all_weak_reasons_together_are_as_weak_as_each() -> None:
    assert rules(with_reasons(*WEAK)) == ["REPLY-7"]
    assert rules(with_reasons(*WEAK, NotOpenReason.OTHER, other_reason="學生休學")) == ["REPLY-7"]
    assert rules(with_reasons(*WEAK, NotOpenReason.OTHER)) == []


@pytest.mark.parametrize(("text", "is_refused"), [("學生休學", True), ("已返回原居地", False)])
def test_being_on_leave_in_words_cannot_stand_alone(text: str, is_refused: bool) -> None:
    assert rules(with_reasons(NotOpenReason.OTHER, other_reason=text)) == (["REPLY-7"] if is_refused else [])
    assert rules(with_reasons(NotOpenReason.OTHER, NotOpenReason.ABROAD, other_reason=text)) == []


@pytest.mark.parametrize(
    "form",
    [
        with_reasons(),
        with_reasons(NotOpenReason.OTHER, other_reason="。"),
        with_reasons(NotOpenReason.TRANSFERRED, transferred_to=""),
        with_reasons(NotOpenReason.UNCOOPERATIVE, uncooperative=frozenset(), has_no_vulnerability=True),
    ],
)
def test_reasons_are_given_and_said(form: ReplyForm) -> None:
    assert rules(form) == ["REPLY-7"]


@pytest.mark.parametrize(
    ("enrolment", "belongs"),
    [
        (Enrolment.ENROLLED, True),
        (Enrolment.ON_LEAVE, True),
        (Enrolment.TRANSFERRED, False),
        (Enrolment.GAVE_UP, False),
    ],
)
def test_a_pupil_on_leave_still_belongs_to_the_school(enrolment: Enrolment, belongs: bool) -> None:
    assert belongs_to_school(enrolment) is belongs
    expected = ["REPLY-12"] if enrolment is Enrolment.ON_LEAVE else []
    assert rules(with_reasons(NotOpenReason.OUT_OF_SCOPE, enrolment=enrolment)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("字" * 1000, []),
        ("字" * 1001, ["REPLY-8"]),
        ("好" + "👨‍👩‍👧‍👦" * 999, []),
        ("é" * 1000, []),
        ("", ["REPLY-8"]),
        (" \n\t　", ["REPLY-8"]),
        ("……。", ["REPLY-8"]),
        ("無", ["REPLY-8"]),
        ("無。", ["REPLY-8"]),
        ("無異狀", []),
    ],
)
def test_the_explanation_says_something_in_a_thousand_characters(text: str, expected: list[str]) -> None:
    assert rules(changed(OPEN, explanation=text)) == expected


@pytest.mark.parametrize(
    ("asks", "guidance", "expected"),
    [(True, None, ["REPLY-10"]), (True, True, []), (True, False, []), (False, None, [])],
)
def test_guidance_is_answered_where_it_is_asked_for(asks: bool, guidance: bool | None, expected: list[str]) -> None:
    assert rules(changed(OPEN, guidance=guidance), ReplyFacts(asks_guidance=asks)) == expected


@given(st.builds(ReplyForm), st.builds(ReplyFacts))
def test_every_refusal_names_a_rule_a_field_and_a_remedy(form: ReplyForm, facts: ReplyFacts) -> None:
    for each in broken_rules(form, facts, TODAY):
        assert each.rule.startswith("REPLY-")
        assert each.field
        assert each.remedy
        assert "{" not in str(each)
