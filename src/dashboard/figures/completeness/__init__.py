"""Completeness: what should be on record and what is."""
