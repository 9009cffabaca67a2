"""A sender that is told to end, whose database goes away, or one of whose doors hangs: nothing is in doubt for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

import pytest
from sqlalchemy.exc import OperationalError

from core.cards import Answer, Card, OpenAccountLink
from core.clock import FixedClock
from core.context import Core
from core.notices import settling
from core.notices.channel import Mail, Sent
from core.notices.models import NoticeState, Via
from core.notices.service import ToAccount
from scheduler import delivery
from tests.builders import Bound, a_bound_account, an_account
from tests.scheduler.post import Post, a_post

AWAY = OperationalError("UPDATE", {}, ConnectionError())
CARD = Card(title="綁定", preview="請綁定帳號。", actions=(OpenAccountLink(label="綁定"),))
LINKED = Answer(messages=(CARD,))


@pytest.fixture
def post(core_sqlite: Core, clock: FixedClock) -> Iterator[Post]:
    with a_post(core_sqlite, clock) as office:
        office.delivery.pause = lambda _: None
        yield office


@pytest.fixture
def ann(post: Post) -> Bound:
    return a_bound_account(post.core)


@contextmanager
def hanging_mail(post: Post, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let every mail be sent for as long as the block lasts, by a worker of its own."""
    over = Event()

    def hang(*given: str | Mail) -> Sent:
        assert over.wait(30)
        return send(*given)  # type: ignore[arg-type]  # as they came

    send = post.mail.send
    monkeypatch.setattr(post.mail, "send", hang)
    sender = Thread(target=post.delivery.run_mail)
    sender.start()
    try:
        while post.notice("mail-0").state is not NoticeState.CLAIMED:
            Event().wait(0.01)
        yield
    finally:
        over.set()
        sender.join(30)


def test_a_reply_whose_answer_comes_while_the_database_is_away_is_not_in_doubt(
    post: Post, ann: Bound, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle, tries = settling.settle, iter([AWAY, AWAY])

    def away(*given: object) -> object:
        for error in tries:
            raise error
        return settle(*given)  # type: ignore[arg-type]  # as they came

    monkeypatch.setattr(settling, "settle", away)
    post.reply_to(ann)
    with pytest.raises(OperationalError):
        post.run()
    assert (post.notice().state, post.notice().reason) == (NoticeState.ACCEPTED, "accepted")
    assert len(post.line.said) == 1


def test_a_database_that_stays_away_is_waited_for_as_long_as_a_lease(
    post: Post, ann: Bound, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise AWAY

    waited: list[float] = []
    post.delivery.pause = waited.append
    monkeypatch.setattr(settling, "settle", away)
    post.reply_to(ann)
    with pytest.raises(OperationalError):
        post.run()
    assert sum(waited) == 60


def test_who_is_told_to_end_settles_what_is_under_way_and_takes_nothing_more(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "BATCH", 1)
    for number in range(9):
        post.say(ToAccount(a_bound_account(post.core).account.id), str(number))
    post.line.meanwhile = post.delivery.end
    post.run()
    states = [post.notice(str(number)).state for number in range(9)]
    assert 1 <= len(post.line.said) == states.count(NoticeState.ACCEPTED) <= 3  # two hands, and one had begun anew
    assert {*states} == {NoticeState.ACCEPTED, NoticeState.CREATED}


def test_a_mail_that_still_waits_for_its_turn_when_the_sender_ends_was_certainly_not_sent(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw = post.mail.draw

    def drawn(*given: object) -> Mail:
        post.delivery.end()
        return draw(*given)  # type: ignore[arg-type]  # as they came

    monkeypatch.setattr(post.mail, "draw", drawn)
    post.say(ToAccount(an_account(post.core).id))
    post.run()
    assert (post.notice().state, post.notice().reason) == (NoticeState.CREATED, "unreached")
    assert not post.notice().may_be_out
    assert not post.mail.said


def test_a_mail_server_that_hangs_holds_up_nothing_at_line(
    post: Post, ann: Bound, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "BATCH", 1)  # so that each calls its other hand
    for number in range(delivery.BY_MAIL + 4):
        post.say(ToAccount(an_account(post.core).id), f"mail-{number}")
    with hanging_mail(post, monkeypatch):
        post.say(ToAccount(ann.account.id), "linked", answer=LINKED)
        post.say(ToAccount(a_bound_account(post.core).account.id), "plain")
        sender = Thread(target=post.delivery.run_line)
        sender.start()
        sender.join(10)
        assert not sender.is_alive()
        assert {post.notice(key).state for key in ("linked", "plain")} == {NoticeState.ACCEPTED}
    assert [each.via for each in post.line.said] == [Via.PUSH, Via.PUSH]
