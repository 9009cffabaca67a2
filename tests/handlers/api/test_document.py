"""The document says what the code does, and its page asks nobody else for anything."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from flask import Flask

from handlers.api.gate import scope_of
from handlers.api.openapi import document
from handlers.api.problems import MEDIA_TYPE
from handlers.api.table import OPERATIONS
from handlers.api.texts import Kind

CSS = "/api/v1/static/api.css"


class Page(HTMLParser):
    """What a page loads, runs and names."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.attributes: set[str] = set()
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            self.attributes.add(name)
            if name in ("href", "src", "action"):
                self.links.append(value or "")
            if name == "id":
                self.ids.append(value or "")


@pytest.fixture
def page(app: Flask) -> Page:
    found = Page()
    found.feed(app.test_client().get("/api/v1/docs").get_data(as_text=True))
    return found


def test_it_is_openapi_3_1_and_needs_no_key(app: Flask) -> None:
    answer = app.test_client().get("/api/v1/openapi.json")
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    found = answer.get_json()
    assert found["openapi"].startswith("3.1.")
    assert found["components"]["securitySchemes"]["key"] == {"type": "http", "scheme": "bearer"}


def test_every_operation_is_in_it_with_its_scope_and_its_problems() -> None:
    paths = document().paths or {}
    for each in OPERATIONS:
        described = getattr(paths[f"/{each.path}"], each.method.lower())
        assert described.operationId == each.about.name
        assert f"{scope_of(each.action)} 範圍" in described.description
        for status, answer in described.responses.items():
            media = MEDIA_TYPE if int(status) >= 400 else "application/json"
            assert list(answer.content) == [media]
        has_mark = any(parameter.name == "Idempotency-Key" for parameter in described.parameters)
        assert has_mark is each.is_write


def test_objects_that_are_sent_take_no_unknown_field(app: Flask) -> None:
    schemas = app.test_client().get("/api/v1/openapi.json").get_json()["components"]["schemas"]
    objects = {name: each for name, each in schemas.items() if each.get("type") == "object"}
    assert len(objects) > 8
    assert [name for name, each in objects.items() if each.get("additionalProperties") is not False] == []


def test_the_page_runs_no_script_and_asks_no_other_host(page: Page) -> None:
    assert page.tags.isdisjoint({"script", "style", "iframe", "object", "img"})
    assert not {each for each in page.attributes if each == "style" or each.startswith("on")}
    assert {each for each in page.links if not each.startswith("#")} == {CSS, "/api/v1/openapi.json"}


def test_its_style_is_there_and_asks_no_other_host_either(app: Flask) -> None:
    with app.test_client().get(CSS) as answer:
        assert answer.status_code == 200
        assert re.findall(r"url\(|@import|//", answer.get_data(as_text=True)) == []


def test_the_page_names_every_operation_field_and_problem(app: Flask, page: Page) -> None:
    text = app.test_client().get("/api/v1/docs").get_data(as_text=True)
    assert set(page.ids) >= {kind.value for kind in Kind} | {each.about.name for each in OPERATIONS}
    assert len(page.ids) == len(set(page.ids))
    for each in OPERATIONS:
        assert f"{each.method} /api/v1/{each.path}" in text
        for model in filter(None, (each.address, each.body)):
            assert all(f"<code>{name}</code>" in text for name in model.model_fields)
