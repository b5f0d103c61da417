"""What was loaded, what was not, and what may become a query."""
