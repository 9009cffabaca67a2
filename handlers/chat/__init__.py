"""The chat: from what somebody typed or pressed to what is said to them.

``answer(turn)`` is the one way in; ``apology()`` is said where it failed for good,
``still_working()`` where it takes long, ``one_too_many(turn)`` where too much is asked; in a group the first two go
through ``for_group``. A feature is a file with a
``Router``; its sentences stand in ``views/``.
"""

from handlers.chat.answering import answer, for_group, one_too_many
from handlers.chat.views.apology import apology, still_working

__all__ = ["answer", "apology", "for_group", "one_too_many", "still_working"]
