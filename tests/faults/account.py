"""The account at the end: what the platform accepted, held against what the database says should be said.

Two ways that know nothing of each other: by the keys and tokens under which LINE accepted something, and by the words
that stand on the phones. Replies cannot be repeated safely, so one may be missing where it is marked of unknown fate.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from core.inbox.models import EventState
from core.notices.models import NoticeState, Via

PAID = (Via.PUSH, Via.MULTICAST)
GOOD = (NoticeState.ACCEPTED, NoticeState.AMBIGUOUS)
"""How a notice may end here; that only replies end as the latter is looked at, too."""


@dataclass(frozen=True)
class Told:
    """One notice of the database, with the key of the request that carried it."""

    dedupe_key: str
    user_id: str
    via: Via
    state: NoticeState
    retry_key: str
    duties: tuple[int, ...] = ()


@dataclass(frozen=True)
class Heard:
    """One request that the platform accepted: under which key, for whom, and which words stand on the phone."""

    kind: str
    retry_key: str
    user_ids: tuple[str, ...]
    words: str


@dataclass(frozen=True)
class Account:
    """Everything that is compared."""

    notices: list[Told]
    heard: list[Heard]
    events: Mapping[str, EventState]
    """What the inbox holds, by LINE's id."""
    said: Mapping[str, str]
    """What people said and LINE was told is stored: the reply token of each event."""
    spent: frozenset[str]
    """The reply tokens that answered something."""
    owed: Mapping[int, tuple[str, str]]
    """Each duty that is to be told once: to whom, and the words by which it is known on the phone."""
    announced: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What is told to many besides: the words, and to whom."""


def wrong(account: Account) -> Counter[str]:
    """Return what is lost, doubled or left over, by its kind; nothing if all is well."""
    return +(_by_state(account) + _by_key(account) + _by_words(account) + _duties(account) + _answers(account))


def suspects(account: Account) -> list[Told]:
    """Return the notices to look at where something is wrong: unsettled, a push not heard, an answer of a bad fate."""
    heard = {each.retry_key for each in account.heard if each.kind in PAID}
    by_key = {each.dedupe_key: each for each in account.notices}
    bad = {
        f"answer:{event_id}"
        for event_id, token in account.said.items()
        if _fate(event_id, is_spent=token in account.spent, keys=heard, by_key=by_key)
    }
    return [
        each
        for each in account.notices
        if each.dedupe_key in bad
        or each.state not in GOOD
        or (each.via in PAID and each.state is NoticeState.ACCEPTED and each.retry_key not in heard)
    ]


def _by_state(account: Account) -> Counter[str]:
    unsure = [each for each in account.notices if each.state is NoticeState.AMBIGUOUS]
    return Counter(
        {
            "unsettled": sum(each.state not in GOOD for each in account.notices),
            "unsure although no reply": sum(each.via is not Via.REPLY for each in unsure),
        }
    )


def _by_key(account: Account) -> Counter[str]:
    """Each push of the database was accepted under its key, and nothing else was."""
    heard = {each.retry_key: each for each in account.heard if each.kind in PAID}
    pushed = [each for each in account.notices if each.via in PAID and each.state is NoticeState.ACCEPTED]
    known = {each.retry_key for each in account.notices}
    return Counter(
        {
            "pushes lost": sum(
                each.retry_key not in heard or each.user_id not in heard[each.retry_key].user_ids for each in pushed
            ),
            "pushes under a key nobody knows": sum(key not in known for key in heard),
            "pushes accepted twice": sum(each.kind in PAID for each in account.heard) - len(heard),
        }
    )


def _by_words(account: Account) -> Counter[str]:
    """What is to be told once stands once on the phone of each person it is for, and on no other."""
    announced = ((user_id, words) for words, user_ids in account.announced.items() for user_id in user_ids)
    should = Counter([*account.owed.values(), *announced])
    found: Counter[tuple[str, str]] = Counter()
    marks = {words for _, words in should}
    for each in account.heard:
        if each.kind in PAID:
            lines = marks.intersection(each.words.splitlines())
            found.update((user_id, line) for user_id in each.user_ids for line in lines)
    return Counter({"told too little": (should - found).total(), "told too often": (found - should).total()})


def _duties(account: Account) -> Counter[str]:
    """Each duty has one notice, which goes to who owes it."""
    told = Counter((duty, each.user_id) for each in account.notices for duty in each.duties)
    should = Counter((duty, user_id) for duty, (user_id, _) in account.owed.items())
    return Counter({"duties not told": (should - told).total(), "duties told again": (told - should).total()})


def _answers(account: Account) -> Counter[str]:
    by_key = {each.dedupe_key: each for each in account.notices}
    keys = {each.retry_key for each in account.heard if each.kind in PAID}
    found = Counter({"events lost": len(account.said.keys() - account.events.keys())})
    for event_id, token in account.said.items():
        found["events not handled"] += account.events.get(event_id) is not EventState.DONE
        found.update(_fate(event_id, is_spent=token in account.spent, keys=keys, by_key=by_key))
    return found


def _fate(event_id: str, *, is_spent: bool, keys: Iterable[str], by_key: Mapping[str, Told]) -> list[str]:
    """Return what is wrong with the answer to one event: said by its token or by a push, and not by both."""
    answer = by_key.get(f"answer:{event_id}")
    if answer is None:
        return ["not answered"]
    working = by_key.get(f"working:{event_id}")
    replied = is_spent and (working is None or working.via is not Via.REPLY)  # else it said that the answer is to come
    pushed = answer.via in PAID and answer.retry_key in keys
    found = ["answered twice"] if replied and pushed else []
    is_lost = answer.state is NoticeState.ACCEPTED and not (replied or pushed)
    return [*found, "answers lost"] if is_lost else found
