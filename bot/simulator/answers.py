"""What the platform answers to one call: status, body, headers, and LINE's error bodies."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.channels.limits_fields import LimitProblem
from bot.simulator.jsons import Json, JsonValue


@dataclass(frozen=True)
class Answer:
    """One answer; ``raw`` bytes stand instead of the JSON body where content is sent."""

    status: int = 200
    body: Json = field(default_factory=dict)
    headers: tuple[tuple[str, str], ...] = ()
    raw: bytes | None = None
    media_type: str = "application/json"


def refusal(status: int, message: str, details: Iterable[tuple[str, str]] = ()) -> Answer:
    """Return an error as LINE writes it: a message, and details as (what, which property)."""
    listed: list[JsonValue] = [{"message": what, "property": where} for what, where in details]
    body: Json = {"message": message, "details": listed} if listed else {"message": message}
    return Answer(status, body)


def broken_limits(problems: list[LimitProblem]) -> Answer:
    """Return the 400 for messages that break LINE's limits."""
    message = f"The request body has {len(problems)} error(s)"
    return refusal(400, message, [(each.message, each.path) for each in problems])


NOT_FOUND = refusal(404, "Not found")
BAD_JSON = refusal(400, "The request body could not be parsed as JSON")
