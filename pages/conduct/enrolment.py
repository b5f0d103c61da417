"""Enrolment: from screening to an evaluable response against the plan, with the reasons."""

from dashboard.ui import enrolment
from dashboard.ui.context import Permission, require

context = require(Permission.AGGREGATE)
enrolment.show(context)
