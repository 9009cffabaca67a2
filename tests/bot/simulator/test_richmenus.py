"""Rich menus: created, pictured, linked, named (line.md 1.4)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pytest

from bot.simulator.jsons import Json, JsonValue, object_at
from bot.simulator.platform import Platform
from bot.simulator.world import SimUser
from core.clock import FixedClock
from tests.bot.simulator.listening import LineCaller, ListeningBot

MEGABYTE = 1024 * 1024


def png(width: int = 2500, height: int = 1686) -> bytes:
    """The beginning of a PNG that says how large it is."""
    sides = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    return b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + sides


PNG = png()


def a_menu(**changes: JsonValue) -> Json:
    size: Json = {"width": 2500, "height": 1686}
    return {"size": size, "selected": True, "name": "主選單", "chatBarText": "選單", "areas": [], **changes}


SAY: dict[str, JsonValue] = {"type": "message", "text": "待辦"}
TURN: dict[str, JsonValue] = {"type": "richmenuswitch", "richMenuAliasId": "tab-b", "data": "tab"}


def an_area(action: Json = SAY, **changes: int) -> Json:
    return {"bounds": {"x": 0, "y": 0, "width": 100, "height": 100} | changes, "action": action}


def created(line: LineCaller) -> str:
    menu_id = str(line.post("richmenu", a_menu()).get_json()["richMenuId"])
    assert line.call("POST", f"richmenu/{menu_id}/content", PNG, "image/png").status_code == 200
    return menu_id


@pytest.mark.parametrize(
    ("changes", "is_taken"),
    [
        ({"size": {"width": 800, "height": 250}}, True),
        ({"size": {"width": 799, "height": 250}}, False),
        ({"size": {"width": 2500, "height": 1724}}, True),
        ({"size": {"width": 2500, "height": 1725}}, False),
        ({"size": {"width": 2501, "height": 1000}}, False),
        ({"size": {"width": 800, "height": 249}}, False),
        ({"chatBarText": "字" * 14}, True),
        ({"chatBarText": "字" * 15}, False),
        ({"name": "字" * 300}, True),
        ({"name": "字" * 301}, False),
        ({"areas": [an_area()] * 20}, True),
        ({"areas": [an_area()] * 21}, False),
        ({"areas": [an_area(x=2400, width=100)]}, True),
        ({"areas": [an_area(x=2400, width=101)]}, False),
        ({"areas": [an_area(y=1586, height=100)]}, True),
        ({"areas": [an_area(y=1586, height=101)]}, False),
        ({"areas": [an_area(x=-1)]}, False),
        ({"areas": [an_area(height=0)]}, False),
        ({"areas": [{"bounds": {"x": 0}}]}, False),
        ({"areas": [an_area(SAY | {"label": "字" * 20})]}, True),
        ({"areas": [an_area(SAY | {"label": "字" * 21})]}, False),
        ({"areas": [an_area({"type": "camera"})]}, False),
        ({"areas": [an_area(TURN)]}, True),
        ({"areas": [an_area(TURN | {"richMenuAliasId": ""})]}, False),
        ({"selected": None}, False),
    ],
)
def test_a_menu_keeps_lines_limits(line: LineCaller, changes: Mapping[str, JsonValue], is_taken: bool) -> None:
    status = 200 if is_taken else 400
    assert line.post("richmenu/validate", a_menu(**changes)).status_code == status
    assert line.post("richmenu", a_menu(**changes)).status_code == status


@pytest.mark.parametrize(
    ("picture", "media_type", "status"),
    [
        (PNG.ljust(MEGABYTE), "image/png", 200),
        (PNG.ljust(MEGABYTE + 1), "image/png", 413),
        (b"\xff\xd8\xff", "image/jpeg", 200),
        (PNG, "image/jpeg", 400),
        (png(2500, 1685), "image/png", 400),
        (png(2499, 1686), "image/png", 400),
        (b"GIF89a", "image/gif", 415),
    ],
)
def test_a_picture_is_png_or_jpeg_of_a_megabyte(line: LineCaller, picture: bytes, media_type: str, status: int) -> None:
    menu_id = line.post("richmenu", a_menu()).get_json()["richMenuId"]
    assert line.call("POST", f"richmenu/{menu_id}/content", picture, media_type).status_code == status


def test_a_picture_is_not_replaced(line: LineCaller) -> None:
    menu_id = created(line)
    assert line.call("POST", f"richmenu/{menu_id}/content", PNG, "image/png").status_code == 400
    assert line.call("GET", f"richmenu/{menu_id}/content").data == PNG


def test_a_menu_without_a_picture_is_not_linked(line: LineCaller, teacher: SimUser) -> None:
    menu_id = line.post("richmenu", a_menu()).get_json()["richMenuId"]
    assert line.call("POST", f"user/{teacher.user_id}/richmenu/{menu_id}").status_code == 400
    assert line.call("POST", f"user/all/richmenu/{menu_id}").status_code == 400
    assert line.call("POST", "user/all/richmenu/richmenu-none").status_code == 404


def test_the_own_menu_goes_before_the_default(platform: Platform, line: LineCaller, teacher: SimUser) -> None:
    default, own = created(line), created(line)
    line.call("POST", f"user/all/richmenu/{default}")
    assert line.call("GET", "user/all/richmenu").get_json() == {"richMenuId": default}
    assert platform.rich_menus.shown_to(teacher) == default
    line.call("POST", f"user/{teacher.user_id}/richmenu/{own}")
    assert line.call("GET", f"user/{teacher.user_id}/richmenu").get_json() == {"richMenuId": own}
    assert platform.rich_menus.shown_to(teacher) == own
    line.call("DELETE", f"user/{teacher.user_id}/richmenu")
    assert line.call("GET", f"user/{teacher.user_id}/richmenu").status_code == 404
    line.call("DELETE", "user/all/richmenu")
    assert platform.rich_menus.shown_to(teacher) == ""


@pytest.mark.parametrize(("count", "status"), [(0, 400), (1, 202), (500, 202), (501, 400)])
def test_many_are_linked_at_once(line: LineCaller, teacher: SimUser, count: int, status: int) -> None:
    menu_id = created(line)
    body: Json = {"richMenuId": menu_id, "userIds": [teacher.user_id] * count}
    assert line.post("richmenu/bulk/link", body).status_code == status
    assert teacher.rich_menu_id == (menu_id if status == 202 else "")
    assert line.post("richmenu/bulk/unlink", body).status_code == status
    assert teacher.rich_menu_id == ""


def test_a_deleted_menu_is_gone_from_every_phone(platform: Platform, line: LineCaller, teacher: SimUser) -> None:
    menu_id = created(line)
    line.call("POST", f"user/{teacher.user_id}/richmenu/{menu_id}")
    assert len(line.call("GET", "richmenu/list").get_json()["richmenus"]) == 1
    assert line.call("GET", f"richmenu/{menu_id}").get_json()["name"] == "主選單"
    assert line.call("DELETE", f"richmenu/{menu_id}").status_code == 200
    assert platform.rich_menus.shown_to(teacher) == ""
    assert {line.call(method, f"richmenu/{menu_id}").status_code for method in ("GET", "DELETE")} == {404}


def test_an_alias_means_a_menu_and_switches_to_it(
    platform: Platform, line: LineCaller, teacher: SimUser, bot: ListeningBot
) -> None:
    first, second = created(line), created(line)
    alias: Json = {"richMenuAliasId": "tab-b", "richMenuId": first}
    assert line.post("richmenu/alias", alias).status_code == 200
    assert line.post("richmenu/alias", alias).status_code == 400
    assert line.post("richmenu/alias/tab-b", {"richMenuId": second}).status_code == 200
    assert line.call("GET", "richmenu/alias/tab-b").get_json()["richMenuId"] == second
    platform.press(teacher, {"type": "richmenuswitch", "richMenuAliasId": "tab-b", "data": "tab"})
    assert teacher.rich_menu_id == second
    assert object_at(bot.events[-1], "postback")["params"] == {"newRichMenuAliasId": "tab-b", "status": "SUCCESS"}
    assert line.call("DELETE", "richmenu/alias/tab-b").status_code == 200
    assert line.call("GET", "richmenu/alias/list").get_json() == {"aliases": []}
    assert line.call("GET", "richmenu/alias/tab-b").status_code == 404


@pytest.mark.parametrize(("alias", "status"), [("a" * 32, 200), ("a" * 33, 400), ("Tab", 400), ("", 400)])
def test_an_alias_has_32_plain_characters(line: LineCaller, alias: str, status: int) -> None:
    body: Json = {"richMenuAliasId": alias, "richMenuId": created(line)}
    assert line.post("richmenu/alias", body).status_code == status


def test_a_hundred_menus_an_hour_are_made_and_deleted(line: LineCaller, clock: FixedClock) -> None:
    made = [line.post("richmenu", a_menu()) for _ in range(101)]
    assert [each.status_code for each in made] == [200] * 100 + [429]
    ids = [each.get_json()["richMenuId"] for each in made[:100]]
    clock.move(timedelta(minutes=59, seconds=59))
    assert line.post("richmenu", a_menu()).status_code == 429
    clock.move(timedelta(seconds=1))
    ids.append(line.post("richmenu", a_menu()).get_json()["richMenuId"])
    gone = [line.call("DELETE", f"richmenu/{each}").status_code for each in ids]
    assert gone == [200] * 100 + [429]
