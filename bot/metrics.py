"""What an operator watches: most of it read from the database at each scrape, so that every process tells the same.

What only a process itself can know - what its webhook refused, how long its pages took - it counts itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import TypeVar

from flask import Flask, g, request
from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import func, select

from core import clock_watch
from core.access import system
from core.audit import Door
from core.context import Context, Core
from core.duties import figures as duties
from core.exports.queries import large_exports
from core.inbox import figures as events
from core.inbox.models import EventState, InboxEvent
from core.notices import figures as notices
from core.notices import queries as notice_queries
from core.notices.models import Notice, NoticeState
from core.otp import queries as codes
from core.quota.queries import quota_view

ACTOR = system("metrics")
SECONDS = (0.05, 0.25, 1, 5)  # of a page: felt as at once, as quick, as slow, as broken
WEBHOOK_SECONDS = (0.01, 0.05, 0.25, 2)  # what one takes alone, in a crowd, too long; after two LINE waits no more

Gauges = Iterator[GaugeMetricFamily]
Labels = TypeVar("Labels", bound=tuple[str, ...])


class WebhookCounts:
    """What came to this process's webhook since it began: what is refused is counted here, never stored."""

    def __init__(self) -> None:
        self.refused = Counter(
            "frontdoor_webhook_refused", "Webhooks refused or ignored as a whole", ["reason"], registry=None
        )
        self.events = Counter(
            "frontdoor_webhook_events", "Events of accepted webhooks by what became of them", ["fate"], registry=None
        )
        self.seconds = Histogram(
            "frontdoor_webhook_seconds", "Time until a webhook was answered", buckets=WEBHOOK_SECONDS, registry=None
        )

    @property
    def collectors(self) -> tuple[Collector, ...]:
        """What a scrape gathers."""
        return self.refused, self.events, self.seconds


class RequestTimes:
    """How long this process took over its requests, by what was asked for."""

    def __init__(self, app: Flask) -> None:
        self.seconds = Histogram(
            "frontdoor_request_seconds", "Time over a request", ["endpoint"], buckets=SECONDS, registry=None
        )
        app.before_request(self._begin)
        app.teardown_request(self._end)

    def _begin(self) -> None:
        g.took = self.seconds.labels(request.endpoint or "unknown").time()
        g.took.__enter__()

    @staticmethod
    def _end(_error: BaseException | None) -> None:
        if "took" in g:
            g.pop("took").__exit__(None, None, None)


class _Kept(Collector):
    """What stands in the database at this moment."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def collect(self) -> Gauges:
        """Yield everything there is."""
        with self._core.reading(ACTOR, Door.API) as ctx:
            for gather in _GATHERED:
                yield from gather(ctx)


def registry(core: Core, *counted: Collector) -> CollectorRegistry:
    """Return the metrics of this moment: the database's, and what this process has ``counted``."""
    gathered = CollectorRegistry()
    for each in (_Kept(core), *counted):
        gathered.register(each)
    return gathered


def _inbox(ctx: Context) -> Gauges:
    took = events.handling(ctx.session, ctx.now)
    yield _one("inbox_waiting", "Stored events not handled yet", events.waiting(ctx.session))
    yield _one("inbox_age_seconds", "Age of the oldest event not handled yet", age(events.oldest(ctx.session), ctx.now))
    yield _one("inbox_parked", "Events set aside after failing too often", _events(ctx, EventState.PARKED))
    yield _one("handled_recently", "Events of the last five minutes that were handled", took.count)
    yield _by(
        "handling_seconds", "From the webhook until an event was handled, of the last five minutes", ("quantile",),
        {("0.5",): took.median, ("0.99",): took.slow},
    )  # fmt: skip
    yield _by(
        "events_recently", "Events of the last five minutes", ("kind", "state"),
        {(each.kind, each.state): each.count for each in events.by_kind(ctx.session, ctx.now)},
    )  # fmt: skip


def _outbox(ctx: Context) -> Gauges:
    created = Notice.state == NoticeState.CREATED
    unsent = ctx.session.scalar(select(func.count()).where(created)) or 0
    late = notices.lateness(ctx.session, ctx.now, ctx.policy)
    yield _one("outbox_waiting", "Notices not sent yet", unsent)
    yield _one("outbox_late_seconds", "How late the most overdue notice is", age(notices.overdue(ctx.session), ctx.now))
    yield _by(
        "notices", "Notices that wait, or were settled today", ("kind", "state"),
        {(each.kind, each.state): each.count for each in notices.by_kind(ctx.session, ctx.now)},
    )  # fmt: skip
    yield _by(
        "sends", "Notices of today, or to be tried again, by the outcome of their newest try", ("via", "outcome"),
        {(each.via, each.outcome): each.count for each in notices.by_outcome(ctx.session, ctx.now)},
    )  # fmt: skip
    yield _one("handed_today", "Notices that LINE took today", late.handed)
    yield _by(
        "handed_within", "Notices that LINE took today within so many seconds of their time", ("seconds",),
        {(str(bound),): count for bound, count in late.within.items()},
    )  # fmt: skip
    if late.share_in_time is not None:
        yield _one("handed_in_time_ratio", "Share that LINE took within ten seconds of their time", late.share_in_time)
    yield _by(
        "channel_shut", "1 for a channel that refuses us: nothing is sent by it, all is kept", ("channel",),
        {(each.name,): 1 for each in notice_queries.shut_channels(ctx)},
    )  # fmt: skip


def _duties(ctx: Context) -> Gauges:
    found = duties.owed_by_kind(ctx.session, ctx.now)
    yield _by("duties_owed", "Open duties", ("kind",), {(each.kind,): each.owed for each in found})
    yield _by(
        "duties_late", "Open duties past their due moment", ("kind",), {(each.kind,): each.late for each in found}
    )
    yield _one("reminders_ungathered", "Reminders that have come due", duties.ungathered(ctx.session, ctx.now))


def _quota(ctx: Context) -> Gauges:
    view = quota_view(ctx)
    if view is None:
        return
    known = {
        "allowed": view.reading.allowed,
        "used": view.reading.used,
        "used_at_month_end": view.forecast.used,
        "left_at_month_end": view.forecast.left,
    }
    found = {(name,): value for name, value in known.items() if value is not None}
    yield _by("quota_messages", "Paid messages of this month, as read and as forecast", ("what",), found)
    yield _one("quota_age_seconds", "Age of the reading", age(view.reading.read_at, ctx.now))
    yield _one("quota_spared", "1 while what is routine goes by mail", view.is_spared)


def _alarms(ctx: Context) -> Gauges:
    behind = clock_watch.behind(ctx.session, ctx.now)
    large = large_exports(ctx.session, ctx.now)
    yield _one("exports_large", "Lists taken out in 24 hours that were much, or made much of a day", large)
    yield _one("codes_alarm", "1 while too many wrong codes are tried by all", codes.is_alarm(ctx.session, ctx.now))
    yield _one("clock_behind_seconds", "How far the clock is behind the newest act", behind.total_seconds())
    gap = clock_watch.apart(ctx.session, ctx.now)
    yield _one("clock_apart_seconds", "How far the clock is ahead of the database server's", gap.total_seconds())
    yield _by(
        "clock_steps", "How often within a day the clock stepped back, or forward by an hour", ("way",),
        {(way.name.lower(),): count for way, count in clock_watch.steps(ctx.session, ctx.now).items()},
    )  # fmt: skip


_GATHERED: tuple[Callable[[Context], Gauges], ...] = (_inbox, _outbox, _duties, _quota, _alarms)


def _events(ctx: Context, state: EventState) -> int:
    return ctx.session.scalar(select(func.count()).where(InboxEvent.state == state)) or 0


def age(since: datetime | None, now: datetime) -> float:
    """Return the seconds since then; 0 for what is still to come, and for nothing."""
    return max((now - since).total_seconds(), 0) if since else 0


def _one(name: str, meaning: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"frontdoor_{name}", meaning, value)


def _by(name: str, meaning: str, labels: tuple[str, ...], values: Mapping[Labels, float]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"frontdoor_{name}", meaning, labels=labels)
    for named, value in values.items():
        family.add_metric([str(each) for each in named], value)
    return family
