"""The readable page of the machine interface, drawn from the same table as the OpenAPI document. No script, no host."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from openapi_pydantic import DataType, Reference, Schema
from pydantic import BaseModel

from handlers.api import openapi
from handlers.api.gate import scope_of
from handlers.api.operations import Operation
from handlers.api.problems import ROOT, STATUS
from handlers.api.table import OPERATIONS
from handlers.api.texts import Kind

NULL = "null"
WORDS = {"string": "文字", "integer": "整數", "boolean": "true／false", "array": "陣列", NULL: NULL}
FORMS = {"date": "日期 2026-03-04", "date-time": "日期時間 2026-03-04T10:00:00+08:00"}


@dataclass(frozen=True)
class FieldRow:
    """A field as the page shows it."""

    name: str
    kind: str
    is_required: bool
    about: str


@dataclass(frozen=True)
class Table:
    """The fields of one object."""

    title: str
    fields: tuple[FieldRow, ...]


@dataclass(frozen=True)
class Section:
    """One operation as the page shows it."""

    name: str
    method: str
    path: str
    summary: str
    details: str
    scope: str
    tables: tuple[Table, ...]
    answers: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class ProblemRow:
    """One kind of problem; its anchor is where the problem's ``type`` points."""

    anchor: str
    status: int
    title: str


def page() -> dict[str, object]:
    """Return what the page's template shows."""
    return {
        "about": openapi.ABOUT,
        "root": ROOT,
        "sections": tuple(_section(each) for each in OPERATIONS),
        "problems": tuple(ProblemRow(kind.value, STATUS[kind], kind.label) for kind in Kind),
    }


def _section(operation: Operation) -> Section:
    about = operation.about
    return Section(
        name=about.name,
        method=operation.method,
        path=f"{ROOT}/{operation.path}",
        summary=about.summary,
        details=about.details,
        scope=scope_of(operation.action),
        tables=tuple(_tables(operation)),
        answers=tuple((status, words) for status, (words, _) in about.answers.items()),
    )


def _tables(operation: Operation) -> Iterator[Table]:
    if operation.address.model_fields:
        yield Table("網址", tuple(_rows(operation.address)))
    if operation.body is not None:
        yield Table("內容（JSON）", tuple(_rows(operation.body)))
    for status, (_, bodies) in operation.about.answers.items():
        for body in bodies:
            yield Table(f"回應 {status}：{body.__doc__}", tuple(_rows(body)))


def _rows(model: type[BaseModel]) -> Iterator[FieldRow]:
    named = {name: Schema.model_validate(each) for name, each in model.model_json_schema().get("$defs", {}).items()}
    for name, schema in openapi.fields_of(model).items():
        field = model.model_fields[name]
        yield FieldRow(name, _kind(schema, named), field.is_required(), field.description or "")


def _kind(schema: Schema | Reference, named: dict[str, Schema]) -> str:
    """Return in words what a field may hold."""
    if isinstance(schema, Reference):
        return _kind(named[schema.ref.rpartition("/")[2]], named)
    if schema.enum or schema.const:
        return "、".join(str(each) for each in schema.enum or (schema.const,))
    if schema.anyOf:
        return "或 ".join(_kind(each, named) for each in schema.anyOf)
    if schema.schema_format in FORMS:
        return FORMS[schema.schema_format]
    plain = schema.type if isinstance(schema.type, DataType) else None
    word = WORDS.get(plain.value, plain.value) if plain else ""
    if schema.items:
        return f"{word}，每項是{_kind(schema.items, named)}"
    return f"{word}，最多 {schema.maxLength} 字" if schema.maxLength else word
