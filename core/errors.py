"""What can go wrong, as few types.

    FrontdoorError             anything the core refuses; its text is for the person who asked
    ├── RuleBroken             one rule of the book says no: number, field, what happened, what to do
    ├── RulesBroken            several at once: a form reports everything in one go
    ├── InvalidInput           what was typed is not a date, a number, an account…; names the place
    ├── NotFound               not there, or not yours: the two are never told apart (ACC-10)
    ├── NotAllowed             known, but this account may not do this
    ├── Conflict               somebody else was first: says who and when
    └── Expired                a link, a code or a dialog whose time has passed

A text says what happened, why, and what to do next. Texts are Traditional Chinese, for users; a broken set-up
of the program itself (settings, schema) is not among these and raises ``SetupError`` in English, for operators.
"""

from __future__ import annotations

from dataclasses import dataclass


class FrontdoorError(Exception):
    """Anything the core refuses. ``str(error)`` may be shown to the person who asked."""


class InvalidInput(FrontdoorError):
    """What was typed cannot be read. ``field`` names the place in the words of the form or file."""

    def __init__(self, text: str, *, field: str = "") -> None:
        super().__init__(text)
        self.field = field


class NotFound(FrontdoorError):
    """Not there, or not yours: the answer is the same, so that nobody learns what exists (ACC-10)."""

    def __init__(self, text: str = "查無資料，或不在您的權限範圍內。請確認編號後再試一次。") -> None:
        super().__init__(text)


class NotAllowed(FrontdoorError):
    """This account may not do this."""

    def __init__(self, text: str = "您的帳號沒有這項權限。如有需要，請洽單位窗口或系統客服。") -> None:
        super().__init__(text)


class Conflict(FrontdoorError):
    """Somebody else was first. The text says who and when."""


class Expired(FrontdoorError):
    """A link, code, button or dialog whose time has passed."""


@dataclass(frozen=True)
class Broken:
    """One broken rule: its number, the field it concerns, what happened and what to do next."""

    rule: str
    field: str
    what: str
    remedy: str

    def __str__(self) -> str:
        """Return the sentence as a person reads it, with the rule's number."""
        return f"{self.what}{self.remedy}（{self.rule}）"


class RuleBroken(FrontdoorError):
    """One rule of the book says no."""

    def __init__(self, broken: Broken) -> None:
        super().__init__(str(broken))
        self.broken = broken


def refuse_if(broken: Broken | None) -> None:
    """Pass where no rule is broken, else raise ``RuleBroken``."""
    if broken is not None:
        raise RuleBroken(broken)


class RulesBroken(FrontdoorError):
    """Several rules say no at once."""

    def __init__(self, broken: tuple[Broken, ...]) -> None:
        super().__init__("\n".join(str(each) for each in broken))
        self.broken = broken


class SetupError(Exception):
    """The program cannot run as it is set up. The text is one English line that names the setting and the remedy."""
