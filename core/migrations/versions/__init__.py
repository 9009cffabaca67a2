"""The versions, oldest first. A released one never changes again."""
