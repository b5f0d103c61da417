"""Lines, pathways, outcomes by line and local treatment."""
