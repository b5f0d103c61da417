"""Survival: one endpoint at a time, with its definition, curve, medians and hazard ratios."""

from dashboard.ui import survival
from dashboard.ui.context import Permission, require

context = require(Permission.AGGREGATE)
survival.show(context)
