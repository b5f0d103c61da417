"""MDT meetings: agenda, decisions, and what became of them."""

from dashboard.ui import mdt
from dashboard.ui.context import Permission, require

context = require(Permission.PATIENT)
mdt.show(context)
