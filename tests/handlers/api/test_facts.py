from __future__ import annotations

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from core.accounts.models import Role, UnitKind
from core.checks.models import Check
from core.context import Core
from core.database import Base
from core.dispatches.models import Case, Dispatch
from core.duties.models import Duty
from core.notices.models import Notice
from tests.builders import a_unit, an_account
from tests.handlers.api.conftest import CHECK, DISPATCH, Caller, audited, said

HERE, THERE = "dispatches/WK00017/S01/2026-03-04", "dispatches/WK00017/C01/2026-03-04"


@pytest.fixture(autouse=True)
def school(core_sqlite: Core) -> None:
    a_unit(core_sqlite, code="S01")
    a_unit(core_sqlite, "某大學", code="C01", kind=UnitKind.COLLEGE)


def count(core: Core, table: type[Base]) -> int:
    with core.store.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def wrong_in(answer: TestResponse) -> dict[str, str]:
    """Return what is said of each wrong field."""
    return {each["field"]: each["detail"] for each in said(answer)["errors"]}


@pytest.mark.parametrize(("sent", "act", "tables"), [
    (("checks/C1150001", CHECK), "put_check", [Check, Duty]),
    ((HERE, DISPATCH), "put_dispatch", [Case, Dispatch, Duty]),
])  # fmt: skip
def test_sent_twice_it_changes_nothing(
    caller: Caller, core_sqlite: Core, sent: tuple[str, dict[str, object]], act: str, tables: list[type[Base]]
) -> None:
    path, body = sent
    first, second = caller.puts(path, body), caller.puts(path, body)
    assert (first.status_code, first.json) == (201, {"result": "added"})
    assert (second.status_code, second.json) == (200, {"result": "same"})
    assert [count(core_sqlite, table) for table in tables] == [1] * len(tables)
    assert len(audited(core_sqlite, act)) == 1


def test_what_changed_is_changed_and_audited_by_field(caller: Caller, core_sqlite: Core) -> None:
    caller.puts("checks/C1150001", CHECK)
    changed = caller.puts("checks/C1150001", CHECK | {"shop": "永平店", "state": "returned"})
    assert (changed.status_code, changed.json) == (200, {"result": "changed"})
    assert set(audited(core_sqlite, "put_check")[1].fields.split(",")) >= {"shop", "state"}


def test_the_number_is_read_as_in_a_list(caller: Caller) -> None:
    assert caller.puts("checks/c1150001", CHECK).status_code == 201
    assert caller.puts("checks/Ｃ1150001", CHECK).json == {"result": "same"}


def test_all_that_is_wrong_is_told_at_once(caller: Caller) -> None:
    body = CHECK | {"unit": "S99", "assigned_at": "2026-03-01T10:00:00+08:00", "born_on": "2026-03-03"}
    answer = caller.puts("checks/C1150001", body)
    assert answer.status_code == 422
    assert set(wrong_in(answer)) == {"unit", "assigned_at", "born_on"}


def test_a_mistyped_year_opens_no_duty_of_another_century(caller: Caller) -> None:
    ahead = {"assigned_at": "2062-03-04T10:00:00+08:00"}
    assert set(wrong_in(caller.puts("checks/C1150001", CHECK | ahead))) == {"assigned_at"}
    assert set(wrong_in(caller.puts("dispatches/WK00017/S01/2062-03-04", DISPATCH))) == {"dispatch_date"}


def test_fields_of_the_address_and_of_the_body_are_told_together(caller: Caller) -> None:
    answer = caller.puts("dispatches/WK00017/S01/115-03-04", {"received_on": "115/03/02", "extra": 1, "state": "x"})
    wrong = wrong_in(answer)
    assert set(wrong) == {"dispatch_date", "received_on", "extra", "state", "child_name", "needs_assessment"}
    assert "2026-03-04" in wrong["dispatch_date"]
    assert "waiting、submitted" in wrong["state"]


def test_reply_13_and_15_are_named_with_the_field(caller: Caller) -> None:
    college = caller.puts(THERE, DISPATCH)
    assert (college.status_code, said(college)["errors"][0]["rule"]) == (422, "REPLY-13")
    caller.puts(HERE, DISPATCH)
    other_text = caller.puts(HERE, DISPATCH | {"child_name": "王大明"})
    (error,) = said(other_text)["errors"]
    assert (error["rule"], error["field"]) == ("REPLY-15", "child_name")
    assert said(other_text)["type"].endswith("#rules")


def test_chk_11_a_sign_of_danger_tells_the_center_once(caller: Caller, core_sqlite: Core) -> None:
    an_account(core_sqlite, role=Role.CENTER)
    for _ in range(2):
        caller.puts("checks/C1150001", CHECK | {"urgent": ["abuse", "danger"]})
    assert count(core_sqlite, Notice) == 1


@pytest.mark.parametrize("written", ["115/03/04", "2026/03/04", "20260304", "2026-3-4", "2026-02-29", "２０２６-03-04",
                                     5, None, "1772582400", "2026-03-04T00:00:00Z", ""])  # fmt: skip
def test_a_day_is_written_in_iso_only(caller: Caller, written: object) -> None:
    assert "received_on" in wrong_in(caller.puts(HERE, DISPATCH | {"received_on": written}))


@pytest.mark.parametrize("written", ["2026-03-03T10:00:00", "2026-03-03", "2026-03-03 10:00:00+08:00",
                                     "115/03/03 10:00", "2026-03-03T25:00:00Z", 1772582400,
                                     "2026-03-03T10:00:00+25:00"])  # fmt: skip
def test_a_moment_is_written_in_iso_with_its_offset_only(caller: Caller, written: object) -> None:
    assert "assigned_at" in wrong_in(caller.puts("checks/C1", CHECK | {"assigned_at": written}))


@pytest.mark.parametrize(
    "offset", ["2026-03-03T02:00:00Z", "2026-03-03T02:00:00.000000+00:00", "2026-03-03T10:00+08:00"]
)
def test_one_moment_in_several_offsets_is_one_moment(caller: Caller, offset: str) -> None:
    caller.puts("checks/C1", CHECK)
    assert caller.puts("checks/C1", CHECK | {"assigned_at": offset}).json == {"result": "same"}


@pytest.mark.parametrize(("field", "value"), [("already_high_risk", "true"), ("already_high_risk", 1), ("shop", 5),
                                              ("shop", None), ("child_name", " "), ("child_name", "a\0b"),
                                              ("child_name", "x" * 61), ("urgent", "abuse"), ("urgent", ["fire"]),
                                              ("has_need", "no"), ("unit", "S\n01\0")])  # fmt: skip
def test_a_value_of_another_type_or_form_is_refused(caller: Caller, field: str, value: object) -> None:
    wrong = wrong_in(caller.puts("checks/C1", CHECK | {field: value}))
    assert [name.partition(".")[0] for name in wrong] == [field]


def test_a_national_id_is_checked(caller: Caller) -> None:
    assert set(wrong_in(caller.puts(HERE, DISPATCH | {"national_id": "A123456780"}))) == {"national_id"}
    assert caller.puts(HERE, DISPATCH | {"national_id": "A123456789"}).status_code == 201


def test_what_is_not_sent_stays_and_what_the_report_ticked_comes_in(caller: Caller, core_sqlite: Core) -> None:
    ticked = DISPATCH | {"asks_guidance": True, "problems": ["poverty", "employment"]}
    assert caller.puts(HERE, ticked).status_code == 201
    assert caller.puts(HERE, DISPATCH).json == {"result": "same"}
    assert caller.puts(HERE, ticked).json == {"result": "same"}
    with core_sqlite.store.reading() as session:
        assert session.scalars(select(Dispatch.asks_guidance)).all() == [True]
    assert caller.puts(HERE, DISPATCH | {"problems": ["weather"]}).status_code == 422


@pytest.mark.parametrize("written", ["新北/115/7", "新北%2F115%2F7", "新北／115／7"])
def test_a_number_with_slashes_is_reached_quoted_or_not(caller: Caller, core_sqlite: Core, written: str) -> None:
    assert caller.puts(f"dispatches/{written}/S01/2026-03-04", DISPATCH).status_code == 201
    assert caller.puts(f"dispatches/{written}/S01/2026-03-04", DISPATCH).json == {"result": "same"}
    assert caller.puts(f"checks/{written}", CHECK).status_code == 201
    with core_sqlite.store.reading() as session:
        assert session.scalars(select(Case.number)).all() == ["新北/115/7"]
        assert session.scalars(select(Check.number)).all() == ["新北/115/7"]


def test_a_lines_end_in_a_number_is_a_space_as_any_other(caller: Caller, core_sqlite: Core) -> None:
    assert caller.puts("dispatches/A%0AB/S01/2026-03-04", DISPATCH).status_code == 201
    with core_sqlite.store.reading() as session:
        assert session.scalars(select(Case.number)).all() == ["AB"]


@pytest.mark.parametrize("number", ["A//1", "A%2F%2F1", "A/.%2F1", "A%2F"])
def test_a_number_that_no_address_can_hold_is_refused_and_not_taken_for_another(
    caller: Caller, core_sqlite: Core, number: str
) -> None:
    answer = caller.puts(f"dispatches/{number}/S01/2026-03-04", DISPATCH)
    assert answer.status_code == 422
    assert wrong_in(answer) == {"case_number": "編號的「/」前後都要有字，也不能只是句點。請核對編號後更正。"}
    assert count(core_sqlite, Case) == 0
