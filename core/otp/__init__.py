"""OTP: one-time passwords."""
