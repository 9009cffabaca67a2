"""Finding one's own cases by a part: what counts as a part of a number, and that no more is shown than fits."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from core.access import system
from core.accounts.models import Unit
from core.audit import AuditRow, Door
from core.context import Core
from core.dispatches.families import assign_families
from core.dispatches.models import Case
from core.dispatches.parts import SHOWN_AT_MOST, cases_like, families_like, families_named_in, has_part
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


def families(core: Core, unit: Unit, **children: str) -> None:
    """Let a unit have got a case of each child, under its number."""
    for number, child in children.items():
        case = a_case(core, number=number, child=child)
        a_dispatch(core, unit, case=case, dispatched_on=DAY)
        with core.transaction(system("test"), Door.COMMAND) as ctx:
            assign_families(ctx, [ctx.session.get_one(Case, case.id)], {})


@pytest.mark.parametrize(
    ("sentence", "written"),
    [
        ("可以結小明的案了嗎", ["小明"]),
        ("補小華跟小明的紀錄", ["小華", "小明"]),
        ("王小明那件", ["王小明"]),
        ("陳小明那件", []),
        ("歐陽小春什麼時候要回", ["歐陽小春"]),
        ("小春什麼時候要回", ["小春"]),
        ("林明跟明的", ["林明"]),
        ("今天有哪些", []),
        ("", []),
    ],
)
def test_who_is_named_in_a_sentence_by_the_whole_name_or_the_given_one(
    core_sqlite: Core, sentence: str, written: list[str]
) -> None:
    unit = a_unit(core_sqlite)
    families(core_sqlite, unit, WK1="王小明", WK2="林小華", WK3="歐陽小春", WK4="林明")
    with acting(core_sqlite, an_account(core_sqlite, unit)) as ctx:
        assert [each.written for each in families_named_in(ctx, sentence, "王陳林歐")] == written


def test_all_of_one_name_are_found_and_nobody_whom_another_unit_serves(core_sqlite: Core) -> None:
    unit, other = a_unit(core_sqlite), a_unit(core_sqlite)
    families(core_sqlite, unit, WK1="陳家豪", WK2="鄭家豪")
    families(core_sqlite, other, WK3="許家豪")
    with acting(core_sqlite, an_account(core_sqlite, unit)) as ctx:
        (named,) = families_named_in(ctx, "家豪那件期限")
    assert {number for row in named.families for number in row.cases} == {"WK1", "WK2"}


def test_a_sentence_that_names_nobody_leaves_no_trace_and_one_that_does_is_a_look_up(core_sqlite: Core) -> None:
    unit = a_unit(core_sqlite)
    families(core_sqlite, unit, WK1="陳家豪")
    with acting(core_sqlite, an_account(core_sqlite, unit)) as ctx:
        families_named_in(ctx, "今天有哪些要回")
        families_named_in(ctx, "家豪的期限")
    with core_sqlite.store.reading() as session:
        noted = session.scalars(select(AuditRow.act).where(AuditRow.act == "find_families")).all()
    assert len(noted) == 1


def test_who_may_see_no_families_is_refused(core_sqlite: Core) -> None:
    with pytest.raises(NotAllowed), acting(core_sqlite, an_account(core_sqlite, permissions=())) as ctx:
        families_named_in(ctx, "家豪的期限")
