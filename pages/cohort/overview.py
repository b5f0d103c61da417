"""Overview: who is in the study, and what is known about them."""

from dashboard.ui import overview
from dashboard.ui.context import Permission, require

context = require(Permission.AGGREGATE)
overview.show(context)
