"""The month's paid messages: how many are left, how many the plans will take, and what then goes by mail."""
