"""People's own entries: users, sessions, audit. Never study data."""
