"""ACC: units, accounts, permissions, and which phone belongs to whom."""
