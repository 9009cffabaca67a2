"""Every refusal names a rule of the book, a field, what happened and what to do."""

from __future__ import annotations

import re

import pytest

from core.closures.kinds import Need
from core.closures.refusals import ClosureRefusal
from core.errors import Broken
from core.records.refusals import RecordRefusal
from core.refusals import Refusal

EVERY: list[Refusal] = [*RecordRefusal, *ClosureRefusal]


@pytest.mark.parametrize("refusal", EVERY)
def test_every_refusal_names_a_rule_and_a_remedy(refusal: Refusal) -> None:
    assert re.fullmatch(r"(REC|CLOSE)-[1-9][0-9]?", refusal.rule)
    assert refusal.field
    assert refusal.what.endswith("。")
    assert refusal.remedy.startswith("請")
    assert refusal.remedy.endswith("。")


@pytest.mark.parametrize("need", Need)
def test_every_condition_of_closing_has_its_refusal(need: Need) -> None:
    assert ClosureRefusal[need.name].value == need.value


def test_facts_are_put_where_the_sentence_names_them() -> None:
    typed = "{today}"
    broken = RecordRefusal.NOT_A_NAME.broken(served=typed)
    assert broken == Broken(
        "REC-4",
        "主要服務對象",
        "「{today}」不是姓名，看不出服務的是誰。",
        "請選一位家庭成員，或直接填寫姓名。",
    )


def test_a_sentence_without_its_facts_is_not_said() -> None:
    with pytest.raises(KeyError):
        RecordRefusal.NOT_A_NAME.broken()
