"""What goes together in one request: several notices to one person, and the same text to many.

Up to five messages in one request are one paid message; the same text to many is one request to up to 500 of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence

from core.cards import MAX_MESSAGES
from core.context import Context
from core.notices import due, unsent
from core.notices.facts import Waiting
from core.notices.models import Via
from core.notices.opening import Ask, opened

MULTICAST_LEAST = 10  # LINE recommends pushes for few, and ten pushes cost the line of time as much as one multicast
MULTICAST_MOST = 500

Crowd = Callable[[str, Sequence[Ask]], list[Ask]]
"""Takes more people to whom the same text is to be said, up to ``MULTICAST_MOST`` with those asked for already."""


def gather(ctx: Context, fit: Sequence[Waiting], crowd: Crowd) -> list[Ask]:
    """Return the requests to make of these notices; ``crowd`` finds more people for a text that goes to many."""
    bound = unsent.followers_of(ctx, [each.id for each in fit if each.retry_key is not None])
    asked: list[Ask] = []
    of_person: dict[str, Ask] = {}
    for notice in fit:
        ask = opened(ctx, notice, bound.get(notice.id, ()))
        if ask is None:
            continue
        if ask.via is not Via.PUSH or not due.is_fresh_push(notice) or not notice.person:
            asked.append(ask)
        elif notice.person not in of_person:
            of_person[notice.person] = ask
            asked.append(ask)
        else:
            _ride_along(of_person[notice.person], ask)
    return _shared(asked, crowd)


def _ride_along(first: Ask, other: Ask) -> None:
    """Put one notice into another's request while there is room; what has none stays due, and all behind it."""
    first.is_full |= first.messages + other.messages > MAX_MESSAGES
    if not first.is_full:
        first.messages += other.messages
        first.parts += other.parts
        first.followers.append(other.carrier.id)


def _shared(asked: list[Ask], crowd: Crowd) -> list[Ask]:
    """Make one request of the same text to many people."""
    alike: dict[str, list[Ask]] = defaultdict(list)
    for ask in asked:
        if ask.via is Via.PUSH and due.is_fresh_push(ask.carrier) and not ask.followers and ask.carrier.alike:
            alike[ask.carrier.alike].append(ask)
    for text, same in alike.items():
        if len(same) >= MULTICAST_LEAST:
            first, *others = [*same, *crowd(text, same)][:MULTICAST_MOST]
            first.via = Via.MULTICAST
            first.parts += [part for each in others for part in each.parts]
            first.followers += [each.carrier.id for each in others]
            joined = {id(each) for each in others}
            asked = [each for each in asked if id(each) not in joined]
    return asked
