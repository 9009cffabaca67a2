"""Events as they came from LINE, and where each person's conversation stands."""
