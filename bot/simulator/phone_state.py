"""What the phone page draws, as JSON: people, one chat, the clock, the faults, the mailbox's count."""

from __future__ import annotations

from datetime import datetime

from bot.simulator.faults import ENDPOINTS, FaultKind
from bot.simulator.jsons import Json, JsonValue, text_at
from bot.simulator.mailbox import Mailbox
from bot.simulator.platform import BOT_NAME, Platform
from bot.simulator.world import ChatMessage, SimUser
from core.clock import TAIPEI

CHAT_MOST = 200  # the newest bubbles of a chat; older ones are not drawn


def state(platform: Platform, mailbox: Mailbox, user: SimUser | None, known: int) -> Json:
    """Return the whole state; only version and clock while nothing has changed since version ``known``."""
    with platform.world.lock:
        now = platform.world.now()
        version = platform.world.version + len(mailbox.mails())
        small: Json = {"version": version, "clock": clock_state(now), "loading": _is_loading(user, now)}
        if version == known:
            return small
        chat = [_bubble(each) for each in platform.world.chats[user.user_id][-CHAT_MOST:]] if user else []
        return {
            **small,
            "bot": BOT_NAME,
            "people": [_person(platform, each) for each in platform.world.users.values()],
            "chat": chat,
            "menu": _menu(platform, user) if user else None,
            "switches": _switches(platform),
            "mails": len(mailbox.mails()),
        }


def clock_state(now: datetime) -> Json:
    """Return the moment as UTC and as Taipei's wall clock."""
    return {"utc": now.isoformat(), "taipei": now.astimezone(TAIPEI).strftime("%Y-%m-%dT%H:%M:%S")}


def _is_loading(user: SimUser | None, now: datetime) -> bool:
    return user is not None and user.loading_until is not None and now < user.loading_until


def _person(platform: Platform, user: SimUser) -> Json:
    chat = platform.world.chats[user.user_id]
    last = chat[-1] if chat else None
    return {
        "id": user.user_id,
        "name": user.display_name,
        "friendship": user.friendship.value,
        "last": _preview(last) if last else "",
        "lastAt": _taipei(last.at) if last else "",
        "received": sum(each.from_bot for each in chat),
    }


def _preview(message: ChatMessage) -> str:
    """Return what the chat list and a locked phone show of a message."""
    return text_at(message.json, "altText") or message.text or f"[{text_at(message.json, 'type')}]"


def _bubble(message: ChatMessage) -> Json:
    return {
        "number": message.number,
        "id": message.message_id,
        "kind": message.kind,
        "json": message.json,
        "at": _taipei(message.at),
        "isRead": message.is_read,
    }


def _taipei(moment: datetime) -> str:
    return moment.astimezone(TAIPEI).strftime("%Y-%m-%dT%H:%M:%S")


def _menu(platform: Platform, user: SimUser) -> Json | None:
    menu_id = platform.rich_menus.shown_to(user)
    menu = platform.rich_menus.menus.get(menu_id)
    return {"id": menu_id, **menu} if menu else None


def _switches(platform: Platform) -> Json:
    faults: list[JsonValue] = [
        {"kind": each.kind.value, "label": f"{ENDPOINTS[each.endpoint]}：{each.kind.label}", "times": each.times}
        for each in platform.faults.active()
    ]
    return {
        "faults": faults,
        "endpoints": [{"endpoint": name, "label": label} for name, label in ENDPOINTS.items()],
        "kinds": [{"kind": each.value, "label": each.label} for each in FaultKind],
        "redelivery": platform.webhooks.redelivery,
        "twice": platform.webhooks.twice,
        "standby": platform.phones.is_standby,
        "failedWebhooks": len(platform.webhooks.failures()),
    }
