"""Completeness: patients by items recorded, partly recorded and missing, by item, site and data cut."""

from dashboard.ui import completeness
from dashboard.ui.context import Permission, require

context = require(Permission.AGGREGATE)
completeness.show(context)
