"""Revisions of the workflow database, applied in order at every start."""
