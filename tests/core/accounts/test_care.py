"""What the desk does for an account: disabled with a reason, a lost phone unbound, codes opened again (A27, OTP-6)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from core.access import Actor
from core.accounts import sessions
from core.accounts.care import disable_with_reason, reopen_codes, unbind_phone
from core.accounts.looking import account_file, list_units, search_accounts, unit_of, units_below
from core.accounts.models import Account, Binding, BindingEnd, Role, UnitKind
from core.accounts.requests.models import RequestState
from core.accounts.rules import Standing
from core.accounts.trail import trail_of
from core.audit import AuditRow, Door
from core.context import Context, Core
from core.errors import NotAllowed, NotFound, RuleBroken
from core.otp.models import WrongCodes
from tests.builders import Bound, a_bound_account, a_unit, an_account
from tests.core.accounts.requests.asking import Asking, mails
from tests.services import acting

LOST = "lost@example.gov.tw"
Act = Callable[[Context, str], object]
ACTS: dict[str, Act] = {
    "disable": lambda ctx, code: disable_with_reason(ctx, code, "離職"),
    "unbind": unbind_phone,
    "reopen": reopen_codes,
    "file": account_file,
    "trail": lambda ctx, code: trail_of(ctx, code, 0, 5),
    "search": lambda ctx, _: search_accounts(ctx, "永平", 0, 5),
    "units": lambda ctx, _: list_units(ctx, "", 0, 5),
}
MAY = {
    "disable": {Role.ADMIN},
    "unbind": {Role.ADMIN, Role.HELPDESK},
    "reopen": {Role.ADMIN, Role.HELPDESK},
    "file": {Role.ADMIN, Role.HELPDESK},
    "trail": {Role.ADMIN},
    "search": {Role.ADMIN, Role.HELPDESK},
    "units": {Role.ADMIN, Role.HELPDESK},
}


@pytest.fixture
def bound(core_sqlite: Core) -> Bound:
    return a_bound_account(core_sqlite, a_unit(core_sqlite, "永平國民小學", code="S01"), email=LOST)


@pytest.fixture
def admin(core_sqlite: Core) -> Account:
    return an_account(core_sqlite, a_unit(core_sqlite, "社會局"), role=Role.ADMIN, permissions=())


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("name", ACTS)
def test_who_may_do_what(core_sqlite: Core, bound: Bound, name: str, role: Role) -> None:
    actor = an_account(core_sqlite, a_unit(core_sqlite), role=role, permissions=())
    if role in MAY[name]:
        with acting(core_sqlite, actor) as ctx:
            ACTS[name](ctx, bound.account.code)
    else:
        with pytest.raises(NotAllowed), acting(core_sqlite, actor) as ctx:
            ACTS[name](ctx, bound.account.code)


@pytest.mark.parametrize("name", ["disable", "unbind", "reopen", "file", "trail"])
def test_an_account_that_is_not_there(core_sqlite: Core, admin: Account, name: str) -> None:
    with pytest.raises(NotFound), acting(core_sqlite, admin) as ctx:
        ACTS[name](ctx, "ZZ0000")


def test_disabling_ends_everything_and_says_why(core_sqlite: Core, bound: Bound, admin: Account) -> None:
    with acting(core_sqlite, admin) as ctx:
        assert disable_with_reason(ctx, bound.account.code, " 已離職 ")
    with acting(core_sqlite, admin) as ctx:
        file = account_file(ctx, bound.account.code)
        assert not disable_with_reason(ctx, bound.account.code, "再一次")
    assert (file.view.standing, file.disabled_why, file.bound_at) == (Standing.DISABLED, "已離職", None)
    assert "已離職" in mails(core_sqlite, LOST)[-1]


@pytest.mark.parametrize("reason", ["", " ", "無", "理" * 301])
def test_disabling_needs_a_reason(core_sqlite: Core, bound: Bound, admin: Account, reason: str) -> None:
    with pytest.raises(RuleBroken), acting(core_sqlite, admin) as ctx:
        disable_with_reason(ctx, bound.account.code, reason)


def test_nobody_disables_themselves(core_sqlite: Core, admin: Account) -> None:
    with pytest.raises(RuleBroken, match="另一位管理員"), acting(core_sqlite, admin) as ctx:
        disable_with_reason(ctx, admin.code, "測試")


def test_a27_a_lost_phone_is_unbound_with_its_sessions(core_sqlite: Core, bound: Bound, admin: Account) -> None:
    with core_sqlite.transaction(Actor(name="visitor"), Door.DESK) as ctx:
        token = sessions.begin(ctx, bound.account.id)
    with acting(core_sqlite, admin) as ctx:
        before = account_file(ctx, bound.account.code)
        assert unbind_phone(ctx, bound.account.code)
        assert not unbind_phone(ctx, bound.account.code)
    assert (before.sessions, before.bound_at) == (1, core_sqlite.clock.now())
    with core_sqlite.transaction(Actor(name="visitor"), Door.DESK) as ctx:
        assert sessions.resume(ctx, token) is None
        assert ctx.session.scalars(select(Binding.ending)).all() == [BindingEnd.BY_STAFF]
    assert "管理員解除" in mails(core_sqlite, LOST)[-1]


def test_codes_that_were_closed_are_opened_again(core_sqlite: Core, bound: Bound, admin: Account) -> None:
    with core_sqlite.store.transaction() as session:
        session.add(WrongCodes(account_id=bound.account.id, in_a_row=100, closed_at=core_sqlite.clock.now()))
    with acting(core_sqlite, admin) as ctx:
        assert account_file(ctx, bound.account.code).codes.is_closed
        assert reopen_codes(ctx, bound.account.code)
        ctx.session.expire_all()
        assert not account_file(ctx, bound.account.code).codes.is_closed


def test_a_file_shows_what_was_asked_for(core_sqlite: Core, bound: Bound, admin: Account) -> None:
    Asking(core_sqlite, bound.account).files_email()
    with acting(core_sqlite, admin) as ctx:
        file = account_file(ctx, bound.account.code)
    assert [each.state for each in file.requests] == [RequestState.FILED]
    assert file.view.email == "l***@example.gov.tw"


def test_accounts_are_found_by_name_and_by_unit_with_names_masked(
    core_sqlite: Core, bound: Bound, admin: Account
) -> None:
    other = an_account(core_sqlite, a_unit(core_sqlite, "海山國民小學"), name="林書豪")
    with acting(core_sqlite, admin) as ctx:
        found = {
            typed: search_accounts(ctx, typed, 0, 5) for typed in ("林書豪", "林書", "永平", "S01", "s01", "%", "", " ")
        }
    by = {typed: [row.code for row in page.rows] for typed, page in found.items()}
    own = [bound.account.code]
    assert by == {"林書豪": [other.code], "林書": [], "永平": own, "S01": own, "s01": own, "%": [], "": [], " ": []}
    assert found["林書豪"].rows[0].name == "林○豪"


def test_units_are_listed_with_what_is_over_and_below_them(core_sqlite: Core, admin: Account) -> None:
    bureau = a_unit(core_sqlite, "教育局", kind=UnitKind.BUREAU)
    school = a_unit(core_sqlite, "清溪國民小學", parent=bureau)
    an_account(core_sqlite, school)
    with acting(core_sqlite, admin) as ctx:
        (line,) = list_units(ctx, "清溪", 0, 5).rows
        assert (line.over, line.accounts) == ("教育局", 1)
        assert [each.id for each in units_below(ctx, bureau.id, 5).rows] == [school.id]
        assert unit_of(ctx, bureau.id).over == ""
        with pytest.raises(NotFound):
            unit_of(ctx, 987654)


def test_the_trail_tells_both_what_it_did_and_what_was_done_to_it(
    core_sqlite: Core, bound: Bound, admin: Account
) -> None:
    with core_sqlite.transaction(Actor(name=bound.account.code), Door.CHAT) as ctx:
        ctx.note("show_case", "case:WK00017", ("child_name",))
    with acting(core_sqlite, admin) as ctx:
        unbind_phone(ctx, bound.account.code)
    with acting(core_sqlite, admin) as ctx:
        page = trail_of(ctx, bound.account.code, 0, 10)
    newest, *_, oldest = page.rows
    assert (newest.actor, newest.act, newest.is_its_own) == (admin.code, "link.ended", False)
    assert (oldest.act, oldest.subject, oldest.is_its_own) == ("show_case", "case", True)
    with core_sqlite.store.reading() as session:
        shown = session.scalars(select(AuditRow).where(AuditRow.act == "show_audit")).one()
    assert (shown.actor, shown.subject) == (admin.code, f"account:{bound.account.id}")
