"""Rich menus: created, given a picture, linked to people, found by alias."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.channels.limits_richmenu import ALIAS, PICTURE_BYTES, SIGNATURES, menu_problems, picture_size
from bot.simulator.answers import NOT_FOUND, Answer, broken_limits, refusal
from bot.simulator.faults import ERRORS, FaultKind
from bot.simulator.ids import new_rich_menu_id
from bot.simulator.jsons import Json, object_at, texts_at
from bot.simulator.world import SimUser, World

MENUS_MOST = 1000
BULK_MOST = 500
AN_HOUR = timedelta(hours=1)
CHANGES_AN_HOUR = 100  # of each: creating and deleting
MUST_HAVE_PICTURE = "must upload richmenu image before applying it to user"


@dataclass
class RichMenus:
    """The menus of the account."""

    world: World
    aliases: dict[str, str] = field(default_factory=dict)
    menus: dict[str, Json] = field(default_factory=dict)
    pictures: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    default_id: str = ""
    _changes: dict[str, deque[datetime]] = field(default_factory=dict)

    def create(self, menu: Json) -> Answer:
        """Keep a new menu; it shows once it has a picture."""
        checked = self.validate(menu)
        if checked.status != 200:  # noqa: PLR2004  HTTP's OK
            return checked
        if len(self.menus) >= MENUS_MOST:
            return refusal(400, "The maximum number of rich menus has been reached")
        if self._is_too_often("create"):
            return refusal(*ERRORS[FaultKind.RATE])
        with self.world.change():
            menu_id = new_rich_menu_id()
            self.menus[menu_id] = menu
        return Answer(body={"richMenuId": menu_id})

    def validate(self, menu: Json) -> Answer:
        """Check a menu object by LINE's limits."""
        found = menu_problems(menu)
        return broken_limits(found) if found else Answer()

    def get(self, menu_id: str) -> Answer:
        """Return one menu."""
        return Answer(body=self._listed(menu_id)) if menu_id in self.menus else NOT_FOUND

    def list(self) -> Answer:
        """Return all menus."""
        return Answer(body={"richmenus": [self._listed(each) for each in self.menus]})

    def _listed(self, menu_id: str) -> Json:
        return {"richMenuId": menu_id, **self.menus[menu_id]}

    def delete(self, menu_id: str) -> Answer:
        """Delete a menu; whoever had it sees the default again."""
        if menu_id not in self.menus:
            return NOT_FOUND
        if self._is_too_often("delete"):
            return refusal(*ERRORS[FaultKind.RATE])
        with self.world.change():
            del self.menus[menu_id]
            self.pictures.pop(menu_id, None)
            self.default_id = "" if self.default_id == menu_id else self.default_id
            for user in self.world.users.values():
                user.rich_menu_id = "" if user.rich_menu_id == menu_id else user.rich_menu_id
        return Answer()

    def _is_too_often(self, change: str) -> bool:
        """Count a change of this kind and return whether there were a hundred within the hour before."""
        with self.world.lock:
            now, times = self.world.now(), self._changes.setdefault(change, deque())
            while times and now - times[0] >= AN_HOUR:
                times.popleft()
            if len(times) >= CHANGES_AN_HOUR:
                return True
            times.append(now)
            return False

    def set_picture(self, menu_id: str, media_type: str, picture: bytes) -> Answer:
        """Give a menu its picture: PNG or JPEG, at most 1 MB, once."""
        if menu_id not in self.menus:
            return NOT_FOUND
        if media_type not in SIGNATURES:
            return refusal(415, f"The content type, {media_type}, is not supported")
        if len(picture) > PICTURE_BYTES:
            return refusal(413, "Request Entity Too Large")
        if menu_id in self.pictures or not picture.startswith(SIGNATURES[media_type]):
            return refusal(400, "An image has already been uploaded to the richmenu, or it is no such image")
        size = object_at(self.menus[menu_id], "size")
        if media_type == "image/png" and picture_size(picture) != (size["width"], size["height"]):
            return refusal(400, "The image size does not match the size of the richmenu")
        with self.world.change():
            self.pictures[menu_id] = (media_type, picture)
        return Answer()

    def picture(self, menu_id: str) -> Answer:
        """Return a menu's picture."""
        if menu_id not in self.pictures:
            return NOT_FOUND
        media_type, raw = self.pictures[menu_id]
        return Answer(raw=raw, media_type=media_type)

    def set_default(self, menu_id: str) -> Answer:
        """Show a menu to everyone who has none; an empty id takes the default away."""
        if menu_id and menu_id not in self.pictures:
            return NOT_FOUND if menu_id not in self.menus else refusal(400, MUST_HAVE_PICTURE)
        with self.world.change():
            self.default_id = menu_id
        return Answer()

    def default(self) -> Answer:
        """Return the default menu's id."""
        return Answer(body={"richMenuId": self.default_id}) if self.default_id else NOT_FOUND

    def link(self, user_ids: Sequence[str], menu_id: str) -> Answer:
        """Link a menu to people; an empty id unlinks. People who blocked the account are passed over in silence."""
        if menu_id and menu_id not in self.pictures:
            return NOT_FOUND if menu_id not in self.menus else refusal(400, MUST_HAVE_PICTURE)
        with self.world.change():
            for user_id in user_ids:
                if user := self.world.users.get(user_id):
                    user.rich_menu_id = menu_id
        return Answer()

    def link_many(self, body: Json, menu_id: str) -> Answer:
        """Link or unlink up to 500 people: 202, as if it were done later."""
        user_ids = texts_at(body, "userIds")
        if not 1 <= len(user_ids) <= BULK_MOST:
            return refusal(400, "The request body has 1 error(s)", [("Size must be between 1 and 500", "userIds")])
        done = self.link(user_ids, menu_id)
        return Answer(202) if done.status == 200 else done  # noqa: PLR2004  HTTP's OK

    def of_user(self, user_id: str) -> Answer:
        """Return the id of the menu linked to one person."""
        user = self.world.users.get(user_id)
        return Answer(body={"richMenuId": user.rich_menu_id}) if user and user.rich_menu_id else NOT_FOUND

    def shown_to(self, user: SimUser) -> str:
        """Return the id of the menu a person sees: the own one before the default, or none."""
        return user.rich_menu_id or self.default_id

    def set_alias(self, alias: str, menu_id: str, *, is_new: bool) -> Answer:
        """Name a menu, or let an existing name mean another one."""
        if not ALIAS.fullmatch(alias) or menu_id not in self.menus:
            return refusal(400, "richmenu not found or invalid alias id")
        if is_new == (alias in self.aliases):
            return refusal(400, "conflict richmenu alias id") if is_new else NOT_FOUND
        with self.world.change():
            self.aliases[alias] = menu_id
        return Answer()

    def delete_alias(self, alias: str) -> Answer:
        """Take a name away."""
        with self.world.change():
            return Answer() if self.aliases.pop(alias, None) else NOT_FOUND

    def alias(self, alias: str) -> Answer:
        """Return what a name means."""
        return Answer(body=self._alias(alias)) if alias in self.aliases else NOT_FOUND

    def alias_list(self) -> Answer:
        """Return all names."""
        return Answer(body={"aliases": [self._alias(each) for each in self.aliases]})

    def _alias(self, alias: str) -> Json:
        return {"richMenuAliasId": alias, "richMenuId": self.aliases[alias]}
