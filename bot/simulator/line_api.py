"""LINE's HTTP interface: the endpoints the bot calls, under LINE's own paths; both of LINE's hosts are this one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from flask import Blueprint, Response, g, request

from bot.channels.json_types import as_object
from bot.simulator.answers import BAD_JSON, NOT_FOUND, Answer, refusal
from bot.simulator.gate import Gate, response
from bot.simulator.jsons import Json, parse, text_at
from bot.simulator.platform import BOT_BASIC_ID, BOT_NAME, Platform
from bot.simulator.richmenus import RichMenus
from bot.simulator.sending import RETRY_HEADER, Call
from bot.simulator.world import Friendship

LOADING_SECONDS = range(5, 61, 5)
LOADING_DEFAULT = 20


def line_api(platform: Platform) -> Blueprint:
    """Return the blueprint that answers as LINE does."""
    api = Blueprint("line", __name__)
    gate = Gate(platform)
    api.before_request(gate.enter)
    api.after_request(gate.leave)
    routes = Routes(api)
    _sending(routes, platform)
    _people(routes, platform)
    _account(routes, platform)
    _rich_menus(routes, platform.rich_menus)
    _rich_menu_links(routes, platform.rich_menus)
    return api


class Routes:
    """Adds endpoints to a blueprint: each view returns an ``Answer``."""

    def __init__(self, api: Blueprint) -> None:
        self._api = api

    def add(self, method: str, path: str, name: str, view: Callable[..., Answer]) -> None:
        """Answer a method and path by a view that takes the path's parts; ``name`` begins with its fault's name."""

        def answered(**parts: str) -> Response:
            return response(view(**parts))

        self._api.add_url_rule(path, name, answered, methods=[method])

    def take(self, method: str, path: str, name: str, view: Callable[..., Answer]) -> None:
        """Like ``add``, for a view whose first argument is the request's JSON object."""

        def taken(**parts: str) -> Answer:
            body = _body()
            return body if isinstance(body, Answer) else view(body, **parts)

        self.add(method, path, name, taken)


def _body() -> Json | Answer:
    if request.mimetype != "application/json":
        return refusal(415, f"The content type, {request.mimetype}, is not supported")
    try:
        found = as_object(parse(request.get_data()))
    except ValueError:
        return BAD_JSON
    return BAD_JSON if found is None else found


def _sending(routes: Routes, platform: Platform) -> None:
    sending = platform.sending

    def by(act: Callable[[Call], Answer]) -> Callable[[Json], Answer]:
        return lambda body: act(Call(body, g.request_id, request.headers.get(RETRY_HEADER)))

    routes.take("POST", "/v2/bot/message/reply", "reply", by(sending.reply))
    routes.take("POST", "/v2/bot/message/push", "push", by(sending.push))
    routes.take("POST", "/v2/bot/message/multicast", "multicast", by(sending.multicast))
    for kind in ("reply", "push", "multicast", "narrowcast", "broadcast"):
        path = f"/v2/bot/message/validate/{kind}"
        routes.take("POST", path, f"validate_{kind}", by(sending.validate))


def _people(routes: Routes, platform: Platform) -> None:
    world = platform.world

    def profile(user_id: str) -> Answer:
        user = world.users.get(user_id)
        if user is None or user.friendship is not Friendship.FRIEND:
            return NOT_FOUND
        return Answer(body={"userId": user_id, "displayName": user.display_name, "language": "zh-TW"})

    def loading(body: Json) -> Answer:
        user = world.users.get(text_at(body, "chatId"))
        seconds = body.get("loadingSeconds", LOADING_DEFAULT)
        if user is None or not isinstance(seconds, int) or seconds not in LOADING_SECONDS:
            return refusal(400, "The request body has 1 error(s)", [("invalid", "chatId or loadingSeconds")])
        with world.change() as now:
            user.loading_until = now + timedelta(seconds=seconds)
        return Answer(202)

    def mark_as_read(body: Json) -> Answer:
        mark = platform.phones.marks.get(text_at(body, "markAsReadToken"))
        if mark is None:
            return refusal(400, "Invalid markAsReadToken")
        with world.change():
            world.mark(*mark)
        return Answer()

    def content(message_id: str) -> Answer:
        found = world.contents.get(message_id)
        return Answer(raw=found[1], media_type=found[0]) if found else _no_content(platform, message_id)

    routes.add("GET", "/v2/bot/profile/<user_id>", "profile", profile)
    routes.add("POST", "/v2/bot/user/<user_id>/linkToken", "link_token", platform.link_token)
    routes.take("POST", "/v2/bot/chat/loading/start", "loading", loading)
    routes.take("POST", "/v2/bot/chat/markAsRead", "mark_as_read", mark_as_read)
    routes.add("GET", "/v2/bot/message/<message_id>/content", "content", content)
    routes.add("GET", "/v2/bot/message/<message_id>/content/preview", "content_preview", content)


def _no_content(platform: Platform, message_id: str) -> Answer:
    """Return 410 for what was taken back, 404 for what never was."""
    with platform.world.lock:
        chats = platform.world.chats.values()
        gone = any(each.message_id == message_id and each.is_unsent for chat in chats for each in chat)
    return refusal(410, "Gone") if gone else NOT_FOUND


def _account(routes: Routes, platform: Platform) -> None:
    def info() -> Answer:
        by_hand = platform.phones.reads_by_hand
        modes: Json = {
            "chatMode": "chat" if by_hand else "bot",
            "markAsReadMode": "manual" if by_hand else "auto",
        }
        names: Json = {"userId": platform.bot_user_id, "basicId": BOT_BASIC_ID, "displayName": BOT_NAME}
        return Answer(body={**names, **modes})

    def quota() -> Answer:
        limit = platform.sending.quota
        return Answer(body={"type": "none"} if limit is None else {"type": "limited", "value": limit})

    def consumption() -> Answer:
        return Answer(body={"totalUsage": platform.sending.used(platform.world.now())})

    def webhook() -> Answer:
        return Answer(body={"endpoint": platform.webhooks.target.url, "active": True})

    routes.add("GET", "/v2/bot/info", "info", info)
    routes.add("GET", "/v2/bot/message/quota", "quota", quota)
    routes.add("GET", "/v2/bot/message/quota/consumption", "quota_consumption", consumption)
    routes.add("GET", "/v2/bot/channel/webhook/endpoint", "info_webhook", webhook)


def _rich_menus(routes: Routes, menus: RichMenus) -> None:
    def upload(menu_id: str) -> Answer:
        return menus.set_picture(menu_id, request.mimetype, request.get_data())

    one = "/v2/bot/richmenu/<menu_id>"
    routes.take("POST", "/v2/bot/richmenu", "rich_menu_create", menus.create)
    routes.take("POST", "/v2/bot/richmenu/validate", "rich_menu_validate", menus.validate)
    routes.add("GET", "/v2/bot/richmenu/list", "rich_menu_list", menus.list)
    routes.add("GET", one, "rich_menu_get", menus.get)
    routes.add("DELETE", one, "rich_menu_delete", menus.delete)
    routes.add("POST", one + "/content", "rich_menu_upload", upload)
    routes.add("GET", one + "/content", "rich_menu_picture", menus.picture)

    def create_alias(body: Json) -> Answer:
        alias, menu_id = text_at(body, "richMenuAliasId"), text_at(body, "richMenuId")
        return menus.set_alias(alias, menu_id, is_new=True)

    def update_alias(body: Json, alias: str) -> Answer:
        return menus.set_alias(alias, text_at(body, "richMenuId"), is_new=False)

    named = "/v2/bot/richmenu/alias/<alias>"
    routes.take("POST", "/v2/bot/richmenu/alias", "rich_menu_alias_create", create_alias)
    routes.add("GET", "/v2/bot/richmenu/alias/list", "rich_menu_alias_list", menus.alias_list)
    routes.add("GET", named, "rich_menu_alias_get", menus.alias)
    routes.take("POST", named, "rich_menu_alias_update", update_alias)
    routes.add("DELETE", named, "rich_menu_alias_delete", menus.delete_alias)


def _rich_menu_links(routes: Routes, menus: RichMenus) -> None:
    everyone = "/v2/bot/user/all/richmenu"
    routes.add("GET", everyone, "rich_menu_default", menus.default)
    routes.add("POST", everyone + "/<menu_id>", "rich_menu_default_set", menus.set_default)
    routes.add("DELETE", everyone, "rich_menu_default_clear", lambda: menus.set_default(""))
    one = "/v2/bot/user/<user_id>/richmenu"
    routes.add("GET", one, "rich_menu_of_user", menus.of_user)
    routes.add("POST", one + "/<menu_id>", "rich_menu_link", lambda user_id, menu_id: menus.link([user_id], menu_id))
    routes.add("DELETE", one, "rich_menu_unlink", lambda user_id: menus.link([user_id], ""))
    routes.take(
        "POST",
        "/v2/bot/richmenu/bulk/link",
        "rich_menu_bulk_link",
        lambda body: menus.link_many(body, text_at(body, "richMenuId")),
    )
    routes.take("POST", "/v2/bot/richmenu/bulk/unlink", "rich_menu_bulk_unlink", lambda body: menus.link_many(body, ""))
