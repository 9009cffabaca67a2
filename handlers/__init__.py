"""What people and machines can ask for, by the door they use."""
