"""Queries: what the sites are asked about their records, what they answered, what is still open."""

from dashboard.ui import queries
from dashboard.ui.context import Permission, require

context = require(Permission.QUERIES)
queries.show(context)
