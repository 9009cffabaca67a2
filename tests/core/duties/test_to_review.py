"""How many forms wait for a supervisor, told beside what is owed: as many as the lists at the desk hold (DUTY-2)."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

import pytest

from core.accounts.models import Permission, Role
from core.cards import Card, Line, OpenPage
from core.closures import to_review as closures
from core.context import Core
from core.dispatches import to_review as replies
from core.duties.notices import digest_answer
from core.duties.overview import Overview
from core.duties.queries import Owed
from core.duties.to_review import PATH, ToReview, to_review
from tests.builders import an_account
from tests.handlers.desk.conftest import a_place
from tests.handlers.desk.reviewed import Sender, a_sender
from tests.services import a_supervisor, acting


@pytest.fixture
def sender(core_sqlite: Core) -> Sender:
    return a_sender(core_sqlite, a_place(core_sqlite))


def test_a_supervisor_is_told_as_many_as_the_lists_hold(core_sqlite: Core, sender: Sender) -> None:
    sender.reply("WK00041")
    sender.reply("WK00042")
    sender.closure()
    with acting(core_sqlite, a_supervisor(core_sqlite, sender.place.bureau)) as ctx:
        assert to_review(ctx) == ToReview(replies=2, closures=1)
        lists = (replies.waiting(ctx), closures.waiting(ctx))
        assert [(page.total, len(page.rows)) for page in lists] == [(2, 2), (1, 1)]
    with acting(core_sqlite, a_supervisor(core_sqlite, sender.place.other_bureau)) as ctx:
        assert to_review(ctx).total == 0


def test_who_reviews_nothing_is_told_of_nothing(core_sqlite: Core, sender: Sender) -> None:
    sender.reply()
    contact = an_account(core_sqlite, sender.place.bureau, role=Role.CONTACT, permissions=(Permission.CONTACT,))
    for account in (contact, sender.account):
        with acting(core_sqlite, account) as ctx:
            assert to_review(ctx) == ToReview()


def test_the_digest_says_what_waits_and_leads_there() -> None:
    plain = Overview(None, None, Owed(1, 0, ()))
    told = replace(plain, reviews=ToReview(replies=2, closures=1))
    without, with_them = (digest_answer(each, time(8, 30)).messages[0] for each in (plain, told))
    assert isinstance(without, Card)
    assert isinstance(with_them, Card)
    assert (without.actions, [each.path for each in with_them.actions if isinstance(each, OpenPage)]) == ((), [PATH])
    said = {block.text for block in with_them.blocks if isinstance(block, Line)}
    assert said - {block.text for block in without.blocks if isinstance(block, Line)} == {"另有 3 件等您審核。"}
