"""Adverse events under treatment."""
