"""The words offered under an answer. They are typed for the person, so each is a word the router knows."""

from __future__ import annotations

from collections.abc import Iterator

from core.access import Action as Deed
from core.access import Actor
from core.cards import Action, Answer, Card, Deck, Figure, Line, Press, Say, Text
from core.choices import HOME
from core.list_words import MORE

DUTIES, MENU = HOME
WORKING = Say(label="怎麼算的", text="怎麼算的")
CASE = Say(label="查案件", text="案件")
BIND = Say(label="綁定帳號", text="綁定")
UNBIND = Say(label="解除綁定", text="解除綁定")
CANCEL = Say(label="取消", text="取消")
CODES = Say(label="驗證碼", text="驗證碼")
REQUESTS = Say(label="我的申請", text="我的申請")
EMAIL = Say(label="改信箱", text="改信箱")
EXTENSION = Say(label="展延", text="展延")
SETTINGS = Say(label="設定", text="設定")
PERMISSIONS = Say(label="申請權限", text="申請權限")
REGISTRATION = Say(label="申請帳號", text="申請帳號")
PERSON = Say(label="聯絡客服", text="客服")
CLOSABLE = Say(label="可以結案嗎", text="可以結案嗎")
TO_TYPE = "輸入「"
"""Before a word that a text tells people to type."""
PROGRESS = Say(label="結案進度", text="結案進度")
RECORDS = Say(label="缺哪些紀錄", text="工作紀錄")


def usual(actor: Actor | None) -> tuple[Say, ...]:
    """Return what is offered where an answer offers nothing of its own; None: somebody unbound."""
    if actor is None:
        return BIND, PERSON, MENU
    return HOME if actor.may(Deed.SEE_DUTIES) else (CODES, MENU)


def in_words(said: Answer) -> Answer:
    """Return an answer that also says in words what can be typed next: LINE on a PC shows no choices under an answer.

    One that has buttons on its cards, or names a word to type already, stays as it is.
    """
    words = [f"「{word}」" for each in said.choices if (word := _typed(each))]
    read = list(_read(said))
    if not words or None in read or any(word in text for text in read if text for word in (*words, TO_TYPE)):
        return said
    *before, last = said.messages
    return said.model_copy(update={"messages": (*before, _hinted(last, f"接下來可以輸入{'、'.join(words)}。"))})


def _typed(choice: Action) -> str:
    """Return the word that does the same as a choice when it is typed; empty where there is none."""
    if isinstance(choice, Press) and choice.shown == MORE:
        return MORE
    return choice.text if isinstance(choice, Say) else ""


def _read(said: Answer) -> Iterator[str | None]:
    """Yield every text that may name a word; None for a button, which names its own."""
    for message in said.messages:
        if isinstance(message, Text):
            yield message.text
            continue
        for card in message.cards if isinstance(message, Deck) else (message,):
            yield from (block.text for block in card.blocks if isinstance(block, Line))
            yield from (None for block in card.blocks if isinstance(block, Figure) and block.action)
            yield from (None for _ in card.actions)


def _hinted(message: Text | Card | Deck, hint: str) -> Text | Card | Deck:
    if isinstance(message, Text):
        return Text(text=f"{message.text}\n{hint}")
    if isinstance(message, Card):
        return message.model_copy(update={"blocks": (*message.blocks, Line(text=hint, quiet=True))})
    if not message.cards:
        return message
    *before, last = message.cards
    hinted = last.model_copy(update={"blocks": (*last.blocks, Line(text=hint, quiet=True))})
    return message.model_copy(update={"cards": (*before, hinted)})
