"""The addresses of 統計 and 匯出. Everybody may come; each number, chart and list asks for its own leave (ACC-10)."""

from __future__ import annotations

from core.access import Action
from handlers.desk import export, watch, watch_charts, watch_lists
from handlers.desk.gate import Gate


def add_to(gate: Gate) -> None:
    """Add the numbers, their charts and lists, and the way to take a list out."""
    gate.page("/watch", "watch", Action.USE_DESK, watch.show)
    gate.page("/watch/charts/<name>.svg", "chart", Action.USE_DESK, watch_charts.show, is_use=False)
    gate.page("/watch/due", "watch_due", Action.SEE_DUTIES, watch_lists.show_due)
    gate.page("/watch/late", "watch_late", Action.SEE_DUTIES, watch_lists.show_late)
    gate.page("/watch/requests", "watch_asked", Action.ANSWER_HELP, watch_lists.show_asked)
    gate.page("/watch/messages", "watch_messages", Action.SEE_MESSAGES, watch_lists.show_messages)
    gate.page("/export/<which>", "export", Action.USE_DESK, export.show)
    gate.page("/export/<which>", "take_out", Action.USE_DESK, export.take, method="POST")
