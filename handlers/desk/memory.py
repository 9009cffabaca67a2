"""Requests whose files never lie on the disk: a list holds personal data, and a temporary file can be read.

How large a request may be is bounded by the application, so there is room for it in memory.
"""

from __future__ import annotations

import io
from typing import IO

from flask import Request


class MemoryRequest(Request):
    """A request that keeps the files that come with it in memory."""

    def _get_file_stream(
        self,
        total_content_length: int | None,  # noqa: ARG002 (its signature)
        content_type: str | None,  # noqa: ARG002
        filename: str | None = None,  # noqa: ARG002
        content_length: int | None = None,  # noqa: ARG002
    ) -> IO[bytes]:
        """Return where a file's content goes as it comes in."""
        return io.BytesIO()
