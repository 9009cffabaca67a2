"""The chat: from what somebody typed or pressed to what is said to them.

``answer(turn)`` is the one way in; ``apology()`` is said where it failed for good. A feature is a file with a
``Router``; its sentences stand in ``views/``.
"""

from handlers.chat.answering import answer
from handlers.chat.views.apology import apology

__all__ = ["answer", "apology"]
