"""Stored events -> the chat, in order, one person at a time; several people at once.

Each event is handled in one transaction that also marks it done and writes its answer to the outbox: a crash before
the commit leaves it waiting, a crash after it leaves the answer in the outbox. Nothing is said from here.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from threading import Event

import structlog

from bot.events import ReadEvent, is_message, read_event, takes_back
from core.access import Actor
from core.accounts import queries as accounts
from core.audit import Door
from core.cards import Answer
from core.context import Context, Core
from core.database import was_away
from core.errors import SetupError
from core.failpoints import passing
from core.inbox import service as inbox
from core.inbox.models import Conversation, EventState
from core.inbox.service import Lease, StoredEvent
from core.language.models import Language
from core.notices.models import NoticeKind, Urgency
from core.notices.service import ToPerson, mark_seen, say, with_unanswered
from handlers import chat
from handlers.chat.turn import Dialog, OtherSaid, TextSaid, Turn, Unsent

STRANGER = Actor(name="chat")
PEOPLE_AT_ONCE = 4
TOLD_AT_ONCE = 50

log = structlog.get_logger(__name__)


@dataclass
class Conversations:
    """Works through the inbox. ``wake`` is called when an answer lies in the outbox."""

    core: Core
    wake: Callable[[], None] = lambda: None
    _workers: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(PEOPLE_AT_ONCE, "conversation"), repr=False
    )
    _ending: Event = field(default_factory=Event, repr=False)

    def run(self) -> int:
        """Handle every event that waits now; return how many were handled."""
        return sum(self._workers.map(lambda _: self._serve_people(), range(PEOPLE_AT_ONCE)))

    def say_working(self) -> int:
        """Say that the answer is to come, where a reply token is about to die for waiting; return how often.

        To be called every second, and not by the thread that runs the conversations: that one may be what is slow.
        """
        told: list[tuple[StoredEvent, int | None]] = []
        with self.core.transaction(STRANGER, Door.CHAT) as ctx:
            for conversation, event in inbox.long_waiting(ctx, TOLD_AT_ONCE):
                read = _read(ctx, event)
                if working := _where_it_was_said(read, chat.still_working()):
                    reply = _Reply(f"working:{event.webhook_event_id}", read.reply_token, event.received_at)
                    told.append((event, _say(ctx, conversation, working, reply)))
        for event, notice in told:
            log.warning("event.waits", event_id=event.id, notice=notice)
        if told:
            self.wake()
        return len(told)

    def end(self) -> None:
        """Take no further person: who runs returns when those being served have their answers."""
        self._ending.set()

    def close(self) -> None:
        """Let the workers finish and go."""
        self._workers.shutdown()

    def _serve_people(self) -> int:
        handled = 0
        while not self._ending.is_set() and (lease := self._take_person()):
            handled += self._serve(lease)
        return handled

    def _take_person(self) -> Lease | None:
        with self.core.transaction(STRANGER, Door.CHAT) as ctx:
            taken = inbox.take_person(ctx)
        passing("chat.taken")
        return taken

    def _serve(self, lease: Lease) -> int:
        """Handle one person's events until none waits or one fails."""
        handled = 0
        while event := self._handle_next(lease):
            handled += 1
            if event.is_last:
                break
        return handled

    def _handle_next(self, lease: Lease) -> StoredEvent | None:
        """Handle the next event and return it; None where none waits, or this one failed."""
        event: StoredEvent | None = None
        try:
            with self.core.transaction(STRANGER, Door.CHAT) as ctx:
                found = inbox.next_event(ctx, lease)
                if found is None:
                    return None
                conversation, event = found
                handled = _handle(ctx, conversation, event)
                if event.is_last:
                    inbox.give_back(conversation)
                passing("chat.handling")
        except Exception as error:  # noqa: BLE001 (whatever a handler raises must not stop the person's next words)
            self._note_failure(lease, event, error)
            return None
        passing("chat.handled")
        log.info("event.handled", event_id=event.id, kind=event.kind, state=handled.state, notice=handled.notice)
        self.wake()
        return event

    def _note_failure(self, lease: Lease, event: StoredEvent | None, error: Exception) -> None:
        reason = type(error).__name__
        if event is None:
            log.error("inbox.failed", exc_info=error)
            return
        with self.core.transaction(STRANGER, Door.CHAT) as ctx:
            state = inbox.note_failure(ctx, lease, event.id, reason, was_away=was_away(error))
        log.error("event.failed", event_id=event.id, kind=event.kind, state=state, exc_info=error)
        if state is EventState.PARKED and event.kind in inbox.TALK:
            self._apologise(lease, event)

    def _apologise(self, lease: Lease, event: StoredEvent) -> None:
        """Say that an event is set aside: nobody is left in silence. The event stays parked if this fails too."""
        with self.core.transaction(STRANGER, Door.CHAT) as ctx:
            conversation = ctx.session.get_one(Conversation, lease.person)
            read = _read(ctx, event)
            sorry = _where_it_was_said(read, chat.apology())
            notice = _answer(ctx, conversation, event, sorry, read.reply_token) if sorry else None
        log.info("event.apologised", event_id=event.id, notice=notice)
        self.wake()


@dataclass(frozen=True)
class _Handled:
    """What became of an event; ``notice`` is the number of its answer, by which delivery's log goes on."""

    state: EventState
    notice: int | None = None


def _read(ctx: Context, event: StoredEvent) -> ReadEvent:
    """Return an event; one that cannot be read was said to us alone, and is answered by a push to who said it."""
    try:
        return read_event(ctx.vault.open(event.body))
    except (SetupError, ValueError):  # it may be what failed
        return ReadEvent(TextSaid(""), "", in_group=False)


def _where_it_was_said(read: ReadEvent, said: Answer) -> Answer | None:
    """Return what is said as it may be said there: A12."""
    return chat.for_group(read.event, said) if read.in_group else said


def _handle(ctx: Context, conversation: Conversation, event: StoredEvent) -> _Handled:
    if inbox.is_stale(ctx, conversation.person, event):
        inbox.finish(ctx, event.id, EventState.IGNORED, "stale")
        log.warning("event.stale", event_id=event.id, kind=event.kind)
        return _Handled(EventState.IGNORED)
    read = read_event(ctx.vault.open(event.body))
    if isinstance(read.event, TextSaid | OtherSaid) and inbox.is_taken_back(
        ctx, conversation.person, event, partial(takes_back, message_id=read.event.message_id)
    ):
        inbox.finish(ctx, event.id, EventState.IGNORED, inbox.UNSENT)
        return _Handled(EventState.IGNORED)
    if event.is_throttled:
        turn = _turn(ctx, conversation, event, read)
        notice = _answer(ctx, conversation, event, chat.one_too_many(turn), read.reply_token)
        inbox.finish(ctx, event.id, EventState.IGNORED, inbox.THROTTLED)
        return _Handled(EventState.IGNORED, notice)
    return _talk(ctx, conversation, event, read)


def _turn(ctx: Context, conversation: Conversation, event: StoredEvent, read: ReadEvent) -> Turn:
    account = accounts.bound_account(ctx.session, conversation.person, ctx.today)
    inner = ctx.as_actor(account.actor) if account else ctx
    return Turn(
        ctx=inner,
        person=conversation.person,
        line_user=conversation.line_user,
        account=account,
        event=read.event,
        dialog=_load_dialog(ctx, conversation),
        in_group=read.in_group,
        is_first=account is None and inbox.is_first(ctx, conversation.person, event),
        reply_token=read.reply_token,
        reply_token_at=event.received_at if read.reply_token else None,
    )


def _talk(ctx: Context, conversation: Conversation, event: StoredEvent, read: ReadEvent) -> _Handled:
    if isinstance(read.event, Unsent):
        inbox.erase_message(ctx, conversation.person, partial(is_message, message_id=read.event.message_id))
    turn = _turn(ctx, conversation, event, read)
    answer = chat.answer(turn)
    is_talk = event.kind in inbox.TALK and not read.in_group
    if is_talk:
        mark_seen(ctx, conversation.person)
    notice = None
    if answer is not None:
        account_id = turn.account.account_id if turn.account else None
        whole = with_unanswered(ctx, conversation.person, account_id, answer) if is_talk else answer
        notice = _answer(ctx, conversation, event, whole, read.reply_token)
    inbox.finish(ctx, event.id, EventState.DONE)
    _store_dialog(ctx, conversation, turn.dialog)  # last: written once, with what else changed of the conversation
    return _Handled(EventState.DONE, notice)


def _answer(
    ctx: Context, conversation: Conversation, event: StoredEvent, answer: Answer, reply_token: str
) -> int | None:
    token = "" if inbox.was_told(ctx, event.id) else reply_token  # spent on saying that the answer is to come
    return _say(ctx, conversation, answer, _Reply(f"answer:{event.webhook_event_id}", token, event.received_at))


@dataclass(frozen=True)
class _Reply:
    """What an answer is known by, and the reply token it may use; an empty one leaves it to a push."""

    key: str
    token: str
    token_at: datetime


def _say(ctx: Context, conversation: Conversation, answer: Answer, reply: _Reply) -> int | None:
    account = accounts.bound_account(ctx.session, conversation.person, ctx.today)  # as the turn has left them
    return say(
        ctx,
        to=ToPerson(
            person=conversation.person,
            line_user=conversation.line_user,
            account_id=account.account_id if account else None,
            reply_token=ctx.vault.seal(reply.token) if reply.token else None,
            reply_token_at=reply.token_at if reply.token else None,
            language=(account.language if account else None) or conversation.language or Language.CHINESE,
        ),
        answer=answer,
        kind=NoticeKind.ANSWER,
        key=reply.key,
        urgency=Urgency.ALWAYS,
    )


def _load_dialog(ctx: Context, conversation: Conversation) -> Dialog:
    collected = json.loads(ctx.vault.open(conversation.collected)) if conversation.collected else {}
    return Dialog(
        name=conversation.dialog,
        step=conversation.step,
        collected=collected,
        until=conversation.dialog_until,
        misunderstood=conversation.misunderstood,
    )


def _store_dialog(ctx: Context, conversation: Conversation, dialog: Dialog) -> None:
    conversation.misunderstood = dialog.misunderstood
    conversation.dialog, conversation.step, conversation.dialog_until = dialog.name, dialog.step, dialog.until
    conversation.collected = ctx.vault.seal(json.dumps(dialog.collected)) if dialog.collected else None
