"""REPLY-3, REPLY-14: what an assessment must hold, and its score."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.dispatches.assessment import AssessmentForm, broken_rules, points, score
from core.dispatches.kinds import Risk, RiskGroup, VisitWay

TODAY = date(2026, 3, 4)
FORM = AssessmentForm(
    visited_on=TODAY,
    visitor="陳怡君",
    visitor_phone="02-29603456",
    way=VisitWay.HOME_VISIT,
    risks=frozenset({Risk.DEBT}),
)
TABLE = {  # REPLY-14, as the rule book writes it
    RiskGroup.ECONOMY: {1: 3, 2: 1, 3: 1, 4: 1},
    RiskGroup.SUPPORT: {1: 1, 2: 1, 3: 1},
    RiskGroup.RELATIONS: {1: 4, 2: 3, 3: 3, 4: 1, 5: 1},
    RiskGroup.HEALTH: dict.fromkeys(range(1, 6), 4),
    RiskGroup.CARE: dict.fromkeys(range(1, 8), 4) | dict.fromkeys(range(8, 12), 3),
}


def broken(form: AssessmentForm) -> list[str]:
    return [each.field for each in broken_rules(form, TODAY)]


def test_each_item_has_the_points_of_reply_14() -> None:
    assert {group: {each.place: points(each) for each in Risk if each.group is group} for group in RiskGroup} == TABLE


@pytest.mark.parametrize(
    ("group", "most"),
    [
        (RiskGroup.ECONOMY, 6),
        (RiskGroup.SUPPORT, 3),
        (RiskGroup.RELATIONS, 12),
        (RiskGroup.HEALTH, 20),
        (RiskGroup.CARE, 40),
    ],
)
def test_a_group_with_everything_has_its_most(group: RiskGroup, most: int) -> None:
    found = score([each for each in Risk if each.group is group])
    assert (found.groups[group], found.total) == (most, most)


def test_nothing_found_scores_nothing() -> None:
    assert score(()).total == 0
    assert set(score(()).groups) == set(RiskGroup)


@given(st.lists(st.sampled_from(Risk)))
def test_the_total_is_the_sum_of_what_was_found_each_counted_once(risks: list[Risk]) -> None:
    found = score(risks)
    assert found.total == sum(TABLE[each.group][each.place] for each in set(risks)) == sum(found.groups.values())


def test_a_complete_assessment_may_be_sent() -> None:
    assert broken(FORM) == []
    assert broken(replace(FORM, risks=frozenset(), no_risks=True)) == []
    assert broken(replace(FORM, visited_on=TODAY - timedelta(days=1))) == []


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"visited_on": None}, "訪談日期"),
        ({"visited_on": TODAY + timedelta(days=1)}, "訪談日期"),
        ({"visitor": "　"}, "訪員姓名"),
        ({"visitor_phone": ""}, "訪員聯絡電話"),
        ({"way": None}, "訪談方式"),
        ({"way": VisitWay.OTHER, "other_way": "。"}, "訪談方式"),
        ({"risks": frozenset()}, "評估項目"),
        ({"no_risks": True}, "評估項目"),
        ({"note": "字" * 1001}, "補充說明"),
    ],
)
def test_each_flaw_is_named(changed: dict[str, object], field: str) -> None:
    assert broken(replace(FORM, **changed)) == [field]  # type: ignore[arg-type]  # a test's shorthand


@pytest.mark.parametrize("changed", [{"note": "字" * 1000}, {"way": VisitWay.OTHER, "other_way": "視訊"}])
def test_the_other_edge_is_fine(changed: dict[str, object]) -> None:
    assert broken(replace(FORM, **changed)) == []  # type: ignore[arg-type]  # a test's shorthand


def test_an_empty_form_is_told_everything_at_once() -> None:
    assert broken(AssessmentForm()) == ["訪談日期", "訪員姓名", "訪員聯絡電話", "訪談方式", "評估項目"]
