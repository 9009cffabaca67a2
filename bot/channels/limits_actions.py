"""What LINE takes as an action: the part of a button, picture or area that says what a tap does.

The same action has other limits in another place (a label may have 40 graphemes in Flex and 20 in a quick
reply), so each check is told the ``Place``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from enum import Enum
from urllib.parse import urlsplit

from bot.channels.json_types import Json, JsonValue, as_object
from bot.channels.limits_fields import (
    Count,
    LimitProblem,
    Problems,
    TextLimit,
    choice_problems,
    text_problems,
)

DATA_MOST = 300
TEXT_MOST = 300
URI_MOST = 1000
CLIPBOARD_MOST = 1000
ALIAS_MOST = 32
URI_SCHEMES = ("http", "https", "line", "tel")
INPUT_OPTIONS = ("closeRichMenu", "openKeyboard", "openRichMenu", "openVoice")
EARLIEST, LATEST = date(1900, 1, 1), date(2100, 12, 31)


class Place(Enum):
    """Where an action stands: the most graphemes of its label, and whether it must have one."""

    TEMPLATE = ("template", 20, True)
    QUICK_REPLY = ("quick reply", 20, True)
    IMAGE_CAROUSEL = ("image carousel", 12, False)
    FLEX = ("flex", 40, False)
    FLEX_BUTTON = ("flex button", 40, True)
    RICH_MENU = ("rich menu", 20, False)

    def __init__(self, word: str, label_most: int, label_required: bool) -> None:
        self.word = word
        self.label_most = label_most
        self.label_required = label_required


DATA = TextLimit("data", DATA_MOST)
FIELDS: Mapping[str, tuple[TextLimit, ...]] = {
    "postback": (
        DATA,
        TextLimit("displayText", TEXT_MOST, Count.GRAPHEMES, required=False),
        TextLimit("text", TEXT_MOST, Count.GRAPHEMES, required=False),
        TextLimit("fillInText", TEXT_MOST, Count.GRAPHEMES, required=False),
    ),
    "message": (TextLimit("text", TEXT_MOST, Count.GRAPHEMES),),
    "uri": (TextLimit("uri", URI_MOST),),
    "datetimepicker": (DATA,),
    "clipboard": (TextLimit("clipboardText", CLIPBOARD_MOST),),
    "camera": (),
    "cameraRoll": (),
    "location": (),
    "richmenuswitch": (DATA, TextLimit("richMenuAliasId", ALIAS_MOST)),
}
QUICK_REPLY_ONLY = {"camera", "cameraRoll", "location"}


def action_problems(value: JsonValue, path: str, place: Place) -> Problems:
    """Yield every limit that this action breaks where it stands."""
    action = as_object(value)
    if action is None:
        yield LimitProblem(path, "must be an action object")
        return
    kind = action.get("type")
    if not isinstance(kind, str) or kind not in FIELDS:
        yield LimitProblem(f"{path}.type", "is no action that may stand in a message")
        return
    if kind == "richmenuswitch" and place is not Place.RICH_MENU:
        yield LimitProblem(f"{path}.type", f"{kind} is for rich menus only")
        return
    if kind in QUICK_REPLY_ONLY and place is not Place.QUICK_REPLY:
        yield LimitProblem(f"{path}.type", f"{kind} is for quick replies only")
    label = TextLimit("label", place.label_most, Count.GRAPHEMES, required=place.label_required)
    yield from text_problems(action, path, (label, *FIELDS[kind]))
    if kind in _MORE:
        yield from _MORE[kind](action, path, place)


def _postback(action: Json, path: str, place: Place) -> Problems:
    if "text" in action and place is Place.QUICK_REPLY:
        yield LimitProblem(f"{path}.text", "is not taken in a quick reply")
    if "text" in action and "displayText" in action:
        yield LimitProblem(f"{path}.text", "and displayText exclude each other")
    yield from choice_problems(action, path, "inputOption", INPUT_OPTIONS)
    if "fillInText" in action and action.get("inputOption") != "openKeyboard":
        yield LimitProblem(f"{path}.fillInText", "needs inputOption openKeyboard")


def _uri(action: Json, path: str, place: Place) -> Problems:
    yield from uri_problems(action.get("uri"), f"{path}.uri")
    if "altUri" not in action:
        return
    desktop = as_object(action["altUri"])
    if place is Place.QUICK_REPLY:
        yield LimitProblem(f"{path}.altUri", "does not work in a quick reply")
    elif desktop is None:
        yield LimitProblem(f"{path}.altUri", "must be an object")
    else:
        yield from text_problems(desktop, f"{path}.altUri", [TextLimit("desktop", URI_MOST)])
        yield from uri_problems(desktop.get("desktop"), f"{path}.altUri.desktop")


def uri_problems(value: JsonValue, path: str) -> Problems:
    """Yield what is wrong with an address to open: its scheme, or characters that are not percent-encoded."""
    if not isinstance(value, str) or not value:
        return  # that it is missing is said by the field's limit
    if value.partition(":")[0].lower() not in URI_SCHEMES:
        yield LimitProblem(path, f"scheme must be one of {', '.join(URI_SCHEMES)}")
    elif not re.fullmatch(r"[!-~]+", value) or not _is_address(value):
        yield LimitProblem(path, "must be a valid, percent-encoded URI")


def _is_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return bool(parts.netloc if parts.scheme in {"http", "https"} else parts.netloc or parts.path)


_PICKED: Mapping[str, tuple[str, Callable[[str], date | time]]] = {
    "date": (r"\d{4}-\d\d-\d\d", date.fromisoformat),
    "time": (r"\d\d:\d\d", time.fromisoformat),
    "datetime": (r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d", lambda text: datetime.fromisoformat(text.upper())),
}


def _datetimepicker(action: Json, path: str, _place: Place) -> Problems:
    mode = action.get("mode")
    if not isinstance(mode, str) or mode not in _PICKED:
        yield LimitProblem(f"{path}.mode", "must be one of date, datetime, time")
        return
    moments: dict[str, str] = {}
    for field in ("initial", "max", "min"):
        if field not in action:
            continue
        value = action[field]
        if isinstance(value, str) and _is_moment(value, mode):
            moments[field] = value.upper()
        else:
            yield LimitProblem(f"{path}.{field}", f"is no {mode} between {EARLIEST} and {LATEST}")
    if "min" in moments and "max" in moments and moments["min"] >= moments["max"]:
        yield LimitProblem(f"{path}.max", "must be later than min")


def _is_moment(value: str, mode: str) -> bool:
    form, parse = _PICKED[mode]
    if not re.fullmatch(form, value, re.ASCII):
        return False
    try:
        moment = parse(value)
    except ValueError:
        return False
    if isinstance(moment, time):
        return True
    day = moment.date() if isinstance(moment, datetime) else moment
    return EARLIEST <= day <= LATEST


_MORE: Mapping[str, Callable[[Json, str, Place], Problems]] = {
    "postback": _postback,
    "uri": _uri,
    "datetimepicker": _datetimepicker,
}
