"""Importing files: all or nothing, every wrong cell named in one go, the same file twice changes nothing (A63)."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from sqlalchemy import func, select

from core.access import Actor, system
from core.accounts.models import Account, Permission, Role, Unit
from core.audit import AuditRow, Door
from core.checks.models import Check
from core.clock import FixedClock
from core.context import Core
from core.database import Base
from core.dispatches.models import Case, Dispatch
from core.duties.models import Duty
from core.duties.plans import DutyKind
from core.errors import NotAllowed
from core.imports.results import ImportRefused, Problem, Report
from core.imports.service import COLUMNS, Kind, import_file
from core.records.kinds import ProblemType
from core.records.reported import reported_problems
from tests.abuse.test_enumeration import statements
from tests.builders import a_national_id
from tests.databases import Beginnings

UNIT = {"單位代碼": "S1", "單位名稱": "永平國民小學", "上級代碼": "", "類別": "學校"}
ID = a_national_id(1)
ACCOUNT = {
    "帳號": f"AB{ID[-4:]}",
    "姓名": "陳怡君",
    "身分證字號": ID,
    "電子郵件": "chen@school.example",
    "單位代碼": "S1",
    "角色": "承辦人",
    "職稱": "輔導組長",
    "聯絡電話": "02-29603456",
    "啟用日期": "115/01/01",
    "到期日期": "115/12/31",
    "權限": "90097、2462",
}
DISPATCH = {
    "案件編號": "WK0001",
    "通報單位": "派出所",
    "受理日期": "115/02/28",
    "派案日期": "115/03/01",
    "案主姓名": "王小明",
    "身分證統號": a_national_id(2),
    "戶內人口": "王小明、王大明",
    "居住地區": "永和區",
    "單位代碼": "S1",
    "個管人員": "陳怡君",
    "開案情形": "",
    "案件狀態": "待回覆",
    "需評估單": "否",
    "服務對象": "",
}
MORE = {"問題類型": "經濟困難、照顧者死亡、出走、重病或服刑", "需回覆親職教養": "是", "外縣市": "否"}
"""Columns of dispatches that a list may lack."""
CHECK = {
    "檢核編號": "MS0001",
    "分派時間": "115/03/04 08:15",
    "通報超商別": "統一超商",
    "門市": "永平門市",
    "地區": "永和區",
    "發生時間": "115/03/03 18:00",
    "兒少姓名": "林小華",
    "出生日期": "104/05/06",
    "單位代碼": "S1",
    "案件狀態": "待檢核",
    "是否為教育局高風險在案": "否",
}


class Desk:
    """Somebody who imports."""

    def __init__(self, core: Core, folder: Path) -> None:
        self.core, self.folder = core, folder

    def file(self, rows: Sequence[Mapping[str, str]], headings: Sequence[str] | None = None) -> Path:
        path = self.folder / "list.csv"
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.DictWriter(file, headings or list(rows[0]), extrasaction="ignore")
            writer.writeheader()
            writer.writerows(rows)
        return path

    def imports(self, kind: Kind, *rows: Mapping[str, str], dry_run: bool = False) -> Report:
        with self.core.transaction(system("import"), Door.COMMAND) as ctx:
            return import_file(ctx, kind, self.file(rows), dry_run)

    def is_refused(self, kind: Kind, *rows: Mapping[str, str], dry_run: bool = False) -> list[tuple[int, str]]:
        before = self.counts()
        with pytest.raises(ImportRefused) as refused:
            self.imports(kind, *rows, dry_run=dry_run)
        assert self.counts() == before
        return [(problem.row, problem.column) for problem in refused.value.problems]

    def counts(self) -> dict[str, int]:
        tables: tuple[type[Base], ...] = (Unit, Account, Case, Dispatch, Check, Duty, AuditRow)
        with self.core.store.reading() as session:
            return {
                table.__tablename__: session.scalar(select(func.count()).select_from(table)) or 0 for table in tables
            }


@pytest.fixture
def desk(core: Core, tmp_path: Path) -> Desk:
    return Desk(core, tmp_path)


@pytest.fixture
def town(desk: Desk, beginnings: Beginnings) -> Desk:
    """A desk in a town with one school and one account."""
    beginnings.of(desk.core, begun)
    return desk


def begun(core: Core) -> None:
    with TemporaryDirectory() as folder:
        desk = Desk(core, Path(folder))
        desk.imports(Kind.UNITS, UNIT)
        desk.imports(Kind.ACCOUNTS, ACCOUNT)


def test_columns_are_those_of_the_import_format() -> None:
    wanted = {Kind.UNITS: UNIT, Kind.ACCOUNTS: ACCOUNT, Kind.DISPATCHES: DISPATCH, Kind.CHECKS: CHECK}
    for kind, row in wanted.items():
        assert [column.heading for column in COLUMNS[kind].values() if not column.is_optional] == list(row)
    optional = [column.heading for each in COLUMNS.values() for column in each.values() if column.is_optional]
    assert optional == ["憑證到期日", *MORE]


@pytest.mark.parametrize(
    ("kind", "row", "changed"),
    [
        (Kind.UNITS, UNIT, {"單位名稱": "永安國民小學"}),
        (Kind.ACCOUNTS, ACCOUNT, {"到期日期": "116/12/31"}),
        (Kind.DISPATCHES, DISPATCH, {"案件狀態": "已回覆", "開案情形": "新接案"}),
        (Kind.CHECKS, CHECK, {"案件狀態": "已檢核"}),
    ],
)
def test_a63_row_is_added_then_the_same_then_changed(
    town: Desk, kind: Kind, row: dict[str, str], changed: dict[str, str]
) -> None:
    is_there = kind in (Kind.UNITS, Kind.ACCOUNTS)
    assert town.imports(kind, row) == (Report(same=1) if is_there else Report(added=1))
    before = town.counts() | {"audit_rows": 0}
    assert town.imports(kind, row) == Report(same=1)
    assert town.counts() | {"audit_rows": 0} == before
    assert town.imports(kind, row | changed) == Report(changed=1)


def test_units_may_stand_before_their_parents(desk: Desk) -> None:
    below = UNIT | {"上級代碼": "B1"}
    bureau = UNIT | {"單位代碼": "B1", "單位名稱": "教育局", "類別": "局處"}
    assert desk.imports(Kind.UNITS, below, bureau).added == 2
    with desk.core.store.reading() as session:
        paths = {unit.code: unit.path for unit in session.scalars(select(Unit))}
    assert paths["S1"].startswith(paths["B1"])


def test_units_in_a_ring_and_unknown_parents_are_refused(desk: Desk) -> None:
    ring = [UNIT | {"上級代碼": "S2"}, UNIT | {"單位代碼": "S2", "上級代碼": "S1"}]
    assert desk.is_refused(Kind.UNITS, *ring) == [(2, "上級代碼"), (3, "上級代碼")]
    assert desk.is_refused(Kind.UNITS, UNIT | {"上級代碼": "S9"}) == [(2, "上級代碼")]


def test_parent_in_a_row_that_is_wrong_itself_is_known(desk: Desk) -> None:
    rows = [UNIT | {"上級代碼": "B1"}, UNIT | {"單位代碼": "B1", "類別": "局"}]
    assert desk.is_refused(Kind.UNITS, *rows) == [(3, "類別")]


def test_a63_every_wrong_cell_of_every_wrong_row_is_named_in_one_go(town: Desk) -> None:
    rows = [
        DISPATCH,
        DISPATCH | {"案件編號": "", "派案日期": "115/2/30", "需評估單": "?", "單位代碼": "S9"},
        DISPATCH | {"案件編號": "WK0002", "身分證統號": "A123", "案件狀態": "結案", "受理日期": "115/03/02"},
    ]
    assert sorted(town.is_refused(Kind.DISPATCHES, *rows)) == sorted(
        [
            *((3, column) for column in ("案件編號", "派案日期", "單位代碼", "需評估單")),
            *((4, column) for column in ("身分證統號", "案件狀態", "派案日期")),
        ]
    )


def test_wrong_cells_of_an_account_are_named_together(town: Desk) -> None:
    row = {
        "帳號": "A1", "姓名": "", "身分證字號": "X", "電子郵件": "x", "單位代碼": "S9", "角色": "?",
        "職稱": "長" * 61, "聯絡電話": "0" * 41, "啟用日期": "?", "到期日期": "", "權限": "1",
    }  # fmt: skip
    assert {column for _, column in town.is_refused(Kind.ACCOUNTS, row)} == set(row)


@pytest.mark.parametrize(
    ("changed", "column"),
    [
        ({"帳號": "AB0000"}, "帳號"),
        ({"到期日期": "114/12/31"}, "到期日期"),
        ({"權限": "90097、90098"}, "權限"),
        ({"帳號": f"CD{ID[-4:]}", "電子郵件": "other@school.example"}, "身分證字號"),
    ],
)
def test_account_that_breaks_a_rule_is_refused_by_its_column(town: Desk, changed: dict[str, str], column: str) -> None:
    assert town.is_refused(Kind.ACCOUNTS, ACCOUNT | changed) == [(2, column)]


def test_address_of_another_account_is_refused(town: Desk) -> None:
    other = a_national_id(7)
    row = ACCOUNT | {"帳號": f"AB{other[-4:]}", "身分證字號": other}
    assert town.is_refused(Kind.ACCOUNTS, row) == [(2, "電子郵件")]


@pytest.mark.parametrize(
    ("kind", "row", "columns"),
    [
        (Kind.UNITS, UNIT, ["單位代碼"]),
        (Kind.ACCOUNTS, ACCOUNT, ["帳號", "身分證字號", "電子郵件"]),
        (Kind.DISPATCHES, DISPATCH, ["案件編號"]),
        (Kind.CHECKS, CHECK, ["檢核編號"]),
    ],
)
def test_doubled_rows_are_named(town: Desk, kind: Kind, row: dict[str, str], columns: list[str]) -> None:
    assert town.is_refused(kind, row, row) == [(3, column) for column in columns]


def test_one_case_may_go_to_the_same_unit_on_another_day(town: Desk) -> None:
    assert town.imports(Kind.DISPATCHES, DISPATCH, DISPATCH | {"派案日期": "115/03/02"}).added == 2


def test_rows_of_one_case_that_disagree_are_named(town: Desk) -> None:
    again = DISPATCH | {"派案日期": "115/03/02", "案主姓名": "王小華", "居住地區": "板橋區"}
    assert town.is_refused(Kind.DISPATCHES, DISPATCH, again) == [(3, "案主姓名"), (3, "居住地區")]


@pytest.mark.parametrize(
    ("changed", "column"),
    [
        ({"分派時間": "115/03/03 17:59"}, "分派時間"),
        ({"出生日期": "115/03/04"}, "出生日期"),
        ({"分派時間": "115/03/04"}, "分派時間"),
    ],
)
def test_check_with_impossible_times_is_refused(town: Desk, changed: dict[str, str], column: str) -> None:
    assert town.is_refused(Kind.CHECKS, CHECK | changed) == [(2, column)]


def test_check_assigned_at_the_very_moment_of_the_meal_is_right(town: Desk) -> None:
    assert town.imports(Kind.CHECKS, CHECK | {"分派時間": "115/03/03 18:00", "出生日期": "115/03/03"}).added == 1


@pytest.mark.parametrize(
    ("kind", "row", "last", "first_wrong"),
    [
        (Kind.DISPATCHES, DISPATCH, {"派案日期": "115/03/05"}, {"派案日期": "115/03/06"}),
        (Kind.CHECKS, CHECK, {"分派時間": "115/03/05 23:59"}, {"分派時間": "115/03/06 00:00"}),
        (Kind.CHECKS, CHECK, {"分派時間": "115/03/05 23:59"}, {"分派時間": "151/03/04 08:15"}),
    ],
)
def test_a_day_later_than_tomorrow_is_named(
    town: Desk, kind: Kind, row: dict[str, str], last: dict[str, str], first_wrong: dict[str, str]
) -> None:
    assert town.is_refused(kind, row | first_wrong) == [(2, *first_wrong)]
    assert town.imports(kind, row | last).added == 1


def test_blank_cells_that_may_be_blank_are(town: Desk) -> None:
    blank = dict.fromkeys(("通報單位", "身分證統號", "戶內人口", "居住地區", "個管人員", "開案情形", "服務對象"), "")
    assert town.imports(Kind.DISPATCHES, DISPATCH | blank).added == 1
    assert town.imports(Kind.CHECKS, CHECK | dict.fromkeys(("通報超商別", "門市", "地區", "出生日期"), "")).added == 1


def test_missing_columns_are_refused_by_name(town: Desk) -> None:
    row = {heading: value for heading, value in DISPATCH.items() if heading not in ("派案日期", "需評估單")}
    assert town.is_refused(Kind.DISPATCHES, row) == [(1, "派案日期"), (1, "需評估單")]


def test_unknown_columns_are_reported_and_ignored_and_any_order_is_right(town: Desk) -> None:
    row = dict(reversed(DISPATCH.items())) | {"編號": "1", "燈號": "R"}
    assert town.imports(Kind.DISPATCHES, row) == Report(added=1, ignored_columns=("編號", "燈號"))


def test_column_that_stands_twice_is_refused(town: Desk) -> None:
    headings = [*CHECK, "門市"]
    path = town.file([CHECK], headings)
    with town.core.transaction(system("import"), Door.COMMAND) as ctx, pytest.raises(ImportRefused) as refused:
        import_file(ctx, Kind.CHECKS, path)
    assert [problem.column for problem in refused.value.problems] == ["門市"]


def test_broken_file_is_one_problem(town: Desk) -> None:
    path = town.folder / "list.xlsx"
    path.write_bytes(b"no archive")
    with town.core.transaction(system("import"), Door.COMMAND) as ctx, pytest.raises(ImportRefused) as refused:
        import_file(ctx, Kind.CHECKS, path)
    assert [problem.row for problem in refused.value.problems] == [0]


def test_dry_run_says_what_it_would_do_and_does_nothing(town: Desk) -> None:
    before = town.counts()
    assert town.imports(Kind.DISPATCHES, DISPATCH, dry_run=True) == Report(added=1)
    assert town.counts() == before
    assert town.is_refused(Kind.DISPATCHES, DISPATCH | {"單位代碼": "S9"}, dry_run=True) == [(2, "單位代碼")]


def test_a63_refused_import_leaves_nothing_even_where_the_transaction_goes_on(town: Desk) -> None:
    before = town.counts()
    path = town.file([UNIT | {"單位代碼": "S2"}, UNIT | {"單位代碼": "S3", "上級代碼": "S9"}])
    with town.core.transaction(system("import"), Door.COMMAND) as ctx, pytest.raises(ImportRefused):
        import_file(ctx, Kind.UNITS, path)
    assert town.counts() == before


def test_duties_follow_the_imported_states(town: Desk, clock: FixedClock) -> None:
    town.imports(Kind.DISPATCHES, DISPATCH)
    clock.move(timedelta(days=1))
    town.imports(Kind.DISPATCHES, DISPATCH | {"案件狀態": "退件"})
    with town.core.store.reading() as session:
        open_ones = list(session.scalars(select(Duty.kind).where(Duty.ended_at.is_(None), Duty.unit_id.is_not(None))))
        named = session.scalar(select(Dispatch.responsible_id))
    assert open_ones == [DutyKind.RETURNED_REPLY]
    assert named is not None


def test_caseworker_may_not_import(town: Desk) -> None:
    actor = Actor("AB1234", role=Role.CASEWORKER, permissions=frozenset(Permission))
    with town.core.transaction(actor, Door.DESK) as ctx, pytest.raises(NotAllowed):
        import_file(ctx, Kind.UNITS, town.file([UNIT]))


@pytest.mark.parametrize("state", [{}, {"案件狀態": "已回覆", "開案情形": "新接案"}])
def test_a_longer_list_of_new_cases_asks_no_more_a_row(town: Desk, state: Mapping[str, str]) -> None:
    def rows(series: str, count: int) -> list[dict[str, str]]:
        return [
            {**DISPATCH, **state}
            | {"案件編號": f"{series}{each}", "身分證統號": "", "案主姓名": f"{series}{each}", "戶內人口": ""}
            for each in range(count)
        ]

    town.imports(Kind.UNITS, UNIT)
    few, many = (
        [
            each
            for each in statements(town.core, partial(town.imports, Kind.DISPATCHES, *rows(series, count)))
            if not each.startswith("INSERT")  # the one thing that is done for each row
        ]
        for series, count in (("A", 5), ("B", 105))
    )
    assert len(many) - len(few) < 20


def test_problem_reads_as_a_sentence_with_its_place() -> None:
    assert str(Problem(3, "派案日期", "這一格必填，請補上。")) == "第 3 列「派案日期」：這一格必填，請補上。"
    assert str(Problem(0, "", "檔案壞了。")) == "檔案壞了。"


def dispatches(core: Core) -> list[Dispatch]:
    with core.store.reading() as session:
        return list(session.scalars(select(Dispatch)))


def problems_of(core: Core) -> frozenset[ProblemType]:
    with core.reading(system("tests"), Door.COMMAND) as ctx:
        return reported_problems(ctx, ctx.session.scalars(select(Case.id)).one())


def test_what_a_list_tells_in_optional_columns_is_kept_by_lists_that_lack_them(town: Desk) -> None:
    assert town.imports(Kind.DISPATCHES, DISPATCH | MORE | {"外縣市": ""}) == Report(added=1)
    for row in (DISPATCH, DISPATCH | dict.fromkeys(MORE, ""), DISPATCH | MORE | {"外縣市": ""}):
        assert town.imports(Kind.DISPATCHES, row) == Report(same=1)
        assert [each.asks_guidance for each in dispatches(town.core)] == [True]
        assert problems_of(town.core) == {ProblemType.POVERTY, ProblemType.CARER_GONE}


def test_problems_that_come_later_change_the_case_once_and_then_stand(town: Desk) -> None:
    town.imports(Kind.DISPATCHES, DISPATCH)
    assert problems_of(town.core) == frozenset()
    assert town.imports(Kind.DISPATCHES, DISPATCH | MORE) == Report(changed=1)
    assert town.imports(Kind.DISPATCHES, DISPATCH | MORE) == Report(same=1)
    assert town.is_refused(Kind.DISPATCHES, DISPATCH | MORE | {"問題類型": "就業問題"}) == [(2, "問題類型")]


def test_guidance_asked_for_no_more_is_a_change(town: Desk) -> None:
    town.imports(Kind.DISPATCHES, DISPATCH | MORE)
    assert town.imports(Kind.DISPATCHES, DISPATCH | MORE | {"需回覆親職教養": "否"}) == Report(changed=1)
    assert [each.asks_guidance for each in dispatches(town.core)] == [False]


def test_a_family_of_another_county_goes_to_no_school_though_later_lists_do_not_say_so(town: Desk) -> None:
    outside = DISPATCH | MORE | {"外縣市": "是"}
    assert town.is_refused(Kind.DISPATCHES, outside) == [(2, "單位代碼")]
    town.imports(Kind.DISPATCHES, DISPATCH)
    town.imports(Kind.DISPATCHES, outside)
    again = DISPATCH | {"派案日期": "115/03/02"}
    assert town.is_refused(Kind.DISPATCHES, again) == [(2, "單位代碼")]
    town.imports(Kind.DISPATCHES, DISPATCH | MORE)
    assert town.imports(Kind.DISPATCHES, again) == Report(added=1)


def test_wrong_cells_of_optional_columns_are_named(town: Desk) -> None:
    wrong = DISPATCH | {"問題類型": "經濟困難、沒有的類型", "需回覆親職教養": "Y", "外縣市": "?"}
    assert town.is_refused(Kind.DISPATCHES, wrong) == [(2, heading) for heading in MORE]
