"""Finding one's own cases by a part: what counts as a part of a number, and that no more is shown than fits."""

from __future__ import annotations

from datetime import date

import pytest

from core.context import Core
from core.dispatches.parts import SHOWN_AT_MOST, cases_like, families_like, has_part
from core.errors import NotAllowed
from tests.builders import a_case, a_dispatch, a_unit, an_account
from tests.services import acting

DAY = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("number", "letters", "digits", "has_it"),
    [
        ("WK00017", "", "17", True),
        ("WK00017", "WK", "17", True),
        ("WK00017", "AH", "17", False),
        ("WK00170", "", "17", False),
        ("WK00170", "", "170", True),
        ("D11108040", "", "1080", True),
        ("D11108040", "", "080", False),
    ],
)
def test_what_is_a_part_of_a_number(number: str, letters: str, digits: str, has_it: bool) -> None:
    assert has_part(number, letters, digits) is has_it


def test_digits_that_are_a_whole_number_mean_only_that_one(core_sqlite: Core) -> None:
    unit = a_unit(core_sqlite)
    for number in ("WK00017", "WK00117", "AH00017"):
        a_dispatch(core_sqlite, unit, case=a_case(core_sqlite, number=number), dispatched_on=DAY)
    with acting(core_sqlite, an_account(core_sqlite, unit)) as ctx:
        assert {each.number for each in cases_like(ctx, "17")} == {"WK00017", "AH00017"}
        assert {each.number for each in cases_like(ctx, "wk-17")} == {"WK00017"}
        assert {each.number for each in cases_like(ctx, "117")} == {"WK00117"}
        assert cases_like(ctx, "王") == ()


def test_no_more_are_shown_than_fit_a_card(core_sqlite: Core) -> None:
    unit = a_unit(core_sqlite)
    for number in range(SHOWN_AT_MOST + 1):
        a_dispatch(core_sqlite, unit, case=a_case(core_sqlite, number=f"WK1{number}0017"), dispatched_on=DAY)
    with acting(core_sqlite, an_account(core_sqlite, unit)) as ctx:
        assert len(cases_like(ctx, "0017")) == SHOWN_AT_MOST


def test_who_sees_no_cases_is_refused(core_sqlite: Core) -> None:
    account = an_account(core_sqlite, permissions=())
    with pytest.raises(NotAllowed), acting(core_sqlite, account) as ctx:
        cases_like(ctx, "17")
    with pytest.raises(NotAllowed), acting(core_sqlite, account) as ctx:
        families_like(ctx, "王")
