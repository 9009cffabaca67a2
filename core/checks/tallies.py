"""How many checks are checked with each result, without counting them (DUTY-2)."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import case, func, select

from core.checks.models import Check, CheckBucket, CheckState, CheckTally
from core.tallies import Sums

RESULTS = {
    True: CheckBucket.WITH_NEED,
    False: CheckBucket.WITHOUT_NEED,
    None: CheckBucket.NEED_UNKNOWN,
}
"""The bucket of a check that was checked, by whether it found need; None: the list did not say."""

_BUCKET = case(
    (Check.has_need.is_(True), CheckBucket.WITH_NEED.value),
    (Check.has_need.is_(False), CheckBucket.WITHOUT_NEED.value),
    else_=CheckBucket.NEED_UNKNOWN.value,
)


def _bucket(columns: Mapping[str, object]) -> CheckBucket | None:
    has_need = columns["has_need"]
    is_checked = columns["state"] is CheckState.CHECKED
    return RESULTS[has_need if isinstance(has_need, bool) else None] if is_checked else None


SUMS = Sums(
    of=Check,
    table=CheckTally,
    state=CheckTally.state,
    watched=("state", "has_need"),
    state_of=_bucket,
    really=select(Check.unit_id, _BUCKET, func.count())
    .where(Check.state == CheckState.CHECKED)
    .group_by(Check.unit_id, Check.has_need),
)
SUMS.keep()
