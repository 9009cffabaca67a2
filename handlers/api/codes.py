"""One-time passwords of the main system: sent on request, checked for the key that asked."""

from __future__ import annotations

from core.context import Context
from core.machines.codes import AskedTooOften, ask_code, check_code
from core.otp import service as otp
from core.otp.models import Purpose
from handlers.api.models import (
    ChallengeAddress,
    CodeAsked,
    CodePurpose,
    CodeRight,
    CodeSent,
    CodeTyped,
    CodeVoid,
    CodeWrong,
    Nothing,
)
from handlers.api.operations import Call, Reply
from handlers.api.problems import Problem, retry_after, wrong_field
from handlers.api.texts import Kind

PURPOSES = {CodePurpose.MAIN_SYSTEM: Purpose.MAIN_SYSTEM}
CREATED, OK = 201, 200


def ask(ctx: Context, call: Call[Nothing, CodeAsked]) -> Reply | Problem:
    """Send a code, or say from when on one may be asked for."""
    asked = ask_code(ctx, call.body.account, PURPOSES[call.body.purpose])
    if isinstance(asked, AskedTooOften):
        return Problem(Kind.TOO_FAST, asked.text, headers=retry_after(asked.until, ctx.now))
    body = CodeSent(challenge=asked.challenge, channel=asked.channel, expires_at=asked.expires_at)
    return Reply(CREATED, body)


def check(ctx: Context, call: Call[ChallengeAddress, CodeTyped]) -> Reply | Problem:
    """Check a code."""
    match check_code(ctx, call.address.challenge, call.body.code):
        case otp.CodeRight():
            return Reply(OK, CodeRight())
        case otp.CodeWrong(tries_left, text):
            return Reply(OK, CodeWrong(tries_left=tries_left, text=text))
        case otp.CodeVoid(reason, text):
            return Reply(OK, CodeVoid(reason=reason, text=text))
        case otp.CodeMalformed(text):
            return wrong_field("code", text)
