"""LINE's limits, each at its last good and its first bad value."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import pytest

from bot.channels.json_types import Json, JsonValue
from bot.channels.limits import problems
from bot.channels.limits_fields import json_size

FAMILY = "👨‍👩‍👧‍👦"
URL = "https://example.test/"
Object: TypeAlias = dict[str, JsonValue]


def text(body: str = "您好", **more: JsonValue) -> Object:
    return {"type": "text", "text": body, **more}


def say(label: str = "待辦", words: str = "待辦", **more: JsonValue) -> Object:
    return {"type": "message", "label": label, "text": words, **more}


def postback(data: str = "v1", **more: JsonValue) -> Object:
    return {"type": "postback", "label": "好", "data": data, **more}


def uri(address: str = URL, **more: JsonValue) -> Object:
    return {"type": "uri", "label": "開啟", "uri": address, **more}


def picker(mode: str = "date", **more: JsonValue) -> Object:
    return {"type": "datetimepicker", "label": "選日期", "data": "v1", "mode": mode, **more}


def clipboard(copied: str = "123456") -> Object:
    return {"type": "clipboard", "label": "複製", "clipboardText": copied}


def quick(*actions: JsonValue, **more: JsonValue) -> Object:
    items: list[JsonValue] = [{"type": "action", "action": each, **more} for each in actions]
    return text(quickReply={"items": items})


def words(body: str = "案", **more: JsonValue) -> Object:
    return {"type": "text", "text": body, **more}


def box(*contents: JsonValue, layout: str = "vertical", **more: JsonValue) -> Object:
    return {"type": "box", "layout": layout, "contents": contents, **more}


def bubble(*contents: JsonValue, **more: JsonValue) -> Object:
    return {"type": "bubble", "body": box(*(contents or (words(),))), **more}


def flex(contents: JsonValue = None, alt: str = "有新的待辦。") -> Object:
    return {"type": "flex", "altText": alt, "contents": contents or bubble()}


def carousel(*bubbles: JsonValue) -> Object:
    return flex({"type": "carousel", "contents": bubbles})


def button(action: JsonValue, **more: JsonValue) -> Object:
    return flex(bubble({"type": "button", "action": action, **more}))


def template(**fields: JsonValue) -> Object:
    return {"type": "template", "altText": "請選擇。", "template": fields}


def buttons(body: str = "請選擇", count: int = 1, **more: JsonValue) -> Object:
    return template(type="buttons", text=body, actions=[say()] * count, **more)


def column(body: str = "請選擇", count: int = 1, **more: JsonValue) -> Object:
    return {"text": body, "actions": [say()] * count, **more}


def columns(*each: JsonValue) -> Object:
    return template(type="carousel", columns=each)


def image_columns(count: int, label: str = "看") -> Object:
    one: Object = {"imageUrl": URL, "action": say(label)}
    return template(type="image_carousel", columns=[one] * count)


def address(length: int) -> str:
    return URL + "a" * (length - len(URL))


def padded_bubble(size: int) -> Object:
    return bubble(words("a" * (size - json_size(bubble(words(""))))))


def padded_carousel(size: int) -> Object:
    empty = carousel(bubble(words("a" * 25_000)), bubble(words("")))
    rest = size - json_size(empty["contents"])
    return carousel(bubble(words("a" * 25_000)), bubble(words("b" * rest)))


LIMITS: list[tuple[str, Callable[[int], Json], int]] = [
    ("text", lambda n: text("案" * n), 5000),
    ("text in UTF-16", lambda n: text("😀" * (n // 2) + "a" * (n % 2)), 5000),
    ("textV2", lambda n: {"type": "textV2", "text": "案" * n}, 5000),
    ("textV2 substitutions", lambda n: {"type": "textV2", "text": "a", "substitution": _named(n)}, 100),
    ("LINE emojis", lambda n: text("$" * 21, emojis=[{"index": i} for i in range(n)]), 20),
    ("altText of flex", lambda n: flex(alt="案" * n), 1500),
    ("altText of flex in UTF-16", lambda n: flex(alt="😀" * (n // 2) + "a" * (n % 2)), 1500),
    ("altText of template", lambda n: {**buttons(), "altText": "案" * n}, 1500),
    ("quick replies", lambda n: quick(*[say()] * n), 13),
    ("quick reply label", lambda n: quick(say(FAMILY * n)), 20),
    ("quick reply icon", lambda n: quick(say(), imageUrl=address(n)), 2000),
    ("sender name", lambda n: text(sender={"name": "名" * n}), 20),
    ("sender icon", lambda n: text(sender={"iconUrl": address(n)}), 2000),
    ("image", lambda n: picture(originalContentUrl=address(n)), 2000),
    ("image preview", lambda n: picture(previewImageUrl=address(n)), 2000),
    ("location title", lambda n: {**LOCATION, "title": "名" * n}, 100),
    ("flex label", lambda n: button(say(FAMILY * n)), 40),
    ("flex label of a box", lambda n: flex(bubble(box(words(), action=say(FAMILY * n)))), 40),
    ("template label", lambda n: template(type="buttons", text="a", actions=[say(FAMILY * n)]), 20),
    ("image carousel label", lambda n: image_columns(1, FAMILY * n), 12),
    ("postback data", lambda n: button(postback("案" * n)), 300),
    ("postback displayText", lambda n: button(postback(displayText=FAMILY * n)), 300),
    ("postback text", lambda n: button(postback(text=FAMILY * n)), 300),
    (
        "postback fillInText",
        lambda n: button(postback(fillInText=FAMILY * n, inputOption="openKeyboard")),
        300,
    ),
    ("message text", lambda n: button(say(words=FAMILY * n)), 300),
    ("uri", lambda n: button(uri(address(n))), 1000),
    ("uri for desktop", lambda n: button(uri(altUri={"desktop": address(n)})), 1000),
    ("datetimepicker data", lambda n: button({**picker(), "data": "案" * n}), 300),
    ("clipboard text", lambda n: button(clipboard("1" * n)), 1000),
    ("bubbles", lambda n: carousel(*[bubble()] * n), 12),
    ("bytes of a bubble", lambda n: flex(padded_bubble(n)), 30 * 1024),
    ("bytes of a carousel", padded_carousel, 50 * 1024),
    ("buttons text", lambda n: buttons(FAMILY * n), 160),
    ("buttons text beside a title", lambda n: buttons("案" * n, title="題"), 60),
    ("buttons text beside a picture", lambda n: buttons("案" * n, thumbnailImageUrl=URL), 60),
    ("buttons title", lambda n: buttons(title=FAMILY * n), 40),
    ("buttons actions", lambda n: buttons(count=n), 4),
    ("confirm text", lambda n: template(type="confirm", text="案" * n, actions=[say()] * 2), 240),
    ("confirm actions", lambda n: template(type="confirm", text="a", actions=[say()] * n), 2),
    ("columns", lambda n: columns(*[column()] * n), 10),
    ("column text", lambda n: columns(column("案" * n)), 120),
    ("column text beside a title", lambda n: columns(column("案" * n, title="題")), 60),
    ("column title", lambda n: columns(column(title="案" * n)), 40),
    ("column actions", lambda n: columns(column(count=n)), 3),
    ("image columns", image_columns, 10),
]
LOCATION: Object = {"type": "location", "title": "a", "address": "a", "latitude": 25.0, "longitude": 121.5}


def _named(count: int) -> Object:
    return {f"n{each}": {"type": "mention"} for each in range(count)}


def picture(**more: JsonValue) -> Object:
    return {"type": "image", "originalContentUrl": URL, "previewImageUrl": URL, **more}


@pytest.mark.parametrize(("draw", "most"), [each[1:] for each in LIMITS], ids=[each[0] for each in LIMITS])
def test_the_limit_itself_is_taken_and_one_more_is_not(draw: Callable[[int], Json], most: int) -> None:
    assert problems([draw(most)]) == []
    assert problems([draw(most + 1)]) != []


def test_the_padded_sizes_are_what_they_say() -> None:
    assert "at most 30720" in problems([flex(padded_bubble(30_721))])[0].message
    assert f"{51_201} bytes" in problems([padded_carousel(51_201)])[0].message


@pytest.mark.parametrize("count", [1, 5])
def test_one_to_five_messages_go_in_one_request(count: int) -> None:
    assert problems([text()] * count) == []


@pytest.mark.parametrize("count", [0, 6])
def test_no_message_and_six_messages_are_refused(count: int) -> None:
    assert [each.path for each in problems([text()] * count)] == ["messages"]


def test_a_request_of_more_than_two_megabytes_is_refused() -> None:
    assert problems([text("a", padding="b" * 2 * 1024 * 1024)])[0].path == "messages"


GOOD: dict[str, Json] = {
    "a braces pair doubled": {"type": "textV2", "text": "{{a}} {n0}", "substitution": _named(1)},
    "a sticker": {"type": "sticker", "packageId": "446", "stickerId": "1988"},
    "a video": {**picture(), "type": "video"},
    "an audio": {"type": "audio", "originalContentUrl": URL, "duration": 60000},
    "a location": LOCATION,
    "a telephone": button(uri("tel:0223456789")),
    "a LINE address": button(uri("line://app/1-a")),
    "an http address": button(uri("http://example.test/?q=%E6%A1%88")),
    "camera, roll and place in a quick reply": quick(
        *[{"type": kind, "label": "開"} for kind in ("camera", "cameraRoll", "location")]
    ),
    "a date of the first day": button(picker(initial="1900-01-01", min="1900-01-01", max="2100-12-31")),
    "a time": button(picker("time", initial="06:15", min="00:00", max="23:59")),
    "a moment": button(picker("datetime", initial="2017-06-18T06:15", min="2017-06-18t00:00")),
    "a box of nothing": flex(bubble(box())),
    "a text of spans": flex(bubble({"type": "text", "contents": [{"type": "span", "text": "案"}]})),
    "a hero picture": flex(bubble(hero={"type": "image", "url": URL})),
    "a hero film": flex(bubble(hero={"type": "video", "url": URL, "previewUrl": URL, "altContent": box(words())})),
    "a baseline box": flex(bubble(box(words(), {"type": "icon", "url": URL}, layout="baseline"))),
    "looks in words, pixels, percent and colours": flex(
        bubble(
            box(
                words(size="18px", color="#11223344", weight="bold"),
                paddingAll="5%",
                margin="xxl",
                backgroundColor="#112233",
            )
        )
    ),
    "a bubble that can be tapped": flex(bubble(action=say())),
    "buttons that can be tapped": buttons(defaultAction=uri()),
}


@pytest.mark.parametrize("message", GOOD.values(), ids=GOOD)
def test_what_line_takes_has_no_problem(message: Json) -> None:
    assert problems([message]) == []


BAD: dict[str, tuple[Json, str]] = {
    "an unknown kind": ({"type": "fax"}, ".type"),
    "no kind": ({}, ".type"),
    "an empty text": (text(""), ".text"),
    "no text": ({"type": "text"}, ".text"),
    "a number as text": ({"type": "text", "text": 5}, ".text"),
    "an empty altText": (flex(alt=""), ".altText"),
    "a single brace": ({"type": "textV2", "text": "a { b"}, ".text"),
    "an unknown substitution": ({"type": "textV2", "text": "{who}"}, ".text"),
    "a substitution that is none": ({"type": "textV2", "text": "a", "substitution": 5}, ".substitution"),
    "a sender that names LINE": (text(sender={"name": "Line 客服"}), ".sender.name"),
    "a sender that is none": (text(sender="名"), ".sender"),
    "a sender icon over http": (text(sender={"iconUrl": "http://example.test/a"}), ".sender.iconUrl"),
    "no quick replies": (quick(), ".quickReply.items"),
    "quick replies that are no array": (text(quickReply={"items": {}}), ".quickReply.items"),
    "a quick reply without label": (
        quick({"type": "message", "text": "a"}),
        ".quickReply.items[0].action.label",
    ),
    "a quick reply that is none": (text(quickReply={"items": ["a"]}), ".quickReply.items[0]"),
    "a picture over http": (picture(originalContentUrl="http://example.test/a"), ".originalContentUrl"),
    "a picture without preview": (
        {"type": "image", "originalContentUrl": URL},
        ".previewImageUrl",
    ),
    "an audio without length": ({"type": "audio", "originalContentUrl": URL}, ".duration"),
    "a location nowhere": ({**LOCATION, "latitude": "25"}, ".latitude"),
    "confirm with one action": (
        template(type="confirm", text="a", actions=[say()]),
        ".template.actions",
    ),
    "no actions": (buttons(count=0), ".template.actions"),
    "an unknown template": (template(type="poll"), ".template"),
    "no columns": (columns(), ".template.columns"),
    "a column that is none": (columns("a"), ".template.columns[0]"),
    "columns of unlike counts": (columns(column(), column(count=2)), ".template.columns"),
    "no image columns": (image_columns(0), ".template.columns"),
    "an image column that is none": (
        template(type="image_carousel", columns=["a"]),
        ".template.columns[0]",
    ),
    "an empty flex": ({"type": "flex", "altText": "a"}, ".contents"),
    "a carousel of nothing": (carousel(), ".contents.contents"),
    "a carousel of texts": (carousel(words()), ".contents.contents[0]"),
    "bubbles of unlike size": (carousel(bubble(), bubble(size="kilo")), ".contents"),
    "an unknown size": (flex(bubble(size="tera")), ".contents.size"),
    "an empty bubble": (flex({"type": "bubble"}), ".contents"),
    "a text as body": (flex({"type": "bubble", "body": words()}), ".contents.body"),
    "an empty flex text": (flex(bubble(words(""))), ".contents.body.contents[0].text"),
    "an empty span": (
        flex(bubble({"type": "text", "contents": [{"type": "span", "text": ""}]})),
        ".contents.body.contents[0].contents[0].text",
    ),
    "a span alone": (flex(bubble({"type": "span", "text": "a"})), ".contents.body.contents[0]"),
    "a button in a baseline box": (
        flex(bubble(box({"type": "button", "action": say()}, layout="baseline"))),
        ".contents.body.contents[0].contents[0]",
    ),
    "a box without layout": (
        flex({"type": "bubble", "body": {"type": "box", "contents": []}}),
        ".contents.body.layout",
    ),
    "a box without contents": (
        flex({"type": "bubble", "body": {"type": "box", "layout": "vertical"}}),
        ".contents.body.contents",
    ),
    "a flex button without label": (
        button({"type": "message", "text": "a"}),
        ".contents.body.contents[0].action.label",
    ),
    "a flex button without action": (
        flex(bubble({"type": "button"})),
        ".contents.body.contents[0].action",
    ),
    "an unknown style": (button(say(), style="loud"), ".contents.body.contents[0].style"),
    "a named colour": (flex(bubble(words(color="red"))), ".contents.body.contents[0].color"),
    "a size in points": (flex(bubble(words(size="12pt"))), ".contents.body.contents[0].size"),
    "a margin in percent": (flex(bubble(words(margin="5%"))), ".contents.body.contents[0].margin"),
}


@pytest.mark.parametrize(("message", "path"), BAD.values(), ids=BAD)
def test_what_line_refuses_is_named_with_its_place(message: Json, path: str) -> None:
    assert [each.path for each in problems([message])] == [f"messages[0]{path}"]


BAD_ACTIONS: dict[str, tuple[Object, str]] = {
    "an unknown action": ({"type": "shout", "label": "a"}, "type"),
    "a menu switch outside a menu": ({"type": "richmenuswitch", "label": "a"}, "type"),
    "a camera outside a quick reply": ({"type": "camera", "label": "a"}, "type"),
    "empty data": (postback(""), "data"),
    "no data": ({"type": "postback", "label": "a"}, "data"),
    "text and displayText": (postback(text="a", displayText="a"), "text"),
    "fillInText without keyboard": (postback(fillInText="a"), "fillInText"),
    "fillInText with another option": (postback(fillInText="a", inputOption="openVoice"), "fillInText"),
    "an unknown option": (postback(inputOption="openDoor"), "inputOption"),
    "a foreign scheme": (uri("javascript:alert"), "uri"),
    "no host": (uri("https:///a"), "uri"),
    "a broken host": (uri("https://[a"), "uri"),
    "characters not percent-encoded": (uri("https://example.test/案"), "uri"),
    "a space": (uri("https://example.test/a b"), "uri"),
    "a desktop address that is none": (uri(altUri="a"), "altUri"),
    "an unknown mode": (picker("week"), "mode"),
    "a date in a time": (picker("time", initial="2017-06-18"), "initial"),
    "a day that is not": (picker(initial="2017-02-29"), "initial"),
    "a day too early": (picker(min="1899-12-31"), "min"),
    "a day too late": (picker(max="2101-01-01"), "max"),
    "a moment with a zone": (picker("datetime", initial="2017-06-18T06:15Z"), "initial"),
    "an end before its beginning": (picker(min="2017-06-18", max="2017-06-17"), "max"),
    "an empty copy": (clipboard(""), "clipboardText"),
}


@pytest.mark.parametrize(("action", "field"), BAD_ACTIONS.values(), ids=BAD_ACTIONS)
def test_an_action_line_refuses_is_named_with_its_field(action: Json, field: str) -> None:
    where = "messages[0].contents.body.contents[0].action"
    assert [each.path for each in problems([button(action)])] == [f"{where}.{field}"]


def test_a_quick_reply_takes_neither_text_nor_a_desktop_address() -> None:
    found = problems([quick(postback(text="a"), uri(altUri={"desktop": URL}))])
    where = "messages[0].quickReply"
    assert [each.path for each in found] == [
        f"{where}.items[0].action.text",
        f"{where}.items[1].action.altUri",
    ]
