"""One patient: header, statements, timeline, variants, changes and the printed page."""
