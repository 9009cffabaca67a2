"""A LINE platform, a phone, a mailbox and a movable clock on this machine: for the demo and for every test.

The bot reaches it as it reaches the real ones, over HTTP and SMTP, and never by import.
"""
