"""The agents' side: answering, notes, solving, and never past each other (HELP-2, HELP-6).

An answer names the newest entry its writer had seen. If something came in between it is refused, with what came; who
has seen that too sends it again. The same words again, by the same agent and with nothing after them, are a form sent
twice: they are said once, and only where the form asks for another state does the request change. An answer goes as a
reply while LINE's token lives, else as a push, else by e-mail.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, select, update

from core.access import Action, require
from core.accounts.models import Account
from core.cards import Answer
from core.context import Context
from core.duties.models import Ending
from core.errors import RuleBroken
from core.helpdesk import notices, rules
from core.helpdesk.canned import unfilled
from core.helpdesk.clocks import clocks_of, set_clocks
from core.helpdesk.entries import Written, add_entry
from core.helpdesk.following import follow_path
from core.helpdesk.locking import locked_request, refuse_newer
from core.helpdesk.models import HelpDraft, HelpEntry, HelpRequest, HelpState, Side
from core.helpdesk.refusals import HelpRefusal
from core.helpdesk.rules import Then
from core.helpdesk.searching import index_entry
from core.helpdesk.service import reopen_row, solve_row
from core.notices.models import NoticeKind, Urgency
from core.notices.service import ToAccount, ToAddress, ToPerson, say
from core.wording import characters, is_blank


@dataclass(frozen=True)
class Reply:
    """An agent's answer: its text, the newest entry its writer had seen, and what the request is to be after it."""

    text: str
    seen: int
    then: Then = Then.WAIT


@dataclass(frozen=True)
class Answered:
    """The answer is on its way."""

    number: int
    entry: int
    state: HelpState


@dataclass(frozen=True)
class SaidBefore:
    """The answer was not sent again: this agent's newest entry says the same, and nothing came after it."""

    number: int
    entry: int
    state: HelpState
    is_moved: bool
    """Whether the form asked for another state than the request was in, and it is in that one now."""


@dataclass(frozen=True)
class CameBetween:
    """The answer was not sent: these entries came after the one its writer had seen."""

    number: int
    newest: int
    entries: tuple[int, ...]


def answer(ctx: Context, number: int, reply: Reply) -> Answered | SaidBefore | CameBetween:
    """Answer a request; raises ``RuleBroken`` for a blank, endless or unfilled text, or when it is solved already."""
    require(ctx.actor, Action.ANSWER_HELP)
    _check(reply.text)
    if place := unfilled(reply.text):
        raise RuleBroken(HelpRefusal.UNFILLED.broken(place=place))
    row = locked_request(ctx, number)
    refuse_newer(row)
    between = _came_between(ctx, row, reply.seen)
    if between:
        return CameBetween(row.id, row.newest_entry, between)
    before = _said_before(ctx, row, Side.AGENT, reply.text)
    if before is not None:
        is_moved = _moved(ctx, row, reply.then)
        return SaidBefore(row.id, before, row.state, is_moved)
    if row.state is HelpState.SOLVED:
        raise RuleBroken(HelpRefusal.SOLVED.broken())
    entry = _add(ctx, row, Side.AGENT, reply.text)
    row.agent_id = row.agent_id or ctx.actor.account_id
    _after_answer(ctx, row, reply.then)
    _say(ctx, row, entry, reply)
    _forget_draft(ctx, row)
    ctx.note("help.answered", f"help:{row.id}", ("text",))
    ctx.session.flush()
    return Answered(row.id, entry.id, row.state)


def note(ctx: Context, number: int, text: str) -> int:
    """Keep a note among agents, once where its form is sent twice; who asked never sees it. Return its entry."""
    require(ctx.actor, Action.ANSWER_HELP)
    _check(text)
    row = locked_request(ctx, number)
    before = _said_before(ctx, row, Side.NOTE, text)
    if before is not None:
        return before
    entry = _add(ctx, row, Side.NOTE, text)
    ctx.note("help.noted", f"help:{number}", ("text",))
    return entry.id


def take(ctx: Context, number: int) -> None:
    """Begin to work on a request: it is one's own, and who asked sees that somebody looks at it."""
    require(ctx.actor, Action.ANSWER_HELP)
    row = locked_request(ctx, number)
    row.agent_id = ctx.actor.account_id
    if row.state is HelpState.NEW:
        row.state, row.state_at = HelpState.OPEN, ctx.now
    ctx.note("help.assigned", f"help:{row.id}", ("agent_id", "state"))
    ctx.session.flush()


def solve(ctx: Context, number: int) -> None:
    """Put a request to rest without another word, and ask who asked whether it helped; solved already: nothing."""
    require(ctx.actor, Action.ANSWER_HELP)
    row = locked_request(ctx, number)
    if row.state is not HelpState.SOLVED:
        _solve(ctx, row)


def reopen(ctx: Context, number: int) -> None:
    """Take a solved request up again; an unsolved one stays as it is."""
    require(ctx.actor, Action.ANSWER_HELP)
    row = locked_request(ctx, number)
    if row.state is not HelpState.SOLVED:
        return
    row.talks_until = rules.talks_until(ctx.now, ctx.policy) if row.person else None
    reopen_row(ctx, row)


def mark_read(ctx: Context, number: int) -> int:
    """Note that an agent has read what the user wrote; LINE is told by a job. Return how many entries that were."""
    require(ctx.actor, Action.ANSWER_HELP)
    read = ctx.session.scalars(
        update(HelpEntry)
        .where(HelpEntry.request_id == number, HelpEntry.side == Side.USER, HelpEntry.read_at.is_(None))
        .values(read_at=ctx.now)
        .returning(HelpEntry.id),
        execution_options={"synchronize_session": False},
    ).all()
    return len(read)


def tell(ctx: Context, row: HelpRequest, said: Answer, key: str) -> None:
    """Send something to who asked; a reply token is used once, and never for two.

    If it becomes a mail, at once or because LINE does not take it, it leads to the request's page: nothing can be
    pressed or answered in a mail.
    """
    to = _reached(row)
    row.reply_token = row.reply_token_at = None
    if to is not None:
        said = notices.with_page(said, follow_path(ctx.vault, row.id))
        say(ctx, to=to, answer=said, kind=NoticeKind.HELP, key=key, urgency=Urgency.ALWAYS)


def _came_between(ctx: Context, row: HelpRequest, seen: int) -> tuple[int, ...]:
    """Return the entries after the one that was seen, without notes and one's own."""
    return tuple(
        ctx.session.scalars(
            select(HelpEntry.id)
            .where(HelpEntry.request_id == row.id, HelpEntry.id > seen, HelpEntry.side.in_((Side.USER, Side.AGENT)))
            .where(HelpEntry.author_id.is_distinct_from(ctx.actor.account_id))
            .order_by(HelpEntry.id)
        )
    )


def _said_before(ctx: Context, row: HelpRequest, side: Side, text: str) -> int | None:
    """Return the newest entry if it is the actor's own and says the same; None: this is to be said."""
    newest = ctx.session.scalar(
        select(HelpEntry).where(HelpEntry.request_id == row.id).order_by(HelpEntry.id.desc()).limit(1)
    )
    if newest is None or newest.text is None or (newest.side, newest.author_id) != (side, ctx.actor.account_id):
        return None
    return newest.id if ctx.vault.open(newest.text) == text else None


def _moved(ctx: Context, row: HelpRequest, then: Then) -> bool:
    """Bring a request whose answer is said to the state that its form asks for; a solved one is left at rest."""
    _forget_draft(ctx, row)
    if row.state in (HelpState.SOLVED, rules.STATE_AFTER[then]):
        return False
    if then is Then.SOLVE:
        _solve(ctx, row)
    else:
        _after_answer(ctx, row, then)
        ctx.note("help.answered", f"help:{row.id}", ("state",))
        ctx.session.flush()
    return True


def _solve(ctx: Context, row: HelpRequest) -> None:
    solve_row(ctx, row, Ending.MET)
    tell(ctx, row, notices.solved(row.id), f"help:{row.id}:solved:{ctx.now.isoformat()}")
    ctx.note("help.solved", f"help:{row.id}", ("state",))


def _after_answer(ctx: Context, row: HelpRequest, then: Then) -> None:
    """Move state and clocks on: the first answer is given, and the clock stands just while the user is waited for."""
    if row.first_answer_at is None:
        row.first_answer_at = ctx.now
        took = rules.answered_in(row.asked_at, row.answer_due_at, ctx.now, ctx.calendar)
        row.answered_in = round(took.total_seconds())
    clocks = rules.answered(clocks_of(row))
    row.state, row.state_at = rules.STATE_AFTER[then], ctx.now
    if then is Then.WAIT:
        clocks = rules.pause(clocks, ctx.now, ctx.calendar)
    elif then is Then.KEEP:
        clocks = rules.resume(clocks, ctx.now, ctx.calendar)
    set_clocks(ctx, row, clocks)
    if then is Then.SOLVE:
        solve_row(ctx, row, Ending.MET)
    elif row.person:
        row.talks_until = rules.talks_until(ctx.now, ctx.policy)


def _say(ctx: Context, row: HelpRequest, entry: HelpEntry, reply: Reply) -> None:
    writer = ctx.session.get(Account, ctx.actor.account_id) if ctx.actor.account_id else None
    name = ctx.vault.open(writer.name) if writer else ""
    said = notices.answered(row.id, name, reply.text, is_solved=reply.then is Then.SOLVE)
    entry.notice_key = f"help:{row.id}:{entry.id}"
    tell(ctx, row, said, entry.notice_key)


def _reached(row: HelpRequest) -> ToAccount | ToAddress | ToPerson | None:
    if row.person is not None and row.line_user is not None:
        if row.account_id is not None and row.reply_token is None:
            return ToAccount(row.account_id)
        return ToPerson(row.person, row.line_user, row.account_id, row.reply_token, row.reply_token_at)
    if row.email is not None:
        return ToAddress(row.account_id, row.email)
    return ToAccount(row.account_id) if row.account_id is not None else None


def _add(ctx: Context, row: HelpRequest, side: Side, text: str) -> HelpEntry:
    entry = add_entry(ctx, row, side, Written(text))
    assert entry is not None  # noqa: S101 (only a message of LINE can be in it already)
    index_entry(ctx, entry.id, text)
    return entry


def _forget_draft(ctx: Context, row: HelpRequest) -> None:
    own = HelpDraft.account_id == ctx.actor.account_id
    ctx.session.execute(delete(HelpDraft).where(HelpDraft.request_id == row.id, own))


def _check(text: str) -> None:
    if is_blank(text):
        raise RuleBroken(HelpRefusal.BLANK.broken())
    if characters(text) > rules.TEXT_AT_MOST:
        raise RuleBroken(HelpRefusal.TOO_LONG.broken(most=str(rules.TEXT_AT_MOST)))
