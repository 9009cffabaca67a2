"""CHK: meal-station checks."""

from core.checks import tallies as _tallies  # noqa: F401  (whoever changes a check changes the sums)
