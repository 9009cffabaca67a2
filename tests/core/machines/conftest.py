"""Another system in the core: a key, and transactions in which it acts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from core.access import Actor, system
from core.audit import Door
from core.context import Context, Core
from core.machines.models import Scope
from core.machines.service import NewKey, create_key, enter

VISITOR = Actor(name="visitor")


def a_key(core: Core, name: str = "main-system", scopes: Iterable[Scope] = tuple(Scope)) -> NewKey:
    """Make a key."""
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        return create_key(ctx, name, frozenset(scopes))


def holder(core: Core, key: NewKey) -> Actor:
    """Return who shows a key."""
    with core.transaction(VISITOR, Door.API) as ctx:
        who = enter(ctx, key.text)
    assert isinstance(who, Actor)
    return who


@contextmanager
def calling(core: Core, who: Actor) -> Iterator[Context]:
    """Give a transaction in which another system acts."""
    with core.transaction(who, Door.API) as ctx:
        yield ctx
