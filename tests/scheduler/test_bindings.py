"""A binding ends with its account, by itself and once."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from core.accounts.models import Binding, BindingEnd
from core.clock import FixedClock
from core.context import Core
from scheduler.bindings import end_bindings
from tests.builders import a_bound_account


def test_a_binding_ends_the_day_after_its_account(core: Core, clock: FixedClock) -> None:
    today = clock.now().date()
    a_bound_account(core, ends_on=today)
    a_bound_account(core, ends_on=today + timedelta(days=1))
    assert end_bindings(core, clock.now()) == 0
    clock.move(timedelta(days=1))
    assert (end_bindings(core, clock.now()), end_bindings(core, clock.now())) == (1, 0)
    with core.store.reading() as session:
        assert session.scalars(select(Binding.ending).order_by(Binding.id)).all() == [BindingEnd.ACCOUNT_ENDED, None]


def test_a_binding_ends_when_its_account_is_disabled(core: Core, clock: FixedClock) -> None:
    a_bound_account(core, disabled_at=clock.now())
    assert end_bindings(core, clock.now()) == 1
