"""CLOSE: closing opened cases."""
