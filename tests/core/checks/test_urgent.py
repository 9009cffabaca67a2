"""CHK-11: a sign of danger is never queued: the Center is told at any hour, once, whatever becomes of the form."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from core.access import Actor, system
from core.accounts.models import Account, Permission, Role
from core.audit import Door
from core.cards import Answer, Card, Open, Row, from_json
from core.checks.form import CheckForm
from core.checks.kinds import UrgentSign
from core.checks.models import Check, CheckBucket, CheckState
from core.checks.notices import call_now
from core.checks.queries import in_bucket
from core.checks.service import CheckFacts, put_check
from core.checks.submission import Filled, Ready, Refused, Submitted, save_draft, submit_check, submit_checks
from core.checks.urgent import ONCE_IN, CenterTold, report_urgent
from core.clock import TAIPEI, TICK, FixedClock
from core.context import Core
from core.imports.results import Put
from core.notices.models import Notice, NoticeKind, NoticeState, Urgency
from tests.builders import a_check, a_unit, an_account
from tests.core.checks.forms import FORM_A, FORM_C, writes
from tests.duties import owe

ABUSE = frozenset({UrgentSign.ABUSE})


@pytest.fixture
def center(core: Core) -> Account:
    unit = a_unit(core, "高風險家庭服務管理中心")
    an_account(core, unit, role=Role.CENTER, permissions=(Permission.CITY,), ends_on=date(2026, 2, 28))
    return an_account(core, unit, role=Role.CENTER, permissions=(Permission.CITY,))


def told(core: Core) -> list[Notice]:
    with core.store.reading() as session:
        return list(session.scalars(select(Notice).where(Notice.kind == NoticeKind.URGENT).order_by(Notice.id)))


def card_of(core: Core, notice: Notice) -> Card:
    answer: Answer = from_json(core.vault.open(notice.said))
    card = answer.messages[0]
    assert isinstance(card, Card)
    return card


def a_waiting_check(core: Core) -> Check:
    check = a_check(core, a_unit(core, "清溪國小"))
    owe(core, check)
    return check


def test_a_sent_check_with_a_sign_tells_the_center_in_the_middle_of_the_night(
    core: Core, center: Account, clock: FixedClock
) -> None:
    clock.at = clock.at.replace(hour=23, tzinfo=TAIPEI)
    check = a_waiting_check(core)
    with core.transaction(writes(check.unit_id), Door.DESK) as ctx:
        outcome = submit_check(ctx, check.number, replace(FORM_A, urgent=ABUSE))
    assert outcome == Submitted(check.number, has_need=True, told=CenterTold(1))
    (notice,) = told(core)
    assert (notice.account_id, notice.urgency, notice.not_before) == (center.id, Urgency.ALWAYS, clock.now())
    assert notice.state is NoticeState.CREATED
    rows = {block.label: block.value for block in card_of(core, notice).blocks if isinstance(block, Row)}
    assert (rows["檢核單"], rows["單位"], rows["緊急狀況"]) == (check.number, "清溪國小", "身上有受虐傷痕")
    assert "林小華" not in core.vault.open(notice.said)


def test_a_refused_form_has_told_the_center_all_the_same(core: Core, center: Account) -> None:
    check = a_waiting_check(core)
    with core.transaction(writes(check.unit_id), Door.DESK) as ctx:
        outcome = submit_check(ctx, check.number, CheckForm(urgent=ABUSE))
    assert isinstance(outcome, Refused)
    assert outcome.told == CenterTold(1)
    assert [each.rule for each in outcome.broken] == ["CHK-3"]
    assert [notice.account_id for notice in told(core)] == [center.id]


def test_a_batch_held_back_by_another_row_has_told_the_center(core: Core, center: Account) -> None:
    check = a_waiting_check(core)
    other = a_check(core, check.unit, child="王大文")
    batch = [Filled(check.number, replace(FORM_C, urgent=ABUSE)), Filled(other.number, CheckForm())]
    with core.transaction(writes(check.unit_id), Door.DESK) as ctx:
        rows = submit_checks(ctx, batch).rows
    assert rows[0] == Ready(check.number, CenterTold(1))
    assert [notice.account_id for notice in told(core)] == [center.id]


def test_a_draft_tells_too_and_each_sign_once(core: Core, center: Account) -> None:
    check = a_waiting_check(core)
    for signs in (ABUSE, ABUSE, ABUSE | {UrgentSign.LOST}):
        with core.transaction(writes(check.unit_id), Door.DESK) as ctx:
            saved = save_draft(ctx, check.number, CheckForm(urgent=signs))
        assert saved.told == CenterTold(1)
    assert [notice.account_id for notice in told(core)] == [center.id] * 2


def test_a_form_without_a_sign_tells_nobody(core: Core, center: Account) -> None:
    check = a_waiting_check(core)
    with core.transaction(writes(check.unit_id), Door.DESK) as ctx:
        assert save_draft(ctx, check.number, FORM_A).told is None
    assert told(core) == []
    assert center.id


def test_an_imported_sign_tells_the_center_and_marks_the_check(core: Core, center: Account, clock: FixedClock) -> None:
    unit = a_unit(core, code="S1")
    facts = CheckFacts(
        number="MS001",
        unit_code="S1",
        assigned_at=clock.now(),
        happened_at=clock.now() - timedelta(hours=2),
        child_name="林小華",
        state=CheckState.WAITING,
        already_high_risk=False,
        urgent=frozenset({UrgentSign.DANGER}),
    )
    puts = []
    for _ in range(2):
        with core.transaction(system("import"), Door.COMMAND) as ctx:
            puts.append(put_check(ctx, facts))
    assert puts == [Put.ADDED, Put.SAME]
    assert [notice.account_id for notice in told(core)] == [center.id]
    with core.transaction(writes(unit.id), Door.CHAT) as ctx:
        assert in_bucket(ctx, CheckBucket.WAITING).rows[0].is_urgent


def test_a_list_without_signs_takes_none_back(core: Core, center: Account, clock: FixedClock) -> None:
    check = a_waiting_check(core)
    with core.transaction(writes(check.unit_id), Door.DESK) as ctx:
        save_draft(ctx, check.number, CheckForm(urgent=ABUSE))
    facts = CheckFacts(
        check.number,
        check.unit.code,
        check.assigned_at,
        clock.now(),
        "林小華",
        CheckState.WAITING,
        already_high_risk=False,
    )
    with core.transaction(system("import"), Door.COMMAND) as ctx:
        put_check(ctx, facts)
    with core.store.reading() as session:
        assert session.scalars(select(Check)).one().is_urgent
    assert center.id


def reports(core: Core, actor: Actor) -> CenterTold:
    with core.transaction(actor, Door.CHAT) as ctx:
        return report_urgent(ctx, "LINE")


def test_words_of_danger_are_told_once_a_person_in_ten_minutes(core: Core, center: Account, clock: FixedClock) -> None:
    unit = a_unit(core, "清溪國小")
    writer = writes(unit.id)
    clock.move(timedelta(minutes=7))
    assert reports(core, writer) == reports(core, writer) == CenterTold(1)
    assert len(told(core)) == 1
    clock.move(ONCE_IN - TICK)
    reports(core, writer)
    assert len(told(core)) == 1
    reports(core, writes(unit.id, "AB1002"))
    assert len(told(core)) == 2
    clock.move(TICK)
    reports(core, writer)
    reports(core, writer)
    assert [notice.account_id for notice in told(core)] == [center.id] * 3
    rows = {block.label: block.value for block in card_of(core, told(core)[0]).blocks if isinstance(block, Row)}
    assert rows == {"單位": "清溪國小", "帳號": "AB1001", "來源": "LINE", "時間": "115/03/04 10:07"}


def test_a_stranger_is_told_of_without_a_name(core: Core, center: Account) -> None:
    reports(core, Actor(name="line:0123456789ab"))
    (notice,) = told(core)
    card = card_of(core, notice)
    assert "line:" not in core.vault.open(notice.said)
    assert [block.label for block in card.blocks if isinstance(block, Row)] == ["來源", "時間"]
    assert center.id


def test_where_the_center_has_nobody_nobody_is_claimed_to_be_told(core: Core) -> None:
    assert reports(core, writes(a_unit(core).id)) == CenterTold(0)
    (card,) = call_now(center_told=False).messages
    assert isinstance(card, Card)
    assert "已同時通知" not in card.model_dump_json()


@pytest.mark.parametrize("center_told", [True, False])
def test_the_answer_dials_110_and_113(center_told: bool) -> None:
    (card,) = call_now(center_told=center_told).messages
    assert isinstance(card, Card)
    assert [action.url for action in card.actions if isinstance(action, Open)] == ["tel:110", "tel:113"]
    assert ("已同時通知中心" in card.model_dump_json()) is center_told
