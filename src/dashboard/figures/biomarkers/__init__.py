"""Alterations by gene and patient, and outcome by alteration."""
