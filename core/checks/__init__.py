"""CHK: meal-station checks."""
