"""Dialogs as tables of steps: what is asked, what is accepted as an answer; the step's handler says what comes next.

A ``Step`` is begun by a handler, and its own handler is named with ``@router.step(THE_STEP)``. Where somebody stands is
kept in ``Turn.dialog``, never here. 取消 and 選單 leave any dialog; that is the business of ``answering``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from core.buttons import ButtonData, unpack
from core.cards import Answer
from handlers.chat.turn import Dialog, Turn

T = TypeVar("T")
LIST = "list"  # no dialog that asks: only where 更多 goes on
END = "end"


@dataclass(frozen=True)
class Step(Generic[T]):
    """One question of a dialog."""

    dialog: str
    name: str
    ask: Callable[[], Answer]
    """The question, with its choices."""
    reads: Callable[[str], T]
    """Reads a typed text; raises ``InvalidInput`` with a sentence that says what is accepted."""

    buttons: tuple[type[ButtonData], ...] = ()
    """Buttons that answer it; any other button leaves the dialog, so that a later word does not answer it unseen."""
    ask_again: Callable[[Mapping[str, str]], Answer] | None = None
    """The question once more, from what the dialog has gathered; None: ``ask`` says it as at first."""

    @property
    def key(self) -> str:
        """The step's name among all steps of all dialogs."""
        return f"{self.dialog}/{self.name}"

    def begin(self, turn: Turn, **collected: str) -> Answer:
        """Go to this step, remember what was gathered, and ask."""
        turn.dialog.go(self.dialog, self.name, **collected)
        return self.ask()

    def asked_again(self, collected: Mapping[str, str]) -> Answer:
        """Return the question once more, to somebody whose answer was none."""
        return self.ask_again(collected) if self.ask_again else self.ask()

    def is_under_way(self, dialog: Dialog) -> bool:
        """Return whether somebody stands at this step."""
        return dialog.is_at(self.dialog, self.name)


def goes_on(turn: Turn, button: ButtonData | None) -> None:
    """Remember which page comes after the list just shown; None: it was the last. Any other answer forgets it."""
    turn.dialog.leave()
    if button is None:
        turn.dialog.go(LIST, END)
    else:
        turn.dialog.go(LIST, "more", button=button.pack())


def is_at_end(dialog: Dialog) -> bool:
    """Return whether the list that was shown last has no further page."""
    return dialog.is_at(LIST, END)


def next_page(dialog: Dialog) -> ButtonData | None:
    """Return the button of the page after the list that was shown last; None: no list is open."""
    return unpack(dialog.collected.get("button", "")) if dialog.name == LIST else None
