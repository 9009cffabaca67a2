"""What decides whether a case may be closed: what is known of it, and what the applicant states."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from core.closures.kinds import Destination, Ground, Leave, Remaining
from core.dispatches.kinds import Enrolment
from core.dispatches.reply_form import belongs_to_school
from core.records.kinds import EducationLight, WindowPolicy
from core.records.rules import Contact, Windows, education_light, windows_of


@dataclass(frozen=True)
class Leaving:
    """That a pupil stopped coming, and since when."""

    how: Leave
    on: date

    @property
    def is_gone(self) -> bool:
        """Whether the pupil does not belong to the school any more (CLOSE-3, REPLY-12)."""
        return not belongs_to_school(Enrolment[self.how.name])


@dataclass(frozen=True)
class NewReport:
    """A new report made at 關懷e起來: its time and number (CLOSE-5)."""

    at: datetime
    number: str


@dataclass(frozen=True)
class HandOver:
    """A hand-over by phone: to which unit, when, and what was handed over (CLOSE-5)."""

    unit: str
    at: datetime
    matters: str = ""


@dataclass(frozen=True)
class Statement:
    """What the applicant states; None: not answered yet."""

    ground: Ground | None = None
    remaining: Remaining | None = None
    leaving: Leaving | None = None
    graduates_on: date | None = None
    destination: Destination | None = None
    moves_county: bool = False
    """The family moves to another county, where social affairs alone takes cases."""
    social_affairs_serves: bool = False
    """Social affairs of that county serves the family already."""
    receiver_serves: bool = False
    """The receiving unit here serves the family already."""
    new_report: NewReport | None = None
    hand_over: HandOver | None = None
    transferred_on: date | None = None
    """When the pupil was passed on in the education ministry's system."""

    @property
    def has_risk(self) -> bool:
        """Whether something is left; while nobody says that nothing is, it is not taken for gone."""
        return self.remaining is not Remaining.NONE


@dataclass(frozen=True)
class Facts:
    """One unit's opened case: its dispatches to the unit, its work records, and what the applicant states."""

    dispatches: tuple[date, ...]
    contacts: tuple[Contact, ...] = ()
    has_sibling_here: bool = False
    """Another child of the family is a pupil of the same school (CLOSE-6)."""
    statement: Statement = Statement()
    window_policy: WindowPolicy = WindowPolicy.THIRTY_DAYS
    known_from: date | None = None
    """The case was open elsewhere before it came in here on this day."""

    def __post_init__(self) -> None:
        """Refuse a case that was never dispatched: nothing could be counted."""
        if not self.dispatches:
            raise ValueError("a case without a dispatch")

    @property
    def windows(self) -> Windows:
        """The windows that need a record, from the last dispatch on (REC-8)."""
        return windows_of(self.dispatches, self.window_policy, self.known_from)

    @property
    def start(self) -> date:
        """The last dispatch."""
        return max(self.dispatches)

    @property
    def served_on(self) -> tuple[date, ...]:
        """The service dates."""
        return tuple(each.served_on for each in self.contacts)

    @property
    def last_served_on(self) -> date | None:
        """The latest service date."""
        return max(self.served_on, default=None)

    @property
    def light(self) -> EducationLight | None:
        """The education light (REC-6)."""
        return education_light(self.contacts)

    def contacts_until(self, day: date) -> Iterable[Contact]:
        """Return the records served on or before a day."""
        return (each for each in self.contacts if each.served_on <= day)
