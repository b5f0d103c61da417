"""Study rules: what the study's protocol says, as the software understood it."""

from dashboard.ui import study_rules
from dashboard.ui.context import Permission, require

context = require(Permission.STUDY_RULES)
study_rules.show(context)
