"""The two servers of the webhook's bench, each in a process of its own, both under our waitress with its threads."""

from __future__ import annotations

import logging
import sys

from flask import Flask, request

from bot.logs import set_up_logs
from bot.long_run import settle_in
from bot.server import listen_for_end, serving
from bot.webhook import MAX_BODY, add_webhook
from core.clock import SystemClock
from core.context import Core
from core.database import Store
from core.policy import Policy
from core.secrets import Vault


def main() -> None:
    """Serve ours or the bare one until killed; print the port."""
    which, secret, database, secret_key, data_key = sys.argv[1:]
    set_up_logs(level=logging.ERROR)
    app = Flask("bench")
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    if which == "ours":
        core = Core(Store(database), Vault(secret_key, [data_key]), Policy(), SystemClock())
        add_webhook(app, core, secret, lambda: None)
    else:
        _add_bare(app, secret)
    settle_in()  # as every process does when it starts
    with serving(app, "127.0.0.1", 0) as port:
        print(port, flush=True)  # noqa: T201 (who started it reads the port)
        wait_for_end = listen_for_end()
        wait_for_end()


def _add_bare(app: Flask, secret: str) -> None:
    from linebot.v3 import WebhookParser  # type: ignore[import-untyped]  # noqa: PLC0415 (slow, and only here)

    parser = WebhookParser(secret)

    @app.post("/line/webhook")
    def receive() -> str:
        parser.parse(request.get_data(as_text=True), request.headers["X-Line-Signature"])
        return ""


if __name__ == "__main__":
    main()
