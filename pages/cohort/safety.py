"""Safety: adverse events under treatment by worst grade, relation, line and drug."""

from dashboard.ui import safety
from dashboard.ui.context import Permission, require

context = require(Permission.AGGREGATE)
safety.show(context)
