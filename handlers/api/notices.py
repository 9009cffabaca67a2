"""Notices of other systems."""

from __future__ import annotations

from core.context import Context
from core.machines.saying import KINDS, URGENCIES, Message, pass_on
from handlers.api.models import Nothing, NoticeAsked, NoticeTaken
from handlers.api.operations import Call, Reply

ACCEPTED = 202
KIND_OF = {each.value: each for each in KINDS}
URGENCY_OF = {each.value: each for each in URGENCIES}


def send(ctx: Context, call: Call[Nothing, NoticeAsked]) -> Reply:
    """Queue a notice to an account."""
    asked = call.body
    message = Message(asked.account, KIND_OF[asked.kind], asked.title, asked.text, URGENCY_OF[asked.urgency])
    pass_on(ctx, message, call.mark)
    return Reply(ACCEPTED, NoticeTaken())
