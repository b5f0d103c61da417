"""Worklist: who to look at and why, one line a patient."""

from dashboard.ui import worklist
from dashboard.ui.context import Permission, require

context = require(Permission.PATIENT)
worklist.show(context)
