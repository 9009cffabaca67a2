"""Which menu each person's phone shows under the chat: by whether an account is bound, and by its role."""
