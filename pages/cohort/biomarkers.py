"""Biomarkers: alterations by gene with their own denominators, new at progression, map, outcome, tissue."""

from dashboard.ui import biomarkers
from dashboard.ui.context import Permission, require

context = require(Permission.AGGREGATE)
biomarkers.show(context)
