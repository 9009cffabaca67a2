"""Requests by mail are limited by mailbox, however it is spelled and however many come at once (HELP-2)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from core.access import Actor
from core.audit import Door
from core.clock import TICK, FixedClock
from core.context import Core
from core.errors import RulesBroken
from core.helpdesk.by_mail import SENT_TWICE, MailRequest, ask_by_mail
from core.helpdesk.models import HelpKind, HelpRequest
from core.notices.models import Notice, NoticeKind
from core.policy import Policy

AT_ONCE = 6


def is_taken(core: Core, email: str, network: str = "", text: str = "登入不了") -> bool:
    asked = MailRequest("林書豪", "清溪國小", email, HelpKind.LOGIN, text)
    try:
        with core.transaction(Actor(name="visitor", source=network), Door.PAGE) as ctx:
            ask_by_mail(ctx, asked, email)
    except RulesBroken:
        return False
    return True


@pytest.mark.parametrize(
    ("email", "taken"),
    [
        ("lin@ntpc.example", False),
        ("Lin@NTPC.example", False),
        ("lin+1@ntpc.example", False),
        ("lin+a+b@ntpc.example", False),
        ("lin.1@ntpc.example", True),
        ("lin@school.example", True),
    ],
)
def test_a_tag_or_capitals_make_no_other_mailbox(core_sqlite: Core, email: str, *, taken: bool) -> None:
    core = replace(core_sqlite, policy=core_sqlite.policy.model_copy(update={"help_mails_an_hour_each": 1}))
    assert is_taken(core, "lin@ntpc.example", text="先前的問題")
    assert is_taken(core, email) is taken


def test_of_many_at_the_same_instant_no_more_are_taken_than_allowed(core: Core) -> None:
    core = replace(core, policy=core.policy.model_copy(update={"help_mails_an_hour_each": 2}))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        taken = list(pool.map(lambda number: is_taken(core, f"lin+{number}@ntpc.example"), range(AT_ONCE)))
    assert sum(taken) == 2


def test_one_network_fills_its_own_hour_and_shuts_the_page_for_nobody_else(core_sqlite: Core) -> None:
    limits = {"help_mails_an_hour_network": 2, "help_mails_an_hour": 4}
    core = replace(core_sqlite, policy=core_sqlite.policy.model_copy(update=limits))
    networks = ["203.0.113.9"] * 3 + ["198.51.100.7", "", ""]
    taken = [is_taken(core, f"lin.{number}@ntpc.example", network) for number, network in enumerate(networks)]
    assert taken == [True, True, False, True, True, False]
    with core.store.reading() as session:
        kept = session.scalars(select(HelpRequest.network_key).order_by(HelpRequest.id)).all()
    assert (kept[0], kept[3]) == (kept[1], None)
    assert "203.0.113.9" not in str(kept)


def test_whom_nobody_is_counted_by_a_network_are_not_counted_as_one(core_sqlite: Core) -> None:
    core = replace(core_sqlite, policy=core_sqlite.policy.model_copy(update={"help_mails_an_hour_network": 1}))
    assert all(is_taken(core, f"lin.{number}@ntpc.example") for number in range(3))


def test_what_all_may_send_is_more_than_what_one_network_may() -> None:
    assert Policy().help_mails_an_hour_network * 5 < Policy().help_mails_an_hour


def asks(core: Core, text: str = "登入不了", email: str = "lin@ntpc.example", kind: HelpKind = HelpKind.LOGIN) -> int:
    asked = MailRequest("林書豪", "清溪國小", email, kind, text)
    with core.transaction(Actor(name="visitor"), Door.PAGE) as ctx:
        return ask_by_mail(ctx, asked, email).number


def test_a_form_sent_twice_is_taken_in_and_acknowledged_once(core: Core) -> None:
    with ThreadPoolExecutor(2) as pool:
        numbers = set(pool.map(lambda _: asks(core), range(2)))
    assert len(numbers) == 1
    with core.store.reading() as session:
        assert session.scalar(select(func.count()).select_from(HelpRequest)) == 1
        assert session.scalar(select(func.count()).select_from(Notice).where(Notice.kind == NoticeKind.HELP)) == 1


def test_other_words_another_kind_and_another_address_are_requests_of_their_own(core_sqlite: Core) -> None:
    numbers = [
        asks(core_sqlite),
        asks(core_sqlite, text="還是登入不了"),
        asks(core_sqlite, kind=HelpKind.OTHER),
        asks(core_sqlite, email="lin.1@ntpc.example"),
    ]
    assert len(set(numbers)) == 4


def test_the_same_words_are_another_request_from_ten_minutes_on(core_sqlite: Core, clock: FixedClock) -> None:
    first = asks(core_sqlite)
    clock.move(SENT_TWICE - TICK)
    assert asks(core_sqlite) == first
    clock.move(TICK)
    assert asks(core_sqlite) != first
