"""What who stands over several units sees: the units, worst first, and the duties of one.

Pure functions from frozen rows to cards, as in ``notices.py``.
"""

from __future__ import annotations

from dataclasses import replace

from core.buttons import MoreDuties, MoreUnits, ShowUnit
from core.cards import Action, Answer, Card, Line, Press, Rule, Say, Tone, said
from core.choices import MENU
from core.duties.by_unit import ByUnit, UnitDuties
from core.duties.notices import deck, headline
from core.duties.unit_figures import kind_rows, unit_figures
from core.duties.watch import Count
from core.list_words import MORE, rest_button
from core.paging import Page

ONE_BY_ONE = "逐件看"
"""What is typed to see all that is owed in order of the due moment, whatever unit owes it."""
_UNITS = Say(label="各單位", text="待辦")
_PREVIEW = "這是各單位的待辦，逾期最多的排在最前面。"


def units_answer(page: ByUnit) -> Answer:
    """Return what is owed by unit, worst first, and behind it what one's own account owes (DUTY-2)."""
    start, shown, total = page.units.start, len(page.units.rows), page.units.total
    left = total - start - shown
    place = f"，這是第 {start + 1} 到 {start + shown} 個" if left or start else ""
    card = Card(
        title=headline(page.owed),
        preview=_PREVIEW,
        tone=Tone.LATE if page.owed.late else Tone.SOON,
        blocks=(
            Line(text=f"有待辦的單位共 {total} 個{place}。", strong=True),
            *unit_figures(page.units.rows),
            _quiet("數字是待辦件數，逾期最多的在前。點單位或輸入單位名稱，可看它的待辦。"),
        ),
        actions=(*_rest(left, start + shown), Say(label=ONE_BY_ONE, text=ONE_BY_ONE)),
    )
    own = deck(page.owed.rows, 0, MoreDuties(0)) if not start else ()
    return said(card, *own, choices=(*_rest(left, start + shown), MENU))


def unit_answer(page: UnitDuties) -> Answer:
    """Return what one unit owes: the numbers by kind, then the duties, most pressing first (DUTY-2)."""
    if not page.owed.total:
        return said(_nothing_owed(page.name), choices=(_UNITS, MENU))
    rest = ShowUnit(page.unit_id, page.start + len(page.owed.rows))
    rows = deck([replace(row, unit_name="") for row in page.owed.rows], page.left, rest)
    head = () if page.start and rows else (_head(page),)
    more = (rest_button(page.left, rest),) if page.left > 0 else ()
    return said(*head, *rows, choices=(*more, _UNITS, MENU))


def choose_unit(found: Page[Count]) -> Answer:
    """Return the units whose name holds what was typed, to choose from."""
    place = f"，這是前 {len(found.rows)} 個" if found.next_start else ""
    card = Card(
        title="要看哪個單位？",
        preview="有好幾個單位的名稱相符，請選一個。",
        blocks=(Line(text=f"名稱相符的單位有 {found.total} 個{place}。"), *unit_figures(found.rows)),
    )
    return said(card, choices=(_UNITS, MENU))


def _head(page: UnitDuties) -> Card:
    return Card(
        title=headline(page.owed),
        preview="這是一個單位的待辦，最急的排在最前面。",
        tone=Tone.LATE if page.owed.late else Tone.SOON,
        blocks=(Line(text=page.name, strong=True), Rule(), *kind_rows(page.kinds)),
    )


def _nothing_owed(name: str) -> Card:
    return Card(
        title="目前沒有待辦",
        preview="這個單位目前沒有待辦。",
        tone=Tone.GOOD,
        blocks=(Line(text=name, strong=True), Line(text="這個單位該完成的都完成了。")),
    )


def _rest(left: int, start: int) -> tuple[Action, ...]:
    return (Press(label=f"還有 {left} 個單位", data=MoreUnits(start).pack(), shown=MORE),) if left > 0 else ()


def _quiet(text: str) -> Line:
    return Line(text=text, quiet=True)
