"""What the chat says of the desk to those who answer there: how much waits, and the way to it."""

from __future__ import annotations

from collections.abc import Mapping

from core.cards import Card, OpenPage, Row, Tone
from core.helpdesk.queries import DeskList

_SHOWN = (DeskList.LATE, DeskList.UNASSIGNED, DeskList.MINE, DeskList.WAITING)


def at_the_desk(counts: Mapping[DeskList, int]) -> Card:
    """Return how many requests are unsolved, and where they stand; one may stand in several lists."""
    late = counts[DeskList.LATE]
    return Card(
        title=f"客服提問：{counts[DeskList.UNSOLVED]} 件未解決",
        preview="有未解決的客服提問，請到管理台處理。",
        tone=Tone.LATE if late else Tone.SOON,
        blocks=tuple(
            Row(
                label=each.label,
                value=f"{counts[each]} 件",
                tone=Tone.LATE if each is DeskList.LATE and late else Tone.PLAIN,
            )
            for each in _SHOWN
        ),
        actions=(OpenPage(label="到管理台處理", path="/desk/help", primary=True),),
    )
