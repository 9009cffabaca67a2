"""The audit in words: whatever the code notes has a word on the page that shows it."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

from handlers.desk.acts import act_label, fields_label, subject_label

PARTS = ("core", "handlers", "scheduler", "bot")
ROOT = Path(__file__).parents[3]


@cache
def notes() -> tuple[ast.Call, ...]:
    """Return every call that writes a row of the audit."""
    files = (path.read_text() for part in PARTS for path in sorted((ROOT / part).rglob("*.py")))
    nodes = (node for text in files if ".note(" in text for node in ast.walk(ast.parse(text)))
    calls = (node for node in nodes if isinstance(node, ast.Call))
    return tuple(call for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr == "note")


def texts(node: ast.AST) -> set[str]:
    """Return the texts that stand in an argument, where they can be read off it: no keys by which one is looked up."""
    if isinstance(node, ast.Subscript):
        return set()
    if isinstance(node, ast.Constant):
        return {node.value} if isinstance(node.value, str) else set()
    return {text for each in ast.iter_child_nodes(node) for text in texts(each)}


def argument(call: ast.Call, place: int, name: str) -> set[str]:
    if len(call.args) > place:
        return texts(call.args[place])
    return {text for each in call.keywords if each.arg == name for text in texts(each.value)}


def test_every_act_has_its_word() -> None:
    acts = {act for call in notes() for act in argument(call, 0, "act") if not act.endswith(".") and act[0] != "_"}
    assert len(acts) > 40
    assert {act for act in acts if act_label(act) == act} == set()


def test_every_kind_of_subject_has_its_word() -> None:
    kinds = {text.partition(":")[0] for call in notes() for text in argument(call, 1, "subject") if ":" in text}
    assert len(kinds - {""}) > 10
    assert {kind for kind in kinds - {""} if subject_label(kind) == kind} == set()


def test_every_field_has_its_word() -> None:
    fields = {field for call in notes() for field in argument(call, 2, "fields") if not field.endswith(":")}
    assert len(fields) > 40
    assert {field for field in fields if fields_label(field) == field} == set()
