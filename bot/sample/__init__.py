"""The sample month: invented units, people, cases and checks, relative to the day of loading."""
