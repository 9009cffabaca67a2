"""REPLY: dispatches, assessments and replies."""

from core.dispatches import tallies as _tallies  # noqa: F401  (whoever changes a dispatch changes the sums)
