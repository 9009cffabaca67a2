"""What is sent to the desk never lies in a temporary file, not even while it comes in."""

from __future__ import annotations

import urllib.request

import pytest
from flask import Flask, request
from waitress import buffers

from bot.app import MAX_REQUEST
from bot.server import serving
from handlers.desk.memory import MemoryRequest

LARGE = b"x" * (MAX_REQUEST - 2000)


def an_app() -> Flask:
    app = Flask("memory under test", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_REQUEST
    app.request_class = MemoryRequest

    @app.post("/")
    def kept() -> str:
        return type(request.files["file"].stream).__name__ if request.files else str(len(request.data))

    return app


def test_a_file_of_a_form_stays_in_memory() -> None:
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="list.csv"\r\n\r\n'
    form = head + LARGE + b"\r\n--x--\r\n"
    answer = an_app().test_client().post("/", data=form, content_type="multipart/form-data; boundary=x")
    assert answer.text == "BytesIO"


def test_the_server_writes_no_file_for_a_large_request(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise AssertionError("a request was written to a file")

    monkeypatch.setattr(buffers.TempfileBasedBuffer, "newfile", lambda _: refuse())
    with serving(an_app(), "127.0.0.1", 0) as port:
        asked = urllib.request.Request(f"http://127.0.0.1:{port}/", LARGE, {"Content-Type": "text/plain"})
        with urllib.request.urlopen(asked, timeout=30) as answer:  # noqa: S310
            assert answer.read() == str(len(LARGE)).encode()
