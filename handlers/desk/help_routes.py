"""The addresses of the helpdesk's console; each asks for the same leave: to answer requests (ACC-10)."""

from __future__ import annotations

from core.access import Action
from handlers.desk import help as lists
from handlers.desk import help_acts as acts
from handlers.desk import help_canned as canned
from handlers.desk import help_files as files
from handlers.desk import help_thread as one
from handlers.desk.gate import Gate, Page

ONE = "/help/<int:number>"
MAY = Action.ANSWER_HELP
_ACTS: tuple[tuple[str, Page], ...] = (
    ("answer", acts.answer),
    ("note", acts.note),
    ("draft", acts.save_draft),
    ("fill", acts.fill),
    ("take", acts.take),
    ("assign", acts.assign),
    ("share", acts.share),
    ("solve", acts.solve),
    ("reopen", acts.reopen),
)


def add_to(gate: Gate) -> None:
    """Add the lists, the conversations, and what is done with them."""
    gate.page("/help", "help", MAY, lists.show)
    gate.page("/help/part", "help_part", MAY, lists.show_part, is_use=False)
    gate.news("/help/news", "help_news", MAY, lists.news)
    gate.page("/help/on-duty", "help_on_duty", MAY, lists.turn_duty, method="POST")
    gate.page("/help/canned", "help_canned", MAY, canned.show)
    gate.page("/help/canned", "help_save_canned", MAY, canned.save, method="POST")
    gate.page("/help/canned/<int:number>/delete", "help_delete_canned", MAY, canned.delete, method="POST")
    gate.page(ONE, "help_thread", MAY, one.show)
    gate.page(f"{ONE}/part", "help_thread_part", MAY, one.show_part, is_use=False)
    gate.page(f"{ONE}/files/<int:file>", "help_file", MAY, files.show, is_use=False)
    gate.news(f"{ONE}/news", "help_thread_news", MAY, one.news)
    gate.page(f"{ONE}/look", "help_look", MAY, one.look, method="POST", is_use=False)
    for name, act in _ACTS:
        gate.page(f"{ONE}/{name}", f"help_{name}", MAY, act, method="POST")
