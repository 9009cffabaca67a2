"""Registration: somebody without an account proves a mailbox, says who they are, and asks for permissions (ACC-5)."""
