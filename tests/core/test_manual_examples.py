"""Worked examples of the manual that no table of its rule holds; the others stand where their rules are tested.

The case of 107/12/19 and its gap, the graduate closed on 108/07/31 and the reply due on 111/08/07 are in the tests of
records, closures and dispatches.
"""

from __future__ import annotations

from datetime import date

import pytest

from core.accounts.requests.rules import TooEarly, extended_to, too_early
from core.clock import start_of_day, taipei_date
from core.dates import parse_date, roc
from core.dispatches.kinds import Contact, Decision, NotOpenReason
from core.dispatches.models import CaseLight, DispatchState, Opening
from core.dispatches.reply_form import ReplyFacts, ReplyForm, broken_rules
from core.dispatches.rules import Part, case_light, due_on
from core.policy import Policy
from core.records.rules import Windows, audit

POLICY = Policy()
DISPATCHED = parse_date("107/12/19")
SERVED = tuple(
    parse_date(f"{day}")
    for day in ("107/12/21", "108/01/18", "108/02/25", "108/03/22", "108/04/26", "108/05/30", "108/06/05")
)


@pytest.mark.parametrize(
    ("not_typed", "listed"),
    [
        ((), []),
        (("108/03/22",), ["108/03/19"]),  # its window ended in April
        (("108/04/26",), []),  # its window runs into May, and is audited on the 1st of June
        (("108/01/18", "108/03/22"), ["108/01/18", "108/03/19"]),
    ],
)
def test_rec_3_on_the_first_of_may_april_and_what_was_before_is_audited(
    not_typed: tuple[str, ...], listed: list[str]
) -> None:
    typed = [day for day in SERVED if roc(day) not in not_typed]
    found = audit(Windows(DISPATCHED), typed, parse_date("108/05/01"))
    assert [roc(window.first) for window in found] == listed


def test_reply_4_the_manuals_reply_was_contacted_and_visited_on_the_day_it_was_sent() -> None:
    day = parse_date("108/06/27")
    form = ReplyForm(
        contact=Contact.REACHED,
        contacted_on=day,
        visited_on=day,
        goal="穩定就學",
        decision=Decision.NOT_OPEN,
        reasons=frozenset({NotOpenReason.NEEDS_MET}),
        explanation="已提供早餐券。",
    )
    assert broken_rules(form, ReplyFacts(), day) == ()


@pytest.mark.parametrize(("today", "first"), [("113/11/04", "113/11/05"), ("113/11/05", None), ("114/01/04", None)])
def test_acc_6_the_manuals_account_of_114_01_04_may_ask_from_113_11_05(today: str, first: str | None) -> None:
    found = too_early(parse_date("114/01/04"), parse_date(today), POLICY.extension_days_before)
    assert found == (TooEarly(parse_date(first)) if first else None)


@pytest.mark.parametrize(
    ("approved", "ends"), [("113/12/01", "115/01/04"), ("114/01/04", "115/01/04"), ("114/02/10", "115/02/10")]
)
def test_acc_6_the_manuals_account_runs_a_year_longer(approved: str, ends: str) -> None:
    assert extended_to(parse_date("114/01/04"), parse_date(approved), POLICY.extension_years) == parse_date(ends)


def test_rec_7_all_answered_and_one_of_them_open_is_yellow() -> None:
    """The family of 107/12/19: a school has it open already, a centre takes it on, another unit does not."""
    openings = (Opening.IN_PROGRESS, Opening.NEW, Opening.NOT_OPEN)
    answered = [Part(DispatchState.ANSWERED, each) for each in openings]
    assert case_light(answered) is CaseLight.Y
    assert case_light([*answered[:2], Part(DispatchState.WAITING)]) is CaseLight.R
    assert case_light([answered[2], Part(DispatchState.CLOSED, Opening.NEW)]) is CaseLight.G


@pytest.mark.parametrize(("dispatched", "due"), [("111/07/28", "111/08/07"), ("１１１／０７／２８", "111/08/07")])
def test_reply_1_the_manuals_dispatch_is_due_on_111_08_07_however_its_day_is_typed(dispatched: str, due: str) -> None:
    assert roc(due_on(parse_date(dispatched))) == due
    assert taipei_date(start_of_day(date(2022, 7, 28))) == parse_date(dispatched)
