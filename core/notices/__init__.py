"""What is to be said: the outbox every message leaves through, and its states."""
