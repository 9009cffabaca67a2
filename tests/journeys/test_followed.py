"""Logs follow what somebody wrote through every step, by the number of its event and that of its answer."""

from __future__ import annotations

from structlog.testing import capture_logs

from core.clock import FixedClock
from core.context import Core
from tests.journeys.town import a_town


def test_the_logs_follow_an_event_by_its_number_from_the_webhook_to_line(core_sqlite: Core, clock: FixedClock) -> None:
    with capture_logs() as logs, a_town(core_sqlite, clock) as town:
        town.phone("林怡君老師").says("選單")
    stored = [each["event_ids"] for each in logs if each["event"] == "webhook.stored"]
    handled = {each["event_id"]: each for each in logs if each["event"] == "event.handled"}
    tried = {each["notice"]: each["outcome"] for each in logs if each["event"] == "notice.tried"}
    numbers = [number for each in stored for number in each]
    assert numbers
    assert numbers == list(handled)
    assert [handled[each]["state"] for each in numbers] == ["done"] * len(numbers)
    assert [tried[handled[each]["notice"]] for each in numbers] == ["accepted"] * len(numbers)
