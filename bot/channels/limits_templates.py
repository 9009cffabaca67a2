"""What LINE takes as a template message: buttons, confirm, carousel, image carousel."""

from __future__ import annotations

from bot.channels.json_types import Json, JsonValue, as_list, as_object
from bot.channels.limits_actions import Place, action_problems
from bot.channels.limits_fields import (
    Count,
    LimitProblem,
    Problems,
    TextLimit,
    count_problems,
    items_of,
    text_problems,
    url_problems,
)

TITLE_MOST = 40
BUTTONS_TEXT, BUTTONS_ACTIONS = 160, 4
CONFIRM_TEXT, CONFIRM_ACTIONS = 240, 2
COLUMN_TEXT, COLUMN_ACTIONS, COLUMNS = 120, 3, 10
TEXT_BESIDE_PICTURE = 60  # a picture or a title leaves less room for the text
TITLE = TextLimit("title", TITLE_MOST, Count.GRAPHEMES, required=False)


def template_problems(value: JsonValue, path: str) -> Problems:
    """Yield every limit that the template of a template message breaks."""
    template = as_object(value)
    kind = template.get("type") if template is not None else None
    if template is None or kind not in {"buttons", "confirm", "carousel", "image_carousel"}:
        yield LimitProblem(path, "must be a buttons, confirm, carousel or image_carousel template")
    elif kind == "buttons":
        yield from _panel(template, path, BUTTONS_TEXT, BUTTONS_ACTIONS)
    elif kind == "confirm":
        yield from _text(template, path, CONFIRM_TEXT)
        yield from _actions(template, path, CONFIRM_ACTIONS, CONFIRM_ACTIONS)
    elif kind == "carousel":
        yield from _carousel(template, path)
    else:
        yield from _image_carousel(template, path)


def _panel(panel: Json, path: str, text_most: int, actions_most: int) -> Problems:
    yield from text_problems(panel, path, [TITLE])
    yield from url_problems(panel, path, "thumbnailImageUrl", required=False)
    is_narrow = "title" in panel or "thumbnailImageUrl" in panel
    yield from _text(panel, path, TEXT_BESIDE_PICTURE if is_narrow else text_most)
    yield from _actions(panel, path, 1, actions_most)
    if "defaultAction" in panel:
        yield from action_problems(panel["defaultAction"], f"{path}.defaultAction", Place.TEMPLATE)


def _text(owner: Json, path: str, most: int) -> Problems:
    yield from text_problems(owner, path, [TextLimit("text", most, Count.GRAPHEMES)])


def _actions(owner: Json, path: str, least: int, most: int) -> Problems:
    yield from count_problems(owner, path, "actions", least, most)
    for item, where in items_of(owner, path, "actions"):
        yield from action_problems(item, where, Place.TEMPLATE)


def _carousel(template: Json, path: str) -> Problems:
    yield from count_problems(template, path, "columns", 1, COLUMNS)
    action_counts = set()
    for item, where in items_of(template, path, "columns"):
        column = as_object(item)
        if column is None:
            yield LimitProblem(where, "must be a column object")
            continue
        action_counts.add(len(as_list(column.get("actions")) or ()))
        yield from _panel(column, where, COLUMN_TEXT, COLUMN_ACTIONS)
    if len(action_counts) > 1:
        yield LimitProblem(f"{path}.columns", "must all have the same number of actions")


def _image_carousel(template: Json, path: str) -> Problems:
    yield from count_problems(template, path, "columns", 1, COLUMNS)
    for item, where in items_of(template, path, "columns"):
        column = as_object(item)
        if column is None:
            yield LimitProblem(where, "must be a column object")
            continue
        yield from url_problems(column, where, "imageUrl")
        yield from action_problems(column.get("action"), f"{where}.action", Place.IMAGE_CAROUSEL)
