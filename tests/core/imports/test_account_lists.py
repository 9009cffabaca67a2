"""The list of accounts once more: what was decided here stays until the list says something else (ACC-5 to ACC-9)."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from core.access import system
from core.accounts import sessions
from core.accounts.models import Account, Permission
from core.accounts.service import extend_account, grant_permission, take_permission
from core.audit import Door
from core.clock import FixedClock, taipei_date
from core.context import Context, Core
from core.duties.models import Duty, SubjectKind
from core.duties.plans import DutyKind
from core.imports.results import Report
from core.imports.service import Kind
from core.otp.models import Purpose
from core.otp.service import CodeRight, CodeSent, code_of, send_code, verify
from tests.builders import a_national_id
from tests.core.accounts.requests.asking import mails
from tests.core.imports.test_import import ACCOUNT, ID, UNIT, Desk

OLD, NEW = ACCOUNT["電子郵件"], "yi-chun@school.example"
OTHER_ID = a_national_id(3)
OTHER = ACCOUNT | {"帳號": f"CD{OTHER_ID[-4:]}", "身分證字號": OTHER_ID, "電子郵件": "lin@school.example"}
EXTENDED = date(2027, 12, 31)
SAME, CHANGED = Report(added=0, changed=0, same=1), Report(added=0, changed=1, same=0)


@pytest.fixture
def town(core_sqlite: Core, tmp_path: Path) -> Desk:
    desk = Desk(core_sqlite, tmp_path)
    desk.imports(Kind.UNITS, UNIT)
    desk.imports(Kind.ACCOUNTS, ACCOUNT)
    return desk


def the_account(ctx: Context, code: str = ACCOUNT["帳號"]) -> Account:
    return ctx.session.scalars(select(Account).where(Account.code == code)).one()


def decide_here(core: Core, *, address: str = NEW) -> None:
    """Give the account another address, a later last day and one permission for another, as requests do."""
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        account = the_account(ctx)
        account.email, account.email_key = ctx.vault.seal(address), ctx.vault.look_up("email", address)
        extend_account(ctx, account, EXTENDED)
        take_permission(ctx, account.code, Permission.MEAL_CHECKS)


def standing(core: Core) -> tuple[str, date, frozenset[Permission]]:
    with core.reading(system("tests"), Door.COMMAND) as ctx:
        account = the_account(ctx)
        return ctx.vault.open(account.email), account.ends_on, account.permissions


DECIDED = (NEW, EXTENDED, frozenset({Permission.CASEWORKER}))


def test_the_same_list_once_more_undoes_nothing_that_was_decided_here(town: Desk) -> None:
    decide_here(town.core)
    assert town.imports(Kind.ACCOUNTS, ACCOUNT, dry_run=True) == SAME
    assert town.imports(Kind.ACCOUNTS, ACCOUNT) == SAME
    assert standing(town.core) == DECIDED


def test_a_row_that_changed_changes_what_it_names_and_nothing_else(town: Desk) -> None:
    decide_here(town.core)
    assert town.imports(Kind.ACCOUNTS, ACCOUNT | {"職稱": "輔導主任"}) == CHANGED
    assert standing(town.core) == DECIDED
    moved = ACCOUNT | {"職稱": "輔導主任", "電子郵件": "chen.new@school.example"}
    assert town.imports(Kind.ACCOUNTS, moved) == CHANGED
    assert standing(town.core) == ("chen.new@school.example", *DECIDED[1:])
    assert town.imports(Kind.ACCOUNTS, moved | {"到期日期": "116/06/30"}) == CHANGED
    assert standing(town.core) == ("chen.new@school.example", date(2027, 6, 30), DECIDED[2])
    assert town.imports(Kind.ACCOUNTS, moved | {"到期日期": "116/06/30", "權限": "2462"}) == CHANGED
    assert standing(town.core)[2] == frozenset({Permission.MEAL_CHECKS})


def test_what_the_list_took_over_by_itself_is_the_same(town: Desk) -> None:
    decide_here(town.core)
    assert town.imports(Kind.ACCOUNTS, ACCOUNT | {"電子郵件": NEW, "到期日期": "116/12/31", "權限": "90097"}) == SAME
    assert standing(town.core) == DECIDED


def test_whose_unit_changes_holds_what_the_list_says(town: Desk) -> None:
    town.imports(Kind.UNITS, UNIT, {"單位代碼": "W1", "單位名稱": "永和社福中心", "上級代碼": "", "類別": "社福中心"})
    at_centre = ACCOUNT | {"單位代碼": "W1"}
    town.imports(Kind.ACCOUNTS, at_centre)
    with town.core.transaction(system("tests"), Door.COMMAND) as ctx:
        grant_permission(ctx, ACCOUNT["帳號"], Permission.SUPERVISOR)
    assert town.imports(Kind.ACCOUNTS, at_centre) == SAME
    assert Permission.SUPERVISOR in standing(town.core)[2]
    assert town.imports(Kind.ACCOUNTS, ACCOUNT) == CHANGED
    assert standing(town.core)[2] == frozenset({Permission.CASEWORKER, Permission.MEAL_CHECKS})


def test_an_address_that_was_given_up_here_and_is_anothers_now_holds_up_no_list(town: Desk) -> None:
    town.imports(Kind.ACCOUNTS, ACCOUNT, OTHER)
    decide_here(town.core)
    with town.core.transaction(system("tests"), Door.COMMAND) as ctx:
        other = the_account(ctx, OTHER["帳號"])
        other.email, other.email_key = ctx.vault.seal(OLD), ctx.vault.look_up("email", OLD)
    assert town.imports(Kind.ACCOUNTS, ACCOUNT, OTHER) == Report(added=0, changed=0, same=2)
    assert standing(town.core) == DECIDED
    assert town.is_refused(Kind.ACCOUNTS, OTHER | {"電子郵件": NEW}) == [(2, "電子郵件")]


def test_an_id_of_another_account_is_refused_all_the_same(town: Desk) -> None:
    assert town.is_refused(Kind.ACCOUNTS, OTHER | {"帳號": f"CD{ID[-4:]}", "身分證字號": ID}) == [(2, "身分證字號")]


BEFORE_IT = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("decided", "listed", "told"),
    [
        pytest.param(OLD, OLD, None, id="unchanged"),
        pytest.param(OLD, "CHEN@School.example", None, id="the same mailbox, written otherwise"),
        pytest.param(OLD, NEW, OLD, id="changed"),
        pytest.param(NEW, OLD, None, id="decided here, and the list says what it always said"),
        pytest.param(NEW, NEW, None, id="the list follows what was decided here"),
    ],
)
def test_acc_7_a_mailbox_that_the_list_replaces_is_told_and_opens_nothing_more(
    town: Desk, clock: FixedClock, decided: str, listed: str, told: str | None
) -> None:
    decide_here(town.core, address=decided)
    session, challenge = signed_in(town.core)
    clock.move(BEFORE_IT)
    town.imports(Kind.ACCOUNTS, ACCOUNT | {"電子郵件": listed})
    assert standing(town.core)[0] == (listed if told else decided)
    assert [len(mails(town.core, each)) for each in (OLD, NEW)] == [told == OLD, told == NEW]
    assert still_good(town.core, session, challenge) == (told is None)


def test_acc_7_changed_back_the_mailbox_between_is_told_and_the_first_one_holds(town: Desk, clock: FixedClock) -> None:
    town.imports(Kind.ACCOUNTS, ACCOUNT | {"電子郵件": NEW})
    session, challenge = signed_in(town.core)
    clock.move(BEFORE_IT)
    town.imports(Kind.ACCOUNTS, ACCOUNT)
    assert standing(town.core)[0] == OLD
    assert len(mails(town.core, OLD)) == len(mails(town.core, NEW)) == 1
    assert "您的登記信箱已變更" in mails(town.core, NEW)[0]
    assert "c***@school.example" in mails(town.core, NEW)[0]
    assert OLD not in mails(town.core, NEW)[0]
    assert not still_good(town.core, session, challenge)


def test_a_rehearsal_of_a_list_tells_no_mailbox_and_ends_nothing(town: Desk) -> None:
    session, challenge = signed_in(town.core)
    town.imports(Kind.ACCOUNTS, ACCOUNT | {"電子郵件": NEW}, dry_run=True)
    assert mails(town.core, OLD) == []
    assert still_good(town.core, session, challenge)


def test_acc_6_a_list_keeps_the_duties_of_all_its_ends(town: Desk) -> None:
    rows = (ACCOUNT | {"憑證到期日": "115/10/31"}, OTHER | {"憑證到期日": ""})
    assert town.imports(Kind.ACCOUNTS, *rows) == Report(added=1, changed=1, same=0)
    assert ends(town.core) == [
        (ACCOUNT["帳號"], DutyKind.ACCOUNT_END, date(2026, 12, 31)),
        (ACCOUNT["帳號"], DutyKind.CERTIFICATE_END, date(2026, 10, 31)),
        (OTHER["帳號"], DutyKind.ACCOUNT_END, date(2026, 12, 31)),
    ]
    town.imports(
        Kind.ACCOUNTS, ACCOUNT | {"憑證到期日": "", "到期日期": "116/12/31"}, rows[1] | {"到期日期": "115/03/03"}
    )
    assert ends(town.core) == [(ACCOUNT["帳號"], DutyKind.ACCOUNT_END, date(2027, 12, 31))]


def ends(core: Core) -> list[tuple[str, DutyKind, date]]:
    """Return the open duties of the accounts' ends, with their days."""
    with core.store.reading() as session:
        about = (Duty.subject_kind == SubjectKind.ACCOUNT, Duty.ended_at.is_(None))
        found = session.execute(
            select(Account.code, Duty.kind, Duty.due_at).join(Duty, Duty.subject_id == Account.id).where(*about)
        )
        return sorted((code, kind, taipei_date(due)) for code, kind, due in found)


def signed_in(core: Core) -> tuple[str, str]:
    """Begin a session, and send a code to another browser; return the session's token and the challenge."""
    with core.transaction(system("tests"), Door.DESK) as ctx:
        sent = send_code(
            ctx, the_account(ctx).id, Purpose.SIGN_IN, "another browser", address=ctx.vault.seal("x@y.example")
        )
        assert isinstance(sent, CodeSent)
        return sessions.begin(ctx, the_account(ctx).id), sent.challenge


def still_good(core: Core, session: str, challenge: str) -> bool:
    """Return whether both the session and the code still open the desk; they live and end together."""
    with core.transaction(system("tests"), Door.DESK) as ctx:
        goes_on = sessions.resume(ctx, session) is not None
        right = verify(ctx, challenge, code_of(core.vault, challenge), Purpose.SIGN_IN, "another browser")
    assert goes_on == isinstance(right, CodeRight)
    return goes_on
