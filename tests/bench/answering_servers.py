"""The two bots of the bench of answers, each in a process of its own, both under our waitress with its threads."""

from __future__ import annotations

import logging
import sys

from flask import Flask, request

from bot.channels.line import LineChannel
from bot.channels.mailbox import MailboxChannel
from bot.conversation import Conversations
from bot.logs import set_up_logs
from bot.long_run import settle_in
from bot.loops import Loop
from bot.server import THREADS, listen_for_end, serving
from bot.webhook import MAX_BODY, add_webhook
from core.clock import SystemClock
from core.context import Core
from core.database import Store
from core.policy import Policy
from core.secrets import Vault
from scheduler.delivery import Delivery


def main() -> None:
    """Serve ours or the bare one until killed; print the port."""
    which, secret, platform, database, secret_key, data_key = sys.argv[1:]
    set_up_logs(level=logging.ERROR)
    app = Flask("bench")
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    if which == "ours":
        core = Core(Store(database), Vault(secret_key, [data_key]), Policy(), SystemClock())
        _add_ours(app, core, secret, platform)
    else:
        _add_bare(app, secret, platform)
    settle_in()  # as every process does when it starts
    with serving(app, "127.0.0.1", 0) as port:
        print(port, flush=True)  # noqa: T201 (who started it reads the port)
        wait_for_end = listen_for_end()
        wait_for_end()


def _add_ours(app: Flask, core: Core, secret: str, platform: str) -> None:
    """Put together what answers, as ``bot/house.py`` does."""
    line = LineChannel("token", platform)
    delivery = Delivery(core, line, MailboxChannel(core), platform, SystemClock())
    sending = Loop("line", delivery.run_line)
    talking = Loop("inbox", Conversations(core, sending.wake).run)
    add_webhook(app, core, secret, talking.wake)
    line.open()
    for loop in (sending, talking):
        loop.start()


def _add_bare(app: Flask, secret: str, platform: str) -> None:
    from linebot.v3 import WebhookParser  # type: ignore[import-untyped]  # noqa: PLC0415 (slow, and only here)
    from linebot.v3.messaging import (  # type: ignore[import-untyped]  # noqa: PLC0415
        ApiClient,
        Configuration,
        MessagingApi,
        ReplyMessageRequest,
        TextMessage,
    )

    parser = WebhookParser(secret)
    settings = Configuration(host=platform, access_token="token")
    settings.connection_pool_maxsize = THREADS
    api = MessagingApi(ApiClient(settings))

    @app.post("/line/webhook")
    def receive() -> str:
        for event in parser.parse(request.get_data(as_text=True), request.headers["X-Line-Signature"]):
            said = TextMessage(text="您有 3 件待辦。")
            api.reply_message(ReplyMessageRequest(replyToken=event.reply_token, messages=[said]))
        return ""


if __name__ == "__main__":
    main()
