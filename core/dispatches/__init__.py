"""REPLY: dispatches, assessments and replies."""
