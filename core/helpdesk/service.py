"""The side of who asks: a request, what is written in it, taking words back, ending it, rating it (HELP).

What somebody writes while their request talks belongs to it, whatever it is; menu words and signs of danger are the
chat's business. Nothing is said from here but by notices.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from core.context import Context
from core.duties.models import Ending
from core.errors import NotFound, RuleBroken
from core.helpdesk import rules
from core.helpdesk.assigning import give_to_somebody
from core.helpdesk.clocks import clocks_of, set_clocks, stop_clocks
from core.helpdesk.entries import Written, add_entry, erase_entry
from core.helpdesk.locking import locked_request, refuse_newer
from core.helpdesk.models import HelpEntry, HelpKind, HelpRequest, HelpState, Side
from core.helpdesk.refusals import HelpRefusal
from core.helpdesk.searching import index_entry
from core.secrets import Sealed
from core.wording import characters, is_blank


@dataclass(frozen=True)
class Asker:
    """Who asks: a LINE user, bound or not, or somebody on the web page, whose answers go to the e-mail (HELP-2)."""

    person: str | None = None
    line_user: Sealed | None = None
    display_name: str = ""
    account_id: int | None = None
    email: str = ""


@dataclass(frozen=True)
class Asked:
    """A request that was taken in: its number, and until when an answer can be expected (HELP-1, HELP-6)."""

    number: int
    kind: HelpKind
    answer_by: datetime


@dataclass(frozen=True)
class Added:
    """What was written went into a request."""

    number: int


def ask(ctx: Context, asker: Asker, kind: HelpKind, subject: str, written: Written) -> Asked:
    """Open a request with its first words; raises ``RuleBroken`` for a blank or endless text."""
    check_text(written)
    row = HelpRequest(
        kind=kind,
        state=HelpState.NEW,
        subject=ctx.vault.seal(_subject(subject, written.text)),
        person=asker.person,
        line_user=asker.line_user,
        display_name=ctx.vault.seal(asker.display_name) if asker.display_name else None,
        account_id=asker.account_id,
        email=ctx.vault.seal(asker.email) if asker.email else None,
        email_key=mailbox_key(ctx, asker.email) if asker.email else None,
        network_key=network_key(ctx) if asker.email else None,
        asked_at=ctx.now,
        state_at=ctx.now,
        talks_until=rules.talks_until(ctx.now, ctx.policy) if asker.person else None,
        solve_left=0,
        newest_entry=0,
    )
    ctx.session.add(row)
    ctx.session.flush()
    _leave_others(ctx, row)
    _write(ctx, row, written)
    set_clocks(ctx, row, rules.begin(ctx.now, ctx.calendar, ctx.policy))
    ctx.note("help.asked", f"help:{row.id}", (kind.value,))
    give_to_somebody(ctx, row)
    assert row.answer_due_at is not None  # noqa: S101 (set just now)
    return Asked(row.id, kind, row.answer_due_at)


def talking(ctx: Context, person: str) -> HelpRequest | None:
    """Return the request that takes what this LINE user writes now, or None: then the bot answers (A62)."""
    return ctx.session.scalar(
        select(HelpRequest)
        .where(HelpRequest.person == person, HelpRequest.talks_until > ctx.now, HelpRequest.state != HelpState.SOLVED)
        .order_by(HelpRequest.id.desc())
        .limit(1)
        .with_for_update()
    )


def write(ctx: Context, person: str, written: Written) -> Added | None:
    """Put what a LINE user wrote into the request that talks; None when none does. The same message again adds nothing.

    A request that waited for them is open again, and its clock goes on with what was left (HELP-6).
    """
    row = talking(ctx, person)
    return None if row is None else write_into(ctx, row, written)


def continue_request(ctx: Context, person: str, number: int) -> HelpRequest:
    """Let an own request take what its person writes from now on; raises ``NotFound`` for another's.

    A solved one opens again within seven days; after that ``RuleBroken`` says to ask anew.
    """
    row = _own(ctx, person, number)
    if row.state is HelpState.SOLVED:
        reopen_by_asker(ctx, row)
    row.talks_until = rules.talks_until(ctx.now, ctx.policy)
    _leave_others(ctx, row)
    ctx.session.flush()
    return row


def end(ctx: Context, person: str) -> HelpRequest | None:
    """End the request that talks, because who asked says so; None when none does."""
    row = talking(ctx, person)
    if row is not None:
        solve_row(ctx, row, Ending.VOID if row.first_answer_at is None else Ending.MET)
        ctx.note("help.ended", f"help:{row.id}", ("state",))
    return row


def rate(ctx: Context, person: str, number: int, *, helped: bool) -> None:
    """Keep whether it helped; raises ``NotFound`` for another's, ``RuleBroken`` before it is solved."""
    rate_row(ctx, _own(ctx, person, number), helped=helped)


def rate_row(ctx: Context, row: HelpRequest, *, helped: bool) -> None:
    """Keep whether a request that is locked helped; raises ``RuleBroken`` before it is solved (HELP-5)."""
    if row.state is not HelpState.SOLVED:
        raise RuleBroken(HelpRefusal.NOT_SOLVED.broken())
    if row.rating == int(helped):
        return
    row.rating = int(helped)
    ctx.note("help.rated", f"help:{row.id}", ("rating",))
    ctx.session.flush()


def take_back(ctx: Context, person: str, message_id: str) -> bool:
    """Erase a message its writer took back, everywhere; that there was one stays (A13). False when it is not ours."""
    entry = ctx.session.scalar(
        select(HelpEntry)
        .join(HelpRequest, HelpRequest.id == HelpEntry.request_id)
        .where(HelpEntry.message_key == message_key(ctx, message_id), HelpRequest.person == person)
    )
    if entry is None:
        return False
    _forget_subject(ctx, entry)
    erase_entry(ctx, entry)
    ctx.note("help.taken_back", f"help:{entry.request_id}", ("text",))
    return True


def message_key(ctx: Context, message_id: str) -> str:
    """Return the keyed hash by which a message of LINE is known."""
    return ctx.vault.look_up("line_message", message_id)


def mailbox_key(ctx: Context, email: str) -> str:
    """Return the keyed hash by which the requests of a mailbox are found; capitals and a +tag make no other mailbox."""
    name, at, host = email.partition("@")
    return ctx.vault.look_up("help_mailbox", name.split("+", 1)[0] + at + host)


def network_key(ctx: Context) -> str | None:
    """Return the keyed hash of the network a visitor comes from; None where nobody is counted by that."""
    return ctx.vault.look_up("help_network", ctx.actor.source) if ctx.actor.source else None


def solve_row(ctx: Context, row: HelpRequest, ending: Ending) -> None:
    """Put a request to rest: its clocks stop, and the bot answers its person again; raises as ``refuse_newer``."""
    refuse_newer(row)
    row.solved_at = row.state_at = ctx.now
    row.state, row.talks_until = HelpState.SOLVED, None
    row.solved_in = _solved_in(ctx, row)
    stop_clocks(ctx, row, ending)
    ctx.session.flush()


def reopen_row(ctx: Context, row: HelpRequest) -> None:
    """Take a solved request up again, with the working time it had left, or that of a first answer if that is more."""
    left = max(rules.solve_span(ctx.policy) - rules.spent(row.solved_in), rules.answer_span(ctx.policy))
    row.state, row.state_at, row.solved_at, row.solved_in, row.rating = HelpState.OPEN, ctx.now, None, None, None
    set_clocks(ctx, row, rules.resume(rules.Clocks(None, None, left), ctx.now, ctx.calendar))
    ctx.note("help.reopened", f"help:{row.id}", ("state",))


def write_into(ctx: Context, row: HelpRequest, written: Written) -> Added | None:
    """Put what who asked wrote into a request that is locked; None when this message is in it already (HELP-6)."""
    if _write(ctx, row, written) is None:
        return None
    if row.person is not None:
        row.talks_until = rules.talks_until(ctx.now, ctx.policy)
    if row.state is HelpState.WAITING:
        row.state, row.state_at = HelpState.OPEN, ctx.now
        set_clocks(ctx, row, rules.resume(clocks_of(row), ctx.now, ctx.calendar))
    return Added(row.id)


def reopen_by_asker(ctx: Context, row: HelpRequest) -> None:
    """Take a solved request up again because who asked goes on with it; raises ``RuleBroken`` after seven days."""
    if row.solved_at is None or not rules.may_reopen(row.solved_at, ctx.now, ctx.policy):
        raise RuleBroken(HelpRefusal.TOO_OLD.broken(days=str(ctx.policy.help_reopen_days)))
    reopen_row(ctx, row)


def check_text(written: Written) -> None:
    """Refuse a text that says nothing, or is endless; raises ``RuleBroken``."""
    if written.is_text and is_blank(written.text):
        raise RuleBroken(HelpRefusal.BLANK.broken())
    if characters(written.text) > rules.TEXT_AT_MOST:
        raise RuleBroken(HelpRefusal.TOO_LONG.broken(most=str(rules.TEXT_AT_MOST)))


def _write(ctx: Context, row: HelpRequest, written: Written) -> HelpEntry | None:
    key = message_key(ctx, written.message_id) if written.message_id else None
    entry = add_entry(ctx, row, Side.USER, written, message_key=key)
    if entry is None:
        return None
    index_entry(ctx, entry.id, written.text)
    row.reply_token = ctx.vault.seal(written.reply_token) if written.reply_token else None
    row.reply_token_at = written.reply_token_at if written.reply_token else None
    return entry


def _own(ctx: Context, person: str, number: int) -> HelpRequest:
    row = ctx.session.scalar(
        select(HelpRequest).where(HelpRequest.id == number, HelpRequest.person == person).with_for_update()
    )
    if row is None:
        raise NotFound
    return row


def _leave_others(ctx: Context, row: HelpRequest) -> None:
    """Only one request of a person talks at a time."""
    if row.person is None:
        return
    for other in ctx.session.scalars(
        select(HelpRequest).where(
            HelpRequest.person == row.person, HelpRequest.talks_until.is_not(None), HelpRequest.id != row.id
        )
    ):
        other.talks_until = None


def _solved_in(ctx: Context, row: HelpRequest) -> int:
    """Return the working seconds a request took, without those it waited for its person."""
    clocks = clocks_of(row)
    spent = rules.solve_span(ctx.policy) - rules.left(clocks, ctx.now, ctx.calendar)
    return round((spent + rules.overdue(clocks, ctx.now, ctx.calendar)).total_seconds())


def _subject(subject: str, text: str) -> str:
    """Return the subject, or the first line of the text where none was given (HELP-2)."""
    first = subject.strip() or next((line.strip() for line in text.splitlines() if line.strip()), "")
    return first[: rules.SUBJECT_AT_MOST]


def _forget_subject(ctx: Context, entry: HelpEntry) -> None:
    """Leave a request without the subject that was the beginning of what is taken back (A13)."""
    if entry.text is None:
        return
    row = locked_request(ctx, entry.request_id)
    if ctx.vault.open(row.subject) == _subject("", ctx.vault.open(entry.text)):
        row.subject = ctx.vault.seal("")


def last_heard(ctx: Context, number: int) -> datetime | None:
    """Return when who asked last wrote in a request."""
    newest = (
        select(HelpEntry.at)
        .where(HelpEntry.request_id == number, HelpEntry.side == Side.USER)
        .order_by(HelpEntry.id.desc())
        .limit(1)
    )
    return ctx.session.scalar(newest)


def expected(ctx: Context, row: HelpRequest) -> datetime | None:
    """Return until when an answer can be expected to what was just written: the first one's deadline while it is owed,
    else as much working time from now (HELP-1, HELP-6).
    """
    return row.answer_due_at or rules.begin(ctx.now, ctx.calendar, ctx.policy).answer_due
