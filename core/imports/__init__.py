"""Lists from the main system, read from xlsx and csv files."""
