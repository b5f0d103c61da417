"""Clearance: change of ctDNA beside response, and survival after it is known."""

from dashboard.ui import clearance
from dashboard.ui.context import Permission, require

context = require(Permission.AGGREGATE)
clearance.show(context)
