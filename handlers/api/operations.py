"""What other systems may ask: one row an operation. The routes, the gate and the OpenAPI document are read off it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from core.access import Action
from core.context import Context
from handlers.api.models import Nothing, Piece, Spoken
from handlers.api.problems import BadRequest, Problem, of_fields

A = TypeVar("A", bound=Piece)
B = TypeVar("B", bound=Piece)
M = TypeVar("M", bound=Piece)

NO_BODY = b"{}"


@dataclass(frozen=True)
class Raw:
    """A request as it came: what the address names, and the body's bytes."""

    address: Mapping[str, str]
    body: bytes
    mark: str | None = None
    """The Idempotency-Key."""


@dataclass(frozen=True)
class Call(Generic[A, B]):
    """A request as it was read."""

    address: A
    body: B
    mark: str | None


@dataclass(frozen=True)
class Reply:
    """What is answered, and with which status."""

    status: int
    body: Spoken


@dataclass(frozen=True)
class Ready:
    """A request that was read: what it means as one text, and the core call."""

    meaning: str
    run: Callable[[Context], Reply | Problem]


@dataclass(frozen=True)
class About:
    """What the document says of an operation."""

    name: str
    """The endpoint; ``operationId`` in the document."""
    summary: str
    details: str
    answers: Mapping[int, tuple[str, tuple[type[BaseModel], ...]]]
    """By status: in words, and the bodies there may be."""
    refusals: tuple[int, ...]
    """Statuses of problems, beside those that any operation may have."""


@dataclass(frozen=True)
class Operation:
    """One thing another system may ask, and what it takes."""

    method: str
    path: str
    action: Action
    about: About
    address: type[Piece]
    body: type[Piece] | None
    read: Callable[[Raw], Ready]

    @property
    def is_write(self) -> bool:
        """Return whether it changes anything: then it takes an Idempotency-Key."""
        return self.method != "GET"


def operation(
    where: tuple[str, str, Action],
    about: About,
    reads: tuple[type[A], type[B]],
    act: Callable[[Context, Call[A, B]], Reply | Problem],
) -> Operation:
    """Return an operation: ``where`` is method, path and action, ``reads`` the models of address and body."""
    method, path, action = where
    address, body = reads

    def read(raw: Raw) -> Ready:
        wrong: list[ErrorDetails] = []
        named = _read(lambda: address.model_validate(dict(raw.address)), wrong)
        sent = _read(lambda: body.model_validate_json(NO_BODY if body is Nothing else raw.body, strict=True), wrong)
        if named is None or sent is None:
            raise BadRequest(of_fields(wrong))
        call = Call(named, sent, raw.mark)
        meaning = f"{method} {path} {named.model_dump_json()} {sent.model_dump_json()}"
        return Ready(meaning, lambda ctx: act(ctx, call))

    return Operation(method, path, action, about, address, None if body is Nothing else body, read)


def _read(make: Callable[[], M], wrong: list[ErrorDetails]) -> M | None:
    """Return what was sent, or note every wrong field of it."""
    try:
        return make()
    except ValidationError as error:
        wrong.extend(error.errors(include_url=False, include_input=False))
        return None
