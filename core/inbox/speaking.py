"""In which language a person of the chat is spoken to, bound or not, and whether anything reaches them."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.context import Context
from core.inbox.models import Conversation
from core.language.models import Language


def language_of(session: Session, person: str) -> Language | None:
    """Return what a person asked to be spoken to in; None: they asked for nothing."""
    return session.scalar(select(Conversation.language).where(Conversation.person == person))


def speak(ctx: Context, person: str, language: Language) -> None:
    """Speak to a person in a language from now on; to somebody who never wrote, it changes nothing."""
    conversation = ctx.session.get(Conversation, person)
    if conversation is not None:
        conversation.language = language


def mark_reached(ctx: Context, person: str, *, is_reached: bool) -> None:
    """Keep that a person has blocked the account, or is back."""
    conversation = ctx.session.get(Conversation, person)
    if conversation is not None:
        conversation.blocked_at = None if is_reached else ctx.now
