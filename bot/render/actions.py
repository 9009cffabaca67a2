"""What a button does, as a LINE action.

A label that is too long is cut, and so is what a press shows in the chat. What the bot or the person gets back
(postback data, typed words, addresses, copied text) is never cut, since it would then mean something else: too
long is a programming error and raises ``ValueError``.
"""

from __future__ import annotations

from bot.channels.limits_actions import TEXT_MOST, Place, action_problems
from bot.channels.measure import cut, utf16_length
from bot.render.filled import Filled
from bot.render.pieces import Component, label, shown
from bot.render.tones import BRAND, SOFT
from core.cards import Action, Copy, CopyCode, Open, OpenAccountLink, OpenPage, PickDate, Press, Say


def button(action: Action, filled: Filled, units: int) -> Component:
    """Return a button as high as a fingertip, its label shrunk to the width rather than cut by LINE."""
    style, color = ("primary", BRAND) if is_primary(action) else ("secondary", SOFT)
    return {
        "type": "button",
        "action": line_action(action, filled, Place.FLEX_BUTTON, units),
        "height": "md",
        "adjustMode": "shrink-to-fit",
        "scaling": True,
        "style": style,
        "color": color,
    }


def is_primary(action: Action) -> bool:
    """Return whether this is the button most people want: a code is shown to be copied."""
    return True if isinstance(action, CopyCode) else action.primary


def line_action(action: Action, filled: Filled, place: Place, units: int) -> Component:
    """Return the action as LINE takes it at this place; raises ``ValueError`` if it never would.

    ``units`` is the room for what a press shows in the chat, in UTF-16 units.
    """
    drawn = {"label": label(action.label, place.label_most), **_deed(action, filled, units)}
    broken = list(action_problems(drawn, action.do, place))
    if isinstance(action, Say) and utf16_length(action.text) > TEXT_MOST:
        raise ValueError(f"say.text: length must be between 1 and {TEXT_MOST} UTF-16 code units")
    if broken:
        raise ValueError("; ".join(f"{each.path}: {each.message}" for each in broken))
    return drawn


def _deed(action: Action, filled: Filled, units: int) -> Component:
    match action:
        case Press():
            return {"type": "postback", "data": action.data, **_displayed(action.shown, units)}
        case Say():
            return {"type": "message", "text": action.text}
        case Open() | OpenAccountLink() | OpenPage():
            return {"type": "uri", "uri": _address(action, filled)}
        case Copy() | CopyCode():
            copied = action.text if isinstance(action, Copy) else filled.code(action.challenge)
            return {"type": "clipboard", "clipboardText": copied}
        case PickDate():
            return {"type": "datetimepicker", "data": action.data, "mode": "date", **_days(action)}


def _address(action: Open | OpenAccountLink | OpenPage, filled: Filled) -> str:
    if isinstance(action, OpenAccountLink):
        return filled.link_url()
    return action.url if isinstance(action, Open) else filled.page_url(action.path)


def _displayed(text: str, units: int) -> Component:
    if not text.strip():
        return {}
    return {"displayText": cut(shown(text, min(units, TEXT_MOST)), graphemes=TEXT_MOST)}


def _days(action: PickDate) -> Component:
    """Return the picker's bounds; LINE refuses a last day equal to the first, so such a one is left to the bot."""
    latest = action.latest if action.latest != action.earliest else ""
    bounds = {"initial": action.initial, "min": action.earliest, "max": latest}
    return {field: day for field, day in bounds.items() if day}
