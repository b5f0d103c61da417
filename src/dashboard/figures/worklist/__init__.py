"""The worklist: who is to be looked at, and why."""
