"""Extensions, permissions, and decisions that two make at once (ACC-4, ACC-6, ACC-8, A32)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from core.accounts.models import Account, Permission, Role
from core.accounts.requests import service
from core.accounts.requests.models import RequestKind, RequestState
from core.accounts.requests.queries import own_requests, own_term, queued_requests, request_of
from core.accounts.requests.service import Proof
from core.audit import Door
from core.clock import FixedClock, end_of_day
from core.context import Core
from core.duties.models import Duty
from core.duties.plans import DutyKind
from core.errors import Conflict, FrontdoorError, NotAllowed, NotFound, RuleBroken
from core.notices.models import Notice, NoticeKind, Urgency
from core.otp.service import CodeSent, CodeWrong, code_of
from tests.core.accounts.requests.asking import HERE, Asking, challenges, mails, row, somebody
from tests.duties import a_duty

ENDS = date(2026, 5, 3)  # sixty days after the clock's 4 March
DAY = timedelta(days=1)
SECOND = timedelta(seconds=61)


@pytest.fixture
def ann(core: Core) -> Asking:
    asking = somebody(core, ends_on=ENDS, email="ak1551@ntpc.gov.tw")
    a_duty(core, asking.account, due_at=end_of_day(ENDS))
    return asking


@pytest.fixture
def admin(core: Core) -> Asking:
    return somebody(core, Role.ADMIN)


@pytest.fixture
def agent(core: Core) -> Asking:
    return somebody(core, Role.HELPDESK)


def stored(core: Core, asking: Asking) -> Account:
    with core.store.reading() as session:
        return session.get_one(Account, asking.account.id)


def files_permission(asking: Asking, permission: Permission, *, removal: bool = False) -> int:
    act = service.file_removal if removal else service.file_permission
    with asking.core.transaction(asking.actor, Door.PAGE) as ctx:
        return act(ctx, permission, "接手承辦").number


def test_acc_6_too_early_is_refused_with_the_first_possible_day(ann: Asking, clock: FixedClock) -> None:
    clock.move(-DAY)
    with pytest.raises(RuleBroken, match="115/03/04") as refused:
        ann.files_extension()
    assert refused.value.broken.rule == "ACC-6"
    clock.move(DAY)
    assert ann.files_extension()


def test_acc_6_approved_it_runs_a_year_from_the_old_end_and_its_duty_moves(
    core: Core, ann: Asking, admin: Asking
) -> None:
    number = ann.files_extension()
    assert stored(core, ann).ends_on == ENDS
    admin.approves(number)
    assert stored(core, ann).ends_on == date(2027, 5, 3)
    with core.store.reading() as session:
        (duty,) = session.scalars(
            select(Duty).where(Duty.kind == DutyKind.ACCOUNT_END, Duty.account_id == ann.account.id)
        )
    assert (duty.due_at, duty.ended_at) == (end_of_day(date(2027, 5, 3)), None)


def test_acc_6_approved_after_the_end_it_runs_a_year_from_the_approval(
    core: Core, ann: Asking, admin: Asking, clock: FixedClock
) -> None:
    number = ann.files_extension()
    clock.at = end_of_day(ENDS) + DAY
    admin.approves(number)
    assert stored(core, ann).ends_on == date(2027, 5, 4)


def test_acc_6_it_needs_a_fresh_proof_that_goes_by_mail(core: Core, ann: Asking) -> None:
    with core.transaction(ann.actor, Door.CHAT) as ctx:
        sent = service.send_extension_code(ctx, HERE)
    assert isinstance(sent, CodeSent)
    assert sent.to_hint == "a***@ntpc.gov.tw"
    assert sent.challenge in mails(core, "ak1551@ntpc.gov.tw")[-1]
    wrong = f"{(int(code_of(core.vault, sent.challenge)) + 1) % 10**8:08}"
    with core.transaction(ann.actor, Door.CHAT) as ctx:
        assert isinstance(service.file_extension(ctx, Proof(sent.challenge, wrong, HERE)), CodeWrong)
        assert own_requests(ctx).total == 0
    assert challenges(core)[0].tries == 1


def test_acc_6_a_request_names_the_unit_of_a_school_as_the_form_wants_it(core: Core, ann: Asking) -> None:
    ann.files_extension()
    with core.transaction(ann.actor, Door.CHAT) as ctx:
        (shown,) = own_requests(ctx).rows
        term = own_term(ctx)
    assert shown.asked[0].value == "教育局/各級學校（永平國民小學）"
    assert (term.may_ask, term.pending, term.days_left) == (False, shown.number, 60)


def test_the_person_is_told_of_each_decision_once(core: Core, ann: Asking, admin: Asking, clock: FixedClock) -> None:
    admin.refuses(ann.files_extension(), "請先完成教育訓練")
    clock.move(SECOND)
    admin.approves(ann.files_extension())
    with core.store.reading() as session:
        told = session.scalars(select(Notice).where(Notice.kind == NoticeKind.ACCOUNT).order_by(Notice.id)).all()
    assert [each.account_id for each in told] == [ann.account.id] * 2
    assert {each.urgency for each in told} == {Urgency.AT_ONCE}
    refused, approved = (core.vault.open(each.said) for each in told)
    assert "請先完成教育訓練" in refused
    assert "116/05/03" in approved


def test_acc_4_a_permission_is_given_and_taken(core: Core, ann: Asking, admin: Asking) -> None:
    admin.approves(files_permission(ann, Permission.MEAL_CHECKS))
    admin.approves(files_permission(ann, Permission.CASEWORKER, removal=True))
    assert [grant.permission for grant in stored(core, ann).grants] == [Permission.MEAL_CHECKS]


def test_acc_4_a_school_may_not_ask_for_more(ann: Asking) -> None:
    with pytest.raises(RuleBroken, match="ACC-4"):
        files_permission(ann, Permission.ANALYSIS)


def test_several_permissions_may_be_open_at_once_and_the_same_only_once(core: Core) -> None:
    newcomer = somebody(core, permissions=())
    assert files_permission(newcomer, Permission.CASEWORKER) != files_permission(newcomer, Permission.MEAL_CHECKS)
    with pytest.raises(RuleBroken, match="審核中"):
        files_permission(newcomer, Permission.CASEWORKER)


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.ADMIN, Role.HELPDESK)])
def test_nobody_else_decides(core: Core, ann: Asking, role: Role) -> None:
    number = ann.files_extension()
    with pytest.raises(NotAllowed):
        somebody(core, role).approves(number)


def test_the_helpdesk_decides_addresses_and_administrators_the_rest(
    core: Core, ann: Asking, admin: Asking, agent: Asking, clock: FixedClock
) -> None:
    extension = ann.files_extension()
    clock.move(SECOND)
    address = ann.files_email()
    for decider, not_theirs in ((agent, extension), (admin, address)):
        with pytest.raises(NotFound):
            decider.approves(not_theirs)
        with pytest.raises(NotFound):
            decider.refuses(not_theirs)
        with core.transaction(decider.actor, Door.DESK) as ctx, pytest.raises(NotFound):
            request_of(ctx, not_theirs)
    with core.transaction(agent.actor, Door.DESK) as ctx:
        queue = queued_requests(ctx, None, RequestState.FILED, 0, 20)
        assert [each.number for each in queue.rows] == [address]
        assert queued_requests(ctx, RequestKind.EXTENSION, RequestState.FILED, 0, 20).total == 0
        assert request_of(ctx, address).address == "new@ntpc.gov.tw"


def test_a32_ones_own_request_is_for_another(core: Core) -> None:
    admin = somebody(core, Role.ADMIN, ends_on=ENDS)
    number = admin.files_extension()
    for act in (admin.approves, admin.refuses):
        with pytest.raises(RuleBroken, match="您自己的申請"):
            act(number)


def test_a32_the_second_learns_who_decided_and_when(core: Core, ann: Asking, admin: Asking) -> None:
    number = ann.files_extension()
    admin.approves(number)
    other = somebody(core, Role.ADMIN)
    for act in (other.approves, other.refuses):
        with pytest.raises(Conflict, match=f"115/03/04 10:00 已核准（{admin.account.code}）"):
            act(number)
    with pytest.raises(Conflict, match="已核准"):
        ann.withdraws(number)


@pytest.mark.parametrize("rounds", range(3))
def test_a32_of_three_at_once_one_wins(core: Core, ann: Asking, rounds: int) -> None:
    number = ann.files_extension()
    admins = [somebody(core, Role.ADMIN) for _ in range(2)]
    acts: list[Callable[[], None]] = [
        lambda: admins[0].approves(number),
        lambda: admins[1].refuses(number),
        lambda: ann.withdraws(number),
    ]
    assert at_once(*acts) == [Conflict, Conflict]
    is_longer = stored(core, ann).ends_on != ENDS
    assert is_longer is (row(core, number).state is RequestState.APPROVED)
    assert rounds in range(3)


def at_once(*acts: Callable[[], object]) -> list[type[FrontdoorError]]:
    """Do all of them at the same moment; return how those that were refused were."""
    barrier, lost = Barrier(len(acts)), list[type[FrontdoorError]]()

    def run(act: Callable[[], object]) -> None:
        barrier.wait()
        try:
            act()
        except FrontdoorError as error:
            lost.append(type(error))

    threads = [Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return lost


def test_of_two_accounts_one_gets_the_address_both_proved(core: Core) -> None:
    asking = [somebody(core) for _ in range(2)]
    first, second = (each.files_email() for each in asking)
    agents = [somebody(core, Role.HELPDESK) for _ in range(2)]
    assert at_once(lambda: agents[0].approves(first), lambda: agents[1].approves(second)) == [RuleBroken]
    assert {row(core, number).state for number in (first, second)} == {RequestState.APPROVED, RequestState.FILED}


def test_of_the_same_request_filed_twice_at_once_one_stands(core: Core) -> None:
    newcomer = somebody(core, permissions=())

    def files() -> int:
        return files_permission(newcomer, Permission.CASEWORKER)

    assert at_once(files, files, files) == [RuleBroken, RuleBroken]


def test_a_disabled_account_is_not_extended(core: Core, ann: Asking, admin: Asking, clock: FixedClock) -> None:
    number = ann.files_extension()
    with core.store.transaction() as session:
        session.get_one(Account, ann.account.id).disabled_at = clock.now()
    with pytest.raises(RuleBroken, match="已停用"):
        admin.approves(number)
    admin.refuses(number, "帳號已停用")


def test_a_refusal_without_reason_is_refused(ann: Asking, admin: Asking) -> None:
    number = ann.files_extension()
    with pytest.raises(RuleBroken, match="沒有寫理由"):
        admin.refuses(number, "  ")
    assert row(ann.core, number).state is RequestState.FILED


def test_acc_8_own_requests_are_shown_with_state_and_times(
    core: Core, ann: Asking, admin: Asking, clock: FixedClock
) -> None:
    first = ann.files_extension()
    admin.refuses(first, "請先完成教育訓練")
    clock.move(SECOND)
    second = ann.files_extension()
    with core.transaction(ann.actor, Door.CHAT) as ctx:
        page = own_requests(ctx, 0, 1)
        rest = own_requests(ctx, 1, 1)
    assert (page.total, page.next_start, rest.next_start) == (2, 1, None)
    assert [(each.number, each.state) for each in (*page.rows, *rest.rows)] == [
        (second, RequestState.FILED),
        (first, RequestState.REFUSED),
    ]
    assert rest.rows[0].reason == "請先完成教育訓練"
    assert rest.rows[0].settled_at == clock.now() - SECOND
    with core.transaction(admin.actor, Door.CHAT) as ctx:
        assert own_requests(ctx).total == 0
