"""The audit's chain: written with the transaction, and any row altered, removed, slipped in or cut off is found."""

from __future__ import annotations

from collections.abc import Iterable
from threading import Thread

import pytest
from sqlalchemy import text

from core import audit
from core.access import system
from core.audit import Door
from core.context import Core

ROWS = 5


def note(core: Core, *acts: str) -> None:
    with core.transaction(system("test"), Door.COMMAND) as ctx:
        for act in acts:
            ctx.note(act, "subject:1", ("email", "phone"))


def note_and_fail(core: Core) -> None:
    with core.transaction(system("test"), Door.COMMAND) as ctx:
        ctx.note("never", "subject:1")
        raise ZeroDivisionError


def verified(core: Core) -> int | None:
    with core.store.reading() as session:
        return audit.verify(session, core.vault)


@pytest.fixture
def chain(core: Core) -> Core:
    note(core, "one", "two")
    note(core, "three")
    note(core, "four", "five")
    return core


def test_an_untouched_chain_is_whole(core: Core) -> None:
    assert verified(core) is None
    note(core, "one", "two")
    assert verified(core) is None


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ("UPDATE audit_rows SET act = 'other' WHERE id = 3", 3),
        ("UPDATE audit_rows SET actor = 'other' WHERE id = 1", 1),
        ("UPDATE audit_rows SET fields = 'email' WHERE id = 5", 5),
        ("DELETE FROM audit_rows WHERE id = 1", 1),
        ("DELETE FROM audit_rows WHERE id = 3", 3),
        ("DELETE FROM audit_rows WHERE id = 5", 5),
        ("DELETE FROM audit_rows", 1),
        ("UPDATE audit_rows SET id = 6 WHERE id = 5", 5),
        ("UPDATE audit_head SET last_row = 4", 6),
    ],
)
def test_whatever_is_done_to_the_rows_is_found(chain: Core, change: str, found: int) -> None:
    with chain.store.transaction() as session:
        session.execute(text(change))
    assert verified(chain) == found


def test_the_newest_rows_cut_off_with_the_head_put_back_are_found(chain: Core) -> None:
    with chain.store.transaction() as session:
        session.execute(text("DELETE FROM audit_rows WHERE id > 3"))
        session.execute(
            text("UPDATE audit_head SET last_row = 3, chained = (SELECT chained FROM audit_rows WHERE id = 3)")
        )
    assert verified(chain) == 4


def test_rows_of_a_version_that_stored_the_links_themselves_are_whole(chain: Core) -> None:
    with chain.store.transaction() as session:
        link = session.scalar(text("SELECT chained FROM audit_head"))
        session.execute(text("UPDATE audit_rows SET chained = :link WHERE id = 5"), {"link": link})
    note(chain, "six")
    assert verified(chain) is None


def test_a_row_slipped_in_with_a_copied_link_is_found(chain: Core) -> None:
    with chain.store.transaction() as session:
        session.execute(
            text(
                "INSERT INTO audit_rows (id, at, door, actor, act, subject, fields, chained) "
                "SELECT 6, at, door, actor, act, subject, fields, chained FROM audit_rows WHERE id = 5"
            )
        )
    assert verified(chain) == 6


def test_what_is_rolled_back_leaves_no_row(core: Core) -> None:
    with pytest.raises(ZeroDivisionError):
        note_and_fail(core)
    note(core, "one")
    assert verified(core) is None
    with core.store.reading() as session:
        assert session.scalars(text("SELECT act FROM audit_rows")).all() == ["one"]


def test_many_at_once_make_one_chain(core: Core) -> None:
    threads = [Thread(target=note, args=(core, f"{number}a", f"{number}b")) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert verified(core) is None
    with core.store.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM audit_rows")) == 40


def test_an_address_names_what_was_asked_for_and_nothing_a_database_does_not_take() -> None:
    assert audit.address("page:desk.light", {"number": "WK1", "unit": 7}) == "page:desk.light number=WK1 unit=7"
    assert audit.address("page:desk.light", {"number": "W\0K\n1\u202e"}) == "page:desk.light number=WK1"
    assert len(audit.address("page:desk.light", {"number": "9" * 500})) == audit.SUBJECT_AT_MOST


@pytest.mark.parametrize(
    ("typed", "noted"),
    [
        ("AB1234", "AB1234"),
        ("王小明", "?"),
        ("Wang Ming", "?"),
        ("ming@example.test", "?"),
        ("A123456789", "A1****6789"),
        ("a123456789", "a1****6789"),
        ("A12345678", "A12345678"),
        ("", ""),
    ],
)
def test_acc_10_whoever_is_looked_for_by_name_or_id_does_not_stand_in_the_audit(typed: str, noted: str) -> None:
    assert audit.address("page:desk.accounts", {"code": typed}) == f"page:desk.accounts code={noted}"


@pytest.mark.parametrize(
    ("ids", "subjects"),
    [
        ([], []),
        (["WK1"], ["cases:WK1"]),
        (range(1, 11), ["cases:1,2,3,4,5,6,7,8,9,10"]),
        (range(1, 12), ["cases:1,2,3,4,5,6,7,8,9,10", "cases:11"]),
        (["n" * 56, "n" * 57], ["cases:" + "n" * 56 + "," + "n" * 57]),
        (["n" * 57, "m" * 57], ["cases:" + "n" * 57, "cases:" + "m" * 57]),
        ([7, 5, 7, 7], ["cases:7,5"]),
        (["n" * 114], ["cases:" + "n" * 114]),
    ],
)
def test_a_list_names_each_row_it_showed(ids: Iterable[int | str], subjects: list[str]) -> None:
    assert list(audit.subjects("cases", ids)) == subjects
    assert all(len(subject) <= audit.SUBJECT_AT_MOST for subject in subjects)
