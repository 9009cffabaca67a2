"""What an operator watches, read from the database at each scrape: every process tells the same."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import func, select

from core.context import Core
from core.inbox.models import Conversation, EventState, InboxEvent
from core.notices.models import Notice, NoticeState
from core.otp import queries as codes


class WebhookCounts:
    """What came to this process's webhook since it began: what is refused is counted here, never stored."""

    def __init__(self) -> None:
        self.refused = Counter(
            "frontdoor_webhook_refused", "Webhooks refused or ignored as a whole", ["reason"], registry=None
        )
        self.events = Counter(
            "frontdoor_webhook_events", "Events of accepted webhooks by what became of them", ["fate"], registry=None
        )

    @property
    def collectors(self) -> tuple[Collector, ...]:
        """What a scrape gathers."""
        return self.refused, self.events


class _Queues(Collector):
    def __init__(self, core: Core) -> None:
        self._core = core

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield the queues' lengths and ages."""
        with self._core.store.reading() as session:
            oldest = session.scalar(select(func.min(Conversation.waiting_since)))
            overdue = session.scalar(select(func.min(Notice.not_before)).where(Notice.state == NoticeState.CREATED))
            waiting = session.scalar(select(func.count()).where(InboxEvent.state == EventState.WAITING))
            unsent = session.scalar(select(func.count()).where(Notice.state == NoticeState.CREATED))
            is_alarm = codes.is_alarm(session, self._core.clock.now())
            parked = session.scalar(select(func.count()).where(InboxEvent.state == EventState.PARKED))
        now = self._core.clock.now()
        age = (now - oldest).total_seconds() if oldest else 0
        lateness = max((now - overdue).total_seconds(), 0) if overdue else 0
        yield GaugeMetricFamily("frontdoor_inbox_waiting", "Stored events not handled yet", waiting or 0)
        yield GaugeMetricFamily("frontdoor_inbox_age_seconds", "Age of the oldest event not handled yet", age)
        yield GaugeMetricFamily("frontdoor_inbox_parked", "Events set aside after failing too often", parked or 0)
        yield GaugeMetricFamily("frontdoor_codes_alarm", "1 while too many wrong codes are tried by all", is_alarm)
        yield GaugeMetricFamily("frontdoor_outbox_waiting", "Notices not sent yet", unsent or 0)
        yield GaugeMetricFamily("frontdoor_outbox_late_seconds", "How late the most overdue notice is", lateness)


def registry(core: Core, *counted: Collector) -> CollectorRegistry:
    """Return the metrics of this moment: the database's, and what this process has ``counted``."""
    gathered = CollectorRegistry()
    for each in (_Queues(core), *counted):
        gathered.register(each)
    return gathered
