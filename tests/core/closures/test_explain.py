"""The working of a closing question and of a closure's bucket."""

from __future__ import annotations

from datetime import date

import pytest

from core.closures.earliest import Assessment, Condition
from core.closures.explain import bucket_working, closing_working
from core.closures.kinds import ClosureState, Need
from core.records.rules import Window

SIX_MONTHS = Condition("CLOSE-2", Need.SIX_MONTHS, is_met=False, met_from=date(2024, 2, 29))
STABLE = Condition("CLOSE-2", Need.STABLE, is_met=True, met_from=date(2024, 1, 10))
GAP = Condition("CLOSE-2", Need.WINDOWS, is_met=False, met_from=date(2024, 1, 10),
                windows=(Window(6, date(2019, 6, 17), date(2019, 7, 16)),))  # fmt: skip
AT_RISK = Condition("CLOSE-2", Need.NO_RISK, is_met=False, met_from=None)


def test_each_condition_is_a_step_with_its_rule() -> None:
    found = closing_working(Assessment((STABLE, SIX_MONTHS, GAP), date(2024, 2, 29), None))
    assert [(step.label, step.value, step.rule) for step in found.steps] == [
        ("就學情形穩定（綠燈）", "符合", "CLOSE-2"),
        ("自最後一次派案起滿六個月", "尚未符合，最早 113/02/29", "CLOSE-2"),
        ("工作紀錄沒有缺漏", "尚未符合，缺 108/06/17–108/07/16，最早 113/01/10", "CLOSE-2"),
        ("最早可結案", "113/02/29（四）", "CLOSE-11"),
    ]
    assert (found.rule, found.result) == ("CLOSE-11", "還不能結案")


def test_what_no_work_brings_about_is_said() -> None:
    found = closing_working(Assessment((AT_RISK,), None, None))
    assert [step.value for step in found.steps] == ["尚未符合，無法以補資料達成", "無法推算"]


@pytest.mark.parametrize(("is_assumed", "said"), [(True, "尚待評估，先以符合估算"), (False, "符合")])
def test_what_is_only_assumed_is_not_called_met(is_assumed: bool, said: str) -> None:
    safe = Condition("CLOSE-2", Need.NO_RISK, is_met=True, met_from=date(2024, 1, 10))
    found = closing_working(Assessment((safe, STABLE), date(2024, 1, 10), None), assumes_no_risk=is_assumed)
    assert [step.value for step in found.steps[:2]] == [said, "符合"]


def test_a_case_that_may_be_closed_says_so_and_by_when() -> None:
    found = closing_working(Assessment((STABLE,), date(2024, 1, 10), date(2024, 1, 31)))
    assert (found.steps[-1].label, found.steps[-1].value) == ("申請期限", "113/01/31（三）")
    assert found.result == "可以結案"


@pytest.mark.parametrize(
    ("state", "form", "bucket"),
    [
        (None, "尚未送出", "處理中個案"),
        (ClosureState.APPLIED, "結案申請中", "結案申請中"),
        (ClosureState.RETURNED, "督導退件", "督導退件"),
        (ClosureState.DELETED, "已刪除", "處理中個案"),
        (ClosureState.APPROVED, "已結案", "已結案"),
    ],
)
def test_a_closures_bucket_follows_from_its_form(state: ClosureState | None, form: str, bucket: str) -> None:
    found = bucket_working(state)
    assert (found.steps[0].value, found.result, found.rules) == (form, bucket, ("CLOSE-9", "CLOSE-10"))
