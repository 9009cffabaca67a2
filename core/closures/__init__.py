"""CLOSE: closing opened cases."""

from core.closures import tallies as _tallies  # noqa: F401  (whoever ends a service changes the sums)
