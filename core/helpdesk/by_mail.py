"""A request written on the web page, without LINE: its answers go to the e-mail, which was shown before (HELP-2).

Nothing here tells who has an account: what is answered is the same for every address. Taking requests in is limited
over all and by mailbox, so that the page is no way to flood the desk or somebody's mailbox.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from core.accounts.rules import is_email
from core.context import Context
from core.errors import Broken, RulesBroken
from core.helpdesk import rules
from core.helpdesk.entries import Written
from core.helpdesk.models import HelpKind, HelpRequest
from core.helpdesk.refusals import HelpRefusal
from core.helpdesk.service import Asked, Asker, ask
from core.secrets import Sealed
from core.wording import characters, is_blank

NAME_AT_MOST = 60
ONE_HOUR = timedelta(hours=1)


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
    """Take a request in; ``shown`` is the address its writer saw and confirmed.

    Raises ``RulesBroken`` for what is wrong, for an address that was not the one shown, and when too many came.
    """
    wrong = check(asked)
    if not wrong and asked.email != shown:
        wrong = (HelpRefusal.NOT_SHOWN.broken(),)
    wrong = wrong or _too_many(ctx, asked.email)
    if wrong or asked.kind is None:
        raise RulesBroken(wrong)
    asker = Asker(display_name=f"{asked.name}（{asked.unit}）", email=asked.email)
    return ask(ctx, asker, asked.kind, "", Written(asked.text))


def _is_line(text: str) -> bool:
    return not is_blank(text) and characters(text) <= NAME_AT_MOST and text.isprintable()


def _too_many(ctx: Context, email: str) -> tuple[Broken, ...]:
    """Return that too many came within the hour, from everybody or for this mailbox."""
    addresses = _of_the_hour(ctx)
    same = sum(_folded(ctx.vault.open(each)) == _folded(email) for each in addresses)
    if len(addresses) >= ctx.policy.help_mails_an_hour or same >= ctx.policy.help_mails_an_hour_each:
        return (HelpRefusal.TOO_MANY.broken(),)
    return ()


def _of_the_hour(ctx: Context) -> Sequence[Sealed]:
    """Return the addresses of the last hour's requests from the page: no more than the limit over all."""
    by_mail = (HelpRequest.person.is_(None), HelpRequest.email.is_not(None), HelpRequest.asked_at > ctx.now - ONE_HOUR)
    rows = ctx.session.scalars(select(HelpRequest.email).where(*by_mail).limit(ctx.policy.help_mails_an_hour))
    return [each for each in rows if each is not None]


def _folded(address: str) -> str:
    return address.casefold()
