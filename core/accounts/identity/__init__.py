"""Who somebody is: the ways of proving an account, and from where an account is known (ACC-2, ACC-5, A20)."""
