"""What is answered to a text that is no word and no number: by what was seen before, by a name, by its meaning.

In this order, and each only where the one before finds nothing: 第二個 is an item of the list, 王小明 somebody, and
what is left goes to the recogniser. Each becomes what would have been typed in full, and goes the way of that.
"""

from __future__ import annotations

import re
from dataclasses import replace

from core.access import Action
from core.buttons import unpack
from core.cards import MAX_MESSAGES, Answer
from handlers.chat import cases, fallback, families, mentioned, more, small_talk, units
from handlers.chat.features import TITLES
from handlers.chat.finding import Found, NotAccepted, find, find_text
from handlers.chat.following import Chosen, NoneOfThese, Reworded, WhichOne, follow, is_pointing_only
from handlers.chat.going_on import going_on, of_case
from handlers.chat.router import Gate, Route
from handlers.chat.running import attempted, run
from handlers.chat.seen import CASE
from handlers.chat.turn import Pressed, Turn
from handlers.chat.understanding import Kind, Reading, understand
from handlers.chat.understanding.intents import SMALL_TALK, only_shows
from handlers.chat.views import choosing, in_order
from handlers.chat.views import fallback as views
from handlers.chat.whose import AND, SAYS_WHO, NamedWish, named_wish
from handlers.chat.words import normal

_WHOSE = Route("families.whose_case", Gate.BOUND, lambda _, __: None)
_ASKED_ON = re.compile("(?:那麼?|啊|欸|還有)?(?P<word>.{2,8}?)(?:[呢咧勒]|的?那一?[件張筆個][呢咧]?|先|就好|優先|先看)")
TWO = 2
_MEANT = frozenset({Kind.CLEAR, Kind.SEVERAL, Kind.IN_ORDER})


def answered(turn: Turn, text: str, *, was_over: bool) -> Answer | None:
    """Return what is said to a text that nothing else takes: never nothing but where a route has nothing to say."""
    return (
        _followed(turn, text)
        or _without_list(turn, text)
        or cases.exactly(turn, text)
        or units.typed(turn, whole=True)
        or _about_people(turn, text)
        or (None if was_over else small_talk.answered(turn, text) or _behind_assent(turn, text))
        or _without_particles(turn, text)
        or _recognised(turn, text, was_over=was_over)
    )


def instead(turn: Turn, text: str, refused: NotAccepted) -> Answer | None:
    """Return what is said to a text that the step under way cannot read, where it clearly means something else."""
    if said := _followed(turn, text) or _about_people(turn, text):
        return said
    reading = understand(text, TITLES)
    if reading.kind is not Kind.CLEAR or SMALL_TALK & set(reading.intents):
        return None
    found = find_text(reading.commands[0], replace(turn.dialog))  # looked up only: the step is left by what is done
    if not isinstance(found, Found) or _area(found.route) == _area(refused.step.route):
        return None
    turn.dialog.leave()
    return run(turn, found)


def besides(turn: Turn, text: str) -> Answer | None:
    """Return what is said to a wish in a text that first of all says something else; None where none is clear."""
    if turn.dialog.name:
        return None
    is_clear = understand(text, TITLES).kind in _MEANT
    return _about_mine(turn, text) or (_recognised(turn, text) if is_clear else None)


def _last_clause(text: str) -> str:
    """Return what stands last in a text, where a name may: 不記得了 是李小安的; empty for a text of one clause."""
    _, *more = text.split() or [""]
    return more[-1].lstrip(SAYS_WHO) if more else ""


def _area(route: Route) -> str:
    return route.name.partition(".")[0]


def _followed(turn: Turn, text: str) -> Answer | None:
    """Return what is said to a text that refers to what was seen; None: it does not."""
    match follow(text, turn.dialog.seen):
        case Chosen(place, does):
            turn.dialog.seen = turn.dialog.seen.model_copy(update={"chosen": place, "is_fresh": True})
            return _typed(turn, does) if unpack(does) is None else _pressed(turn, does)
        case Reworded(reworded):
            return _typed(turn, reworded)
        case WhichOne(ways):
            return choosing.which_one(ways)
        case NoneOfThese():
            turn.dialog.leave()
            return views.none_of_these()
    return None


def _without_list(turn: Turn, text: str) -> Answer | None:
    """Return what is said to 下一筆 of somebody who looks at no list; None: it is something else."""
    return more.more(turn) if turn.account and not turn.dialog.seen.items and is_pointing_only(text) else None


def _pressed(turn: Turn, data: str) -> Answer | None:
    found = find(replace(turn, event=Pressed(data)))
    return run(turn, found) if isinstance(found, Found) else None


def _behind_assent(turn: Turn, text: str) -> Answer | None:
    """Return what is said to a wish behind an assent; None: there is none, or nothing stands behind it."""
    wish = small_talk.behind_assent(text)
    found = find_text(wish, turn.dialog) if wish else None
    return run(turn, found) if isinstance(found, Found) else None


def _without_particles(turn: Turn, text: str) -> Answer | None:
    """Return what is said to a word or the name of a list that is asked on for: 那退件的呢; None: it is neither."""
    asked = _ASKED_ON.fullmatch(normal(text))
    found = find_text(asked["word"], replace(turn.dialog)) if asked else None
    return run(turn, found) if isinstance(found, Found) else None


def _typed(turn: Turn, text: str) -> Answer | None:
    """Return what is said to a text as it would have been typed in full."""
    found = find_text(text, turn.dialog)
    return run(turn, found) if isinstance(found, Found) else _about_somebody(turn, text) or _recognised(turn, text)


def _about_somebody(turn: Turn, text: str) -> Answer | None:
    """Return what is said to a text that names somebody; None: nobody is named, or it may be no name at all."""
    asked = named_wish(text)
    if asked is None or not (asked.is_sure or turn.ctx.actor.may(Action.SEE_FAMILIES)):
        return None
    whose = attempted(turn, Found(_WHOSE, asked), lambda: families.whose_case(turn.ctx, asked))
    if not isinstance(whose, str):
        return whose
    other = named_wish(asked.rest[1:]) if asked.rest[:1] and asked.rest[0] in AND else None
    if other is not None and other.is_sure:
        return _about_both(turn, whose, other)
    return _typed(turn, f"{whose}{asked.rest}" if asked.rest else f"{CASE} {whose}")


def _about_people(turn: Turn, text: str) -> Answer | None:
    """Return what is said to a text that names people: one's own wherever it names them, anybody where it begins so."""
    return _about_mine(turn, text) or _about_somebody(turn, text) or _about_somebody(turn, _last_clause(text))


def _about_mine(turn: Turn, text: str) -> Answer | None:
    """Return what is said to a text that names people of one's own families, wherever in it; None: it names none."""
    asked = mentioned.numbered(turn.ctx, text) if turn.account else None
    return _typed(turn, asked) if isinstance(asked, str) else asked


def _about_both(turn: Turn, number: str, other: NamedWish) -> Answer | None:
    """Return what is asked about the cases of two people; where the second is not clear, what is to be asked back."""
    whose = attempted(turn, Found(_WHOSE, other), lambda: families.whose_case(turn.ctx, other))
    return _typed(turn, f"{number}{AND[0]}{whose}{other.rest}") if isinstance(whose, str) else whose


def _recognised(turn: Turn, text: str, *, was_over: bool = False) -> Answer | None:
    """Answer a sentence by the word it stands for; where several are meant ask which, where none is clear guess."""
    reading = understand(text, TITLES)
    if reading.kind is Kind.SEVERAL:
        return _at_once(turn, reading) or views.several(reading.commands)
    if reading.kind is Kind.IN_ORDER:
        return _at_once(turn, reading) or _first_then(turn, reading)
    if reading.kind is Kind.EITHER:
        return views.not_understood(reading.commands)
    if on := going_on(text, turn.dialog.seen.topic, reading):
        reading = Reading(Kind.CLEAR, (on.word,), (), (on,))
    reading = of_case(text, turn.dialog.seen, reading) or reading
    found = find_text(reading.commands[0], turn.dialog) if reading.kind is Kind.CLEAR else None
    if isinstance(found, Found):
        return _with_unread(run(turn, found), reading.unread)
    if named := units.typed(turn, whole=False):
        return named
    return views.dialog_over() if was_over else fallback.not_understood(turn, reading.commands)


def _at_once(turn: Turn, reading: Reading) -> Answer | None:
    """Return two things that only show something in one answer; None where a choice has to be made first."""
    if len(reading.commands) != TWO or not all(map(only_shows, reading.commands)):
        return None
    found = [each for command in reading.commands if isinstance(each := find_text(command, turn.dialog), Found)]
    if len(found) != TWO:
        return None
    shown = [said for each in found if (said := run(turn, each))]
    if _is_alike(reading.commands):
        shown = [
            in_order.headed(said, each.partition(" ")[2]) for said, each in zip(shown, reading.commands, strict=True)
        ]
    messages = tuple(message for said in shown for message in said.messages)
    return Answer(messages=messages, choices=shown[-1].choices) if len(messages) <= MAX_MESSAGES else None


def _is_alike(commands: tuple[str, ...]) -> bool:
    """Return whether the same is asked of each number, so that each answer has to say whose it is."""
    return len({each.partition(" ")[0] for each in commands}) == 1


def _first_then(turn: Turn, reading: Reading) -> Answer | None:
    """Return what was wished first, and behind it what comes next: nobody is asked what they have said."""
    first, *then = reading.commands
    found = find_text(first, turn.dialog)
    said = run(turn, found) if isinstance(found, Found) else None
    return in_order.and_then(said, then) if said else views.several(reading.commands)


def _with_unread(said: Answer | None, unread: str) -> Answer | None:
    """Return an answer that also says which part of the sentence was not read: nothing is dropped silently."""
    if said is None or not unread or len(said.messages) == MAX_MESSAGES:
        return said
    return said.model_copy(update={"messages": (*said.messages, views.not_read(unread))})
