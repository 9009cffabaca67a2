"""What the phone page asks and does, as JSON. Changes are taken from this page alone: same origin, JSON or bytes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, request
from werkzeug.exceptions import HTTPException

from bot.channels.json_types import as_object
from bot.channels.measure import utf16_length
from bot.simulator.answers import Answer, refusal
from bot.simulator.clocks import ClockStandsError, move_clock, next_half_past_eight
from bot.simulator.gate import response
from bot.simulator.jsons import Json, object_at, parse, text_at
from bot.simulator.mailbox import Mailbox
from bot.simulator.phone import Act, PhoneError
from bot.simulator.phone_state import clock_state, state
from bot.simulator.platform import Platform
from bot.simulator.webhooks import LOOPBACK
from bot.simulator.world import SimUser
from core.clock import TAIPEI

NAME_MOST = 20
TEXT_MOST = 5000
UPLOAD_BYTES = 10 * 1024 * 1024
SAFE_PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})


def phone_api(platform: Platform, mailbox: Mailbox) -> Blueprint:
    """Return the blueprint behind the phone page."""
    api = Blueprint("phone", __name__)
    api.before_request(_from_this_page_only)
    _looking(api, platform, mailbox)
    _doing(api, platform)
    _switches(api, platform)
    return api


def _from_this_page_only() -> None:
    """Refuse other hosts (a rebound name) and, for changes, other origins and what a foreign form could send."""
    if urlsplit(f"//{request.host}").hostname not in LOOPBACK:
        abort(403)
    if request.method == "GET":
        return
    if request.headers.get("Origin") != request.host_url.rstrip("/"):
        abort(403)
    if request.mimetype in {"text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""}:
        abort(415)


def _body() -> Json:
    try:
        found = as_object(parse(request.get_data()))
    except ValueError:
        found = None
    if found is None:
        abort(400)
    return found


def _looking(api: Blueprint, platform: Platform, mailbox: Mailbox) -> None:
    @api.get("/phone/state")
    def phone_state() -> Response:
        user = platform.world.users.get(request.args.get("person", ""))
        known = request.args.get("version", default=-1, type=int)
        return response(Answer(body=state(platform, mailbox, user, known)))

    @api.get("/phone/content/<message_id>")
    def content(message_id: str) -> Response:
        media_type, raw = platform.world.contents.get(message_id, ("", b""))
        if not media_type:
            abort(404)
        made = response(Answer(raw=raw, media_type=media_type))
        if media_type not in SAFE_PICTURES:
            made.headers["Content-Type"] = "application/octet-stream"
            made.headers["Content-Disposition"] = "attachment"
        return made

    @api.get("/phone/menu/<menu_id>")
    def menu_picture(menu_id: str) -> Response:
        return response(platform.rich_menus.picture(menu_id))

    @api.get("/clock")
    def clock() -> Response:
        return response(Answer(body=clock_state(platform.world.now())))


def _doing(api: Blueprint, platform: Platform) -> None:
    @api.post("/phone/people")
    def add_person() -> Response:
        name = text_at(_body(), "name").strip()
        if not 1 <= len(name) <= NAME_MOST:
            return response(refusal(400, f"名字要有 1 到 {NAME_MOST} 個字。"))
        return response(Answer(201, {"id": platform.add_user(name).user_id}))

    @api.post("/phone/act")
    def act() -> Response:
        body = _body()
        return response(_acted(lambda: _act(platform, _person(platform, text_at(body, "person")), body)))

    @api.post("/phone/upload")
    def upload() -> Response:
        user = _person(platform, request.args.get("person", ""))
        content = request.get_data()
        if not 1 <= len(content) <= UPLOAD_BYTES:
            return response(refusal(413, "檔案是空的，或超過 10 MB。"))
        name = request.args.get("name", "file")[:255]
        if request.mimetype in SAFE_PICTURES:
            return response(_acted(lambda: platform.send_image(user, content, request.mimetype)))
        if request.mimetype.startswith(("video/", "audio/")):
            return response(_acted(lambda: platform.send_media(user, content, request.mimetype)))
        return response(_acted(lambda: platform.send_file(user, name, content)))


def _person(platform: Platform, user_id: str) -> SimUser:
    return platform.world.users.get(user_id) or abort(404)


def _acted(act: Callable[[], Act]) -> Answer:
    try:
        done = act()
    except PhoneError:
        return refusal(409, "現在不能這樣做：請確認沒有封鎖帳號，訊息也還在。")
    return Answer(body={"event": done.event_id, "opens": done.opens})


def _act(platform: Platform, user: SimUser, body: Json) -> Act:
    text = text_at(body, "text")
    acts: dict[str, Callable[[], Act]] = {
        "follow": lambda: platform.follow(user),
        "block": lambda: platform.block(user),
        "unblock": lambda: platform.unblock(user),
        "say": lambda: platform.say(user, text),
        "press": lambda: platform.press(user, object_at(body, "action"), text_at(body, "picked")),
        "unsend": lambda: platform.unsend(user, text_at(body, "message")),
        "sticker": lambda: platform.send_sticker(user),
        "location": lambda: platform.send_location(user, "臺北市中正區", 25.0418, 121.5199),
    }
    act = text_at(body, "act")
    if act not in acts or (act == "say" and not 1 <= utf16_length(text) <= TEXT_MOST):
        abort(400)
    return acts[act]()


def _switches(api: Blueprint, platform: Platform) -> None:
    @api.post("/clock")
    def set_clock() -> Response:
        try:
            move_clock(platform.world.clock, _moment(_body(), platform.world.now()))
        except (ValueError, OverflowError):
            return response(refusal(400, "請寫成 2026-11-21T08:30 這樣的日期與時間。"))
        except ClockStandsError:
            return response(refusal(409, "這個時鐘是機器的時鐘，不能移動。"))
        with platform.world.change() as now:
            return response(Answer(body=clock_state(now)))

    @api.post("/phone/faults")
    def add_fault() -> Response:
        body = _body()
        times = body.get("times", 1)
        if times is not None and not isinstance(times, int):
            abort(400)
        try:
            platform.set_fault(text_at(body, "endpoint"), text_at(body, "kind"), times)
        except ValueError as error:
            return response(refusal(400, str(error)))
        return response(Answer(201))

    @api.delete("/phone/faults")
    def clear_faults() -> Response:
        platform.clear_faults()
        return response(Answer())

    @api.post("/phone/webhooks")
    def set_webhooks() -> Response:
        body = _body()
        with platform.world.change():
            platform.webhooks.redelivery = body.get("redelivery") is True
            platform.webhooks.twice = body.get("twice") is True
            platform.phones.is_standby = body.get("standby") is True
        return response(Answer())


def _moment(body: Json, now: datetime) -> datetime:
    """Return the moment asked for: seconds forward, the next 08:30, or a date and time (Taipei without an offset)."""
    forward = body.get("forward")
    if isinstance(forward, int | float):
        return now + timedelta(seconds=forward)
    if body.get("to") == "08:30":
        return next_half_past_eight(now)
    moment = datetime.fromisoformat(text_at(body, "at"))
    return moment if moment.tzinfo else moment.replace(tzinfo=TAIPEI)


def problem(error: HTTPException) -> Response:
    """Return an HTTP error as the phone page reads it."""
    return response(refusal(error.code or 500, error.name))
