"""The mailbox table: where e-mails stay when no mail server is set. Development only."""

from __future__ import annotations

from dataclasses import dataclass

from bot.render.mail import draw_mail
from core.cards import Answer
from core.context import Core
from core.database import insert_once
from core.notices.channel import Fill, Mail, Outcome, Sent
from core.notices.models import MailboxMail


@dataclass(frozen=True)
class MailboxChannel:
    """A mail door that keeps everything in the database."""

    core: Core

    def draw(self, answer: Answer, fill: Fill) -> Mail:
        """Return the e-mail that says the same as the cards."""
        return draw_mail(answer, fill)

    def send(self, address: str, mail: Mail, message_id: str) -> Sent:
        """Keep one e-mail; the same message id again changes nothing."""
        seal = self.core.vault.seal
        values = {
            "message_id": message_id,
            "address": seal(address),
            "subject": seal(mail.subject),
            "text": seal(mail.text),
            "sent_at": self.core.clock.now(),
        }
        with self.core.store.transaction() as session:
            kept = insert_once(session, MailboxMail, values, key="message_id")
        return Sent(Outcome.ACCEPTED if kept is not None else Outcome.ACCEPTED_BEFORE)
