"""The sample's meal-station checks: every school has some in every state, with times to the minute."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from bot.sample.dispatches import AREAS
from bot.sample.names import names
from bot.sample.units import SCHOOLS
from core.checks.models import CheckState
from core.checks.service import CheckFacts
from core.clock import taipei_moment

FIRST_CHECK = 1
CHAINS = ("統一超商", "全家便利商店", "萊爾富", "OK超商")
SHOPS = ("星禾門市", "晴嵐門市", "澄溪門市", "楓橋門市", "曦光門市", "松濤門市")


@dataclass(frozen=True)
class Plot:
    """How one check stands: assigned so many days ago at this time in Taipei, and its state."""

    days_ago: int
    at: time
    state: CheckState = CheckState.WAITING


OPEN = (
    Plot(1, time(13, 40)),
    Plot(1, time(18, 10)),
    Plot(1, time(21, 35)),
    Plot(1, time(23, 55)),  # at least one is in time whenever the month is loaded
    Plot(2, time(16, 20)),
    Plot(4, time(9, 5)),
    Plot(3, time(11, 30), CheckState.RETURNED),
)
CHECKED = tuple(Plot(days, time(8 + days % 9, 5 * days % 60), CheckState.CHECKED) for days in range(2, 30, 2))


def checks(today: date, random: Random) -> tuple[CheckFacts, ...]:
    """Return the sample's checks."""
    return tuple(_checks(today, random))


def _checks(today: date, random: Random) -> Iterator[CheckFacts]:
    children = names(random)
    number = FIRST_CHECK
    for school in SCHOOLS:
        for plot in (*OPEN, *CHECKED):
            assigned_at = taipei_moment(today - timedelta(days=plot.days_ago), plot.at)
            yield CheckFacts(
                number=f"MS{number:05}",
                unit_code=school.code,
                assigned_at=assigned_at,
                happened_at=_meal_before(assigned_at, random),
                child_name=next(children),
                state=plot.state,
                already_high_risk=random.random() < 0.2,  # noqa: PLR2004 (about one in five)
                chain=random.choice(CHAINS),
                shop=random.choice(SHOPS),
                area=random.choice(AREAS),
                born_on=date(today.year - random.randint(7, 17), random.randint(1, 12), random.randint(1, 28)),
            )
            number += 1


def _meal_before(assigned_at: datetime, random: Random) -> datetime:
    return assigned_at - timedelta(minutes=random.randint(60, 20 * 60))
