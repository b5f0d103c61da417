"""Follow-up: who is to be chased for what."""
