"""DUTY: one calculus for every deadline."""
