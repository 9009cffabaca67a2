"""Lists brought in at the desk: shown first, put in once as they were shown, and kept no longer than needed."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from threading import Barrier

import pytest
from sqlalchemy import func, select

from core.access import Actor, Units
from core.accounts.models import Role
from core.audit import AuditRow, Door
from core.checks import service as checks
from core.clock import FixedClock
from core.context import Context, Core
from core.database import Store
from core.dispatches import service as dispatches
from core.dispatches.models import Dispatch
from core.duties.models import Duty
from core.errors import Conflict, Expired, NotAllowed, NotFound
from core.imports.kinds import Kind, kinds_for
from core.imports.models import Upload, UploadState
from core.imports.results import ImportRefused, Put, Report
from core.imports.turns import take_turn
from core.imports.uploads import (
    BYTES_AT_MOST,
    KEPT,
    ROWS_AT_MOST,
    Brought,
    Standing,
    confirm_upload,
    drop_upload,
    forget_uploads,
    keep_upload,
    read_ahead,
    read_kept,
    standing,
)
from core.many import in_batches
from core.policy import Policy
from core.secrets import Vault
from scheduler.jobs import JOBS
from scheduler.uploads import forget_uploads as job
from tests.builders import a_unit, an_account
from tests.core.imports.lists import CHECK, DISPATCH, UNIT, a_csv, an_xlsx, many

LIST = a_csv([DISPATCH])


class Center:
    """Somebody of the Center at the desk."""

    def __init__(self, core: Core, role: Role = Role.CENTER) -> None:
        self.core = core
        account = an_account(core, role=role, permissions=())
        self.actor = Actor(account.code, account.id, account.unit_id, role, units=Units(everything=True))

    @contextmanager
    def at_desk(self) -> Iterator[Context]:
        with self.core.transaction(self.actor, Door.DESK) as ctx:
            yield ctx

    def sends(self, content: bytes = LIST, name: str = "list.csv", kind: Kind = Kind.DISPATCHES) -> int:
        with self.at_desk() as ctx:
            return keep_upload(ctx, kind, name, content)

    def sees(self, number: int) -> Standing:
        with self.at_desk() as ctx:
            return standing(ctx, number)

    def digest(self, number: int) -> str:
        preview = self.sees(number).preview
        assert preview is not None
        return preview.digest

    def confirms(self, number: int, digest: str) -> Brought | Standing:
        with self.at_desk() as ctx:
            return confirm_upload(ctx, number, digest)

    def is_refused(self, content: bytes, name: str = "list.csv") -> list[tuple[int, str]]:
        with pytest.raises(ImportRefused) as refused:
            self.sends(content, name)
        return [(each.row, each.column or each.reason) for each in refused.value.problems]


@pytest.fixture
def center(core: Core) -> Center:
    a_unit(core, "永平國小", code="S1")
    return Center(core)


def count(core: Core, table: type[Dispatch | Duty | Upload]) -> int:
    with core.store.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def kept(core: Core, number: int) -> Upload:
    with core.store.reading() as session:
        return session.get_one(Upload, number)


def acts(core: Core) -> dict[str, str]:
    with core.store.reading() as session:
        rows = session.execute(select(AuditRow.act, AuditRow.fields).where(AuditRow.act.startswith("import")))
        return {row.act: row.fields for row in rows}


@pytest.mark.parametrize(("content", "name"), [(LIST, "list.CSV"), (an_xlsx([DISPATCH]), "清單.xlsx")])
def test_a_preview_saves_nothing_and_a_confirmation_saves_once(center: Center, content: bytes, name: str) -> None:
    number = center.sends(content, name)
    shown = center.sees(number).preview
    assert shown is not None
    assert (shown.report, count(center.core, Dispatch), count(center.core, Duty)) == (Report(added=1), 0, 0)
    assert shown.rows[0].put is Put.ADDED
    assert dict(shown.rows[0].cells)["案主姓名"] == "王○明"
    first, second = center.confirms(number, shown.digest), center.confirms(number, shown.digest)
    assert isinstance(first, Brought)
    assert isinstance(second, Brought)
    assert (first.is_new, second.is_new) == (True, False)
    assert first.report == second.report == Report(added=1)
    assert count(center.core, Dispatch) == 1


@pytest.mark.parametrize("kind", [Kind.DISPATCHES, Kind.CHECKS])
def test_a_look_ahead_writes_nothing_and_says_what_putting_it_in_does(
    center: Center, kind: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (dispatches, checks):
        monkeypatch.setattr(module, "in_batches", partial(in_batches, size=4))
    row, key, name = (DISPATCH, "案件編號", "個管人員") if kind is Kind.DISPATCHES else (CHECK, "檢核編號", "兒少姓名")
    before = [row | {key: f"WK2{number:03}"} for number in range(12)]
    center.confirms(first := center.sends(a_csv(before), kind=kind), center.digest(first))
    new = [row | {key: f"WK3{number:03}"} for number in range(3)]
    listed = a_csv([*new, before[0] | {name: "李大華"}, *before[1:9], before[10] | {name: "陳小明"}])
    with center.core.reading(center.actor, Door.DESK) as reading:
        ahead = read_ahead(reading, kind, "list.csv", listed)
    assert ahead.planned is not None
    assert ahead.planned.report == Report(added=3, changed=2, same=8)
    with center.at_desk() as ctx:
        number = keep_upload(ctx, kind, "list.csv", listed, ahead)
    digest = center.digest(number)
    with center.at_desk() as ctx:
        done = confirm_upload(ctx, number, digest, ahead)
        assert isinstance(done, Brought)
        assert done.report == ahead.planned.report


def test_a_look_ahead_waits_for_no_writer(center: Center) -> None:
    with center.at_desk() as writing, center.core.reading(center.actor, Door.DESK) as reading:
        writing.note("import", "import:dispatches")
        writing.session.flush()
        ahead = read_ahead(reading, Kind.DISPATCHES, "list.csv", LIST)
    assert ahead.planned is not None
    assert ahead.planned.report == Report(added=1)


def test_two_rows_of_a_case_that_names_other_problems_are_foreseen_as_they_are_put(center: Center) -> None:
    a_unit(center.core, "永和國小", code="S2")
    of_two = [DISPATCH | {"問題類型": ""}, DISPATCH | {"單位代碼": "S2", "問題類型": ""}]
    center.confirms(first := center.sends(a_csv(of_two)), center.digest(first))
    number = center.sends(a_csv([each | {"問題類型": "家庭衝突"} for each in of_two]))
    shown = center.sees(number).preview
    assert shown is not None
    assert shown.report == Report(changed=1, same=1)
    assert isinstance(center.confirms(number, shown.digest), Brought)


def test_what_moved_since_it_was_shown_is_seen_before_anything_is_written(center: Center) -> None:
    number = center.sends()
    digest = center.digest(number)
    center.confirms(other := center.sends(an_xlsx([DISPATCH]), "list.xlsx", Kind.DISPATCHES), center.digest(other))
    with center.core.reading(center.actor, Door.DESK) as reading:
        assert read_kept(reading, number) is None  # the newer one has taken its place
    third = center.sends()
    with center.core.reading(center.actor, Door.DESK) as reading:
        ahead = read_kept(reading, third)
    with center.at_desk() as ctx:
        moved = confirm_upload(ctx, third, digest, ahead)
    assert isinstance(moved, Standing)
    assert moved.preview is not None
    assert moved.preview.report == Report(same=1)


def test_it_is_kept_sealed_and_goes_with_its_confirmation(center: Center) -> None:
    number = center.sends()
    row = kept(center.core, number)
    assert row.content is not None
    assert "王小明".encode() not in row.content.token
    center.confirms(number, center.digest(number))
    row = kept(center.core, number)
    assert (row.state, row.content, row.added) == (UploadState.DONE, None, 1)


def test_the_audit_says_who_brought_in_what_in_numbers(center: Center) -> None:
    number = center.sends()
    center.confirms(number, center.digest(number))
    assert acts(center.core) == {
        "import.kept": "dispatches", "import.shown": "dispatches", "import.done": "dispatches",
        "import": "added:1,changed:0,same:0",
    }  # fmt: skip


def test_where_something_else_would_come_of_it_that_is_shown_first(center: Center) -> None:
    number = center.sends()
    digest = center.digest(number)
    other = Center(center.core)
    theirs = other.sends()
    other.confirms(theirs, other.digest(theirs))
    again = center.confirms(number, digest)
    assert isinstance(again, Standing)
    assert again.preview is not None
    assert again.preview.report == Report(same=1)
    assert kept(center.core, number).state is UploadState.WAITING
    done = center.confirms(number, again.preview.digest)
    assert isinstance(done, Brought)
    assert done.report == Report(same=1)


def test_what_became_wrong_meanwhile_is_refused(center: Center) -> None:
    number = center.sends()
    digest = center.digest(number)
    other = Center(center.core)
    theirs = other.sends(a_csv([DISPATCH | {"案主姓名": "王大華", "派案日期": "115/03/02"}]))
    other.confirms(theirs, other.digest(theirs))
    with pytest.raises(ImportRefused, match="REPLY-15"):
        center.confirms(number, digest)
    assert count(center.core, Dispatch) == 1


def test_every_wrong_row_is_named_and_nothing_is_kept(center: Center) -> None:
    rows = [DISPATCH, DISPATCH | {"案件編號": "", "派案日期": "?"}, DISPATCH | {"單位代碼": "S9"}]
    assert center.is_refused(a_csv(rows)) == [(3, "案件編號"), (3, "派案日期"), (4, "單位代碼")]
    assert count(center.core, Upload) == 0


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "", "還沒有選擇檔案"),
        (LIST, "list.pdf", "只接受 xlsx 與 csv 檔"),
        (LIST, "list.xlsx", "不是可讀的 xlsx 檔"),
        (an_xlsx([DISPATCH]), "list.csv", "不是 csv 檔"),
        (b"\0" * 100, "list.csv", "看不懂 csv 檔的文字編碼"),
        (a_csv([DISPATCH]).splitlines()[0], "list.csv", "沒有資料列"),
        (b"x" * (BYTES_AT_MOST + 1), "list.csv", f"超過 {BYTES_AT_MOST // 1024} KB"),
        (a_csv(many(ROWS_AT_MOST + 1)), "list.csv", f"超過 {ROWS_AT_MOST:,} 列"),
    ],
)
def test_what_is_no_list_is_refused_in_one_sentence(center: Center, content: bytes, name: str, said: str) -> None:
    ((row, reason),) = center.is_refused(content, name)
    assert (row, said in reason) == (0, True)


def test_another_list_of_its_kind_takes_its_place(center: Center) -> None:
    number = center.sends()
    digest = center.digest(number)
    check = center.sends(a_csv([CHECK]), kind=Kind.CHECKS)
    center.sends(a_csv(many(2)))
    assert kept(center.core, number).content is None
    assert kept(center.core, check).content is not None
    with pytest.raises(Expired, match="已由較新的檔案取代"):
        center.confirms(number, digest)
    assert count(center.core, Dispatch) == 0


def test_it_is_dropped_once(center: Center) -> None:
    number = center.sends()
    with center.at_desk() as ctx:
        assert [drop_upload(ctx, number) for _ in range(2)] == [True, False]
    assert kept(center.core, number).content is None


def test_after_an_hour_it_is_gone_whether_or_not_the_job_ran(center: Center, clock: FixedClock) -> None:
    number = center.sends()
    clock.move(KEPT - timedelta(microseconds=1))
    digest = center.digest(number)
    assert job(center.core, clock.now()) == 0
    clock.move(timedelta(microseconds=1))
    with pytest.raises(Expired):
        center.confirms(number, digest)
    assert [job(center.core, clock.now()) for _ in range(2)] == [1, 0]
    assert count(center.core, Upload) == 0
    with pytest.raises(NotFound):
        center.sees(number)


def test_the_job_stands_in_the_table_and_works_in_batches(center: Center, clock: FixedClock) -> None:
    assert {each.function: each.cadence for each in JOBS}[job] == timedelta(minutes=5)
    for _ in range(3):
        center.sends()
    clock.move(KEPT)
    with center.at_desk() as ctx:
        assert [forget_uploads(ctx, 2) for _ in range(3)] == [2, 1, 0]


def test_anothers_list_is_as_if_it_did_not_exist(center: Center) -> None:
    number = center.sends()
    other = Center(center.core)
    with pytest.raises(NotFound):
        other.sees(number)
    with pytest.raises(NotFound):
        other.confirms(number, center.digest(number))
    with pytest.raises(NotFound), other.at_desk() as ctx:
        drop_upload(ctx, number)


@pytest.fixture
def served(postgres_store: Store, vault: Vault, policy: Policy, clock: FixedClock) -> Center:
    """Somebody of the Center before a desk that several processes serve."""
    core = Core(postgres_store, vault, policy, clock)
    a_unit(core, "永平國小", code="S1")
    return Center(core)


@pytest.mark.postgres
def test_while_another_import_runs_one_is_told_to_come_again(served: Center, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.imports.uploads.PATIENCE_SECONDS", 1)
    number = served.sends()
    digest = served.digest(number)
    with served.core.store.transaction() as importing:
        take_turn(importing)
        with pytest.raises(Conflict, match="另一份清單正在匯入"):
            served.confirms(number, digest)
    assert isinstance(served.confirms(number, digest), Brought)


@pytest.mark.postgres
def test_confirmed_twice_at_once_it_is_put_in_once(served: Center) -> None:
    number = served.sends(a_csv(many(20)))
    digest, together = served.digest(number), Barrier(2)

    def confirms(_: int) -> bool:
        together.wait()
        done = served.confirms(number, digest)
        return isinstance(done, Brought) and done.is_new

    with ThreadPoolExecutor(2) as tabs:
        assert sorted(tabs.map(confirms, range(2))) == [False, True]
    assert count(served.core, Dispatch) == 20


@pytest.mark.parametrize("role", Role)
def test_who_may_bring_in_what(core_sqlite: Core, role: Role) -> None:
    cases, all_of_them = (Kind.DISPATCHES, Kind.CHECKS), tuple(Kind)
    wanted = {Role.CENTER: cases, Role.ADMIN: all_of_them}.get(role, ())
    somebody = Center(core_sqlite, role)
    assert set(kinds_for(somebody.actor)) == set(wanted)
    for kind in set(Kind) - set(wanted):
        with pytest.raises(NotAllowed):
            somebody.sends(a_csv([UNIT]), kind=kind)
