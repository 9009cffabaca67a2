"""CHK-3 to CHK-9: each rule with what keeps it and what breaks it, all broken ones at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from core.checks.form import CheckForm, NeedAnswers, NoNeedAnswers, Report, from_json, to_json
from core.checks.form_rules import broken_rules, explanation_of, finds_need
from core.checks.kinds import (
    COUNT_AS_NEED,
    Identity,
    Need,
    NeedCause,
    NeedHint,
    NeedMeasure,
    NoNeedCause,
    NoNeedMeasure,
    SchoolKnown,
    UrgentSign,
)
from core.checks.notices import need_hints
from core.checks.refusals import CheckRefusal as Refused
from core.clock import TICK
from tests.conftest import PLAIN_DAY
from tests.core.checks.forms import FORM_A, FORM_B, FORM_C, NEED, NO_NEED, OWN

NOW = PLAIN_DAY
NOT_OWN = CheckForm(identity=Identity.NOT_OWN, school_known=SchoolKnown.UNKNOWN)


def broken(form: CheckForm, now: datetime = NOW) -> list[tuple[str, str]]:
    return [(each.rule, each.field) for each in broken_rules(form, now)]


def is_broken(form: CheckForm, *refusals: Refused) -> bool:
    """Whether exactly these rules are broken, each told in its own words."""
    found = broken_rules(form, NOW)
    heads = [(each.rule, each.field, each.what.partition("{")[0]) for each in refusals]
    told = [(each.rule, each.field, each.what[: len(head)]) for each, (_, _, head) in zip(found, heads, strict=False)]
    return len(found) == len(heads) and told == heads


@pytest.mark.parametrize(
    "form",
    [
        FORM_A,
        FORM_B,
        FORM_C,
        NOT_OWN,
        CheckForm(identity=Identity.NOT_OWN, school_known=SchoolKnown.KNOWN, school="海山國小"),
        CheckForm(identity=Identity.OTHER, other_identity="陪同的表弟，尚未就學"),
        replace(NOT_OWN, need=Need.REPORTED, with_need=NEED),
        replace(FORM_A, urgent=frozenset(UrgentSign)),
    ],
)
def test_right_forms_break_nothing(form: CheckForm) -> None:
    assert broken(form) == []


def of(form: CheckForm, **changed: Any) -> CheckForm:
    return replace(form, **changed)


def need(**changed: Any) -> CheckForm:
    return replace(FORM_A, with_need=replace(NEED, **changed))


def no_need(**changed: Any) -> CheckForm:
    return replace(FORM_C, without_need=replace(NO_NEED, **changed))


MIXED = [
    of(FORM_A, school="海山國小"),
    of(FORM_A, school_known=SchoolKnown.UNKNOWN),
    of(FORM_A, other_identity="表弟"),
    of(NOT_OWN, national_id=OWN.national_id),
    of(NOT_OWN, other_identity="表弟"),
    of(NOT_OWN, school="海山國小"),
    CheckForm(identity=Identity.OTHER, other_identity="表弟", national_id=OWN.national_id),
]


@pytest.mark.parametrize(
    ("form", "refusal"),
    [
        (of(FORM_A, identity=None, national_id=""), Refused.NO_IDENTITY),
        (of(FORM_A, national_id=""), Refused.NO_NATIONAL_ID),
        (of(FORM_A, national_id="A123456788"), Refused.WRONG_NATIONAL_ID),
        (CheckForm(identity=Identity.NOT_OWN), Refused.NO_SCHOOL_KNOWN),
        (of(NOT_OWN, school_known=SchoolKnown.KNOWN), Refused.NO_SCHOOL),
        (of(NOT_OWN, school_known=SchoolKnown.KNOWN, school="－"), Refused.NO_SCHOOL),
        (CheckForm(identity=Identity.OTHER), Refused.NO_OTHER_IDENTITY),
        *((form, Refused.IDENTITY_MIXED) for form in MIXED),
    ],
)
def test_chk_3_identity_is_exactly_one(form: CheckForm, refusal: Refused) -> None:
    assert refusal.rule == "CHK-3"
    assert is_broken(form, refusal)


def test_chk_3_a_national_id_counts_however_it_is_typed() -> None:
    wide = "".join(chr(ord(each) + 0xFEE0) for each in OWN.national_id.lower())
    assert broken(of(FORM_A, national_id=f" {wide} ")) == []


@pytest.mark.parametrize(
    ("form", "refusal"),
    [
        (OWN, Refused.NO_NEED),
        (of(FORM_A, without_need=NoNeedAnswers(meals="有")), Refused.NEED_MIXED),
        (of(FORM_B, without_need=NoNeedAnswers(meals="有")), Refused.NEED_MIXED),
        (of(FORM_C, with_need=NeedAnswers(causes=frozenset({NeedCause.PRISON}))), Refused.NEED_MIXED),
        (of(NOT_OWN, with_need=NEED), Refused.NEED_UNCHOSEN),
        (of(NOT_OWN, without_need=NO_NEED), Refused.NEED_UNCHOSEN),
    ],
)
def test_chk_4_need_is_exactly_one(form: CheckForm, refusal: Refused) -> None:
    assert refusal.rule == "CHK-4"
    assert is_broken(form, refusal)


@pytest.mark.parametrize(("form", "finds"), [(FORM_A, True), (FORM_B, True), (FORM_C, False), (NOT_OWN, False)])
def test_chk_4_a_and_b_are_need(form: CheckForm, finds: bool) -> None:
    assert finds_need(form) is finds


@pytest.mark.parametrize(
    ("report", "refusals"),
    [
        (Report(), (Refused.NO_REPORT_TIME, Refused.NO_REPORT_NUMBER)),
        (Report(at=NOW), (Refused.NO_REPORT_NUMBER,)),
        (Report(at=NOW, number="無"), (Refused.NO_REPORT_NUMBER,)),
        (Report(number="EC1"), (Refused.NO_REPORT_TIME,)),
        (Report(at=NOW + TICK, number="EC1"), (Refused.REPORT_IN_FUTURE,)),
        (Report(at=NOW, number="EC1"), ()),
    ],
)
def test_chk_5_b_needs_the_report_first(report: Report, refusals: tuple[Refused, ...]) -> None:
    assert all(each.rule == "CHK-5" for each in refusals)
    assert is_broken(of(FORM_B, report=report), *refusals)


def test_chk_5_a_and_c_need_no_report() -> None:
    assert broken(of(FORM_A, report=Report())) == broken(of(FORM_C, report=Report())) == []


@pytest.mark.parametrize(
    ("form", "refusal"),
    [
        (need(causes=frozenset()), Refused.NO_CAUSE),
        (need(causes=frozenset({NeedCause.OTHER})), Refused.NO_OTHER_CAUSE),
        (need(measures=frozenset()), Refused.NO_MEASURE),
        (need(measures=frozenset({NeedMeasure.OTHER}), other_measure="。"), Refused.NO_OTHER_MEASURE),
        (need(explanation=""), Refused.NO_EXPLANATION),
        (need(explanation="無。"), Refused.NO_EXPLANATION),
        (of(FORM_B, with_need=replace(NEED, explanation="　")), Refused.NO_EXPLANATION),
    ],
)
def test_chk_6_need_has_cause_measure_and_explanation(form: CheckForm, refusal: Refused) -> None:
    assert refusal.rule == "CHK-6"
    assert is_broken(form, refusal)


def test_chk_6_other_with_a_text_is_enough() -> None:
    other = frozenset({NeedCause.OTHER}), frozenset({NeedMeasure.OTHER})
    assert broken(need(causes=other[0], other_cause="祖母住院", measures=other[1], other_measure="物資包")) == []


@pytest.mark.parametrize(
    ("form", "refusal"),
    [
        (no_need(causes=frozenset()), Refused.NO_CAUSE_WITHOUT),
        (no_need(causes=frozenset({NoNeedCause.OTHER}), other_cause="?"), Refused.NO_OTHER_CAUSE_WITHOUT),
        (no_need(measures=frozenset()), Refused.NO_MEASURE_WITHOUT),
        (no_need(measures=frozenset({NoNeedMeasure.OTHER})), Refused.NO_OTHER_MEASURE_WITHOUT),
        (no_need(hardship="－"), Refused.NO_HARDSHIP),
        (no_need(why_taken="無"), Refused.NO_WHY_TAKEN),
        (no_need(meals=""), Refused.NO_MEALS),
    ],
)
def test_chk_7_no_need_has_cause_measure_and_three_answers(form: CheckForm, refusal: Refused) -> None:
    assert refusal.rule == "CHK-7"
    assert is_broken(form, refusal)


@pytest.mark.parametrize("part", ["hardship", "meals"])
def test_chk_7_none_answers_a_question_of_yes_or_no(part: str) -> None:
    assert broken(no_need(**{part: "無。"})) == []


@pytest.mark.parametrize("part", ["hardship", "why_taken", "meals"])
def test_chk_8_each_answer_stands_alone(part: str) -> None:
    found = broken_rules(no_need(**{part: "同上"}), NOW)
    assert [each.rule for each in found] == ["CHK-8"]
    assert found[0].field in found[0].what


def test_chk_8_an_explanation_that_only_refers_is_refused() -> None:
    assert broken(need(explanation="（ 同　上 ）")) == [("CHK-8", "學校補充說明")]


def test_all_broken_rules_are_told_at_once() -> None:
    form = CheckForm(identity=Identity.OWN, need=Need.TO_REPORT, without_need=NO_NEED)
    assert {rule for rule, _ in broken(form)} == {"CHK-3", "CHK-4", "CHK-5", "CHK-6"}
    assert len(broken(form)) == 7
    assert len(broken(CheckForm(identity=Identity.OWN, need=Need.NONE))) == 6


@pytest.mark.parametrize(
    ("text", "is_long"),
    [
        ("字" * 1000, False),
        ("字" * 1001, True),
        ("說" + "👨‍👩‍👧" * 999, False),
        ("說" + "👨‍👩‍👧" * 1000, True),
        ("e\u0301" * 1000, False),
    ],
)
def test_texts_are_measured_as_people_count(text: str, is_long: bool) -> None:
    assert broken(need(explanation=text)) == ([("CHK-6", "學校補充說明")] if is_long else [])


def test_the_three_answers_are_measured_together() -> None:
    assert broken(no_need(hardship="字" * 300, why_taken="字" * 300, meals="字" * 400)) == []
    assert broken(no_need(hardship="字" * 300, why_taken="字" * 301, meals="字" * 400)) == [("CHK-7", "學校補充說明")]


LONG = "字" * 1001
OTHER_NEED = frozenset({NeedCause.OTHER}), frozenset({NeedMeasure.OTHER})
OTHER_NONE = frozenset({NoNeedCause.OTHER}), frozenset({NoNeedMeasure.OTHER})


@pytest.mark.parametrize(
    ("form", "rule"),
    [
        (of(NOT_OWN, school_known=SchoolKnown.KNOWN, school=LONG), "CHK-3"),
        (CheckForm(identity=Identity.OTHER, other_identity=LONG), "CHK-3"),
        (of(FORM_B, report=Report(at=NOW, number=LONG)), "CHK-5"),
        (need(causes=OTHER_NEED[0], other_cause=LONG), "CHK-6"),
        (need(measures=OTHER_NEED[1], other_measure=LONG), "CHK-6"),
        (no_need(causes=OTHER_NONE[0], other_cause=LONG), "CHK-7"),
        (no_need(measures=OTHER_NONE[1], other_measure=LONG), "CHK-7"),
    ],
)
def test_no_text_of_the_form_is_endless(form: CheckForm, rule: str) -> None:
    found = broken_rules(form, NOW)
    assert [each.rule for each in found] == [rule]
    assert "1001" in found[0].what
    assert "1000" in found[0].what


def test_the_explanation_holds_what_is_asked_for_and_keeps_its_parts_apart() -> None:
    assert explanation_of(NOT_OWN) == ""
    assert explanation_of(FORM_A) == explanation_of(FORM_B) != ""
    swapped = no_need(hardship=NO_NEED.meals, meals=NO_NEED.hardship)
    assert explanation_of(swapped) != explanation_of(FORM_C)


def test_a_stored_form_comes_back_as_it_was() -> None:
    for form in (CheckForm(), FORM_B, of(FORM_C, urgent=frozenset(UrgentSign))):
        assert from_json(to_json(form)) == form


def test_what_is_no_answer_of_the_form_is_not_stored() -> None:
    with pytest.raises(ValidationError):
        from_json('{"identity": "own", "note": "x"}')
    with pytest.raises(ValidationError):
        from_json('{"need": "maybe"}')


def test_chk_9_what_counts_as_need_is_shown_beside_the_choice() -> None:
    with_need, without = (line.text for line in need_hints())
    assert {hint for hint in NeedHint if hint.label in with_need} == COUNT_AS_NEED
    assert {hint for hint in NeedHint if hint.label in without} == set(NeedHint) - COUNT_AS_NEED
    assert "照顧疏失" in with_need
    assert "誤用" in without


texts = st.text(max_size=8)
forms = st.builds(
    CheckForm,
    identity=st.none() | st.sampled_from(Identity),
    national_id=st.sampled_from(["", OWN.national_id, "A1"]),
    school_known=st.none() | st.sampled_from(SchoolKnown),
    school=texts,
    other_identity=texts,
    need=st.none() | st.sampled_from(Need),
    report=st.builds(Report, at=st.none() | st.just(NOW), number=texts),
    with_need=st.builds(NeedAnswers, causes=st.frozensets(st.sampled_from(NeedCause)), explanation=texts),
    without_need=st.builds(NoNeedAnswers, measures=st.frozensets(st.sampled_from(NoNeedMeasure)), meals=texts),
)


@given(form=forms)
def test_every_refusal_names_a_rule_of_the_book_and_a_remedy(form: CheckForm) -> None:
    for each in broken_rules(form, NOW):
        assert each.rule in {f"CHK-{number}" for number in range(3, 9)}
        assert each.field
        assert each.remedy
        assert "{" not in each.what + each.remedy
