"""One card as one Flex bubble, however long its texts are: within LINE's 30 KB.

Long texts are cut first; if that is not enough, the last blocks are left out and a line says so. Buttons are never
left out, for without them a card is a dead end.
"""

from __future__ import annotations

from bot.channels.limits_fields import json_size
from bot.render.blocks import draw_blocks
from bot.render.buttons import footer
from bot.render.filled import Filled
from bot.render.pieces import EDGE, Component, box, words
from bot.render.tones import LOOKS, QUIET, WHITE, strip_words
from core.cards import Card, OpenPage, Tone
from core.wording import columns

BUBBLE_MOST = 29_000  # bytes; LINE takes 30 KB and does not say of how many bytes each
TEXT_ROOMS = (3000, 800, 240)  # UTF-16 units for each text, tried in this order
TITLE_MOST, BADGE_MOST = 200, 40
STRIP_ROOM = 30  # columns; what is longer is wrapped
BUTTONS_MOST = 13
LEFT_OUT = "內容較長，這裡只顯示前面的部分。請輸入「選單」查看全部。"


def bubble(card: Card, filled: Filled) -> Component:
    """Return the card as a bubble; raises ``ValueError`` if its buttons alone are more than LINE takes."""
    card = _for_a_chat(card)
    if len(card.actions) > BUTTONS_MOST:
        raise ValueError(f"a card has at most {BUTTONS_MOST} buttons, this one {len(card.actions)}")
    for units in TEXT_ROOMS:
        drawn = _assemble(card, draw_blocks(card.blocks, filled, units), filled, units)
        if json_size(drawn) <= BUBBLE_MOST:
            return drawn
    return _with_fewer_blocks(card, filled, TEXT_ROOMS[-1])


def _for_a_chat(card: Card) -> Card:
    """Return the card without what stands on it for a mail."""
    kept = tuple(each for each in card.actions if not (isinstance(each, OpenPage) and each.in_mail_only))
    return card if kept == card.actions else card.model_copy(update={"actions": kept})


def _with_fewer_blocks(card: Card, filled: Filled, units: int) -> Component:
    notice = words(filled.say(LEFT_OUT), units, size="sm", color=QUIET)
    room = BUBBLE_MOST - json_size(_assemble(card, [notice], filled, units))
    if room < 0:
        raise ValueError("the buttons of this card alone are larger than a bubble")
    kept: list[Component] = []
    for component in draw_blocks(card.blocks, filled, units):
        room -= json_size(component) + 1  # the comma
        if room < 0:
            break
        kept.append(component)
    return _assemble(card, [*kept, notice], filled, units)


def _assemble(card: Card, blocks: list[Component], filled: Filled, units: int) -> Component:
    title = words(card.title, min(units, TITLE_MOST), size="xl", weight="bold")
    body = box("vertical", [title, *blocks], spacing="md", paddingAll=EDGE, backgroundColor=WHITE)
    drawn: Component = {"type": "bubble", "size": "mega", "header": _strip(card, filled), "body": body}
    if card.actions:
        drawn["footer"] = footer(card.actions, filled, units)
    return drawn


def _strip(card: Card, filled: Filled) -> Component:
    """Draw the strip over a card: its state in ink on a pale ground; only what cannot wait is white on full colour."""
    look, is_urgent = LOOKS[card.tone], card.tone is Tone.URGENT
    said = strip_words(card.tone, card.badge, filled.say)
    looks: Component = {"size": "sm", "weight": "bold", "color": WHITE if is_urgent else look.ink}
    texts = [words(text, BADGE_MOST, **looks) for text in said]
    if len(texts) > 1:
        has_room = sum(columns(text) for text in said) <= STRIP_ROOM
        texts[0]["flex"], texts[1]["flex"] = (1, 0) if has_room else (columns(said[0]), columns(said[1]))
        texts[1]["align"] = "end"
    ground = look.ink if is_urgent else look.tint
    edges: Component = {"paddingTop": "md", "paddingBottom": "md", "paddingStart": EDGE, "paddingEnd": EDGE}
    return box("horizontal", texts, spacing="md", backgroundColor=ground, **edges)
