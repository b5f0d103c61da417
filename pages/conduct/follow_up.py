"""Follow-up: who is to be chased for what, by when, and the words to ask with."""

from dashboard.ui import follow_up
from dashboard.ui.context import Permission, require

context = require(Permission.PATIENT)
follow_up.show(context)
