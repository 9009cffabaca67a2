"""The menus under the chat: what is in them, how they are drawn, and how they come to LINE."""
