"""Passing on what another system has to say to an account: through the outbox like everything that is said."""

from __future__ import annotations

from dataclasses import dataclass

from core.access import Action, require
from core.accounts import queries as accounts
from core.accounts.rules import Standing
from core.context import Context
from core.errors import InvalidInput, NotFound
from core.imports.cells import clean
from core.machines import notices
from core.machines.refusals import FactsRefused, WrongField
from core.notices.models import NoticeKind, Urgency
from core.notices.service import ToAccount, say
from core.secrets import folded, new_token
from core.wording import characters, is_blank

KINDS = (NoticeKind.REMINDER, NoticeKind.ACCOUNT, NoticeKind.DECISION)
"""What another system may send. Codes, bindings, answers and urgent signs are ours to say."""
URGENCIES = (Urgency.ROUTINE, Urgency.AT_ONCE)
"""How urgent it may be: nothing of another system's breaks the quiet hours."""


@dataclass(frozen=True)
class Message:
    """What is to be said, and to whom."""

    account: str
    """The account's code."""
    kind: NoticeKind
    title: str
    text: str
    urgency: Urgency


def pass_on(ctx: Context, message: Message, mark: str | None) -> None:
    """Queue a message; the same one under the same ``mark`` (the Idempotency-Key) is never said twice.

    Raises ``FactsRefused`` naming every wrong field, ``NotFound`` for an account that is not there or not in use.
    """
    require(ctx.actor, Action.SEND_NOTICES)
    title, text = _read(message)
    known = accounts.known_account(ctx.session, folded(message.account), ctx.today)
    if known is None or known.standing is not Standing.ACTIVE:
        raise NotFound
    told = say(
        ctx,
        to=ToAccount(known.account_id),
        answer=notices.passed_on(message.kind, title, text),
        kind=message.kind,
        key=f"api:{_once(ctx, message, mark)}",
        urgency=message.urgency,
    )
    if told:
        ctx.note("pass_on", f"account:{known.account_id}", ("title", "text"))


def _read(message: Message) -> tuple[str, str]:
    wrong: list[WrongField] = []
    title = _cleaned("title", message.title, notices.TITLE_AT_MOST, wrong)
    text = _cleaned("text", message.text, notices.TEXT_AT_MOST, wrong)
    if message.kind not in KINDS:
        wrong.append(notices.wrong_kind(KINDS))
    if message.urgency not in URGENCIES:
        wrong.append(notices.wrong_urgency(URGENCIES))
    if wrong:
        raise FactsRefused(tuple(wrong))
    return title, text


def _cleaned(field: str, written: str, at_most: int, wrong: list[WrongField]) -> str:
    """Return a text without format characters, on its lines; note what is wrong with it."""
    try:
        cleaned = "\n".join(clean(line) for line in written.splitlines()) if field == "text" else clean(written)
    except InvalidInput as refused:
        wrong.append(WrongField(field, str(refused)))
        return ""
    length = characters(cleaned)
    if is_blank(cleaned) or length > at_most:
        wrong.append(notices.wrong_length(field, length, at_most))
    return cleaned.strip("\n")


def _once(ctx: Context, message: Message, mark: str | None) -> str:
    """Return what the message is known by: key, mark and content, or its own where there is no mark."""
    if mark is None:
        return new_token()
    parts = (str(ctx.actor.key_id), mark, message.account, message.kind, message.title, message.text)
    return ctx.vault.derive("api-notice", "\0".join(parts)).hex()
