"""A picture's way from a phone to the desk and the read mark's way back, through everything there is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from core.access import system
from core.accounts.models import Role
from core.accounts.queries import actor_of
from core.audit import Door
from core.clock import FixedClock
from core.context import Core
from core.helpdesk.answering import mark_read
from core.helpdesk.files import WAITS
from core.helpdesk.models import FileState, HelpFile, HelpRequest
from tests.builders import an_account
from tests.core.helpdesk.sending import photo_of_a_place, picture
from tests.journeys.town import Phone, Town, a_town


@pytest.fixture
def town(core_sqlite: Core, clock: FixedClock) -> Iterator[Town]:
    with a_town(core_sqlite, clock) as running:
        yield running


@pytest.fixture
def phone(town: Town) -> Phone:
    """Somebody who has asked the helpdesk."""
    phone = town.phone("林怡君老師").says("報修")
    return phone.says("畫面是白的").sees("已收到")


def files(town: Town) -> list[HelpFile]:
    with town.core.reading(system("test"), Door.JOB) as ctx:
        return list(ctx.session.scalars(select(HelpFile).order_by(HelpFile.id)))


def sends_picture(town: Town, phone: Phone, content: bytes) -> None:
    town.platform.send_image(phone.user, content)
    town.settle()


def test_a_picture_is_kept_and_shown_as_read_once_an_agent_has_read_it(town: Town, phone: Phone) -> None:
    sends_picture(town, phone, photo_of_a_place())
    assert [(each.state, each.media_type) for each in files(town)] == [(FileState.KEPT, "image/jpeg")]
    mine = [each for each in town.platform.messages(phone.user) if not each.from_bot]
    assert not any(each.is_read for each in mine)
    agent = an_account(town.core, role=Role.HELPDESK)
    with town.core.transaction(system("test"), Door.DESK) as ctx:
        actor = actor_of(ctx.session, agent.id, ctx.today)
        assert actor is not None
        assert mark_read(ctx.as_actor(actor), ctx.session.scalars(select(HelpRequest.id)).one()) == 2
    town.settle()
    mine = [each for each in town.platform.messages(phone.user) if not each.from_bot]
    assert all(each.is_read for each in mine)


def test_what_line_still_prepares_comes_later_and_what_is_taken_back_never(town: Town, phone: Phone) -> None:
    town.platform.set_fault("content", "preparing")
    sends_picture(town, phone, picture())
    assert [each.state for each in files(town)] == [FileState.TO_FETCH]
    town.passes(WAITS[0])
    assert [each.state for each in files(town)] == [FileState.KEPT]
    town.platform.set_fault("content", "preparing")
    sends_picture(town, phone, picture())
    newest = town.platform.messages(phone.user)[-1]
    town.platform.unsend(phone.user, newest.message_id)
    town.settle()
    town.passes(WAITS[0])
    assert [each.state for each in files(town)] == [FileState.KEPT, FileState.GONE]


def test_a_program_is_refused_kindly(town: Town, phone: Phone) -> None:
    town.platform.send_file(phone.user, "成績單.pdf", b"MZ\x90\x00 this program cannot be run")
    town.settle()
    phone.sees("無法接收", "成績單.pdf", "docx", "10 MB")
    assert [each.state for each in files(town)] == [FileState.REFUSED]
