"""The parts of one running process, put together: core, channels, delivery, conversations, ticker.

``web`` needs only what answers requests, ``worker`` what works in the background, ``serve`` both. Any number of them
may run on one PostgreSQL; none is special.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from apscheduler.schedulers.base import BaseScheduler

from bot.channels.line import LineChannel
from bot.channels.line_content import LineContent
from bot.channels.line_menus import LineMenus
from bot.channels.line_quota import LineQuota
from bot.channels.mail import MailChannel
from bot.channels.mailbox import MailboxChannel
from bot.conversation import Conversations
from bot.help_worker import HelpWorker
from bot.loops import Loop
from bot.opening import check_schema
from bot.settings import Settings, make_core
from core.clock import SystemClock
from core.context import Core
from core.notices.channel import MailDoor
from scheduler import runner
from scheduler.clock import watching_clock
from scheduler.delivery import Delivery
from scheduler.jobs import JOBS, Job
from scheduler.menus import menu_jobs
from scheduler.quota import reading_quota


@dataclass
class House:
    """One process's parts. ``close`` ends what it began."""

    settings: Settings
    core: Core
    line: LineChannel
    delivery: Delivery
    conversations: Conversations
    sent_to_us: LineContent
    help_worker: HelpWorker
    inbox_loop: Loop
    patience_loop: Loop
    line_loop: Loop
    mail_loop: Loop
    help_loop: Loop
    jobs: tuple[Job, ...] = JOBS
    _ticker: BaseScheduler | None = None

    def work(self, jobs: Sequence[Job] | None = None) -> None:
        """Start the background work: stored events, the outbox, and what happens because time passes."""
        self.line.open()
        for loop in self._loops:
            loop.start()
        self._ticker = runner.start(self.core, jobs or self.jobs, after=self.wake_senders)

    def wake_senders(self) -> None:
        """Something lies in the outbox."""
        self.line_loop.wake()
        self.mail_loop.wake()

    def wake_all(self) -> None:
        """Somebody was answered, and may have sent a picture."""
        self.wake_senders()
        self.help_loop.wake()

    def tick(self, jobs: Sequence[Job] | None = None) -> None:
        """Do once all that is due at the core's present moment: events, jobs, delivery, until nothing is left.

        What the other jobs have to say is sent also when one fails; then its failure is raised.
        """
        self.conversations.run()
        self.help_worker.run()
        try:
            runner.run_due(self.core, jobs or self.jobs)
        finally:
            self.delivery.run()

    @property
    def _loops(self) -> tuple[Loop, ...]:
        return self.inbox_loop, self.patience_loop, self.line_loop, self.mail_loop, self.help_loop

    def close(self) -> None:
        """Stop the background work, however much is due, and let go of the database."""
        self.conversations.end()
        self.help_worker.end()
        self.delivery.end()
        if self._ticker is not None:
            self._ticker.shutdown(wait=True)
            for loop in self._loops:
                loop.stop()
        self.conversations.close()
        self.help_worker.close()
        self.delivery.close()
        self.line.close()
        self.sent_to_us.close()
        self.core.store.close()


def build(settings: Settings, core: Core | None = None) -> House:
    """Put the parts together; raises ``SetupError`` when a key is missing or the schema is not the newest."""
    core = core or make_core(settings)
    check_schema(core)
    line = LineChannel(settings.line_channel_access_token, settings.line_api_url)
    sent_to_us = LineContent(settings.line_channel_access_token, settings.line_api_url, settings.line_data_url)
    delivery = Delivery(core, line, _mail(settings, core), settings.public_url, SystemClock())
    conversations = Conversations(core)
    help_worker = HelpWorker(core, sent_to_us)
    house = House(
        settings,
        core,
        line,
        delivery,
        conversations,
        sent_to_us,
        help_worker,
        inbox_loop=Loop("inbox", conversations.run),
        patience_loop=Loop("patience", conversations.say_working),
        line_loop=Loop("line", delivery.run_line),
        mail_loop=Loop("mail", delivery.run_mail),
        help_loop=Loop("help", help_worker.run),
        jobs=(*JOBS, *_clock_jobs(settings), *_channel_jobs(settings)),
    )
    conversations.wake = house.wake_all
    help_worker.wake = house.wake_senders
    return house


def _clock_jobs(settings: Settings) -> tuple[Job, ...]:
    """Return the job that watches the machine's clock; one that is moved on purpose is nothing to be alarmed about."""
    return () if settings.clock_file else (watching_clock(),)


def _channel_jobs(settings: Settings) -> tuple[Job, ...]:
    """Return the jobs that ask LINE: the month's quota, the phones' menus; without a channel there is nobody to ask."""
    token = settings.line_channel_access_token
    if not token:
        return ()
    menus = LineMenus(token, settings.line_api_url, settings.line_data_url)
    return reading_quota(LineQuota(token, settings.line_api_url)), *menu_jobs(menus)


def _mail(settings: Settings, core: Core) -> MailDoor:
    return MailChannel(settings.smtp_url, clock=core.clock) if settings.smtp_url else MailboxChannel(core)
