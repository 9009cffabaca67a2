"""A request written on the web page, without LINE: its answers go to the e-mail, which was shown before (HELP-2).

Nothing here tells who has an account: what is answered is the same for every address. Taking requests in is limited
by mailbox, by network and over all, so that the page is no way to flood somebody's mailbox or the desk, and no one
stranger shuts it for the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select

from core.accounts.rules import is_email
from core.context import Context
from core.database import is_sqlite
from core.errors import Broken, RulesBroken
from core.helpdesk import notices, rules
from core.helpdesk.answering import tell
from core.helpdesk.entries import Written
from core.helpdesk.hours import ONE_HOUR, closed
from core.helpdesk.models import HelpEntry, HelpKind, HelpRequest
from core.helpdesk.refusals import HelpRefusal
from core.helpdesk.service import Asked, Asker, ask, mailbox_key, network_key
from core.helpdesk.words import nobody_there
from core.wording import characters, is_blank

NAME_AT_MOST = 60
SENT_TWICE = timedelta(minutes=10)  # a form that is sent again on a slow line, or after going back
ONE_AT_A_TIME = 0x4_4D41_494C_4544  # any fixed number: who holds this lock takes a request in


@dataclass(frozen=True)
class MailRequest:
    """What somebody wrote on the web page."""

    name: str
    unit: str
    email: str
    kind: HelpKind | None
    text: str


def check(asked: MailRequest) -> tuple[Broken, ...]:
    """Return everything that is wrong with a request, at once."""
    wrong: list[Broken] = []
    if not _is_line(asked.name):
        wrong.append(HelpRefusal.WHO.broken(most=str(NAME_AT_MOST)))
    if not _is_line(asked.unit):
        wrong.append(HelpRefusal.WHERE.broken(most=str(NAME_AT_MOST)))
    if not is_email(asked.email):
        wrong.append(HelpRefusal.NO_ADDRESS.broken())
    if asked.kind is None:
        wrong.append(HelpRefusal.NO_KIND.broken())
    if is_blank(asked.text):
        wrong.append(HelpRefusal.BLANK.broken())
    if characters(asked.text) > rules.TEXT_AT_MOST:
        wrong.append(HelpRefusal.TOO_LONG.broken(most=str(rules.TEXT_AT_MOST)))
    return tuple(wrong)


def ask_by_mail(ctx: Context, asked: MailRequest, shown: str) -> Asked:
    """Take a request in; ``shown`` is the address its writer saw and confirmed. A form sent twice is taken in once.

    Raises ``RulesBroken`` for what is wrong, for an address that was not the one shown, and when too many came.
    """
    wrong = check(asked)
    if not wrong and asked.email != shown:
        wrong = (HelpRefusal.NOT_SHOWN.broken(),)
    if wrong or asked.kind is None:
        raise RulesBroken(wrong)
    _one_at_a_time(ctx)
    before = _taken_before(ctx, asked)
    if before is not None:
        return before
    if _is_too_much(ctx, asked.email):
        raise RulesBroken((HelpRefusal.TOO_MANY.broken(),))
    asker = Asker(display_name=f"{asked.name}（{asked.unit}）", email=asked.email)
    taken = ask(ctx, asker, asked.kind, "", Written(asked.text))
    _acknowledge(ctx, taken)
    return taken


def _acknowledge(ctx: Context, taken: Asked) -> None:
    """Say by mail that a request is taken in, and until when an answer can be expected (HELP-1).

    Nothing that was typed stands in that mail: somebody may have typed a stranger's address.
    """
    row = ctx.session.get_one(HelpRequest, taken.number)
    said = notices.taken_in_by_mail(taken, nobody_there(closed(ctx.now, ctx.calendar)))
    tell(ctx, row, said, f"help:{taken.number}:asked")


def _is_line(text: str) -> bool:
    return not is_blank(text) and characters(text) <= NAME_AT_MOST and text.isprintable()


def _one_at_a_time(ctx: Context) -> None:
    """Look and count after whoever takes a request in just now."""
    if not is_sqlite(ctx.session):  # which has one writer anyway
        ctx.session.execute(select(func.pg_advisory_xact_lock(ONE_AT_A_TIME)))


def _taken_before(ctx: Context, asked: MailRequest) -> Asked | None:
    """Return the same words from the same mailbox that were taken in a moment ago and wait for their first answer."""
    rows = ctx.session.execute(
        select(HelpRequest, HelpEntry.text)
        .join(HelpEntry, HelpEntry.id == HelpRequest.newest_entry)
        .where(HelpRequest.email_key == mailbox_key(ctx, asked.email), HelpRequest.kind == asked.kind)
        .where(HelpRequest.asked_at > ctx.now - SENT_TWICE, HelpRequest.answer_due_at.is_not(None))
        .order_by(HelpRequest.id)
    )
    for row, text in rows:
        same = row.email and ctx.vault.open(row.email) == asked.email and text and ctx.vault.open(text) == asked.text
        if same and row.answer_due_at:
            return Asked(row.id, row.kind, row.answer_due_at)
    return None


def _is_too_much(ctx: Context, email: str) -> bool:
    """Return whether too many came within the hour: for this mailbox, from this network, or from everybody."""
    lately = (HelpRequest.email_key.is_not(None), HelpRequest.asked_at > ctx.now - ONE_HOUR)
    mailbox = HelpRequest.email_key == mailbox_key(ctx, email)
    network = HelpRequest.network_key == (network_key(ctx) or "")  # whom nobody counts by that are no one network
    numbers = select(func.count(), func.count().filter(network), func.count().filter(mailbox)).where(*lately)
    policy = ctx.policy
    limits = (policy.help_mails_an_hour, policy.help_mails_an_hour_network, policy.help_mails_an_hour_each)
    return any(number >= most for number, most in zip(ctx.session.execute(numbers).one(), limits, strict=True))
