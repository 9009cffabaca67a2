"""The work of a code for somebody there is not: done like the real one and taken back: time tells nothing (A24).

What decides is counted in ``codes``; nothing of what is done here stays.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from core.accounts.nobody import nobody
from core.context import Context
from core.otp.models import Purpose
from core.otp.sending import CodeRefused, CodeSent, send_code, why_no_code, withhold_code

ASKER = "nobody"


def ask_for_nobody(ctx: Context, purpose: Purpose, *, done: CodeSent | CodeRefused | None) -> None:
    """Do what was not done for an account, so that all asks come to the same: a refusal, a code, and one withheld."""
    with nobody(ctx) as made_up:
        if not isinstance(done, CodeRefused):
            why_no_code(ctx, made_up.account_id, purpose, ASKER)
            withhold_code(ctx, made_up.account_id, purpose, ASKER)
        if not isinstance(done, CodeSent):
            send_code(ctx, made_up.account_id, purpose, ASKER)


@contextmanager
def code_of_nobody(ctx: Context, purpose: Purpose) -> Iterator[str]:
    """Give a challenge that is there only inside; all that is done there is taken back."""
    with nobody(ctx) as made_up:
        yield withhold_code(ctx, made_up.account_id, purpose, ASKER)
