"""What accounts ask for and people decide: another e-mail address, a longer term, permissions (ACC-6 to ACC-8)."""
