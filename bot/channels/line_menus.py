"""LINE's rich menus: made, pictured, named, shown. Behind ``core.menus.door.MenuDoor`` and for the syncing of menus.

The calls go through the SDK's client (``line_client.py``) as JSON: its models cut long titles by code
points, and its picture upload knows LINE's own host only. Whatever LINE does not take is a ``ConnectionError`` that
says what was asked and what came, and names nobody.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from urllib3 import Timeout
from urllib3.exceptions import HTTPError

from bot.channels.json_types import Json, JsonValue, as_list, as_object
from bot.channels.line_client import LineClient
from core.menus.door import AT_ONCE

TIME_OUTS = Timeout(connect=3.0, read=20.0)  # seconds; a picture takes its time
OK, ACCEPTED, NOT_FOUND, TOO_FAST = 200, 202, 404, 429
EVERYBODY = "/v2/bot/user/all/richmenu"


@dataclass(frozen=True)
class Standing:
    """A menu as it stands at LINE."""

    menu_id: str
    name: str


class LineMenus:
    """The rich menus of one channel. Safe to share between threads."""

    def __init__(self, access_token: str, api_url: str, data_url: str) -> None:
        self._api_url, self._data_url = api_url.rstrip("/"), data_url.rstrip("/")
        self._client = LineClient(access_token, self._api_url)

    def show(self, menu_id: str, line_user_ids: Sequence[str]) -> None:
        """Show a menu on the phones of up to 500 people; one alone sees it at once."""
        if len(line_user_ids) == 1:
            self._ask("POST", f"{_of(line_user_ids[0])}/{menu_id}")
        else:
            self._many("link", line_user_ids, {"richMenuId": menu_id})

    def take_away(self, line_user_ids: Sequence[str]) -> None:
        """Take their own menu from up to 500 people: they see everybody's again."""
        if len(line_user_ids) == 1:
            self._ask("DELETE", _of(line_user_ids[0]))
        else:
            self._many("unlink", line_user_ids, {})

    def shown(self, line_user_id: str) -> str | None:
        """Return the id of the menu a person was given, or None."""
        return _text(self._ask("GET", _of(line_user_id), is_missed=True), "richMenuId")

    def standing(self) -> tuple[Standing, ...]:
        """Return all menus of the channel."""
        listed = as_list(self._ask("GET", "/v2/bot/richmenu/list").get("richmenus")) or ()
        menus = [as_object(each) or {} for each in listed]
        return tuple(Standing(_text(each, "richMenuId") or "", _text(each, "name") or "") for each in menus)

    def aliases(self) -> dict[str, str]:
        """Return the ids of menus by their aliases."""
        listed = as_list(self._ask("GET", "/v2/bot/richmenu/alias/list").get("aliases")) or ()
        names = [as_object(each) or {} for each in listed]
        return {_text(each, "richMenuAliasId") or "": _text(each, "richMenuId") or "" for each in names}

    def create(self, menu: Json) -> str:
        """Make a menu and return its id; it shows nowhere before it has its picture."""
        menu_id = _text(self._ask("POST", "/v2/bot/richmenu", menu), "richMenuId")
        if not menu_id:
            raise ConnectionError("LINE made a menu and did not say which")
        return menu_id

    def give_picture(self, menu_id: str, png: bytes) -> None:
        """Give a menu its picture, which cannot be changed later."""
        self._call("POST", f"{self._data_url}/v2/bot/richmenu/{menu_id}/content", png, "image/png")

    def name(self, alias: str, menu_id: str, *, is_new: bool) -> None:
        """Let an alias mean a menu."""
        if is_new:
            self._ask("POST", "/v2/bot/richmenu/alias", {"richMenuAliasId": alias, "richMenuId": menu_id})
        else:
            self._ask("POST", f"/v2/bot/richmenu/alias/{alias}", {"richMenuId": menu_id})

    def forget_name(self, alias: str) -> None:
        """Take an alias away."""
        self._ask("DELETE", f"/v2/bot/richmenu/alias/{alias}", is_missed=True)

    def everybodys(self) -> str | None:
        """Return the id of the menu of whoever has none of their own."""
        return _text(self._ask("GET", EVERYBODY, is_missed=True), "richMenuId")

    def show_everybody(self, menu_id: str) -> None:
        """Show a menu to whoever has none of their own."""
        self._ask("POST", f"{EVERYBODY}/{menu_id}")

    def delete(self, menu_id: str) -> None:
        """Delete a menu; one that is gone already is as good."""
        self._ask("DELETE", f"/v2/bot/richmenu/{menu_id}", is_missed=True)

    def close(self) -> None:
        """Close the connections; the next call opens new ones."""
        self._client.close()

    def _many(self, what: str, line_user_ids: Sequence[str], further: Mapping[str, JsonValue]) -> None:
        if len(line_user_ids) > AT_ONCE:
            raise ValueError(f"{len(line_user_ids)} people at once, LINE takes {AT_ONCE}")
        self._ask("POST", f"/v2/bot/richmenu/bulk/{what}", {**further, "userIds": list(line_user_ids)})

    def _ask(self, method: str, path: str, body: Json | None = None, *, is_missed: bool = False) -> Json:
        """Make one call and return what came; ``is_missed``: nothing where LINE has no such thing."""
        raw = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
        answer = self._call(method, self._api_url + path, raw, "application/json", is_missed=is_missed)
        try:
            return as_object(json.loads(answer)) or {} if answer else {}
        except ValueError as error:
            raise ConnectionError(f"LINE's answer to {_asked(method, path)} is no JSON") from error

    def _call(self, method: str, url: str, body: bytes, media_type: str, *, is_missed: bool = False) -> bytes:
        asked = _asked(method, url)
        try:
            answer = self._client.request(method, url, body, {"Content-Type": media_type}, time_out=TIME_OUTS)
        except HTTPError as error:
            raise ConnectionError(f"LINE did not answer {asked}: {type(error).__name__}") from error
        if answer.status == NOT_FOUND and is_missed:
            return b""
        if answer.status == TOO_FAST:
            raise ConnectionError(f"LINE takes no more of {asked} for now (429); try again in an hour")
        if answer.status not in (OK, ACCEPTED):
            raise ConnectionError(f"LINE refused {asked}: {answer.status}")
        return answer.data


def _of(line_user_id: str) -> str:
    return f"/v2/bot/user/{quote(line_user_id, safe='')}/richmenu"


def _asked(method: str, url: str) -> str:
    """Return what was asked, without whom it is about."""
    path = url.partition("/v2/bot/")[2].partition("/")[0]
    return f"{method} {path}"


def _text(owner: Json, field: str) -> str | None:
    value = owner.get(field)
    return value if isinstance(value, str) and value else None
