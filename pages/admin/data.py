"""Data: what was loaded, rejected and set aside."""

from dashboard.ui import data
from dashboard.ui.context import Permission, require

context = require(Permission.DATA)
data.show(context)
