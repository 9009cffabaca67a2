"""Lists taken out as files: what may be taken, by whom, how much, and the register of what was."""
