"""The helpdesk: a person behind the bot (HELP)."""
