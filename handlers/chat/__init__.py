"""The chat: from what somebody typed or pressed to what is said to them.

``answer(turn)`` is the one way in. A feature is a file with a ``Router``; its sentences stand in ``views/``.
"""

from handlers.chat.answering import answer

__all__ = ["answer"]
