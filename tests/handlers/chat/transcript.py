"""A conversation as a transcript: somebody says and presses, and sees what is answered.

Each act is one turn in one transaction on a real core, as the process does it with a stored event.
"""

from __future__ import annotations

from collections.abc import Iterable

from core.access import system
from core.accounts.models import Account
from core.accounts.queries import bound_account
from core.audit import Door
from core.buttons import ButtonData
from core.cards import Action, Answer, Block, Card, Deck, Figure, Press, Say, Text
from core.context import Core
from handlers.chat import answer
from handlers.chat.turn import AccountLinked, ChatEvent, Dialog, Followed, OtherSaid, Pressed, TextSaid, Turn, Unsent
from tests.builders import bind


class Chat:
    """One person's chat with the bot."""

    def __init__(self, core: Core, account: Account | None = None) -> None:
        self.core = core
        bound = bind(core, account) if account else None
        self.line_user = bound.line_user if bound else "U" + "f" * 32
        self.person = bound.person if bound else core.vault.look_up("line_user", self.line_user)
        self.dialog = Dialog()
        self.in_group = False
        self.is_first = False
        self.reply_token = ""
        self.answer: Answer | None = None

    def hears(self, event: ChatEvent) -> None:
        """Let one event happen."""
        with self.core.transaction(system("conversation"), Door.CHAT) as ctx:
            account = bound_account(ctx.session, self.person, ctx.today)
            sealed = ctx.vault.seal(self.line_user)
            turn = Turn(
                ctx, self.person, sealed, account, event, self.dialog, in_group=self.in_group, is_first=self.is_first,
                reply_token=self.reply_token, reply_token_at=ctx.now if self.reply_token else None,
            )  # fmt: skip
            self.answer = answer(turn)

    def says(self, text: str, message_id: str = "") -> None:
        self.hears(TextSaid(text, message_id))

    def follows(self, *, again: bool = False) -> None:
        self.hears(Followed(again=again))

    def links(self, nonce: str) -> None:
        self.hears(AccountLinked(nonce))

    def sends(self, kind: str, text: str = "", message_id: str = "") -> None:
        self.hears(OtherSaid(kind, text, message_id))

    def takes_back(self, message_id: str) -> None:
        self.hears(Unsent(message_id))

    def presses(self, label: str) -> None:
        """Press the first button of this label that is on the screen."""
        action = next(each for each in actions(self.answer) if getattr(each, "label", "") == label)
        if isinstance(action, Say):
            self.says(action.text)
            return
        assert isinstance(action, Press)
        self.hears(Pressed(action.data))

    def presses_data(self, data: ButtonData | str) -> None:
        """Press a button that may be on no screen any more."""
        self.hears(Pressed(data if isinstance(data, str) else data.pack()))

    def sees(self, *words: str) -> None:
        shown = self.shown
        for word in words:
            assert word in shown, f"{word!r} is not in:\n{shown}"

    def sees_no(self, *words: str) -> None:
        shown = self.shown
        for word in words:
            assert word not in shown, f"{word!r} is in:\n{shown}"

    @property
    def shown(self) -> str:
        """Everything on the screen, a line each."""
        assert self.answer is not None, "nothing was answered"
        return "\n".join([*_texts(self.answer), *(each.label for each in actions(self.answer))])

    @property
    def previews(self) -> str:
        """What a locked phone shows."""
        return "\n".join(message.preview for message in self.answer.messages) if self.answer else ""

    @property
    def offered(self) -> list[str]:
        """The words offered under the answer and on its cards."""
        return [each.text for each in actions(self.answer) if isinstance(each, Say)]


def actions(said: Answer | None) -> list[Action]:
    """Return every button of an answer, in order of sight."""
    if said is None:
        return []
    cards = [card for message in said.messages for card in _cards(message)]
    figures = [block.action for card in cards for block in card.blocks if isinstance(block, Figure) and block.action]
    return [*figures, *(action for card in cards for action in card.actions), *said.choices]


def _cards(message: Text | Card | Deck) -> Iterable[Card]:
    if isinstance(message, Deck):
        return message.cards
    return (message,) if isinstance(message, Card) else ()


def _texts(said: Answer) -> Iterable[str]:
    for message in said.messages:
        if isinstance(message, Text):
            yield message.text
        for card in _cards(message):
            yield from (card.title, card.badge)
            yield from (_block(block) for block in card.blocks)


def _block(block: Block) -> str:
    return " ".join(str(value) for key, value in block.model_dump().items() if key not in {"kind", "action", "tone"})
