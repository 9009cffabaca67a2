"""Phones that are reached no more: those of accounts that ended (ACC-6), and those whose owners blocked us (A49)."""

from __future__ import annotations

from datetime import datetime

from core.accounts import links
from core.context import Core
from core.notices import undelivered
from scheduler.batches import in_batches

BINDINGS_A_BATCH = 100
NOTICES_A_BATCH = 100


def end_bindings(core: Core, now: datetime) -> int:
    """End the bindings of accounts that are disabled or over by ``now``; return how many there were."""
    return in_batches(core, now, "end_bindings", lambda ctx, _: links.end_bindings_of_ended(ctx), BINDINGS_A_BATCH)


def mail_what_did_not_arrive(core: Core, now: datetime) -> int:
    """Queue as e-mails what was pushed to people who had blocked us by then; return how many notices."""
    name, work = "mail_what_did_not_arrive", undelivered.mail_what_did_not_arrive
    return in_batches(core, now, name, work, NOTICES_A_BATCH)
