"""The Chinese sentences and cards of the chat itself; what an area says stands in its ``notices.py``."""
